"""A scored call as a Markdown file to keep or send on. What the call says is escaped: it is shown as text, never run."""

from __future__ import annotations

from collections.abc import Iterator

from coach.critique import Finding
from coach.reports.markdown import escape_markdown
from coach.reports.plain import SPEAKER_NAMES
from coach.reports.printable import printable
from coach.reports.scorecard import STATUS_NAMES, ScoredCall
from coach.scoring import Checked

__all__ = ["scorecard_markdown"]


def scorecard_markdown(scored: ScoredCall) -> str:
    """The report: summary, what to practise, checks, replay, moods, clauses."""
    card = scored.card
    out = ["# 通话成绩单", "", "| | |", "| --- | --- |"]
    out += [f"| {escape_markdown(label)} | {escape_markdown(value)} |" for label, value in scored.summary()]
    out += ["", "| 方面 | 得分 |", "| --- | ---: |"]
    out += [f"| {escape_markdown(group)} | {value} |" for group, value in card.groups.items()]
    out += [f"\n> {escape_markdown(warning)}" for warning in scored.critique.warnings]
    out += _practice_lines(scored)
    out += ["", "## 逐项检查"]
    for group in card.groups:
        out += ["", f"### {escape_markdown(group)}", ""]
        out += [
            line for checked in card.checks if checked.item.group == group for line in _check_lines(scored, checked)
        ]
    out += ["", "## 逐句回放", *_replay(scored)]
    out += _moods(scored)
    out += ["", "## 依据的条款", ""]
    out += [f"- **{c.clause} {escape_markdown(c.title)}**：{escape_markdown(c.text)}" for c in scored.cited()]
    return printable("\n".join(out) + "\n")


def _practice_lines(scored: ScoredCall) -> Iterator[str]:
    if not scored.practice:
        return
    yield from ("", "## 接下来练什么", "")
    for i, one in enumerate(scored.practice, start=1):
        clauses = "、".join(f"{c.clause} {c.title}" for c in one.citations)
        drill = scored.to_practise_with(one)
        with_ = f"练这一通：{escape_markdown(drill)}。" if drill else ""
        title, advice = escape_markdown(one.checked.item.title), escape_markdown(one.advice)
        yield f"{i}. **{title}**：{advice}{with_}依据 {escape_markdown(clauses)}。"


def _check_lines(scored: ScoredCall, checked: Checked) -> Iterator[str]:
    item = checked.item
    fatal = "，要害项" if item.fatal else ""
    why = f"：{escape_markdown(checked.why)}" if checked.why else ""
    clauses = "、".join(c.clause for c in checked.citations)
    yield f"- **{STATUS_NAMES[checked.status]}** {escape_markdown(item.title)}（{item.weight:g} 分{fatal}；依据 {clauses}）{why}"
    for where, said in scored.evidence(checked):
        yield f"  - {where} {escape_markdown(said)}"


def _replay(scored: ScoredCall) -> Iterator[str]:
    for no, turn in enumerate(scored.critique.transcript.turns, start=1):
        yield from ("", f"**{no}\\. {SPEAKER_NAMES[turn.speaker]}**：{escape_markdown(turn.text)}")
        findings = scored.critique.of_line(no)
        if findings:
            yield ""
            yield from (f"- {_finding(scored, finding)}" for finding in findings)
        if rewritten := scored.rewritten(no):
            yield from ("", f"改写：{escape_markdown(rewritten)}")
    if scored.whole():
        yield from ("", "**整通电话**", "")
        yield from (f"- {_finding(scored, finding)}" for finding in scored.whole())


def _finding(scored: ScoredCall, finding: Finding) -> str:
    clauses = "、".join(c.clause for c in finding.citations)
    return f"{escape_markdown(scored.told(finding))}依据 {clauses}。"


def _moods(scored: ScoredCall) -> Iterator[str]:
    moods = scored.card.played.moods
    if not moods:
        return
    yield from ("", "## 客户的情绪", "", "情绪 0 是平静，10 是暴怒。", "")
    yield from ("| 第几行之后 | 情绪 | 信任 | 耐心 |", "| ---: | ---: | ---: | ---: |")
    yield from (f"| {m.line} | {m.emotion:g} | {m.trust:g} | {m.patience:g} |" for m in moods)
