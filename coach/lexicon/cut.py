"""Chinese text cut into words by jieba's dictionary."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import regex

__all__ = ["cutter", "words"]

_SILENT = 60
_WORD = regex.compile(r"[\p{Han}\p{L}]")


def cutter() -> Any:  # noqa: ANN401 (jieba has no types)
    """A new tokenizer of jieba's, quiet: its source has escapes that Python warns of when it is first compiled."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(_SILENT)
    return jieba.Tokenizer()


@lru_cache(maxsize=1)
def _shared() -> Any:  # noqa: ANN401
    return cutter()


def words(text: str) -> list[str]:
    """Words of a normalised `text` in order, numbers and punctuation left out; by the dictionary alone, so always the same."""
    return [word for word in _shared().cut(text, HMM=False) if _WORD.search(word)]
