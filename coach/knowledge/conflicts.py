"""Where the source documents disagree: each side with its clauses, and what each standard chooses and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from coach.knowledge.load import load_knowledge, standard_names
from coach.knowledge.model import Source
from coach.knowledge.yaml_file import Strict, YamlFile, read_yaml

__all__ = ["Choice", "Conflict", "Side", "load_conflicts"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict: what it says, the clauses that state it, the documents it stands in."""

    id: str
    title: str
    clauses: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which side a standard takes, and why."""

    side: str
    why: str


@dataclass(frozen=True)
class Conflict:
    """A question the documents answer differently.

    Attributes:
        id: Stable id.
        question: What it is about.
        asked_as: Ways people ask for it.
        sides: At least two.
        choices: Standard → choice; a standard that isn't named takes the choice of `default`.
    """

    id: str
    question: str
    asked_as: tuple[str, ...]
    sides: tuple[Side, ...]
    choices: Mapping[str, Choice]

    def chosen(self, standard: str) -> tuple[Side, str]:
        """The side `standard` takes, and why."""
        choice = self.choices.get(standard) or self.choices["default"]
        return next(side for side in self.sides if side.id == choice.side), choice.why


class _SourceData(Strict):
    document: str
    section: str


class _SideData(Strict):
    id: str
    title: str
    clauses: tuple[str, ...] = Field(min_length=1)
    sources: tuple[_SourceData, ...] = Field(min_length=1)


class _ChoiceData(Strict):
    side: str
    why: str = Field(min_length=1)


class _ConflictData(Strict):
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    question: str
    asked_as: tuple[str, ...] = Field(min_length=1)
    sides: tuple[_SideData, ...] = Field(min_length=2)
    choices: dict[str, _ChoiceData]


class _ConflictFile(Strict):
    version: Literal[1]
    conflicts: tuple[_ConflictData, ...]


@lru_cache(maxsize=4)
def load_conflicts(folder: Path) -> tuple[Conflict, ...]:
    """The conflicts below the knowledge `folder`; raises KnowledgeError at the first fault, with its line."""
    file = read_yaml(folder / "conflicts.yaml")
    clauses = load_knowledge(folder).clauses
    standards = standard_names(folder)
    found: dict[str, Conflict] = {}
    for i, data in enumerate(file.validate(_ConflictFile, file.data).conflicts):
        if data.id in found:
            raise file.error(f"分歧编号 {data.id} 重复", "conflicts", i, "id")
        _check(file, data, i, frozenset(clauses), standards)
        sides = tuple(
            Side(s.id, s.title, s.clauses, tuple(Source(x.document, x.section) for x in s.sources)) for s in data.sides
        )
        choices = {name: Choice(choice.side, choice.why) for name, choice in data.choices.items()}
        found[data.id] = Conflict(data.id, data.question, data.asked_as, sides, choices)
    return tuple(found.values())


def _check(file: YamlFile, data: _ConflictData, i: int, clauses: frozenset[str], standards: tuple[str, ...]) -> None:
    for j, side in enumerate(data.sides):
        if unknown := [clause for clause in side.clauses if clause not in clauses]:
            raise file.error(f"手册里没有条款 {'、'.join(unknown)}", "conflicts", i, "sides", j, "clauses")
    if missing := [name for name in standards if name not in data.choices]:
        raise file.error(f"没有说 {'、'.join(missing)} 取哪一边", "conflicts", i, "choices")
    sides = {side.id for side in data.sides}
    for name, choice in data.choices.items():
        if choice.side not in sides:
            raise file.error(f"{name} 选了不存在的一边 {choice.side}", "conflicts", i, "choices", name)
