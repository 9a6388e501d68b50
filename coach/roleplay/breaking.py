"""How angry a customer is who breaks a call off. Whether he does is left to `customer`."""

from __future__ import annotations

from coach.roleplay.state import CustomerState

__all__ = ["at_break"]

_WORST, _A_TURN, _A_GOOD, _A_POINT, _A_FAULT, _LEAST_AT_BREAK = 10.0, 0.04, 0.03, 0.05, 0.1, 9.0
_FAULTS = 3.0
_BAD = ("fault", "cold", "curt", "off_topic", "idle", "dismissed")
_GOOD = (
    "empathise",
    "apologise",
    "touched",
    "asked",
    "restated",
    "answered",
    "offered",
    "timeframe",
    "readback",
    "greet",
)


def at_break(state: CustomerState) -> float:
    """Emotion of one who breaks off: the sooner and the less was done for him, the angrier."""
    done = sum(state.counts.get(cause, 0) for cause in _GOOD)
    faults = sum(state.counts.get(cause, 0) for cause in _BAD) / max(1, state.turns)
    left = state.trust + max(0.0, state.patience)
    eased = _A_TURN * state.turns + _A_GOOD * done + _A_POINT * left + _A_FAULT * max(0.0, _FAULTS - faults)
    return round(max(_LEAST_AT_BREAK, _WORST - eased), 2)
