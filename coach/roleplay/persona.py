"""Personas: who calls, how he speaks, what sets him off and what calms him. Read from knowledge/personas, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from coach.errors import InputError
from coach.knowledge.yaml_file import Strict, read_yaml

__all__ = ["Habit", "Level", "Persona", "Procedure", "Reaction", "Start", "Step", "find_persona", "load_personas"]

Level = Literal["easy", "normal", "hard"]
Mood = Literal["calm", "upset", "angry"]
Procedure = Literal["silent", "harassing", "abusive", "wrong_number"]


class Start(Strict):
    """Emotion (10 is furious), trust and patience at the start, each 0 to 10."""

    emotion: float = Field(ge=0, le=10)
    trust: float = Field(ge=0, le=10)
    patience: float = Field(ge=0, le=10)


class Difficulty(Strict):
    """What a level changes: the start, and how strongly he reacts for the worse and for the better."""

    emotion: float = 0
    trust: float = 0
    patience: float = 0
    worse: float = Field(default=1, gt=0, le=2)
    better: float = Field(default=1, gt=0, le=2)


class Reaction(Strict):
    """What one thing (`cause`: an agent's act or a rule id) does to this persona beyond what it does to anybody."""

    cause: str
    emotion: float = 0
    trust: float = 0
    patience: float = 0
    why: str


class Habit(Strict):
    """What he does of his own accord: `act`, with a chance a turn, so many times a call, until the agent does `until`."""

    act: str
    chance: float = Field(ge=0, le=1)
    most: int = Field(ge=1, le=6)
    until: str
    moods: tuple[Mood, ...] = Field(min_length=1)


class Step(Strict):
    """One step of a procedure, and what a line that takes it contains (alternatives)."""

    id: str
    title: str
    words: tuple[str, ...] = Field(min_length=1)


class Persona(Strict):
    """A persona file."""

    id: str = Field(pattern=r"^[a-z][a-z-]+$")
    name: str = Field(min_length=2)
    voice: str
    procedure: Procedure | None = None
    summary: str
    manner: str
    state: Start
    levels: Mapping[Level, Difficulty]
    triggers: tuple[Reaction, ...] = ()
    calms: tuple[Reaction, ...] = ()
    habits: tuple[Habit, ...] = ()
    withholds: tuple[str, ...] = ()
    insists: Literal["superior", "compensation"] | None = None
    needs: tuple[str, ...] = ()
    clauses: tuple[str, ...] = Field(min_length=1)
    handling: tuple[str, ...] = Field(min_length=1)
    procedure_steps: tuple[Step, ...] = ()


@lru_cache(maxsize=4)
def load_personas(folder: Path) -> Mapping[str, Persona]:
    """The personas below the knowledge `folder` by id; raises KnowledgeError with file and line where one is faulty."""
    found: dict[str, Persona] = {}
    for path in sorted((folder / "personas").glob("*.yaml")):
        file = read_yaml(path)
        persona = file.validate(Persona, file.data)
        if persona.id != path.stem:
            raise file.error(f"id 要和文件名一样：{path.stem}", "id")
        if set(persona.levels) != {"easy", "normal", "hard"}:
            raise file.error("levels 要有 easy、normal、hard", "levels")
        if persona.procedure and not persona.procedure_steps:
            raise file.error("按程序处理的人设要写 procedure_steps", "procedure")
        found[persona.id] = persona
    return found


def find_persona(name: str, folder: Path) -> Persona:
    """The persona with that id or Chinese name; raises InputError, naming those there are."""
    personas = load_personas(folder)
    wanted = name.strip()
    for persona in personas.values():
        if wanted in {persona.id, persona.name}:
            return persona
    raise InputError(
        f"没有“{wanted}”这个人设", where="--persona", hint=f"可选：{'、'.join(p.name for p in personas.values())}"
    )
