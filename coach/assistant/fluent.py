"""What a model adds to an answer, as values: sentences that were checked, events while they come in. No model is loaded here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.assistant.grounding import Checked

__all__ = ["Asked", "Event", "Exchange", "FluentAnswer", "Restarted", "Said", "Skipped", "Told"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said before: the user's message and what the coach answered."""

    said: str
    answered: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that passed."""

    sentence: Checked


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sentence that didn't, and why, in Chinese."""

    reason: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The answer begins anew: what was shown of it is void."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is being tried: a retry, a fallback."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which model answers from here on, as people read it."""

    model: str


Event = Said | Skipped | Restarted | Told | Asked


@dataclass(frozen=True, slots=True)
class FluentAnswer:
    """A model's answer as far as it may be shown.

    Attributes:
        sentences: In order.
        left_out: Why each of the others was left out.
        model: Which model, as people read it.
    """

    sentences: tuple[Checked, ...]
    left_out: tuple[str, ...]
    model: str

    @property
    def text(self) -> str:
        """The answer, each sentence with the clauses it cites."""
        return "".join(
            s.text + (f"（{'、'.join(c.clause for c in s.citations)}）" if s.citations else "") for s in self.sentences
        )
