"""Loads and checks what lies in knowledge/: handbook, phrases, situations, standards. Rules are loaded by `critique`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import regex
from pydantic import Field

from coach.errors import InputError, KnowledgeError
from coach.knowledge.handbook import read_chapter
from coach.knowledge.model import Clause, Knowledge, Phrase, Situation, Standard
from coach.knowledge.yaml_file import Strict, YamlFile, read_yaml

__all__ = ["SLOT", "load_knowledge", "load_standard", "standard_names"]

SLOT = regex.compile(r"【([^【】]{1,20})】")
_Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class _SituationData(Strict):
    id: _Id
    title: str
    asked_as: tuple[str, ...] = Field(min_length=1)
    clauses: tuple[str, ...] = Field(min_length=1)


class _SituationFile(Strict):
    version: Literal[1]
    situations: tuple[_SituationData, ...] = Field(min_length=1)


class _PhraseData(Strict):
    id: _Id
    situation: str
    text: str
    slots: tuple[str, ...] = ()
    example: dict[str, str] = Field(default_factory=dict)
    clauses: tuple[str, ...] = Field(min_length=1)
    tone: Literal["formal", "warm", "brief"] | None = None


class _PhraseFile(Strict):
    version: Literal[1]
    phrases: tuple[_PhraseData, ...] = Field(min_length=1)


class _StandardData(Strict):
    version: Literal[1]
    name: _Id
    title: str
    why: str
    parameters: dict[str, float | tuple[float, ...] | tuple[str, ...]]
    severities: dict[str, Literal["error", "warning", "info", "off"]] = Field(default_factory=dict)


@lru_cache(maxsize=4)
def load_knowledge(folder: Path) -> Knowledge:
    """Clauses, situations and phrases below `folder`; raises KnowledgeError at the first fault, with file and line."""
    clauses: dict[str, Clause] = {}
    for path in sorted((folder / "handbook").glob("*.md")):
        for clause in read_chapter(path):
            if clause.id in clauses:
                raise KnowledgeError(f"条款编号 {clause.id} 重复", where=path.name, hint="请换一个编号")
            clauses[clause.id] = clause
    situations = _situations(folder / "phrases" / "situations.yaml", clauses)
    phrases: dict[str, Phrase] = {}
    for path in sorted((folder / "phrases").glob("*.yaml")):
        if path.name != "situations.yaml":
            _add_phrases(path, clauses, situations, phrases)
    return Knowledge(clauses, phrases, situations)


def _check_clauses(file: YamlFile, ids: tuple[str, ...], clauses: dict[str, Clause], *at: str | int) -> None:
    for i, clause in enumerate(ids):
        if clause not in clauses:
            raise file.error(f"手册里没有条款 {clause}", *at, i, hint="请改成存在的条款编号")


def _situations(path: Path, clauses: dict[str, Clause]) -> dict[str, Situation]:
    file = read_yaml(path)
    found: dict[str, Situation] = {}
    for i, data in enumerate(file.validate(_SituationFile, file.data).situations):
        if data.id in found:
            raise file.error(f"情景编号 {data.id} 重复", "situations", i, "id")
        _check_clauses(file, data.clauses, clauses, "situations", i, "clauses")
        found[data.id] = Situation(data.id, data.title, data.asked_as, data.clauses)
    return found


def _add_phrases(
    path: Path, clauses: dict[str, Clause], situations: dict[str, Situation], phrases: dict[str, Phrase]
) -> None:
    file = read_yaml(path)
    for i, data in enumerate(file.validate(_PhraseFile, file.data).phrases):
        at = ("phrases", i)
        slots = tuple(dict.fromkeys(SLOT.findall(data.text)))
        if data.id in phrases:
            raise file.error(f"话术编号 {data.id} 重复", *at, "id")
        if data.situation not in situations:
            raise file.error(f"没有情景 {data.situation}", *at, "situation")
        if slots != data.slots:
            raise file.error(f"slots 与话术里的【】不一致，应为 {list(slots)}", *at, "slots")
        if missing := [slot for slot in slots if not data.example.get(slot)]:
            raise file.error(f"example 缺少 {missing}", *at, "example")
        _check_clauses(file, data.clauses, clauses, *at, "clauses")
        phrases[data.id] = Phrase(data.id, data.situation, data.text, slots, data.example, data.clauses, data.tone)


def standard_names(folder: Path) -> tuple[str, ...]:
    """Names of the shipped standards, sorted."""
    return tuple(sorted(path.stem for path in (folder / "standards").glob("*.yaml")))


def load_standard(name: str, folder: Path) -> Standard:
    """The shipped standard called `name`, or the user's own YAML file at that path, laid over `default`."""
    shipped = folder / "standards"
    path = shipped / f"{name}.yaml" if name in standard_names(folder) else Path(name)
    if path.suffix not in {".yaml", ".yml"} or not path.is_file():
        known = "、".join(standard_names(folder))
        raise InputError(
            f"没有名为“{name}”的规范", where="--standard", hint=f"可用的有：{known}，或给出 YAML 文件的路径"
        )
    base = _read_standard(shipped / "default.yaml")
    own = _read_standard(path)
    if unknown := sorted(set(own.parameters) - set(base.parameters)):
        raise KnowledgeError(f"不认识的参数 {'、'.join(unknown)}", where=path.name, hint="请对照 default.yaml")
    return Standard(
        own.name, own.title, own.why, {**base.parameters, **own.parameters}, {**base.severities, **own.severities}
    )


def _read_standard(path: Path) -> Standard:
    file = read_yaml(path)
    data = file.validate(_StandardData, file.data)
    return Standard(data.name, data.title, data.why, data.parameters, data.severities)
