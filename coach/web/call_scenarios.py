"""Which scenarios and personas there are to choose from: the shipped ones and the user's own, kept one file each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from coach.errors import InputError
from coach.reports.casting import DIRECTION_NAMES
from coach.roleplay import Persona, Scenario, load_personas, load_scenarios
from coach.roleplay.casting import cast, suits
from coach.roleplay.own import OwnScenarios

__all__ = ["Shelf"]

_WHERE = "场景"
_MOST_NAME = 40


@dataclass(frozen=True, slots=True)
class Shelf:
    """Scenarios and personas.

    Attributes:
        folder: The shipped knowledge.
        own_folder: Where the user's own scenarios lie.
    """

    folder: Path
    own_folder: Path

    @property
    def shipped(self) -> Mapping[str, Scenario]:
        """The shipped scenarios by id."""
        return load_scenarios(self.folder)

    @property
    def personas(self) -> Mapping[str, Persona]:
        """The personas by id."""
        return load_personas(self.folder)

    def own(self) -> tuple[Mapping[str, Scenario], tuple[str, ...]]:
        """The user's own scenarios by id, and what is wrong with those that can't be used."""
        found = self._kept.all()
        return found.scenarios, found.faults

    @property
    def _kept(self) -> OwnScenarios:
        return OwnScenarios(self.own_folder, self.folder)

    def scenario(self, id_: str | None, draft: Scenario | None = None) -> Scenario:
        """The scenario with that id, the unsaved `draft` among them; raises InputError where there is none."""
        if draft is not None and draft.id == id_:
            return draft
        found = self.shipped.get(id_ or "") or self.own()[0].get(id_ or "")
        if found is None:
            raise InputError("还没有选场景" if not id_ else "这个场景不在了", where=_WHERE, hint="请另选一个")
        return found

    def persona(self, id_: str | None) -> Persona:
        """The persona with that id; raises InputError where there is none."""
        found = self.personas.get(id_ or "")
        if found is None:
            raise InputError("还没有选客户", where="客户", hint="请选一个")
        return found

    def scenario_choices(self, draft: Scenario | None = None) -> list[tuple[str, str]]:
        """Title and id of every scenario: the draft, the user's own, the shipped ones by industry."""
        shipped = sorted(self.shipped.values(), key=lambda one: (one.industry, one.title))
        own = [one for id_, one in self.own()[0].items() if draft is None or id_ != draft.id]
        return [
            *([(f"刚写的 · {draft.title}", draft.id)] if draft else []),
            *((f"我的 · {one.title}", one.id) for one in own),
            *((f"{one.industry}{_kind(one)} · {one.title}", one.id) for one in shipped),
        ]

    def persona_choices(self, scenario: Scenario) -> list[tuple[str, str]]:
        """Name and id of every persona, those that suit the scenario first."""
        suiting = self.suiting(scenario)
        others = [one for one in self.personas.values() if one not in suiting]
        fits = "（合适）" if scenario.personas else ""
        return [*((f"{one.name}{fits}", one.id) for one in suiting), *((one.name, one.id) for one in others)]

    def suiting(self, scenario: Scenario) -> list[Persona]:
        """The personas that suit the scenario; all of them where it names none that there is."""
        suiting = [one for one in self.personas.values() if suits(one, scenario)]
        return suiting or list(self.personas.values())

    def drawn(self, seed: int, but: str | None = None) -> tuple[Scenario, Persona]:
        """A shipped scenario, another than `but`, and a persona that suits it."""
        others = [one for one in self.shipped.values() if one.id != but]
        persona, scenario = cast(None, None, seed, self.personas.values(), others)
        return scenario, persona

    def keep(self, scenario: Scenario) -> Scenario:
        """Saves `scenario` as the user's own, under an id of its title; raises InputError where it can't be written."""
        kept = scenario.model_copy(update={"id": self._free_id(scenario), "industry": scenario.industry or "自拟"})
        self._kept.save(kept, replace=True)
        return kept

    def _free_id(self, scenario: Scenario) -> str:
        """An id for a file: the one it is kept under already, else of its title, numbered where another has that."""
        if (self.own_folder / f"{scenario.id}.yaml").exists():
            return scenario.id
        name = regex.sub(r"[^\w]+", "-", scenario.title).strip("-")[:_MOST_NAME] or "场景"
        taken = {*self.shipped, *(path.stem for path in self.own_folder.glob("*.yaml"))}
        names: Sequence[str] = [f"我的-{name}", *(f"我的-{name}-{no}" for no in range(2, 1000))]
        return next(one for one in names if one not in taken)


def _kind(scenario: Scenario) -> str:
    """What sort of call it is, where it isn't a plain one and its title doesn't say so."""
    name = DIRECTION_NAMES[scenario.direction]
    return "" if scenario.direction == "inbound" or name in scenario.title else f"（{name}）"
