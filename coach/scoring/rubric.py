"""A rubric: weighted binary checks in groups, each failed by findings of the rules it names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from coach.knowledge.yaml_file import Strict, read_yaml

__all__ = ["Item", "Rubric", "load_rubric"]


class Item(Strict):
    """One binary check; a failed `fatal` one caps the total."""

    id: str
    group: str
    title: str
    weight: float = Field(gt=0)
    rules: tuple[str, ...] = Field(min_length=1)
    fatal: bool = False


class Rubric(Strict):
    """A rubric file; `fatal_cap` is the highest total (0 to 100) once a fatal item failed."""

    version: Literal[1]
    name: str
    title: str
    groups: tuple[str, ...] = Field(min_length=1)
    fatal_cap: float = Field(ge=0, le=100)
    items: tuple[Item, ...] = Field(min_length=1)


@lru_cache(maxsize=8)
def load_rubric(name: str, folder: Path) -> Rubric:
    """The rubric called `name` below the knowledge `folder`; raises KnowledgeError where it is faulty."""
    file = read_yaml(folder / "rubrics" / f"{name}.yaml")
    rubric = file.validate(Rubric, file.data)
    for i, item in enumerate(rubric.items):
        if item.group not in rubric.groups:
            raise file.error(f"没有分组 {item.group}", "items", i, "group")
    return rubric
