"""Watches an answer as it streams in: ends one that takes too long, goes on for ever, repeats itself, stops half-way or is empty."""

from __future__ import annotations

from time import monotonic

import regex

from coach.llm.failure import failure

__all__ = ["Watch"]

_MOST_CHARACTERS = 6_000
_LOOP = regex.compile(r"(.{2,60}?)\1{5,}$", regex.DOTALL)
_WORDS = regex.compile(r"[\p{L}\p{N}]")
_CALL_AS_TEXT = regex.compile(r"\s*(?:```|\{|\[\s*\{|<tool)")
_LOOKED_BACK = 420
_EVERY = 24


class Watch:
    """One answer's watch.

    Args:
        seconds: What the whole answer may take.
        most: Characters it may have.
        tools: Whether tools were offered: a model that writes their calls out as text can't use them.
    """

    def __init__(self, seconds: float, most: int = _MOST_CHARACTERS, *, tools: bool = False) -> None:
        self._until = monotonic() + seconds
        self._most = most
        self._text = ""
        self._looked = 0
        self._began = False
        self._acted = False
        self._tools = tools

    def saw(self, text: str, *, acted: bool = False) -> None:
        """Take in the next piece (`acted`: it calls a tool); raises ModelFailure timeout, too_long, loop or no_tools."""
        self._began = True
        if monotonic() > self._until:
            raise failure("timeout")
        self._acted = self._acted or acted
        self._text += text
        if self._tools and _CALL_AS_TEXT.match(self._text):
            raise failure("no_tools")
        if len(self._text) > self._most:
            raise failure("too_long")
        if len(self._text) - self._looked >= _EVERY:
            self._looked = len(self._text)
            loop = _LOOP.search(self._text[-_LOOKED_BACK:])
            if loop and _WORDS.search(loop[1]):  # indents and rulers are none
                raise failure("loop")

    def ended(self, finish_reason: str | None) -> None:
        """The stream is over; raises ModelFailure cut, empty, or invalid where it held no piece at all: what answers is no model."""
        if not self._began:
            raise failure("invalid")
        if finish_reason is None:
            raise failure("cut" if self._text.strip() else "empty")
        if not self._text.strip() and not self._acted:
            raise failure("empty")
