"""What the coach knows, as values: clauses, phrases, situations, standards. Loading them is left to `load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Citation", "Clause", "Knowledge", "Phrase", "Situation", "Source", "Standard"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a clause comes from: a document's file name and its own heading."""

    document: str
    section: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing the handbook says.

    Attributes:
        id: Stable id, chapter prefix and number, e.g. `HLD-03`.
        title: A short heading.
        text: One to three sentences, at most 150 characters.
        chapter: Title of its chapter.
        situations: Tags of the situations it applies to.
        asked_as: Ways people ask for it, spoken.
        sources: The documents it restates.
    """

    id: str
    title: str
    text: str
    chapter: str
    situations: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause as a finding or an answer quotes it."""

    clause: str
    title: str
    text: str
    sources: tuple[Source, ...]

    @classmethod
    def of(cls, clause: Clause) -> Citation:
        """The citation of `clause`."""
        return cls(clause.id, clause.title, clause.text, clause.sources)


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation agents meet on the phone, with the ways they ask about it."""

    id: str
    title: str
    asked_as: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence an agent can say, with slots such as 【时限】 to fill.

    Attributes:
        id: Stable id.
        situation: Id of its situation.
        text: What to say, slots in place.
        slots: Slot names in the order they stand.
        example: A natural filling of every slot.
        clauses: Ids of the clauses it puts into practice.
        tone: formal, warm, brief; None where it is plain.
    """

    id: str
    situation: str
    text: str
    slots: tuple[str, ...]
    example: Mapping[str, str]
    clauses: tuple[str, ...]
    tone: str | None = None

    def filled(self, values: Mapping[str, str] | None = None) -> str:
        """The text with slots filled from `values`, else from the example."""
        text = self.text
        for slot in self.slots:
            text = text.replace(f"【{slot}】", (values or {}).get(slot) or self.example[slot])
        return text


@dataclass(frozen=True)
class Standard:
    """What an organisation holds its calls to: parameters of the rules and changes to their severity.

    Attributes:
        name: Id used on the command line.
        title: What people read.
        why: Why it chooses as it does.
        parameters: Name → value; units in the name (seconds, characters a minute).
        severities: Rule id → error, warning, info or off.
    """

    name: str
    title: str
    why: str
    parameters: Mapping[str, float | tuple[float, ...] | tuple[str, ...]]
    severities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Knowledge:
    """Everything shipped, by id, in file order."""

    clauses: Mapping[str, Clause]
    phrases: Mapping[str, Phrase]
    situations: Mapping[str, Situation]

    def cite(self, ids: tuple[str, ...]) -> tuple[Citation, ...]:
        """Citations of the clauses named by `ids`, which must exist."""
        return tuple(Citation.of(self.clauses[i]) for i in ids)
