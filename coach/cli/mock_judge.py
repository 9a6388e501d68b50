"""A mock call that has ended, judged: what is printed of it, and what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coach.assistant import Coach
    from coach.reports.scorecard import ScoredCall
    from coach.roleplay import MockCall

__all__ = ["Judged", "judge", "rule_names"]


@dataclass(frozen=True)
class Judged:
    """A judged call.

    Attributes:
        call: The call.
        scored: What was found in it and its score; None where the agent said nothing.
    """

    call: MockCall
    scored: ScoredCall | None = None

    def data(self, unused: int = 0) -> dict[str, Any]:
        """The call as JSON; `unused` is how many lines came after its end."""
        from coach.reports.mock import card_data, mock_data

        scored = self.scored
        if scored is None:
            return mock_data(self.call, (), None, unused)
        return mock_data(self.call, scored.critique.findings, card_data(scored), unused)

    def text(self, names: dict[str, str]) -> str:
        """The call as text; `names` maps rule id → its Chinese name."""
        from coach.reports.mock_text import card_lines, mock_text

        scored = self.scored
        if scored is None:
            return mock_text(self.call, (), ["坐席一句也没有说，不评分。"], names)
        return mock_text(self.call, scored.critique.findings, card_lines(scored.card, scored.practice), names)


def judge(coach: Coach, call: MockCall) -> Judged:
    """`call`, which has ended, judged by the coach's rules, standard and rubric."""
    from coach.reports.scorecard import ScoredCall
    from coach.roleplay.scored import played
    from coach.scoring import drills, next_practice, score

    if not any(turn.speaker == "agent" for turn in call.turns):
        return Judged(call)
    critique = coach.critique(call.transcript())
    card = score(critique, coach.rubric, played(call))
    practice = next_practice(card, drills(call.setup.scenario.id))
    return Judged(call, ScoredCall(critique, card, rule_names(coach), practice=practice))


def rule_names(coach: Coach) -> dict[str, str]:
    """Rule id → Chinese name."""
    return {rule.id: rule.data.name for rule in coach.rules.rules.values()}
