"""What of the handbook is embedded: each clause as a passage, and each way people ask for it as a question."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from coach.knowledge import Clause

__all__ = ["KINDS", "Entry", "Kind", "content_hash", "entries_of"]

Kind = Literal["passage", "question"]
KINDS: tuple[Kind, ...] = ("passage", "question")


@dataclass(frozen=True, slots=True)
class Entry:
    """One text to embed.

    Attributes:
        clause: Id of the clause it leads to.
        kind: passage or question.
        text: What is embedded.
    """

    clause: str
    kind: Kind
    text: str

    @property
    def key(self) -> str:
        """Content hash: the same text of the same kind has the same vector."""
        return hashlib.sha256(f"{self.kind}\0{self.text}".encode()).hexdigest()[:24]


def entries_of(clauses: Iterable[Clause], questions: Mapping[str, tuple[str, ...]]) -> tuple[Entry, ...]:
    """Entries of `clauses` in order; `questions` holds further ways to ask, by clause id."""
    entries: list[Entry] = []
    for clause in clauses:
        entries.append(Entry(clause.id, "passage", f"{clause.title}。{clause.text}"))
        asked = dict.fromkeys((clause.title, *clause.asked_as, *questions.get(clause.id, ())))
        entries += [Entry(clause.id, "question", text) for text in asked]
    return tuple(entries)


_BUILT = b"2: one thread, so that the graph is the same every time"
"""Changed where indexes are built otherwise, so that older ones are built anew."""


def content_hash(entries: Iterable[Entry]) -> str:
    """Hash of all entries and of how an index of them is built: names the index."""
    digest = hashlib.sha256(_BUILT)
    for entry in entries:
        digest.update(f"{entry.clause}\0{entry.key}\n".encode())
    return digest.hexdigest()[:24]
