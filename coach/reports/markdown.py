"""A critique as a Markdown file to keep or send on. What the call says is escaped: it is shown as text, never run."""

from __future__ import annotations

import html
from collections.abc import Mapping

import regex

from coach.critique import Critique, Finding
from coach.reports.plain import SEVERITY_NAMES, SPEAKER_NAMES
from coach.rewrite import Rewrite
from coach.scoring import Scorecard

__all__ = ["critique_markdown", "escape_markdown"]

_SPECIAL = regex.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")


def escape_markdown(text: str) -> str:
    """`text` as it reads, in Markdown: HTML and Markdown marks lose their meaning, line ends become breaks."""
    return _SPECIAL.sub(r"\\\1", html.escape(text, quote=False)).replace("\n", "<br>")


def critique_markdown(
    critique: Critique, card: Scorecard, names: Mapping[str, str], rewrites: Mapping[int, Rewrite] | None = None
) -> str:
    """The report; `names` maps rule id → Chinese name, `rewrites` 1-based line → rewrite."""
    groups = "，".join(f"{group} {value}" for group, value in card.groups.items())
    out = ["# 通话点评", "", f"规范：{escape_markdown(critique.standard)}。得分 **{card.total}**（{groups}）。", ""]
    out += [f"> {escape_markdown(warning)}" for warning in critique.warnings]
    for no, turn in enumerate(critique.transcript.turns, start=1):
        out += ["", f"**{no}\\. {SPEAKER_NAMES[turn.speaker]}**：{escape_markdown(turn.text)}"]
        findings = critique.of_line(no)
        if findings:
            out.append("")
            out += [_finding(finding, names) for finding in findings]
        if rewrites and no in rewrites:
            out += ["", *_rewrite(rewrites[no])]
    whole = [finding for finding in critique.findings if finding.line is None]
    if whole:
        out += ["", "## 整通电话", "", *(_finding(finding, names) for finding in whole)]
    cited = {c.clause: c for finding in critique.findings for c in finding.citations}
    if cited:
        out += ["", "## 依据的条款", ""]
        for c in cited.values():
            sources = "；".join(f"{s.document} › {s.section}" for s in c.sources)
            out.append(
                f"- **{c.clause} {escape_markdown(c.title)}**：{escape_markdown(c.text)}（{escape_markdown(sources)}）"
            )
    return "\n".join(out) + "\n"


def _finding(finding: Finding, names: Mapping[str, str]) -> str:
    name = names.get(finding.rule, finding.rule)
    clauses = "、".join(c.clause for c in finding.citations)
    text = (
        f"{SEVERITY_NAMES[finding.severity]}·{escape_markdown(name)}（`{finding.rule}`）：{escape_markdown(finding.message)}"
        f"建议：{escape_markdown(finding.advice)}依据 {clauses}。"
    )
    if finding.dismissed:
        return f"- ~~{text}~~ **已驳回**：{escape_markdown(finding.dismissed.reason)}"
    return f"- {text}"


def _rewrite(rewrite: Rewrite) -> list[str]:
    if rewrite.status == "verified" and rewrite.rewrite:
        return [f"改写：{escape_markdown(rewrite.rewrite)}"]
    if rewrite.status == "rejected":
        return ["没有能核对通过的改写。"]
    return []
