"""Critiques and rewrites as plain text, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from coach.critique import Critique, Finding
from coach.rewrite import Rewrite
from coach.scoring import Scorecard

__all__ = ["SEVERITY_NAMES", "SPEAKER_NAMES", "critique_text", "rewrite_text"]

SEVERITY_NAMES = {"error": "错误", "warning": "提醒", "info": "提示"}
SPEAKER_NAMES = {"agent": "坐席", "customer": "客户"}


def critique_text(critique: Critique, card: Scorecard, names: dict[str, str]) -> str:
    """The call line by line, each finding under its line; `names` maps rule id → its Chinese name."""
    out: list[str] = []
    for no, turn in enumerate(critique.transcript.turns, start=1):
        body = turn.text.replace("\n", "\n      ")
        out.append(f"{no:>3}  {SPEAKER_NAMES[turn.speaker]}：{body}")
        for finding in critique.of_line(no):
            out += _finding(finding, names)
    whole = [finding for finding in critique.findings if finding.line is None]
    if whole:
        out.append("整通电话")
        for finding in whole:
            out += _finding(finding, names)
    out += ["", _summary(critique, card)]
    out += [f"说明：{warning}" for warning in critique.warnings]
    return "\n".join(out)


def _finding(finding: Finding, names: dict[str, str]) -> list[str]:
    clauses = "、".join(f"{c.clause} {c.title}" for c in finding.citations)
    kind = SEVERITY_NAMES[finding.severity] + ("，已驳回" if finding.dismissed else "")
    head = f"     [{kind}] {names.get(finding.rule, finding.rule)}（{finding.rule}）"
    lines = [f"{head}：{finding.message}", f"       建议：{finding.advice}", f"       依据：{clauses}"]
    return [*lines, f"       已驳回：{finding.dismissed.reason}"] if finding.dismissed else lines


def _summary(critique: Critique, card: Scorecard) -> str:
    groups = "　".join(f"{group} {value}" for group, value in card.groups.items())
    return f"得分 {card.total}（{groups}）\n{_found(critique)}；规范：{critique.standard}"


def _found(critique: Critique) -> str:
    standing: Counter[str] = Counter(finding.severity for finding in critique.findings if not finding.dismissed)
    dismissed = len(critique.dismissed)
    if not standing:
        return f"问题都已驳回（{dismissed} 个）" if dismissed else "没有发现问题"
    counts = "、".join(
        f"{name} {standing[severity]}" for severity, name in SEVERITY_NAMES.items() if standing[severity]
    )
    return f"{counts}；另有 {dismissed} 个已驳回" if dismissed else counts


_BY = {"builtin": "（内置教练）", "model": "（语言模型，已核对）"}


def rewrite_text(rewrite: Rewrite, names: Mapping[str, str], others: Sequence[Rewrite] = ()) -> str:
    """One rewrite, with what it settles and what is left to fill in.

    `names` maps rule id → Chinese name; `others` are further rewrites of the same line.
    """
    verdict = rewrite.verdict
    out = [f"第 {rewrite.line} 行", f"原话：{rewrite.original}"]
    if rewrite.status == "unchanged":
        return "\n".join([*out, "这句话没有需要改的地方。"])
    if rewrite.status == "rejected":
        out.append("没有能核对通过的改写，请参照条款自行组织：")
        out += [f"  · {reason}" for reason in verdict.reasons]
        out += [f"  依据 {c.clause} {c.title}：{c.text}" for c in rewrite.citations]
        return "\n".join(out)
    out.append(f"改写{_BY[rewrite.source] if others or rewrite.source == 'model' else ''}：{rewrite.rewrite}")
    out += [f"另一种{_BY[other.source]}：{other.rewrite}" for other in others]
    for title, items in (
        ("改掉了", [names.get(rule, rule) for rule in verdict.resolved]),
        ("还留着", [names.get(rule, rule) for rule in verdict.remaining]),
        ("保留的内容", verdict.kept_facts),
        ("有意去掉的内容", verdict.dropped_facts),
        ("请您填写", verdict.slots),
    ):
        if items:
            out.append(f"{title}：{'、'.join(items)}")
    return "\n".join(out)
