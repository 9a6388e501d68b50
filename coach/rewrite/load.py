"""Reads knowledge/mends/*.yaml and compiles them, as one, with the rules' shared fragments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import regex

from coach.critique.load import load_fragments
from coach.critique.patterns import Matcher, PatternError, expand, matcher
from coach.knowledge.yaml_file import YamlFile, read_yaml
from coach.rewrite.advice import ADVISER, Adviser
from coach.rewrite.schema import FieldData, MendFile, OpeningData, OptionData

__all__ = ["Mends", "Option", "Replacement", "load_mends"]

Replacement = tuple[regex.Pattern[str], str]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to mend a fault, compiled."""

    data: OptionData
    inside: tuple[Replacement, ...]
    replace: tuple[Replacement, ...]
    dropping: Matcher
    echo: Matcher
    text: Matcher
    text_not: Matcher
    previous: Matcher
    previous_not: Matcher
    rests: Matcher
    rests_not: Matcher


@dataclass(frozen=True, slots=True)
class Opening:
    """Words to begin a mended line with, compiled."""

    words: str | tuple[str, ...]
    previous: Matcher
    told: Matcher

    def fits(self, previous: str, told: str) -> bool:
        """Whether they go with what the customer said and what the mended line tells."""
        return all(not m or m.found(text) for m, text in ((self.previous, previous), (self.told, told)))


@dataclass(frozen=True, slots=True)
class Courtesy:
    """Curt words and what is said instead, compiled."""

    pattern: regex.Pattern[str]
    to: str
    text_not: Matcher
    previous: Matcher
    previous_not: Matcher

    def said(self, text: str, previous: str) -> str:
        """`text`, normalised, with the curt words said better; as it is where they don't stand there or don't fit."""
        if self.text_not and self.text_not.found(text):
            return text
        if (self.previous and not self.previous.found(previous)) or (
            self.previous_not and self.previous_not.found(previous)
        ):
            return text
        return self.pattern.sub(self.to, text)


@dataclass(frozen=True, slots=True)
class WordsTaken:
    """Words a template may take over, compiled."""

    data: FieldData
    patterns: tuple[Matcher, ...]
    replace: tuple[Replacement, ...]

    def taken(self, places: Mapping[str, str]) -> str:
        """The words, found in the texts of `places`; empty where there are none."""
        for place in self.data.places:
            for pattern in self.patterns:
                for start, end in pattern.spans(places[place]):
                    return self._said(places[place][start:end])
        return ""

    def _said(self, text: str) -> str:
        for pattern, new in self.replace:
            text = pattern.sub(new, text)
        return text


@dataclass(frozen=True)
class Mends:
    """Everything the built-in proposer knows."""

    options: Mapping[str, tuple[Option, ...]]
    fields: Mapping[str, WordsTaken]
    glossary: tuple[Replacement, ...]
    terms: tuple[Replacement, ...]
    polish: tuple[Replacement, ...]
    courtesies: tuple[Courtesy, ...]
    order: tuple[str, ...]
    rude: Matcher
    insolent: Matcher
    unfit: Mapping[str, Matcher]
    whole: tuple[Option, ...]
    openings: Mapping[str, tuple[Opening, ...]]
    adviser: Adviser | None

    def plain(self, text: str) -> str:
        """`text`, normalised, its internal terms in plain words."""
        return _replaced(text, (*self.glossary, *self.terms))

    def polished(self, text: str) -> str:
        """`text`, normalised, with the last touches."""
        return _replaced(text, (*self.glossary, *self.polish))

    def polite(self, text: str) -> str:
        """`text`, normalised, with every courtesy, whatever the customer said."""
        return _replaced(text, tuple((touch.pattern, touch.to) for touch in self.courtesies))


def _replaced(text: str, replacements: Sequence[Replacement]) -> str:
    for pattern, new in replacements:
        text = pattern.sub(new, text)
    return text


@lru_cache(maxsize=4)
def load_mends(folder: Path) -> Mends:
    """The mends below the knowledge `folder`; raises KnowledgeError with the line of the first fault."""
    files = [read_yaml(path) for path in sorted((folder / "mends").glob("*.yaml"))]
    parts = [(file, file.validate(MendFile, file.data)) for file in files]
    fragments = load_fragments(folder)
    fields: dict[str, WordsTaken] = {}
    for _, data in parts:
        fragments |= data.pieces
    options: dict[str, tuple[Option, ...]] = {}
    openings: dict[str, tuple[Opening, ...]] = {}
    unfit: dict[str, list[str]] = {}
    order: list[str] = []
    for file, data in parts:
        for rule, choices in data.mends.items():
            if rule in options:
                raise file.error(f"规则 {rule} 的改法在别的文件里已经写过", "mends", rule)
            options[rule] = _options(file, rule, choices, fragments)
        for kind, wordings in data.openings.items():
            if kind in openings:
                raise file.error(f"开头 {kind} 在别的文件里已经写过", "openings", kind)
            openings[kind] = _openings(file, kind, wordings, fragments)
        for name, taken in data.fields.items():
            if name in fields:
                raise file.error(f"{name} 在别的文件里已经写过", "fields", name)
            fields[name] = _field(taken, fragments)
        for rule, patterns in data.unfit.items():
            unfit.setdefault(rule, []).extend(patterns)
        order.extend(data.order)
    return Mends(
        options,
        fields,
        tuple(pair for file, data in parts for pair in _glossary(file, data.glossary, fragments)),
        tuple(pair for file, data in parts for pair in _glossary(file, data.terms, fragments)),
        tuple(touch for file, data in parts for touch in _polish(file, data, fragments)),
        tuple(touch for file, data in parts for touch in _courtesies(file, data, fragments)),
        tuple(order),
        matcher([pattern for _, data in parts for pattern in data.rude], fragments),
        matcher([pattern for _, data in parts for pattern in data.insolent], fragments),
        {rule: matcher(patterns, fragments) for rule, patterns in unfit.items()},
        tuple(_option(choice, fragments) for _, data in parts for choice in data.whole),
        openings,
        Adviser(folder) if (folder / ADVISER).is_file() else None,
    )


def _options(
    file: YamlFile, rule: str, choices: tuple[OptionData, ...], fragments: Mapping[str, str]
) -> tuple[Option, ...]:
    compiled = []
    for i, choice in enumerate(choices):
        try:
            compiled.append(_option(choice, fragments))
        except (PatternError, regex.error) as error:
            raise file.error(str(error), "mends", rule, i) from error
    return tuple(compiled)


def _openings(
    file: YamlFile, kind: str, wordings: tuple[OpeningData, ...], fragments: Mapping[str, str]
) -> tuple[Opening, ...]:
    compiled = []
    for i, data in enumerate(wordings):
        try:
            compiled.append(Opening(data.words, matcher(data.previous, fragments), matcher(data.told, fragments)))
        except (PatternError, regex.error) as error:
            raise file.error(str(error), "openings", kind, i) from error
    return tuple(compiled)


def _field(data: FieldData, fragments: Mapping[str, str]) -> WordsTaken:
    patterns = tuple(matcher((pattern,), fragments) for pattern in data.patterns)
    return WordsTaken(data, patterns, _replacements(data.replace, fragments))


def _polish(file: YamlFile, data: MendFile, fragments: Mapping[str, str]) -> tuple[Replacement, ...]:
    try:
        return _replacements(data.polish, fragments)
    except (PatternError, regex.error) as error:
        raise file.error(str(error), "polish") from error


def _courtesies(file: YamlFile, data: MendFile, fragments: Mapping[str, str]) -> tuple[Courtesy, ...]:
    compiled = []
    for i, touch in enumerate(data.courtesy):
        try:
            ((pattern, to),) = _replacements(((touch.from_, touch.to),), fragments)
            when = (matcher(part, fragments) for part in (touch.text_not, touch.previous, touch.previous_not))
            compiled.append(Courtesy(pattern, to, *when))
        except (PatternError, regex.error) as error:
            raise file.error(str(error), "courtesy", i) from error
    return tuple(compiled)


def _glossary(
    file: YamlFile, pairs: tuple[tuple[str, str], ...], fragments: Mapping[str, str]
) -> tuple[Replacement, ...]:
    try:
        return _replacements(tuple((_whole_word(term), plain) for term, plain in pairs), fragments)
    except (PatternError, regex.error) as error:
        raise file.error(str(error), "glossary") from error


def _whole_word(pattern: str) -> str:
    """`pattern`, not within a Latin word on the sides where it has a Latin letter."""
    before = "(?<![A-Za-z])" if pattern[:1].isascii() and pattern[:1].isalpha() else ""
    after = "(?![A-Za-z])" if pattern[-1:].isascii() and pattern[-1:].isalpha() else ""
    return f"{before}(?:{pattern}){after}"


def _replacements(pairs: tuple[tuple[str, str], ...], fragments: Mapping[str, str]) -> tuple[Replacement, ...]:
    return tuple((regex.compile(expand(pattern, fragments), regex.IGNORECASE), new) for pattern, new in pairs)


def _option(data: OptionData, fragments: Mapping[str, str]) -> Option:
    when = data.when
    return Option(
        data,
        _replacements(data.inside, fragments),
        _replacements(data.replace, fragments),
        matcher(data.dropping, fragments),
        matcher(when.echo, fragments),
        matcher(when.text, fragments),
        matcher(when.text_not, fragments),
        matcher(when.previous, fragments),
        matcher(when.previous_not, fragments),
        matcher(data.rests, fragments),
        matcher(data.rests_not, fragments),
    )
