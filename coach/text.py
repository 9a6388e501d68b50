"""Normalised Chinese text that remembers where each character came from.

Matching happens on the normalised form (NFKC, Simplified, no emoji, no stray spaces); every span found there is
mapped back to code-point offsets of the original. Detecting anything in the text is left to `coach.critique`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

import opencc
import regex

__all__ = ["NormalisedText", "Sentence", "normalise", "simplify"]

_SENTENCE_END = "。!?;\n…"
_CLAUSE_END = _SENTENCE_END + ",、:"
_DROPPED_CATEGORIES = frozenset({"So", "Sk", "Cf", "Cc", "Cs", "Co", "Mn", "Me"})
_SPACE = regex.compile(r"\s")
_QUOTED = regex.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|\"[^\"]*\"|《[^》]*》")
_MASK = "□"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or clause of a normalised text; `start` and `end` are offsets into it, the end mark included."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class NormalisedText:
    """A text in normal form and, for each of its characters, the half-open span of the original it stands for.

    Attributes:
        original: The text as given.
        text: The normal form.
        starts: Original start offset of each character of `text`.
        ends: Original end offset (exclusive) of each character of `text`.
    """

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span of the non-empty normalised span `[start, end)`."""
        return self.starts[start], self.ends[end - 1]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences in order, each with its end mark."""
        return _split(self.text, _SENTENCE_END)

    @cached_property
    def clauses(self) -> tuple[Sentence, ...]:
        """Parts between any two punctuation marks, in order, each with its end mark."""
        return _split(self.text, _CLAUSE_END)

    @cached_property
    def phrases(self) -> tuple[Sentence, ...]:
        """Clauses, cut at the blanks of the original as well: a chat has few other marks."""
        parts: list[Sentence] = []
        for clause in self.clauses:
            start = clause.start
            for i in range(clause.start + 1, clause.end):
                if self.original[self.ends[i - 1] : self.starts[i]].isspace() and i - start > 1:
                    parts.append(Sentence(start, i, self.text[start:i]))
                    start = i
            parts.append(Sentence(start, clause.end, self.text[start : clause.end]))
        return tuple(parts)

    @cached_property
    def unquoted(self) -> str:
        """`text` with every quotation replaced, character for character, by a placeholder."""
        return _QUOTED.sub(lambda m: _MASK * len(m.group()), self.text)


def _split(text: str, marks: str) -> tuple[Sentence, ...]:
    parts: list[Sentence] = []
    start = 0
    for i, char in enumerate(text):
        following = text[i + 1] if i + 1 < len(text) else ""
        if char in marks and following not in marks and not _inside_number(text, i):
            parts.append(Sentence(start, i + 1, text[start : i + 1]))
            start = i + 1
    if start < len(text):
        parts.append(Sentence(start, len(text), text[start:]))
    return tuple(parts)


def _inside_number(text: str, i: int) -> bool:
    """Whether the mark at `i` joins digits, as in 10:30 or 1,200."""
    return text[i] in ",:" and 0 < i < len(text) - 1 and text[i - 1].isdigit() and text[i + 1].isdigit()


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def _normal_char(char: str) -> str:
    """Normal form of one code point: may be empty (dropped) or several characters (½, ㈱)."""
    if char in "\n":
        return "\n"
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) == 1 and unicodedata.category(folded) in _DROPPED_CATEGORIES:
        return ""
    return _converter().convert(folded) if folded >= "\u3400" else folded


@lru_cache(maxsize=4096)
def simplify(text: str) -> str:
    """Whole-phrase conversion to Simplified characters; the length may change, so never use it for spans."""
    return str(_converter().convert(text))


def _is_wide(char: str) -> bool:
    return char >= "\u2e80" or char in "。，“”‘’…"


@lru_cache(maxsize=4096)
def normalise(original: str) -> NormalisedText:
    """Normal form of `original`, with the way back.

    NFKC, Simplified characters, emoji and control characters dropped, white space dropped beside Chinese characters
    and folded to one blank elsewhere. Source: style.md, habit 11.
    """
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, raw in enumerate(original):
        for char in _normal_char(raw):
            chars.append(" " if _SPACE.match(char) and char != "\n" else char)
            starts.append(i)
            ends.append(i + 1)
    chars = ["。" if char == "." and _ends_sentence(chars, i) else char for i, char in enumerate(chars)]
    keep = [i for i, char in enumerate(chars) if char != " " or _keeps_blank(chars, i)]
    return NormalisedText(
        original,
        "".join(chars[i] for i in keep),
        tuple(starts[i] for i in keep),
        tuple(ends[i] for i in keep),
    )


def _ends_sentence(chars: list[str], i: int) -> bool:
    """Whether the half-width stop at `i` ends a Chinese sentence: a blank or nothing follows it."""
    after = chars[i + 1] if i + 1 < len(chars) else " "
    return i > 0 and _is_wide(chars[i - 1]) and after in " \n"


def _keeps_blank(chars: list[str], i: int) -> bool:
    before = chars[i - 1] if i else " "
    after = chars[i + 1] if i + 1 < len(chars) else " "
    return (
        before != " " and after != " " and before.isascii() and after.isascii() and before.isalpha() and after.isalnum()
    )
