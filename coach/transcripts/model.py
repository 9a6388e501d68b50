"""A call as the coach sees it: turns in order and what is known about the call. Reading files is left to the readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

__all__ = ["CallMeta", "Direction", "Speaker", "Transcript", "Turn"]

Speaker = Literal["agent", "customer"]
Direction = Literal["inbound", "outbound"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: a line of the call, numbered from 1 by its place.

    Attributes:
        speaker: Who says it.
        text: What is said, as transcribed.
        start: Seconds from the start of the call; None where unknown.
        end: Seconds from the start of the call; None where unknown.
    """

    speaker: Speaker
    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class CallMeta:
    """What is known about a call; None where it isn't.

    Attributes:
        direction: Who called whom.
        rings: How many times it rang before the agent picked up.
        hangup: Who hung up.
        started_at: Local time the call began.
        excerpt: Part of a call: call-scope rules aren't judged.
        from_start: The first turn is the first of the call.
        scenario: What kind of call: answer, proxy, message, …
    """

    direction: Direction | None = None
    rings: int | None = None
    hangup: Speaker | None = None
    started_at: datetime | None = None
    excerpt: bool = False
    from_start: bool = True
    scenario: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole call or part of one.

    Attributes:
        turns: In the order spoken, at least one.
        meta: What is known about the call.
        notes: What the reader guessed or left out, in Chinese, for the user to see.
        line: 1-based line a request is about (`coach rewrite --batch`); None where none was named.
    """

    turns: tuple[Turn, ...]
    meta: CallMeta = field(default_factory=CallMeta)
    notes: tuple[str, ...] = ()
    line: int | None = None

    def agent_lines(self) -> tuple[int, ...]:
        """0-based indices of the agent's turns."""
        return tuple(i for i, turn in enumerate(self.turns) if turn.speaker == "agent")
