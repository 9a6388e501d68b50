"""Patterns of a rule pack: shared fragments spliced in by `{name}`, compiled once, searched on normalised text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import regex

__all__ = ["NO_PATTERNS", "Matcher", "PatternError", "expand", "matcher"]

_FRAGMENT = regex.compile(r"\{([a-z_]+)\}")
_MAX_DEPTH = 8


class PatternError(ValueError):
    """A pattern that doesn't compile or names an unknown fragment; the text says which and why."""


def expand(pattern: str, fragments: Mapping[str, str], depth: int = 0) -> str:
    """`pattern` with every `{fragment}` spliced in as a group; raises PatternError for unknown or circular ones."""
    if depth > _MAX_DEPTH:
        raise PatternError("片段互相引用，没有尽头")

    def splice(match: regex.Match[str]) -> str:
        name = match[1]
        if name not in fragments:
            raise PatternError(f"没有名为 {name} 的片段")
        return f"(?:{expand(fragments[name], fragments, depth + 1)})"

    return _FRAGMENT.sub(splice, pattern)


@dataclass(frozen=True, eq=False)
class Matcher:
    """Several patterns searched together; empty ones match nothing.

    Compiled at first use: a start that judges nothing shouldn't pay for every rule.

    Attributes:
        alternatives: Regex sources, in the order in which they are tried at a place.
    """

    alternatives: tuple[str, ...]

    @cached_property
    def _together(self) -> regex.Pattern[str]:
        return _compile("|".join(self.alternatives))

    def __bool__(self) -> bool:
        return bool(self.alternatives)

    def found(self, text: str) -> bool:
        """Whether any pattern stands in `text`."""
        return bool(self.alternatives) and self._together.search(text) is not None

    def found_among(self, text: str, among: Iterable[int]) -> bool:
        """Whether one of the alternatives `among` (indices) stands in `text`."""
        return any(_stands(self.alternatives[i], text) for i in among)

    def spans(self, text: str, among: Sequence[int] | None = None) -> tuple[tuple[int, int], ...]:
        """Non-empty spans of every match in order, narrowed to the group `hit` where the pattern has one.

        Args:
            text: Where to search.
            among: Indices of the alternatives that can match, ascending; all if None.
        """
        if not self.alternatives:
            return ()
        if among is None:
            matches: Iterable[regex.Match[str]] = self._together.finditer(text)
        else:
            matches = _leftmost(
                [_compile(source) for i in among if _stands(source := self.alternatives[i], text)], text
            )
        spans = []
        for match in matches:
            narrowed = "hit" in match.re.groupindex and match["hit"]
            start, end = match.span("hit") if narrowed else match.span()
            if end > start:
                spans.append((start, end))
        return tuple(spans)


NO_PATTERNS = Matcher(())
"""Matches nothing."""


def _leftmost(patterns: list[regex.Pattern[str]], text: str) -> Iterator[regex.Match[str]]:
    """What one pattern of all the alternatives would find: leftmost first, then by order, none overlapping."""
    waiting = [(match, i) for i, pattern in enumerate(patterns) if (match := pattern.search(text))]
    while waiting:
        first = min(waiting, key=lambda pair: (pair[0].start(), pair[1]))[0]
        yield first
        at = max(first.end(), first.start() + 1)
        again = ((match, i) if match.start() >= at else (patterns[i].search(text, at), i) for match, i in waiting)
        waiting = [(match, i) for match, i in again if match]


@lru_cache(maxsize=8192)
def split(source: str) -> tuple[str, ...]:
    """The alternatives of a regex source: cut at every outermost `|`, a group around all of it taken off first."""
    bars, closed = _outermost(source)
    if not bars:
        whole = source.startswith("(?:") and closed == len(source) - 1
        return split(source[3:-1]) if whole else (source,)
    edges = [-1, *bars, len(source)]
    return tuple(piece for a, b in pairwise(edges) for piece in split(source[a + 1 : b]))


def _outermost(source: str) -> tuple[list[int], int]:
    """Where `|` stands outside every bracket, and where the first bracket closes (-1: there is none)."""
    bars: list[int] = []
    depth, in_set, closed = 0, False, -1
    escaped = False
    for i, char in enumerate(source):
        if escaped or char == "\\":
            escaped = not escaped
        elif in_set:
            in_set = char != "]" or source[i - 1] == "["
        elif char == "[":
            in_set = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            closed = i if depth == 0 and closed < 0 else closed
        elif char == "|" and depth == 0:
            bars.append(i)
    return bars, closed


@lru_cache(maxsize=4096)
def _stands(source: str, text: str) -> bool:
    """Whether `source` matches in `text`; remembered, since checks and signs share many alternatives."""
    return _compile(source).search(text) is not None


@lru_cache(maxsize=8192)
def _compile(source: str) -> regex.Pattern[str]:
    return regex.compile(source, regex.IGNORECASE)


def matcher(patterns: Iterable[str], fragments: Mapping[str, str], *, check: bool = True) -> Matcher:
    """The patterns, spliced to be searched together.

    Args:
        patterns: Regex sources, with `{name}` for fragments.
        fragments: Name → regex source.
        check: Compile now; without it a faulty pattern shows at first use (the shipped ones are all compiled in tests).

    Raises:
        PatternError: A pattern names an unknown fragment, or, with `check`, doesn't compile; names the first.
    """
    given = tuple(patterns)
    sources = [expand(pattern, fragments) for pattern in given]
    if check:
        for pattern, source in zip(given, sources, strict=True):
            _refuse_faulty(pattern, source)
    return Matcher(tuple(piece for source in sources for piece in split(source)))


def _refuse_faulty(pattern: str, source: str) -> None:
    try:
        _compile(source)
    except regex.error as error:
        raise PatternError(f"模式“{pattern}”不能用：{error}") from error
