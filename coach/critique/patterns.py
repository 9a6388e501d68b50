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
    """Several patterns searched together; empty ones match nothing.

    Compiled at first use: a start that judges nothing shouldn't pay for every rule.

    Attributes:
        source: Regex source of all patterns together; None for none.
    """

    source: str | None

    def __bool__(self) -> bool:
        return self.source is not None

    def found(self, text: str) -> bool:
        """Whether any pattern stands in `text`."""
        return self.source is not None and _compile(self.source).search(text) is not None

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Non-empty spans of every match in order, narrowed to the group `hit` where the pattern has one."""
        if self.source is None:
            return ()
        compiled = _compile(self.source)
        narrow = "hit" in compiled.groupindex
        spans = []
        for match in compiled.finditer(text):
            start, end = match.span("hit") if narrow and match["hit"] else match.span()
            if end > start:
                spans.append((start, end))
        return tuple(spans)


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
    if not given:
        return Matcher(None)
    sources = [expand(pattern, fragments) for pattern in given]
    together = "|".join(f"(?:{source})" for source in sources)
    if check:
        try:
            _compile(together)
        except regex.error as error:
            for pattern, source in zip(given, sources, strict=True):
                _refuse_faulty(pattern, source)
            raise PatternError(f"这些模式不能放在一起用：{error}") from error
    return Matcher(together)


def _refuse_faulty(pattern: str, source: str) -> None:
    try:
        _compile(source)
    except regex.error as error:
        raise PatternError(f"模式“{pattern}”不能用：{error}") from error
