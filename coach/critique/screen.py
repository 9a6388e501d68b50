"""Which patterns can match a text at all, told from its characters in one pass, so that few are tried.

A pattern's syntax tree gives sets of characters of which every match must hold at least one. A text is looked at once, over
all patterns of a pack together; what can't match isn't searched. Searching itself is left to `patterns`.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from re import _constants as ops  # type: ignore[attr-defined]  # the standard library's own parser: no public name for it
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import regex

__all__ = ["Screen", "needed"]

Needed = tuple[frozenset[str], ...]
_WIDEST = 64
_SLOTS = 3
_UNSEEN = 0.02
_PROPERTY = regex.compile(r"\\[pP]\{\w+\}")
_NAMED = regex.compile(r"\(\?P<(\w+)>")


class Screen:
    """All patterns of a pack, by what their matches need.

    Args:
        patterns: Sources, in the order by which `candidates` numbers them.
        sample: Ordinary text, to tell rare characters from common ones.
    """

    def __init__(self, patterns: Sequence[str], sample: Iterable[str]) -> None:
        texts = list(sample)
        seen = Counter(char for text in texts for char in set(text))
        frequency = {char: count / len(texts) for char, count in seen.items()}
        self._size = len(patterns)
        self._by_char: list[dict[str, int]] = [{} for _ in range(_SLOTS)]
        self._always = [0] * _SLOTS
        for i, pattern in enumerate(patterns):
            best = sorted(needed(pattern), key=lambda chars: sum(frequency.get(c, _UNSEEN) for c in chars))[:_SLOTS]
            for slot in range(_SLOTS):
                if slot >= len(best):
                    self._always[slot] |= 1 << i
                    continue
                for char in best[slot]:
                    self._by_char[slot][char] = self._by_char[slot].get(char, 0) | 1 << i

    def candidates(self, text: str) -> list[int]:
        """Numbers of the patterns that may match `text`, ascending; all others don't."""
        chars = set(text)
        possible = (1 << self._size) - 1
        for by_char, always in zip(self._by_char, self._always, strict=True):
            held = always
            for char in chars:
                held |= by_char.get(char, 0)
            possible &= held
        found = []
        while possible:
            low = possible & -possible
            found.append(low.bit_length() - 1)
            possible ^= low
        return found


@lru_cache(maxsize=8192)
def needed(pattern: str) -> Needed:
    """Sets of characters; every match of `pattern` needs one of each in the text. None where that can't be told."""
    numbers = iter(range(10**6))
    source = _NAMED.sub(lambda m: f"(?P<{m[1]}_{next(numbers)}>" if m[1] == "hit" else m[0], pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = _parser.parse(_PROPERTY.sub(r"\\w", source))
        except (ValueError, OverflowError, RecursionError, regex.error, _parser.error):
            return ()
    return tuple(dict.fromkeys(_of_sequence(tree)))


def _of_sequence(tree: Iterable[Any]) -> list[frozenset[str]]:
    return [clause for op, argument in tree for clause in _of_node(op, argument)]


def _of_node(op: object, argument: Any) -> list[frozenset[str]]:  # noqa: ANN401 (the parser's tree has no types)
    if op is ops.LITERAL:
        return [_both_cases(chr(argument))]
    if op is ops.IN:
        return _of_set(argument)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return _of_sequence(argument[2]) if argument[0] else []
    if op is ops.SUBPATTERN:
        return _of_sequence(argument[3])
    if op is ops.ATOMIC_GROUP:
        return _of_sequence(argument)
    if op is ops.ASSERT:
        return _of_sequence(argument[1])
    if op is ops.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in argument[1]])
    return []


def _both_cases(char: str) -> frozenset[str]:
    return frozenset((char, char.lower(), char.upper()))


def _of_set(items: Iterable[tuple[object, Any]]) -> list[frozenset[str]]:
    chars: set[str] = set()
    for op, argument in items:
        if op is ops.LITERAL:
            chars |= _both_cases(chr(argument))
        elif op is ops.RANGE and argument[1] - argument[0] < _WIDEST:
            chars |= {c for code in range(argument[0], argument[1] + 1) for c in _both_cases(chr(code))}
        else:
            return []
    return [frozenset(chars)] if len(chars) <= _WIDEST else []


def _of_branches(branches: list[list[frozenset[str]]]) -> list[frozenset[str]]:
    """A match goes through one branch: the k-th narrowest sets of every branch, together."""
    if not all(branches):
        return []
    ranked = [sorted(branch, key=len) for branch in branches]
    deepest = max(len(branch) for branch in ranked)
    return [
        frozenset().union(*(branch[min(k, len(branch) - 1)] for branch in ranked)) for k in range(min(deepest, _SLOTS))
    ]
