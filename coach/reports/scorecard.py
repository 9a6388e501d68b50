"""A scored call to keep or hand on, and its JSON-ready data. Markdown, documents and sheets stand in modules of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coach.critique import Critique, Finding
from coach.knowledge import Citation
from coach.reports.data import citation_data, finding_data
from coach.reports.plain import SEVERITY_NAMES, SPEAKER_NAMES
from coach.rewrite import Rewrite
from coach.scoring import Checked, Practice, Scorecard

__all__ = ["STATUS_NAMES", "ScoredCall", "scorecard_data"]

Data = dict[str, Any]
SCHEMA_VERSION = 1
STATUS_NAMES = {"passed": "做到", "failed": "没做到", "not_applicable": "不适用"}
_OUTCOME_NAMES = {
    "resolved": "问题解决了",
    "unresolved": "问题没有解决",
    "escalated": "客户要求升级投诉",
    "hung_up": "客户挂了电话",
}
_QUOTED = 80


@dataclass(frozen=True, slots=True)
class ScoredCall:
    """What a report of a scored call is made of.

    Attributes:
        critique: The call and what was found in it.
        card: Its scorecard.
        names: Rule id → Chinese name.
        rewrites: 1-based line → rewrite of it, where there is one.
        practice: What to practise next.
        titles: Scenario id → title, for what to practise with.
        about: What the report says of the call, as pairs of a label and a value in Chinese: 场景, 人设, 时间.
    """

    critique: Critique
    card: Scorecard
    names: Mapping[str, str]
    rewrites: Mapping[int, Rewrite] = field(default_factory=dict)
    practice: tuple[Practice, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    about: tuple[tuple[str, str], ...] = ()

    def summary(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a label and a value: what the call was and what it scored."""
        card = self.card
        named = any(label == "规范" for label, _ in self.about)
        rows = [
            *self.about,
            *(() if named else (("规范", self.critique.standard),)),
            ("总分", f"{card.total}（满分 100）"),
        ]
        if card.played.outcome:
            rows.append(("结果", _OUTCOME_NAMES.get(card.played.outcome, card.played.outcome)))
        if card.capped_by:
            rows.append(("封顶", f"按各项算是 {card.weighed} 分，因为没做到“{'”“'.join(card.capped_by)}”而封顶"))
        if card.hints_off:
            rows.append(("提示", f"用了 {card.played.hints} 次，扣 {card.hints_off} 分"))
        return (*rows, ("评分标准", f"{card.rubric} 第 {card.version} 版（{card.hash[:12]}）"))

    def evidence(self, checked: Checked) -> tuple[tuple[str, str], ...]:
        """Where each line that is evidence for the check stands, and what was said in it, cut where it is long."""
        turns = self.critique.transcript.turns
        missing = checked.status == "failed" and not checked.findings
        return tuple(
            (
                f"针对第 {line} 行" if missing else f"第 {line} 行",
                f"{SPEAKER_NAMES[turns[line - 1].speaker]}：{_brief(turns[line - 1].text)}",
            )
            for line in checked.lines
            if line is not None
        )

    def rewritten(self, line: int) -> str:
        """The verified rewrite of the 1-based `line`; empty where there is none."""
        rewrite = self.rewrites.get(line)
        return rewrite.rewrite or "" if rewrite is not None and rewrite.status == "verified" else ""

    def to_practise_with(self, practice: Practice) -> str:
        """Scenario and persona in Chinese; empty where there is none."""
        drill = practice.drill
        return f"{self.titles.get(drill.scenario, drill.scenario)}（{drill.persona}）" if drill else ""

    def whole(self) -> tuple[Finding, ...]:
        """Findings about the call as a whole."""
        return tuple(finding for finding in self.critique.findings if finding.line is None)

    def cited(self) -> tuple[Citation, ...]:
        """Every clause that a check judged or a finding rests on, once, in order."""
        checks = (c for checked in self.card.checks if checked.status != "not_applicable" for c in checked.citations)
        found = (c for finding in self.critique.findings for c in finding.citations)
        return tuple({citation.clause: citation for citation in (*checks, *found)}.values())

    def told(self, finding: Finding) -> str:
        """A finding in one sentence."""
        name = self.names.get(finding.rule, finding.rule)
        dismissed = f"（已驳回：{finding.dismissed.reason}）" if finding.dismissed else ""
        return f"{SEVERITY_NAMES[finding.severity]}·{name}：{finding.message}建议：{finding.advice}{dismissed}"


def _brief(text: str) -> str:
    flat = " ".join(text.split("\n"))
    return flat if len(flat) <= _QUOTED else f"{flat[: _QUOTED - 1]}…"


def scorecard_data(scored: ScoredCall) -> Data:
    """The scored call as JSON-ready data; lines are 1-based."""
    card, critique = scored.card, scored.critique
    return {
        "schema_version": SCHEMA_VERSION,
        "about": dict(scored.about),
        "standard": critique.standard,
        "rubric": {"name": card.rubric, "version": card.version, "hash": card.hash},
        "total": card.total,
        "weighed": card.weighed,
        "capped_by": list(card.capped_by),
        "hints": card.played.hints,
        "hints_off": card.hints_off,
        "outcome": card.played.outcome,
        "groups": dict(card.groups),
        "checks": [_check_data(scored, checked) for checked in card.checks],
        "practice": [_practice_data(one) for one in scored.practice],
        "moods": [
            {"line": m.line, "emotion": m.emotion, "trust": m.trust, "patience": m.patience} for m in card.played.moods
        ],
        "lines": list(_lines_data(scored)),
        "findings": [finding_data(finding) for finding in scored.whole()],
        "warnings": list(critique.warnings),
    }


def _check_data(scored: ScoredCall, checked: Checked) -> Data:
    item = checked.item
    turns = scored.critique.transcript.turns
    return {
        "id": item.id,
        "group": item.group,
        "title": item.title,
        "weight": item.weight,
        "fatal": item.fatal,
        "status": checked.status,
        "lines": list(checked.lines),
        "evidence": [
            {"line": line, "speaker": turns[line - 1].speaker, "text": turns[line - 1].text}
            for line in checked.lines
            if line is not None
        ],
        "why": checked.why,
        "rules": list(dict.fromkeys(finding.rule for finding in checked.findings)),
        "citations": [citation_data(citation) for citation in checked.citations],
    }


def _practice_data(practice: Practice) -> Data:
    item, drill = practice.checked.item, practice.drill
    return {
        "id": item.id,
        "title": item.title,
        "advice": practice.advice,
        "lines": list(practice.checked.lines),
        "citations": [citation_data(citation) for citation in practice.citations],
        "scenario": drill.scenario if drill else None,
        "persona": drill.persona if drill else None,
    }


def _lines_data(scored: ScoredCall) -> Iterator[Data]:
    for no, turn in enumerate(scored.critique.transcript.turns, start=1):
        yield {
            "no": no,
            "speaker": turn.speaker,
            "text": turn.text,
            "start": turn.start,
            "end": turn.end,
            "findings": [finding_data(finding) for finding in scored.critique.of_line(no)],
            "rewrite": scored.rewritten(no) or None,
        }
