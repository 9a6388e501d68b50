"""Voices: banks of lines by act and mood, one file a group in knowledge/voices; a line is picked by seed and never twice in a call."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import regex

from coach.errors import KnowledgeError
from coach.knowledge.yaml_file import Strict, read_yaml

__all__ = ["MOODS", "Voice", "load_voices"]

MOODS = ("calm", "upset", "angry")
_SLOT = regex.compile(r"\{(\w+)\}")
_MARKS = regex.compile(r"([，。！？；、])(?=[，。！？；、])")


class Voice(Strict):
    """A voice file: act → mood → lines; of the forms of `address` that it uses, a caller keeps to one."""

    group: str
    title: str
    address: tuple[str, ...] = ()
    lines: Mapping[str, Mapping[str, tuple[str, ...]]]

    def bank(self, act: str, mood: str) -> tuple[str, ...]:
        """The lines for `act` in `mood`, else in the mood nearest to it; empty where the voice doesn't know the act."""
        moods = self.lines.get(act, {})
        order = sorted(moods, key=lambda one: abs(MOODS.index(one) - MOODS.index(mood)))
        return moods[order[0]] if order else ()

    def pick(
        self, act: str, mood: str, chance: random.Random, said: Collection[str], slots: Mapping[str, str]
    ) -> tuple[str, str] | None:
        """A line for `act` that wasn't `said` yet, as template and filled; None where the bank is used up.

        Only lines whose slots are all given are picked.
        """
        fitting = [line for line in self.bank(act, mood) if line not in said and set(_SLOT.findall(line)) <= set(slots)]
        if not fitting:
            return None
        line = chance.choice(fitting)
        return line, filled(line, slots)

    def addressing(self, text: str, seed: int) -> str:
        """`text` with every form of address as the one this caller uses."""
        if not self.address:
            return text
        chosen = self.address[seed % len(self.address)]
        return regex.sub("|".join(map(regex.escape, self.address)), chosen, text)


def filled(line: str, slots: Mapping[str, str]) -> str:
    """`line` with its slots filled; where two marks meet the last stays."""
    text = _SLOT.sub(lambda m: slots[m[1]].strip("，。；、"), line)
    return _MARKS.sub("", text)


@lru_cache(maxsize=4)
def load_voices(folder: Path) -> Mapping[str, Voice]:
    """The voices below the knowledge `folder` by group; raises KnowledgeError where one is faulty or missing."""
    found: dict[str, Voice] = {}
    for path in sorted((folder / "voices").glob("*.yaml")):
        file = read_yaml(path)
        voice = file.validate(Voice, file.data)
        for act, moods in voice.lines.items():
            if unknown := set(moods) - set(MOODS):
                raise file.error(f"不认识的情绪 {sorted(unknown)[0]}", "lines", act)
        found[voice.group] = voice
    if not found:
        raise KnowledgeError("一份语料也没有", where="knowledge/voices", hint="请检查安装是否完整")
    return found
