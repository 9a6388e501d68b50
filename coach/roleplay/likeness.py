"""How alike two Chinese texts are, by their pairs of characters or by what their words mean. What likeness means is left to whoever asks."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import numpy as np
import regex

from coach.lexicon import WordVectors
from coach.text import normalise

__all__ = ["alike", "letters", "pairs", "sense_alike", "share"]

_LETTER = regex.compile(r"[\p{Han}\p{L}\p{N}]")


def letters(text: str) -> str:
    """The normalised `text` without punctuation and blanks."""
    return "".join(_LETTER.findall(normalise(text).text))


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters of `text`, punctuation passed over."""
    return frozenset(a + b for a, b in pairwise(letters(text)))


def share(text: str, known: Collection[str]) -> float:
    """Share of the pairs of `text` that are among the `known` pairs; 1 where it has none."""
    own = pairs(text)
    return sum(pair in known for pair in own) / len(own) if own else 1.0


def alike(one: str, two: str) -> float:
    """Likeness of two texts from 0 to 1: twice the pairs they share over all they have; texts without pairs by identity."""
    first, second = pairs(one), pairs(two)
    if not first or not second:
        return float(letters(one) == letters(two))
    return 2 * len(first & second) / (len(first) + len(second))


def sense_alike(one: str, two: str, vectors: WordVectors) -> float:
    """Likeness of what the words of two texts mean, from -1 to 1; 0 where one has none that is known."""
    first, second = (vectors.of_text(normalise(text).text) for text in (one, two))
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths else 0.0
