"""A mock call as the page holds it: what the trainer set, every try at it, the message pad, a hold under way. Pure values.

Playing it is left to `call_moves`, keeping it to `call_saving`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from coach.roleplay import MockCall
from coach.transcripts import Transcript

__all__ = ["PAD", "Attempt", "Session", "Terms"]

PAD = ("来电人", "单位", "电话", "事由", "时间", "回电")
"""Fields of the message pad."""

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the trainer set.

    Attributes:
        exam: No hints, one try, findings at the end only.
        at_once: Whether findings and rewrites are shown after every line, or only at the end.
        trainee: Who practises; may be empty.
    """

    exam: bool = False
    at_once: bool = True
    trainee: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at the call.

    Attributes:
        call: As far as it has gone.
        parent: Place of the try it went back in; None for the first.
        from_turn: 0-based turn it was taken up again at.
        held: 0-based agent's turn that ended a hold → how many seconds the customer was held.
        passed_to: 0-based agent's turn with a transfer → to whom.
        hints: 0-based turn a hint was asked for at → the step it was about.
        key: What it is kept under; empty where nothing keeps it.
    """

    call: MockCall
    parent: int | None = None
    from_turn: int = 0
    held: Mapping[int, float] = field(default_factory=dict)
    passed_to: Mapping[int, str] = field(default_factory=dict)
    hints: Mapping[int, str] = field(default_factory=dict)
    key: str = ""

    def transcript(self) -> Transcript:
        """The call; where the customer was held, with times in which nothing passes but the holds.

        What is typed says nothing of how fast one speaks or how long a call is, so lines take no time.
        """
        transcript = self.call.transcript(excerpt=self.call.outcome is None)
        if not self.held:
            return transcript
        now, turns = 0.0, []
        for i, turn in enumerate(transcript.turns):
            now += self.held.get(i, 0.0)
            turns.append(replace(turn, start=now, end=now))
        return replace(transcript, turns=tuple(turns))

    def back_to(self, turn: int, parent: int) -> Attempt:
        """A new try from before the 0-based `turn` of this one, which stands at `parent`."""
        return Attempt(
            self.call.back_to(turn),
            parent,
            turn,
            _before(self.held, turn),
            _before(self.passed_to, turn),
            _before(self.hints, turn),
        )


def _before(kept: Mapping[int, _Kept], turn: int) -> dict[int, _Kept]:
    return {i: one for i, one in kept.items() if i < turn}


@dataclass(frozen=True, slots=True)
class Session:
    """A call with all its tries.

    Attributes:
        id: Its id.
        terms: What the trainer set.
        attempts: At least one, the first one first.
        at: Which of them is shown; the newest is played on, the others are to read.
        pad: The message pad: field → what was written.
        held_since: When the customer was put on hold, in seconds since 1970; None where he isn't.
    """

    id: str
    terms: Terms
    attempts: tuple[Attempt, ...]
    at: int = 0
    pad: Mapping[str, str] = field(default_factory=dict)
    held_since: float | None = None

    @property
    def attempt(self) -> Attempt:
        """The try that is shown."""
        return self.attempts[self.at]

    @property
    def call(self) -> MockCall:
        """Its call."""
        return self.attempt.call

    @property
    def newest(self) -> bool:
        """Whether the try that is shown is the newest, which alone is played on."""
        return self.at == len(self.attempts) - 1

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.call.outcome is not None

    @property
    def tells(self) -> bool:
        """Whether findings, steps and reasons are shown now."""
        return self.over or (self.terms.at_once and not self.terms.exam)

    def with_attempt(self, attempt: Attempt) -> Session:
        """The try that is shown, replaced."""
        return replace(self, attempts=(*self.attempts[: self.at], attempt, *self.attempts[self.at + 1 :]))
