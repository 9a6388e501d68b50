"""A call as checks look at it: normalised turns, who spoke before, where the agent's turns are. No rules in here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf

from coach.critique.patterns import Matcher
from coach.critique.slots import normalise_filled
from coach.knowledge import Standard
from coach.text import NormalisedText
from coach.transcripts import Direction, Transcript

__all__ = ["CallView", "Hit"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A check that fired.

    Attributes:
        line: 0-based turn it is about; None for the call as a whole.
        spans: Places in that turn's original text; empty means the whole turn.
        values: What the message may name: words, missing, value, limit.
    """

    line: int | None
    spans: tuple[tuple[int, int], ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CallView:
    """A transcript with what checks ask of it, computed once.

    Attributes:
        transcript: The call.
        standard: Parameters of the thresholds.
        direction: As given, or as guessed by the engine; None where nobody can tell.
    """

    transcript: Transcript
    standard: Standard
    direction: Direction | None

    @cached_property
    def turns(self) -> tuple[NormalisedText, ...]:
        """Normal form of each turn, slots filled."""
        return tuple(normalise_filled(turn.text) for turn in self.transcript.turns)

    @cached_property
    def agent(self) -> tuple[int, ...]:
        """0-based indices of the agent's turns."""
        return self.transcript.agent_lines()

    @cached_property
    def customer(self) -> tuple[int, ...]:
        """0-based indices of the customer's turns."""
        return tuple(i for i, turn in enumerate(self.transcript.turns) if turn.speaker == "customer")

    def is_first_line(self, i: int) -> bool:
        """Whether turn `i` is the agent's first of the call."""
        return self.transcript.meta.from_start and bool(self.agent) and self.agent[0] == i

    def previous_customer(self, i: int) -> str:
        """What the customer said since the agent's last turn before `i`; empty where the agent spoke last."""
        start = i
        while start > 0 and self.transcript.turns[start - 1].speaker == "customer":
            start -= 1
        return "\n".join(self.turns[j].text for j in range(start, i))

    def answer(self, i: int) -> str:
        """What the customer says after turn `i`, up to the agent's next; empty where the agent goes on."""
        end = i + 1
        while end < len(self.turns) and self.transcript.turns[end].speaker == "customer":
            end += 1
        return "\n".join(self.turns[j].text for j in range(i + 1, end))

    def previous_agent(self, i: int) -> str:
        """The agent's last turn before `i`; empty where there is none."""
        for j in range(i - 1, -1, -1):
            if self.transcript.turns[j].speaker == "agent":
                return self.turns[j].text
        return ""

    def first_agent_turn(self, patterns: Matcher) -> float:
        """0-based index of the agent's first turn that `patterns` match; infinite where none does."""
        found = self._first_turns.get(patterns)
        if found is None:
            matching = (i for i in self.agent if patterns.found(self.turns[i].text))
            found = self._first_turns[patterns] = next(matching, inf)
        return found

    @cached_property
    def _first_turns(self) -> dict[Matcher, float]:
        return {}

    def agent_before(self, i: int, count: int | None = None) -> tuple[str, ...]:
        """The agent's turns before `i`, oldest first; the last `count` of them, or all."""
        turns = [self.turns[j].text for j in self.agent if j < i]
        return tuple(turns if count is None else turns[max(0, len(turns) - count) :])
