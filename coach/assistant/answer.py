"""What the coach answers to a question: points with their citations, phrases, what to avoid, where documents disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.knowledge import Citation, Phrase
from coach.knowledge.conflicts import Conflict, Side

__all__ = ["Answer", "Disagreement", "Point"]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to know, word for word from the clauses it cites."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A conflict between the documents, and the side the chosen standard takes.

    Attributes:
        conflict: The conflict.
        standard: Title of the standard.
        chosen: The side it takes.
        why: Why it takes it.
    """

    conflict: Conflict
    standard: str
    chosen: Side
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        question: What was searched for.
        status: answered, or insufficient where the handbook doesn't say.
        text: The answer in sentences; where insufficient, says so and names the nearest topics.
        points: What it rests on, most relevant first.
        phrases: What one can say.
        avoid: What not to say or do.
        conflicts: Where the documents disagree about it.
        nearest: Where insufficient, the nearest clauses.
    """

    question: str
    status: Literal["answered", "insufficient"]
    text: str
    points: tuple[Point, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    avoid: tuple[str, ...] = ()
    conflicts: tuple[Disagreement, ...] = ()
    nearest: tuple[Citation, ...] = ()
