"""The user's own scenarios: YAML files in a folder of his, by the same schema as the shipped ones, which they never stand for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import regex
import yaml

from coach.errors import InputError, KnowledgeError
from coach.roleplay.scenario import Scenario, load_scenarios, read_scenario

__all__ = ["OwnScenarios", "Shelf", "scenario_from_yaml", "scenario_yaml"]

_ID = regex.compile(r"[\w-]{2,60}")
_RESERVED = regex.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """The user's own scenarios by id, and what is wrong with the files that are left out."""

    scenarios: Mapping[str, Scenario]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class OwnScenarios:
    """Keeps the user's own scenarios.

    Attributes:
        folder: Where they lie (`data_folder()/scenarios`); made when the first is saved.
        knowledge: The knowledge folder, whose scenarios' ids are taken.
    """

    folder: Path
    knowledge: Path

    def save(self, scenario: Scenario, *, replace: bool = False) -> Path:
        """Writes `scenario`; returns the file.

        Args:
            scenario: What to write.
            replace: Whether it may take the place of one of the user's own with the same id.

        Raises:
            InputError: The id is a shipped one's, is in use, or can't be a file's name; or the folder can't be written.
        """
        path = self._path(scenario.id)
        taken = self._taken(scenario.id)
        if taken is not None and not replace:
            raise InputError(f"已经有一个叫“{taken.stem}”的场景", where="场景", hint="换一个 id，或者选择覆盖")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(path, scenario_yaml(scenario))
            if taken is not None and taken.name != path.name:
                taken.unlink(missing_ok=True)
        except OSError as error:
            raise InputError("存不下这个场景", where=str(path), hint="请确认文件夹可写、磁盘未满") from error
        return path

    def add(self, file: Path, *, replace: bool = False) -> Scenario:
        """The scenario in the user's `file`, saved; raises KnowledgeError with line and reason where it is faulty."""
        scenario = read_scenario(file)
        self.save(scenario, replace=replace)
        return scenario

    def all(self) -> Shelf:
        """Every one that can be used; a faulty file is left out, and told."""
        found: dict[str, Scenario] = {}
        faults: list[str] = []
        for path in self._files():
            try:
                scenario = read_scenario(path)
                self._check(scenario.id, path)
            except InputError as error:
                faults.append(str(error))
                continue
            found[scenario.id] = scenario
        return Shelf(found, tuple(faults))

    def find(self, name: str) -> Scenario:
        """The user's scenario with that id or title; raises InputError where there is none, or its file is faulty."""
        wanted = name.strip()
        if _ID.fullmatch(wanted) and (path := self.folder / f"{wanted}.yaml").is_file():
            return read_scenario(path)
        for scenario in self.all().scenarios.values():
            if scenario.title == wanted:
                return scenario
        raise InputError(f"没有“{wanted}”这个自己的场景", where="场景", hint="用 coach scenarios 看有哪些")

    def delete(self, id_: str) -> None:
        """Forgets the user's scenario with that id; raises InputError where it is a shipped one's, or nobody's."""
        if id_ in load_scenarios(self.knowledge):
            raise InputError(f"“{id_}”是自带的场景，不能删", where="场景")
        path = self.folder / f"{id_}.yaml"
        if not _ID.fullmatch(id_) or not path.is_file():
            raise InputError(f"没有“{id_}”这个自己的场景", where="场景", hint="用 coach scenarios 看有哪些")
        try:
            path.unlink()
        except OSError as error:
            raise InputError("删不掉这个场景", where=str(path), hint="请确认文件夹可写") from error

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.yaml")) if self.folder.is_dir() else []

    def _path(self, id_: str) -> Path:
        if not _ID.fullmatch(id_) or _RESERVED.fullmatch(id_):
            raise InputError(f"“{id_}”不能当 id", where="场景", hint="用 2 到 60 个字、字母、数字、下划线或连字符")
        self._check(id_, None)
        return self.folder / f"{id_}.yaml"

    def _check(self, id_: str, path: Path | None) -> None:
        """Raises where the id is a shipped one's, or isn't the name of the file it stands in."""
        where = f"{path.name} 第 1 行" if path else "场景"
        if id_.lower() in {shipped.lower() for shipped in load_scenarios(self.knowledge)}:
            raise KnowledgeError(f"“{id_}”是自带场景的 id", where=where, hint="请换一个 id")
        if path is not None and id_ != path.stem:
            raise KnowledgeError(f"id 要和文件名一样：{path.stem}", where=where)

    def _taken(self, id_: str) -> Path | None:
        """The file of that id, whatever its case: some file systems know no difference."""
        return next((path for path in self._files() if path.stem.lower() == id_.lower()), None)


def scenario_yaml(scenario: Scenario) -> str:
    """`scenario` as the text of a YAML file, without what is left at its default."""
    data = scenario.model_dump(mode="json", exclude_defaults=True)
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=_WIDTH))


def scenario_from_yaml(text: str, name: str = "场景") -> Scenario:
    """The scenario that `text` is; raises KnowledgeError with line and reason, under `name`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return read_scenario(path)


def _write(path: Path, text: str) -> None:
    """Writes at once: whoever reads meanwhile sees the old file or the new one."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".tmp", delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        Path(file.name).replace(path)
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise
