"""Which scenario a command means: a shipped one or one's own by id or title, a file, or one or two sentences that tell it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from coach.errors import InputError

if TYPE_CHECKING:
    from coach.roleplay import Scenario

__all__ = ["known_scenarios", "own_folder", "scenario_of", "told_scenario"]

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
_FEWEST_TOLD = 8
_HOW = "写场景的编号或名称（见 coach scenarios）、场景文件，或一两句话：谁来电、出了什么事、想要什么"


def own_folder(data: Path) -> Path:
    """Where the user's own scenarios lie in the data folder, those written in the web app among them."""
    return data / "scenarios"


def known_scenarios(folder: Path, own: Path) -> tuple[Mapping[str, Scenario], tuple[str, ...]]:
    """The shipped scenarios of the knowledge `folder` and those in `own`, by id; and what is wrong with those that can't be used."""
    from coach.roleplay import load_scenarios
    from coach.roleplay.own import OwnScenarios

    shelf = OwnScenarios(own, folder).all()
    return {**load_scenarios(folder), **shelf.scenarios}, shelf.faults


def scenario_of(given: str, known: Mapping[str, Scenario]) -> Scenario:
    """The scenario that `given` names, or tells.

    Raises:
        InputError: It names nothing there is and tells nothing, or the file is faulty.
    """
    from coach.roleplay import read_scenario

    wanted = given.strip()
    for scenario in known.values():
        if wanted in {scenario.id, scenario.title}:
            return scenario
    if _is_file(wanted):
        return read_scenario(Path(wanted))
    if wanted.isascii() or len("".join(wanted.split())) < _FEWEST_TOLD:
        raise InputError(f"没有“{wanted}”这个场景", where="场景", hint=_HOW)
    return told_scenario(wanted)


def told_scenario(text: str) -> Scenario:
    """The scenario that one or two sentences tell; raises InputError where they tell none."""
    from coach.roleplay.from_text import scenario_from_text

    try:
        return scenario_from_text(text)
    except ValidationError as error:
        raise InputError("这段话写不成场景", where="场景", hint="把句子写短一些，一句说一件事") from error


def _is_file(given: str) -> bool:
    try:
        return Path(given).suffix.lower() in _SUFFIXES or Path(given).is_file()
    except (OSError, ValueError):
        return False  # too long, or with a character no path has
