"""Kinds of figure: which ones a question asks for, and whether a clause states one of them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import regex

from coach.knowledge.yaml_file import Strict, read_yaml

__all__ = ["Figures", "load_figures"]


class KindData(Strict):
    """How a kind of figure is asked for and stated: regex sources, `{number}` for a number."""

    asked: str
    stated: str


class FiguresFile(Strict):
    """knowledge/figures.yaml."""

    version: Literal[1]
    kinds: dict[str, KindData]
    number: str


class Figures:
    """The kinds, compiled."""

    def __init__(self, data: FiguresFile) -> None:
        self._asked = {name: regex.compile(kind.asked) for name, kind in data.kinds.items()}
        self._stated = {
            name: regex.compile(kind.stated.replace("{number}", data.number)) for name, kind in data.kinds.items()
        }

    def asked(self, question: str) -> tuple[str, ...]:
        """Kinds that the normalised `question` asks for."""
        return tuple(name for name, pattern in self._asked.items() if pattern.search(question))

    def stated(self, kinds: tuple[str, ...], text: str) -> bool:
        """Whether the normalised `text` states one of `kinds`."""
        return any(self._stated[kind].search(text) for kind in kinds)


@lru_cache(maxsize=2)
def load_figures(folder: Path) -> Figures:
    """The kinds below the knowledge `folder`; raises KnowledgeError where the file is faulty."""
    file = read_yaml(folder / "figures.yaml")
    data = file.validate(FiguresFile, file.data)
    try:
        return Figures(data)
    except regex.error as error:
        raise file.error(f"模式不能用：{error}", "kinds") from error
