"""What a model is told of each act, and the patterns its words are checked by. Read from knowledge/roleplay/wording.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import regex

from coach.knowledge.yaml_file import Strict, YamlFile, read_yaml
from coach.lexicon import words
from coach.roleplay.customer import Part
from coach.roleplay.hearing import load_ears
from coach.roleplay.likeness import pairs
from coach.roleplay.persona import Procedure
from coach.roleplay.voice import MOODS, Voice, load_voices
from coach.text import normalise

__all__ = ["Weighty", "Wordbook", "load_wordbook"]

_SLOT = regex.compile(r"\{(\w+)\}")


class _Act(Strict):
    do: str
    shows: str | None = None


class _Weighty(Strict):
    name: str
    reason: str
    words: str
    acts: tuple[str, ...]


class _File(Strict):
    acts: Mapping[str, _Act]
    procedures: Mapping[Procedure, Mapping[str, str]]
    moods: Mapping[str, str]
    agent: str
    program: str
    stated: tuple[str, ...]
    weighty: tuple[_Weighty, ...]


@dataclass(frozen=True, slots=True)
class Weighty:
    """Words that weigh in a call: what they do, the words, and the acts that may bring them."""

    name: str
    reason: str
    words: regex.Pattern[str]
    acts: frozenset[str]


@dataclass(frozen=True)
class Wordbook:
    """Instructions and patterns.

    Attributes:
        doing: Act → what the model is told to do; slots in braces.
        procedures: The same for callers handled by procedure, those that may be worded at all.
        moods: Mood → in words.
        shows: Act → what a line that does it shows.
        agent: What only an agent says.
        program: What only a program says.
        stated: Words that state something.
        weighty: Words that end, accept, thank and the like.
        matters: Business matters, for those that aren't the customer's.
        speech: Pairs of characters of the built-in lines: how customers speak.
        words: Their words.
        characters: Their characters.
    """

    doing: Mapping[str, str]
    procedures: Mapping[Procedure, Mapping[str, str]]
    moods: Mapping[str, str]
    shows: Mapping[str, regex.Pattern[str]]
    agent: regex.Pattern[str]
    program: regex.Pattern[str]
    stated: tuple[regex.Pattern[str], ...]
    weighty: tuple[Weighty, ...]
    matters: tuple[str, ...] = field(repr=False)
    speech: frozenset[str] = field(repr=False)
    words: frozenset[str] = field(repr=False)
    characters: frozenset[str] = field(repr=False)

    def instruction(self, part: Part, procedure: Procedure | None) -> str | None:
        """What the model is told of `part`; None where it is left to the built-in words."""
        told = self.doing if procedure is None else self.procedures.get(procedure, {})
        text = told.get(part.act)
        return None if text is None else _SLOT.sub(lambda m: part.slots.get(m[1], ""), text).rstrip("：")


@lru_cache(maxsize=2)
def load_wordbook(folder: Path) -> Wordbook:
    """The wordbook of the knowledge `folder`; raises KnowledgeError with file and line where it is faulty."""
    file = read_yaml(folder / "roleplay" / "wording.yaml")
    data = file.validate(_File, file.data)
    if set(data.moods) != set(MOODS):
        raise file.error(f"moods 要有 {'、'.join(MOODS)}", "moods")
    lines = _spoken(load_voices(folder).values())
    return Wordbook(
        doing={act: one.do for act, one in data.acts.items()},
        procedures=data.procedures,
        moods=data.moods,
        shows={a: _pattern(file, one.shows, "acts", a, "shows") for a, one in data.acts.items() if one.shows},
        agent=_pattern(file, data.agent, "agent"),
        program=_pattern(file, data.program, "program"),
        stated=tuple(_pattern(file, source, "stated", i) for i, source in enumerate(data.stated)),
        weighty=tuple(
            Weighty(one.name, one.reason, _pattern(file, one.words, "weighty", i, "words"), frozenset(one.acts))
            for i, one in enumerate(data.weighty)
        ),
        matters=load_ears(folder).matters,
        speech=frozenset(pair for line in lines for pair in pairs(line)),
        characters=frozenset(char for line in lines for char in normalise(line).text),
        words=frozenset(word for line in lines for word in words(normalise(line).text)),
    )


def _spoken(voices: Iterable[Voice]) -> list[str]:
    """The lines of the voices of those with a matter of their own, slots blank."""
    moods = (mood for voice in voices if "restate" in voice.lines for mood in voice.lines.values())
    return [_SLOT.sub("，", line) for lines in moods for bank in lines.values() for line in bank]


def _pattern(file: YamlFile, source: str, *at: str | int) -> regex.Pattern[str]:
    try:
        return regex.compile(source)
    except regex.error as error:
        raise file.error(f"正则写错了：{error}", *at) from error
