"""A mock call as JSON-ready data. Pure; as text it stands in `mock_text`."""

from __future__ import annotations

from collections.abc import Sequence

from coach.critique import Finding
from coach.reports.casting import STATE_NAMES
from coach.reports.data import Data, finding_data
from coach.reports.scorecard import ScoredCall, scorecard_data
from coach.roleplay import CallTurn, MockCall
from coach.roleplay.state import CustomerState, Transition

__all__ = ["OUTCOME_NAMES", "card_data", "changes", "mock_data", "numbers"]

OUTCOME_NAMES = {
    "resolved": "问题解决了",
    "unresolved": "问题没有解决",
    "escalated": "客户要求升级投诉",
    "hung_up": "客户挂了电话",
}
"""How a call ended, as people read it."""

_SCHEMA_VERSION = 1
_OF_THE_CALL = frozenset({"schema_version", "about", "standard", "outcome", "moods", "lines", "findings"})


def mock_data(call: MockCall, findings: Sequence[Finding], card: Data | None, unused: int = 0) -> Data:
    """The call, how it ended and its scorecard; `unused` is how many of the agent's lines came after its end."""
    setup = call.setup
    return {
        "schema_version": _SCHEMA_VERSION,
        "persona": {"id": setup.persona.id, "name": setup.persona.name},
        "scenario": {
            "id": setup.scenario.id,
            "title": setup.scenario.title,
            "direction": setup.scenario.direction,
        },
        "level": setup.level,
        "seed": setup.seed,
        "standard": setup.standard,
        "start": numbers(call.start),
        "turns": [_turn_data(turn) for turn in call.turns],
        "outcome": call.outcome,
        "hung_up_by": call.hung_up_by,
        "unused_lines": unused,
        "scorecard": card,
        "findings": [finding_data(finding) for finding in findings],
    }


def _turn_data(turn: CallTurn) -> Data:
    return {
        "speaker": turn.speaker,
        "text": turn.text,
        "act": turn.act,
        "state": numbers(turn.state),
        "transitions": [
            {"cause": one.cause, "why": one.why, **numbers(one)} for one in turn.transitions if changes(one)
        ],
        "source": turn.source,
    }


def numbers(of: CustomerState | Transition) -> dict[str, float]:
    """Emotion, trust and patience to one decimal; never minus nought."""
    return {name: round(getattr(of, name), 1) + 0.0 for name in STATE_NAMES}


def changes(one: Transition) -> bool:
    """Whether it moves anything that shows."""
    return any(numbers(one).values())


def card_data(scored: ScoredCall) -> Data:
    """The scorecard of a mock call, without what its call says already."""
    return {key: value for key, value in scorecard_data(scored).items() if key not in _OF_THE_CALL}
