"""A mock call judged at its end: findings, rewrites, the scorecard, what to practise next, and what the message pad got right. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from coach.assistant import Coach
from coach.roleplay import MockCall
from coach.roleplay.scenario import Fact
from coach.roleplay.scored import played
from coach.scoring import Practice, Scorecard, drills, next_practice, score
from coach.text import normalise
from coach.web.call_session import Attempt, Session
from coach.web.reviewed import Reviewed, review

__all__ = ["Judged", "PadLine", "judged", "pad_lines"]

_DIGITS = regex.compile(r"\D+")
_NOTED = {"name", "phone", "address", "order", "account"}


@dataclass(frozen=True)
class Judged:
    """A judged try.

    Attributes:
        attempt: What was judged.
        reviewed: Findings and rewrites by line.
        card: The scorecard.
        practise: What to practise next.
    """

    attempt: Attempt
    reviewed: Reviewed
    card: Scorecard
    practise: tuple[Practice, ...]


@dataclass(frozen=True, slots=True)
class PadLine:
    """Something the customer told, and whether the message pad has it."""

    said: str
    value: str
    noted: bool


def judged(coach: Coach, session: Session) -> Judged:
    """The try that is shown, judged by `coach`."""
    attempt = session.attempt
    reviewed = review(coach, attempt.transcript())
    card = score(reviewed.critique, coach.rubric, played(attempt.call, len(attempt.hints)))
    return Judged(attempt, reviewed, card, next_practice(card, drills(attempt.call.setup.scenario.id)))


def pad_lines(session: Session) -> tuple[PadLine, ...]:
    """Names, numbers and addresses the customer told, and whether they stand on the message pad as he said them.

    Empty where the pad wasn't used and the call needed none.
    """
    call = session.call
    if not session.pad and call.setup.scenario.direction not in {"message", "proxy"}:
        return ()
    written = normalise("\n".join(session.pad.values())).text
    return tuple(PadLine(fact.say, fact.value, _stands(fact.value, written)) for fact in _told(call))


def _told(call: MockCall) -> list[Fact]:
    told = call.state.told
    return [fact for fact in call.setup.scenario.facts if fact.id in told and (fact.kind in _NOTED or not fact.hidden)]


def _stands(value: str, written: str) -> bool:
    flat = normalise(value).text
    digits = _DIGITS.sub("", flat)
    return flat in written or (digits == flat and digits in _DIGITS.sub("", written))
