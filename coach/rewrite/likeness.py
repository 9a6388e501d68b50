"""How much of some words another text says."""

from __future__ import annotations

from itertools import pairwise

import regex

__all__ = ["similar"]

_LETTER = regex.compile(r"[\p{Han}\p{L}\d]")


def similar(part: str, text: str) -> float:
    """Share of the part's character pairs that stand in `text`."""
    chars = _LETTER.findall(part)
    pairs = {a + b for a, b in pairwise(chars)}
    flat = "".join(_LETTER.findall(text))
    return sum(pair in flat for pair in pairs) / len(pairs) if pairs else 1.0
