"""Whether a line moved the customer's problem: taken up, asked about, restated, answered, offered what settles it. Pure."""

from __future__ import annotations

from coach.roleplay.hearing import Heard
from coach.roleplay.scenario import Scenario
from coach.roleplay.state import CustomerState

__all__ = ["causes"]

_PLAIN = ("greet", "introduce", "ask_name", "empathise", "apologise", "praise", "reason", "thank")
_ABOUT = frozenset({"fact", "confirm", "choice", "unknown", "plan"})
_WORK = frozenset({"hold", "transfer", "readback", "reason", "superior", "further_help", "convenience", "purpose"})


def causes(heard: Heard, state: CustomerState, scenario: Scenario) -> tuple[str, ...]:
    """Names of everything in the line that may move the state, in the order it moves it."""
    acts, first = heard.acts, state.turns == 0
    focus = _has_focus(state)
    foreign = heard.foreign and not (
        focus and acts & {"explain", "offer", "timeframe", "readback"} and "restate" not in acts
    )
    about = heard.topic or (focus and not foreign)
    asks = any(q.kind in _ABOUT for q in heard.questions) and not first
    checks = "restate" in acts or any(q.kind in {"confirm", "correct"} for q in heard.questions)
    offers = bool(acts & {"offer", "superior"}) or ("timeframe" in acts and not checks)
    settles = bool(heard.settles) or (offers and about and _is_enough(heard, scenario))
    did = {
        "touched": heard.topic and not first,
        "focused": heard.topic and heard.closely and not first,
        "asked": asks and about,
        "restated": "restate" in acts and heard.closely,
        "answered": about and bool(acts & {"explain", "offer"}) and not first,
        "offered": settles and about and not first,
        "timeframe": "timeframe" in acts and about and not first,
        "superior": "superior" in acts and not first,
        "readback": "readback" in acts and bool(heard.stated),
    }
    moving = any(did.values()) or bool(acts & _WORK) or "reason" in acts
    told_again = any(q.fact in state.told and q.kind == "fact" for q in heard.questions if q.fact)
    ending = "farewell" in acts and state.stage not in {"offered", "agreed"} and not did["offered"] and not first
    settled = state.stage == "agreed" or "farewell" in acts
    against = {
        "off_topic": (foreign or _strays(heard)) and not first,
        "asked_again": told_again,
        "misheard": bool(heard.wrong),
        "dismissed": ending,
        "cold": "cold" in acts,
        "curt": heard.curt,
        "declined": "decline" in acts and not did["offered"],
        "empty": not first and not moving and not settled and not ending and not foreign and _only_polite(heard),
        "idle": not first and not moving and not settled and not foreign and not _only_polite(heard) and not asks,
    }
    return (
        *(act for act in _PLAIN if act in acts),
        *(name for name, holds in did.items() if holds),
        *(name for name, holds in against.items() if holds),
    )


def _has_focus(state: CustomerState) -> bool:
    """Whether both know what they speak of: it was taken up in words that are his problem's alone, or in several lines."""
    return bool(state.counts.get("focused", 0)) or state.counts.get("touched", 0) > 1


def _strays(heard: Heard) -> bool:
    """Whether another matter is put to him as his: confirmed in words that are his trade's at most, not his problem's."""
    confirms = any(q.kind == "confirm" for q in heard.questions)
    return "restate" in heard.acts and confirms and not heard.closely and not heard.stated


def _is_enough(heard: Heard, scenario: Scenario) -> bool:
    """Whether an offer that names none of the scenario's settlements may settle it: where it lists none, or about the problem in so many words and with a time limit."""
    return not scenario.settle or (heard.topic and "timeframe" in heard.acts)


def _only_polite(heard: Heard) -> bool:
    return bool(heard.acts & {"empathise", "apologise", "praise", "thank", "greet"})
