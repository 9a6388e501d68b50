"""What to practise next: the failed checks that weigh most, each with advice, its clauses and a mock call to practise it in. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coach.knowledge import Citation
from coach.scoring.schema import Drill, Item
from coach.scoring.scorecard import Checked, Scorecard

__all__ = ["Choose", "Practice", "drills", "next_practice"]

Choose = Callable[[Item, Sequence[Drill]], Drill | None]
"""Chooses what to practise an item with, given what was chosen already; None where there is nothing."""


@dataclass(frozen=True, slots=True)
class Practice:
    """One thing to practise.

    Attributes:
        checked: The failed check, with its evidence.
        advice: What to do better.
        citations: The clauses it rests on.
        drill: Scenario and persona to practise it with; None where nothing fits.
    """

    checked: Checked
    advice: str
    citations: tuple[Citation, ...]
    drill: Drill | None


def drills(*played: str) -> Choose:
    """Chooses an item's first drill in a scenario that is neither among `played` nor chosen already, else its first one."""

    def choose(item: Item, chosen: Sequence[Drill]) -> Drill | None:
        seen = {*played, *(drill.scenario for drill in chosen)}
        return next((drill for drill in item.practise if drill.scenario not in seen), item.practise[0])

    return choose


def next_practice(card: Scorecard, choose: Choose | None = None, count: int = 3) -> tuple[Practice, ...]:
    """The `count` things to practise next: fatal items first, then by weight."""
    choose = choose or drills()
    chosen: list[Practice] = []
    for checked in sorted(card.failed, key=lambda c: (not c.item.fatal, -c.item.weight)):
        if len(chosen) == count:
            break
        if checked.item.outcome is not None:
            continue  # that the matter stayed open says nothing of what to do otherwise
        drill = choose(checked.item, [one.drill for one in chosen if one.drill])
        chosen.append(Practice(checked, checked.item.advice, checked.citations, drill))
    return tuple(chosen)
