"""Placeholders for personal data, stable for a conversation, and the way back. What is personal is told by the modules beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import regex

from coach.privacy.model import KINDS, NUMBERED, Kind, Personal, occurrences
from coach.privacy.names import names
from coach.privacy.numbers import CODE, RUN, number_value, numbers
from coach.privacy.places import places
from coach.text import NormalisedText, normalise

__all__ = ["Masker"]

_LITERAL = "原文"
"""Kind of a placeholder that stands for one a person typed."""
_PLACEHOLDER = regex.compile(
    rf"[〔［\[【（(〖{{｛﹝]\s*({'|'.join((*KINDS, _LITERAL))})\s*(\d{{1,6}})\s*[〕］\]】）)〗}}｝﹞]"
)
_COVER = "*"
_LONGEST = 400
_CUTS = regex.compile(r"[。！？!?；;]|\s(?=\p{Han})")
_PLAIN = regex.compile(r"[\p{Han}0-9０-９A-Za-zＡ-Ｚａ-ｚ\s\p{P}]+")
"""What a value may be written with to be the same as another way of writing it: ① in it would come back as 1."""
_KIND_OF_KNOWN: Kind = "编号"
"""Stands for the kind of a value that has its placeholder already."""
_SHORTEST_NUMBER = 6
_SHORTEST_WORDS: dict[Kind, int] = {"姓名": 2, "地址": 4}


class Masker:
    """Replaces personal data by placeholders such as 〔手机号1〕, and puts them back.

    One masker serves one conversation: a value seen once is masked wherever it comes up again, by the same placeholder. A value
    written in several ways (138-0013-8000, 13800138000) comes back in the way it was first written. Nothing is logged.
    """

    def __init__(self) -> None:
        self._placeholders: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._numbered: Counter[str] = Counter()
        self._question = ""

    def __repr__(self) -> str:
        return f"Masker(count={self.count})"

    @property
    def count(self) -> int:
        """How many different values have been masked."""
        return sum(self._numbered[kind] for kind in KINDS)

    def mask(self, text: str) -> str:
        """`text` with every piece of personal data replaced; placeholders a person typed are replaced by ones of their own."""
        typed = [(match.span(), match.group()) for match in _PLACEHOLDER.finditer(text)]
        covered = _PLACEHOLDER.sub(lambda match: "\n" * len(match.group()), text)
        found = self._found(covered)
        spans = {item.span: self._placeholder(item, text) for item in found}
        spans |= {span: self._literal(words) for span, words in typed}
        return _replaced(text, spans)

    def unmask(self, text: str) -> str:
        """`text` with this masker's placeholders put back, in whatever brackets and blanks a model wrote them."""
        return _PLACEHOLDER.sub(
            lambda match: self._originals.get(f"〔{match[1]}{int(match[2])}〕", match.group()),
            text,
        )

    def _found(self, text: str) -> list[Personal]:
        """Personal data of `text` in order, none over another, values known from before among them."""
        found: list[Personal] = []
        pieces: list[tuple[int, NormalisedText]] = []
        at = 0
        for line in text.split("\n"):
            for start, piece in _pieces(line):
                turn = normalise(piece)
                pieces.append((at + start, turn))
                found += _moved(_personal(turn, self._question), at + start)
            self._question = normalise(line[-_LONGEST:]).text or self._question
            at += len(line) + 1
        known = dict.fromkeys(self._placeholders, _KIND_OF_KNOWN) | {_key(item): item.kind for item in found}
        for start, turn in pieces:
            found += _moved(_again(turn, known), start)
        return _apart(found)

    def _placeholder(self, item: Personal, text: str) -> str:
        form = text[slice(*item.span)]
        key = _key(item) if _PLAIN.fullmatch(form) else (_family(item), form)
        if key not in self._placeholders:
            self._numbered[item.kind] += 1
            placeholder = f"〔{item.kind}{self._numbered[item.kind]}〕"
            self._placeholders[key] = placeholder
            self._originals[placeholder] = form
        return self._placeholders[key]

    def _literal(self, words: str) -> str:
        key = (_LITERAL, words)
        if key not in self._placeholders:
            self._numbered[_LITERAL] += 1
            self._placeholders[key] = f"〔{_LITERAL}{self._numbered[_LITERAL]}〕"
            self._originals[self._placeholders[key]] = words
        return self._placeholders[key]


def _pieces(line: str) -> Iterator[tuple[int, str]]:
    """A line in pieces short enough for patterns, each with its offset; cut after a sentence where one ends, else at a blank."""
    at = 0
    while len(line) - at > _LONGEST:
        cut = next((m.end() for m in _CUTS.finditer(line, at + _LONGEST // 2, at + _LONGEST)), at + _LONGEST)
        yield at, line[at:cut]
        at = cut
    if at < len(line):
        yield at, line[at:]


def _personal(turn: NormalisedText, question: str) -> list[Personal]:
    """Personal data of one line: numbers first, then places and names in what they leave."""
    found = _apart(numbers(turn, question))
    rest = _covered(turn, found)
    placed = places(rest, question)
    return found + placed + names(_covered(rest, placed), question)


def _covered(turn: NormalisedText, found: Sequence[Personal]) -> NormalisedText:
    """`turn` with what was found replaced, character for character."""
    if not found:
        return turn
    chars = list(turn.text)
    for item in found:
        for i, start in enumerate(turn.starts):
            if item.span[0] <= start < item.span[1]:
                chars[i] = _COVER
    return NormalisedText(turn.original, "".join(chars), turn.starts, turn.ends)


def _again(turn: NormalisedText, known: Mapping[tuple[str, str], Kind]) -> list[Personal]:
    """Values known already, with their kinds, wherever they stand in `turn`, with no cue needed."""
    numbered = {
        number_value(value): kind
        for (family, value), kind in known.items()
        if family == "number" and len(value) >= _SHORTEST_NUMBER
    }
    found = [
        Personal(numbered[value], value, turn.span(*run.span()))
        for pattern in ((CODE, RUN) if numbered else ())
        for run in pattern.finditer(turn.text)
        if (value := number_value(run.group())) in numbered
    ]
    for kind, shortest in _SHORTEST_WORDS.items():
        for value in (value for family, value in known if family == kind and len(value) >= shortest):
            found += [Personal(kind, value, turn.span(*span)) for span in occurrences(value, turn.text)]
    return found


def _family(item: Personal) -> str:
    return "number" if item.kind in NUMBERED else item.kind


def _key(item: Personal) -> tuple[str, str]:
    return _family(item), item.value


def _moved(found: Iterable[Personal], by: int) -> list[Personal]:
    return [Personal(item.kind, item.value, (item.span[0] + by, item.span[1] + by)) for item in found]


def _apart(found: Iterable[Personal]) -> list[Personal]:
    """What was found, in order of place; of two that overlap the one told first, as it is the surer."""
    kept: list[Personal] = []
    for item in found:
        if all(item.span[1] <= other.span[0] or other.span[1] <= item.span[0] for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.span)


def _replaced(text: str, spans: dict[tuple[int, int], str]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [text[at:start], spans[start, end]]
            at = end
    return "".join([*parts, text[at:]])
