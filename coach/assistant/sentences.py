"""Sentences of a model's answer: cut from the stream as soon as each is whole, with the clauses it cites taken out of its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

__all__ = ["Sentence", "SentenceStream", "sentence_of"]

_ID = r"[A-Za-z]{2,6}-\d{1,4}"
_MARK = rf"[〔\[【（(［]\s*(?:依据|参见|见|条款|出处)?[:：]?\s*(?P<ids>{_ID}(?:\s*[、,，;；/和及 ]\s*{_ID})*)\s*[〕\]】）)］]"
_CITED = regex.compile(_MARK)
_CITED_AFTER = regex.compile(rf"\s*{_MARK}")
_BARE = regex.compile(_ID)
_END = regex.compile(r"[。！？!?\n]")
_CLOSERS = "”’」』）)"
_LEFT_OVER = f"{_CLOSERS}。！？!? \n"
"""What may still come in of a sentence that was given out."""
_WORD = regex.compile(r"[\p{L}\p{N}]")
_DECORATION = regex.compile(r"^\s*(?:[-*•·#>]+|\d{1,2}[.、)）])\s*|\*\*|__|^\s*(?:回答|答|教练)\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence.

    Attributes:
        text: Its words, without the marks that cite.
        ids: Clause ids it cites, in order.
    """

    text: str
    ids: tuple[str, ...]


def sentence_of(raw: str) -> Sentence:
    """`raw` as a sentence: citations found, Markdown's marks gone."""
    ids = tuple(dict.fromkeys(i.upper() for m in _CITED.finditer(raw) for i in _BARE.findall(m["ids"])))
    text = _DECORATION.sub("", _CITED.sub("", raw)).strip()
    return Sentence(regex.sub(r"\s+(?=[。！？，])", "", text), ids)


class SentenceStream:
    """Takes in pieces of text and gives back whole sentences."""

    def __init__(self) -> None:
        self._text = ""

    def add(self, piece: str) -> Iterator[Sentence]:
        """Sentences that `piece` completes.

        A sentence that cites something before its end mark is whole there; another waits for what follows the mark, which may
        be its citation.
        """
        self._text = (self._text + piece).lstrip(_LEFT_OVER)
        while (cut := self._cut()) is not None:
            raw, self._text = self._text[:cut], self._text[cut:].lstrip(_LEFT_OVER)
            yield from _worded(raw)

    def rest(self) -> Iterator[Sentence]:
        """What is left once the stream has ended."""
        raw, self._text = self._text, ""
        yield from _worded(raw)

    def _cut(self) -> int | None:
        """Where the first whole sentence ends; None while there is none."""
        for end in _END.finditer(self._text):
            at = end.end()
            if end.group() != "\n" and self._inside_quotes(at):
                continue
            if end.group() == "\n" or _CITED.search(self._text[:at]):
                return at
            while at < len(self._text) and self._text[at] in _CLOSERS:
                at += 1
            cited = _CITED_AFTER.match(self._text, at, partial=True)
            if cited is None:
                return at
            return None if cited.partial else cited.end()
        return None

    def _inside_quotes(self, at: int) -> bool:
        """Whether the end mark before `at` ends words quoted inside a sentence that goes on."""
        before = self._text[:at]
        return before.count("“") > before.count("”") or before.count("「") > before.count("」")


def _worded(raw: str) -> Iterator[Sentence]:
    sentence = sentence_of(raw)
    if _WORD.search(sentence.text):
        yield sentence
