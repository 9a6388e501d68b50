"""Patterns of a rule pack: shared fragments spliced in by `{name}`, compiled once, searched on normalised text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import regex

__all__ = ["Matcher", "PatternError", "expand", "matcher"]

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


@dataclass(frozen=True, slots=True)
class Matcher:
    """Several patterns searched together; empty ones match nothing."""

    compiled: regex.Pattern[str] | None

    def __bool__(self) -> bool:
        return self.compiled is not None

    def found(self, text: str) -> bool:
        """Whether any pattern stands in `text`."""
        return self.compiled is not None and self.compiled.search(text) is not None

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Non-empty spans of every match in order, narrowed to the group `hit` where the pattern has one."""
        if self.compiled is None:
            return ()
        narrow = "hit" in self.compiled.groupindex
        spans = []
        for match in self.compiled.finditer(text):
            start, end = match.span("hit") if narrow and match["hit"] else match.span()
            if end > start:
                spans.append((start, end))
        return tuple(spans)


@lru_cache(maxsize=8192)
def _compile(source: str) -> regex.Pattern[str]:
    return regex.compile(source, regex.IGNORECASE)


def matcher(patterns: Iterable[str], fragments: Mapping[str, str]) -> Matcher:
    """The patterns, spliced and compiled together; raises PatternError naming the first that fails."""
    given = tuple(patterns)
    if not given:
        return Matcher(None)
    sources = [expand(pattern, fragments) for pattern in given]
    try:
        return Matcher(_compile("|".join(f"(?:{source})" for source in sources)))
    except regex.error as error:
        for pattern, source in zip(given, sources, strict=True):
            _refuse_faulty(pattern, source)
        raise PatternError(f"这些模式不能放在一起用：{error}") from error


def _refuse_faulty(pattern: str, source: str) -> None:
    try:
        _compile(source)
    except regex.error as error:
        raise PatternError(f"模式“{pattern}”不能用：{error}") from error
