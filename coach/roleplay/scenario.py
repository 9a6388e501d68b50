"""Scenarios: who calls, what happened, what they know, hide and want, what settles it. One YAML file each, made without code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from coach.errors import InputError
from coach.knowledge.yaml_file import Strict, YamlFile, read_yaml

__all__ = [
    "Caller",
    "Fact",
    "Scenario",
    "Settlement",
    "Wish",
    "load_scenarios",
    "named_scenario",
    "read_scenario",
    "scenario_schema",
]

Direction = Literal["inbound", "outbound", "proxy", "message"]
FactKind = Literal[
    "phone",
    "name",
    "address",
    "order",
    "account",
    "amount",
    "time",
    "date",
    "quantity",
    "model",
    "place",
    "choice",
    "other",
]
Text = Field(min_length=1, max_length=200)


class Caller(Strict):
    """Who calls."""

    name: str = Field(default="", max_length=20)
    title: str = Field(default="", max_length=10)

    @property
    def surname(self) -> str:
        """Family name; empty where it isn't known."""
        return self.name[:1]


class Fact(Strict):
    """Something the customer knows: `say` states it in a clause that holds `value`; a hidden one is told only when asked."""

    id: str
    kind: FactKind
    value: str = Text
    say: str = Text
    ask: tuple[str, ...] = ()
    hidden: bool = False


class Settlement(Strict):
    """What settles the matter once offered: a line offers it that has two of `words` (one, where there is but one)."""

    id: str
    title: str = Text
    words: tuple[str, ...] = Field(min_length=1)


class Wish(Strict):
    """Something that can't be given, and how the customer asks for it."""

    title: str = Text
    words: tuple[str, ...] = Field(min_length=1)
    say: str = Text


class Scenario(Strict):
    """A scenario file."""

    id: str = Field(pattern=r"^[\w-]{2,60}$")
    title: str = Text
    industry: str = Text
    direction: Direction = "inbound"
    mood: Literal["complaint", "enquiry", "request"] = "request"
    caller: Caller = Caller()
    summary: str = Field(min_length=1, max_length=400)
    story: tuple[str, ...] = Field(min_length=1, max_length=8)
    want: str = Text
    want_say: tuple[str, ...] = ()
    problem: tuple[str, ...] = Field(min_length=1, max_length=40)
    facts: tuple[Fact, ...] = ()
    unknown: tuple[str, ...] = ()
    settle: tuple[Settlement, ...] = ()
    prefers: str | None = None
    cannot: tuple[Wish, ...] = ()
    off: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    stop: str = ""
    purpose: str = ""
    personas: tuple[str, ...] = ()
    example_good: tuple[str, ...] = ()
    example_bad: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Scenario:
        ids = [fact.id for fact in self.facts]
        if len(set(ids)) != len(ids):
            raise ValueError("facts 里有重复的 id")
        for fact in self.facts:
            if fact.value not in fact.say:
                raise ValueError(f"事实 {fact.id} 的 say 里没有 value")
        if self.prefers is not None and self.prefers not in {one.id for one in self.settle}:
            raise ValueError("prefers 不在 settle 里")
        return self


def scenario_schema() -> dict[str, Any]:
    """JSON schema of a scenario file."""
    return Scenario.model_json_schema()


def read_scenario(path: Path) -> Scenario:
    """The scenario in a YAML file; raises KnowledgeError with file, line and reason."""
    file = read_yaml(path)
    return _validated(file)


def _validated(file: YamlFile) -> Scenario:
    return file.validate(Scenario, file.data)


@lru_cache(maxsize=4)
def load_scenarios(folder: Path) -> Mapping[str, Scenario]:
    """The scenarios below the knowledge `folder` by id; raises KnowledgeError where one is faulty."""
    found: dict[str, Scenario] = {}
    for path in sorted((folder / "scenarios").glob("*.yaml")):
        file = read_yaml(path)
        scenario = _validated(file)
        if scenario.id != path.stem:
            raise file.error(f"id 要和文件名一样：{path.stem}", "id")
        found[scenario.id] = scenario
    return found


def named_scenario(name: str, folder: Path) -> Scenario:
    """The shipped scenario with that id or title; raises InputError where there is none."""
    scenarios = load_scenarios(folder)
    for scenario in scenarios.values():
        if name.strip() in {scenario.id, scenario.title}:
            return scenario
    raise InputError(f"没有“{name}”这个场景", where="--scenario", hint="用 coach scenarios 看有哪些")
