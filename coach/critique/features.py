"""What the judge sees of a line in its context: character n-grams, signs (which shared patterns stand where), word vectors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import regex

from coach.critique.patterns import Matcher
from coach.critique.screen import Screen
from coach.critique.view import CallView
from coach.lexicon import WordVectors

__all__ = ["LineFeatures", "Signs", "Views", "grams", "line_features", "masked"]

Array = np.ndarray[Any, np.dtype[np.float32]]

_LONGEST = {"t": 4, "c": 3, "a": 2}
_NUMBER = regex.compile(r"[0-9*]+|[零〇一二两三四五六七八九十百千万亿幺点]{3,}")
_NAMED = regex.compile(r"\p{Han}(?=先生|女士|小姐)")
_TENS = 10
_LONGEST_TENS = 5
_WORDS_SCALE = 3.0
_CONTEXT_SCALE = 1.5
_GRAM_SCALE = 1.2
_TYPICAL = 20.0


@dataclass(frozen=True, slots=True)
class LineFeatures:
    """One line as numbers to be.

    Attributes:
        grams: n-grams of the line (`t:…`), of what the customer said before it (`c:…`) and the agent's turn before (`a:…`).
        gram_value: The value each gram has: the longer the line, the less.
        signs: Names of what holds, each of value one.
        words: Word vectors of the line and of the customer's words before it, shape (2 * dimensions,).
    """

    grams: frozenset[str]
    gram_value: float
    signs: frozenset[str]
    words: Array


class Signs:
    """Shared patterns, looked for in a text all at once.

    Args:
        patterns: Name → patterns.
        sample: Ordinary texts, to tell rare characters from common ones.
    """

    def __init__(self, patterns: Mapping[str, Matcher], sample: Collection[str]) -> None:
        self._patterns = patterns
        self._places = [(name, k) for name, matcher in patterns.items() for k in range(len(matcher.alternatives))]
        self._screen = Screen([patterns[name].alternatives[k] for name, k in self._places], sample)

    def of(self, text: str) -> Iterator[str]:
        """Names of the patterns that stand in the normalised `text`."""
        among: dict[str, list[int]] = {}
        for number in self._screen.candidates(text):
            name, k = self._places[number]
            among.setdefault(name, []).append(k)
        return (name for name, which in among.items() if self._patterns[name].found_among(text, which))


@dataclass(frozen=True)
class Views:
    """What is looked for where: in the agent's line, in the customer's words before it, in the agent's turn before."""

    line: Signs
    customer: Signs
    agent: Signs


def grams(text: str, kind: str) -> Iterator[str]:
    """n-grams of a masked text; `kind` is t, c or a and stands before each."""
    padded = f"^{text}$"
    for size in range(1, _LONGEST[kind] + 1):
        for i in range(len(padded) - size + 1):
            yield f"{kind}:{padded[i : i + size]}"


def masked(text: str) -> str:
    """`text` with every number as 0 and every surname before a title as 某: who and how much doesn't matter."""
    return _NAMED.sub("某", _NUMBER.sub("0", text.replace("\n", ",")))


def line_features(call: CallView, i: int, fired: Collection[str], views: Views, vectors: WordVectors) -> LineFeatures:
    """Features of the agent's turn `i`; `fired` are the rules that patterns found in it."""
    text = call.turns[i].text
    customer, agent = call.previous_customer(i), call.previous_agent(i)
    held = {f"rule:{rule}" for rule in fired}
    held |= {f"t:{name}" for name in views.line.of(text)}
    held |= {f"c:{name}" for name in views.customer.of(customer)} if customer else {"no customer before"}
    held |= {f"a:{name}" for name in views.agent.of(agent)}
    held.add(call.direction or "inbound")
    if call.is_first_line(i):
        held.add("first line")
    if text.endswith("?"):
        held.add("question")
    held.add(f"length {min(_LONGEST_TENS, len(text) // _TENS)}")
    found = (gram for kind, said in (("t", text), ("c", customer), ("a", agent)) for gram in grams(masked(said), kind))
    words = np.concatenate([vectors.of_text(text) * _WORDS_SCALE, vectors.of_text(customer) * _CONTEXT_SCALE])
    value = _GRAM_SCALE / float(np.sqrt(max(1, len(text)) / _TYPICAL + 0.5))
    return LineFeatures(frozenset(found), value, frozenset(held), words)
