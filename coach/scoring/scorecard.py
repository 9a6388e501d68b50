"""A scorecard: which checks of a rubric a call passes, fails or isn't judged by, each with its evidence, and what that makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from coach.critique import Critique, Finding
from coach.knowledge import Citation
from coach.scoring.evidence import Judged
from coach.scoring.rubric import Check, Rubric
from coach.scoring.schema import Item

__all__ = ["Checked", "Mood", "Played", "Scorecard", "Status", "score"]

Status = Literal["passed", "failed", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Mood:
    """The customer after the 1-based `line`: emotion (10 is furious), trust and patience, each 0 to 10."""

    line: int
    emotion: float
    trust: float
    patience: float


@dataclass(frozen=True, slots=True)
class Played:
    """What a mock call has beside its words.

    Attributes:
        outcome: How it ended: resolved, unresolved, escalated or hung_up.
        moods: The customer's mood after each line it is known for, in order.
        hints: How many hints the agent took.
    """

    outcome: str | None = None
    moods: tuple[Mood, ...] = ()
    hints: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of a scored call.

    Attributes:
        item: What was checked.
        status: passed, failed or not_applicable.
        lines: 1-based lines that are evidence for it (None: the call as a whole): what shows that it was done, what was found at
            fault, or, where something is missing, what called for it.
        findings: What it failed on.
        citations: The clauses it rests on.
        why: Chinese: why it failed, or isn't judged; empty where it passed.
    """

    item: Item
    status: Status
    lines: tuple[int | None, ...]
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A scored call.

    Attributes:
        total: 0 to 100.
        groups: Group → 0 to 100, in the rubric's order.
        checks: Every item, in the rubric's order.
        rubric: Name of the rubric.
        version: Its version.
        hash: SHA-256 of its file, in hexadecimal.
        weighed: What the total was before a cap and hints.
        capped_by: Titles of the failed items that capped the total; empty where none did.
        hints_off: Points taken off for hints.
        played: What a mock call has beside its words.
    """

    total: int
    groups: Mapping[str, int]
    checks: tuple[Checked, ...]
    rubric: str
    version: int
    hash: str
    weighed: int
    capped_by: tuple[str, ...] = ()
    hints_off: int = 0
    played: Played = Played()

    def of_status(self, status: Status) -> tuple[Checked, ...]:
        """The checks of one status, in the rubric's order."""
        return tuple(checked for checked in self.checks if checked.status == status)

    @property
    def failed(self) -> tuple[Checked, ...]:
        """Failed checks, in the rubric's order."""
        return self.of_status("failed")


def score(critique: Critique, rubric: Rubric, played: Played | None = None) -> Scorecard:
    """`critique` by `rubric`; `played` adds what a mock call has beside its words.

    A check that applies fails on more of its rules' findings above info that aren't dismissed than it lets pass, or where
    what must show doesn't, unless a reviewer dismissed that it is missing. Where a check doesn't apply, it is left out of the weights.
    """
    played = played or Played()
    judged = Judged(critique, rubric, played.outcome)
    checks = tuple(_checked(check, judged) for check in rubric.checks)
    weighed = _share(checks)
    caps = {c.item.title: _cap(c.item, rubric) for c in checks if c.status == "failed" and c.item.fatal}
    capped = min([weighed, *caps.values()])
    off = min(played.hints * rubric.data.hint_cost, rubric.data.hint_most)
    return Scorecard(
        total=round(max(0.0, capped - off)),
        groups={group: round(_share([c for c in checks if c.item.group == group])) for group in rubric.groups},
        checks=checks,
        rubric=rubric.data.name,
        version=rubric.data.version,
        hash=rubric.hash,
        weighed=round(weighed),
        capped_by=tuple(title for title, cap in caps.items() if cap < weighed),
        hints_off=round(off),
        played=played,
    )


def _checked(check: Check, judged: Judged) -> Checked:
    item = check.item
    if not judged.applies(check):
        return _result(check, "not_applicable", why=item.applies_when[0].say)
    findings = tuple(f for f in judged.critique.findings if f.counts and f.rule in item.rules)
    if len(findings) > item.most:
        lines = tuple(dict.fromkeys(f.line for f in findings))
        return _result(check, "failed", lines, findings, why=findings[0].message)
    if item.outcome is not None and judged.outcome != item.outcome:
        return _result(check, "failed", why="到挂机时客户的事没有办成")
    if item.shown_by is None:
        return _result(check, "passed")
    shown = judged.shown(check)
    if shown:
        return _result(check, "passed", tuple(i + 1 for i in shown))
    if any(f.dismissed and f.rule in item.rules for f in judged.critique.findings):
        return _result(check, "not_applicable", why="点评人驳回了这一项的问题")
    if item.otherwise == "skip":
        return _result(check, "not_applicable", why="这通电话里没有用得上的地方")
    called = tuple(i + 1 for i in judged.called_for(check))
    return _result(check, "failed", called, why="坐席的话里没有看到")


def _result(
    check: Check,
    status: Status,
    lines: tuple[int | None, ...] = (),
    findings: tuple[Finding, ...] = (),
    why: str = "",
) -> Checked:
    return Checked(check.item, status, lines, findings, check.citations, why)


def _cap(item: Item, rubric: Rubric) -> float:
    return rubric.data.fatal_cap if item.cap is None else item.cap


def _share(checks: Sequence[Checked]) -> float:
    """Weighted share passed of the `checks` that apply, 0 to 100."""
    counted = [checked for checked in checks if checked.status != "not_applicable"]
    whole = sum(checked.item.weight for checked in counted)
    return 100 * sum(c.item.weight for c in counted if c.status == "passed") / whole if whole else 100.0
