"""Labelled questions: what a right clause must state, or that none does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex

from coach.knowledge import Clause
from eval.labelled import read_jsonl

__all__ = ["LabelledQuestion", "read_questions"]

_KEPT = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True)
class LabelledQuestion:
    """A spoken question.

    Attributes:
        id: Its id.
        question: As asked.
        kind: standard, procedure, phrasing, conflict or unanswerable.
        sides: Each side is a list of groups; a clause states a side where every group has an alternative in its title or
            text. One side, but for conflicts; none where the documents don't say.
        clauses: Ids of the clauses that answer it, where it was labelled by them instead of by what they state.
        gold: Exact quotes of the documents (document, quote), for retrieval over the raw documents.
    """

    id: str
    question: str
    kind: str
    sides: tuple[tuple[tuple[str, ...], ...], ...]
    gold: tuple[tuple[str, str], ...]
    clauses: frozenset[str] = frozenset()

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.sides or self.clauses)

    def sides_stated(self, clause: Clause) -> frozenset[int]:
        """Which sides `clause` states, by its title or text (never by how people ask for it)."""
        if self.clauses:
            return frozenset({0} if clause.id in self.clauses else ())
        return self.sides_stated_by(f"{clause.title}。{clause.text}")

    def sides_stated_by(self, text: str) -> frozenset[int]:
        """Which sides `text` states."""
        return frozenset(
            i for i, side in enumerate(self.sides) if all(any(regex.search(a, text) for a in group) for group in side)
        )


def read_questions(path: Path) -> Iterator[LabelledQuestion]:
    """Labelled questions in the form of ../shared/dev/retrieval.jsonl; lines with a question alone are unanswerable."""
    for item in read_jsonl(path):
        yield LabelledQuestion(
            item["id"],
            item["question"],
            item.get("kind", "standard" if item.get("clauses") else "unanswerable"),
            _sides(item),
            tuple((g["doc"], g.get("alt") or g["quote"]) for g in item.get("gold", ())),
            frozenset(item.get("clauses", ())),
        )


def _sides(item: dict[str, Any]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    raw = item.get("facts_any_side") or ([item["facts"]] if item.get("facts") else [])
    return tuple(tuple(tuple(group) for group in side) for side in raw)
