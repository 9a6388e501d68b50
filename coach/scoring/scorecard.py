"""A scorecard: which checks of a rubric a call fails, and what that makes of its total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.critique import Critique
from coach.scoring.rubric import Item, Rubric

__all__ = ["Scorecard", "score"]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A scored call.

    Attributes:
        total: 0 to 100.
        groups: Group → 0 to 100, in the rubric's order.
        failed: Failed items with the 1-based lines that are evidence (None: the call as a whole).
    """

    total: int
    groups: Mapping[str, int]
    failed: tuple[tuple[Item, tuple[int | None, ...]], ...]


def score(critique: Critique, rubric: Rubric) -> Scorecard:
    """`critique` by `rubric`: a check fails on any finding above info that isn't dismissed."""
    lines: dict[str, list[int | None]] = {}
    for finding in critique.findings:
        if finding.counts:
            lines.setdefault(finding.rule, []).append(finding.line)
    failed = tuple(
        (item, tuple(line for rule in item.rules for line in lines.get(rule, ())))
        for item in rubric.items
        if any(rule in lines for rule in item.rules)
    )
    bad = {item.id for item, _ in failed}
    total = _share(rubric.items, bad)
    if any(item.fatal for item, _ in failed):
        total = min(total, rubric.fatal_cap)
    groups = {group: round(_share([i for i in rubric.items if i.group == group], bad)) for group in rubric.groups}
    return Scorecard(round(total), groups, failed)


def _share(items: tuple[Item, ...] | list[Item], bad: set[str]) -> float:
    """Weighted share of `items` passed, 0 to 100."""
    whole = sum(item.weight for item in items)
    return 100 * sum(item.weight for item in items if item.id not in bad) / whole if whole else 100.0
