"""A piece of personal data found in a text, and the text with the blanks that keep numbers apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from coach.text import NormalisedText

__all__ = ["KINDS", "NUMBERED", "Kind", "Personal", "occurrences", "spaced"]

Kind = Literal["手机号", "身份证", "银行卡", "车牌", "邮箱", "姓名", "地址", "订单号", "电话", "编号"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NUMBERED = frozenset({"手机号", "身份证", "银行卡", "订单号", "电话", "编号"})
"""Kinds that are a number or a code: the same digits are the same value, whatever kind they were first taken for."""


@dataclass(frozen=True, slots=True)
class Personal:
    """One piece of personal data.

    Attributes:
        kind: What it is, in the word its placeholder shows.
        value: Canonical form: equal values get the same placeholder.
        span: Code-point offsets `[start, end)`, in the original once `numbers`, `names` or `places` has returned it.
    """

    kind: Kind
    value: str
    span: tuple[int, int]


def spaced(turn: NormalisedText) -> NormalisedText:
    """`turn` with one blank wherever the original has white space: 12 345 is two numbers until something says otherwise."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for char, start, end in zip(turn.text, turn.starts, turn.ends, strict=True):
        if char != " " and at < start and any(gap.isspace() for gap in turn.original[at:start]):
            chars.append(" ")
            starts.append(at)
            ends.append(start)
        chars.append(char)
        starts.append(start)
        ends.append(end)
        at = end
    return NormalisedText(turn.original, "".join(chars), tuple(starts), tuple(ends))


def occurrences(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Spans of `words` in `text`, in order, none over another."""
    at = text.find(words)
    while at >= 0 and words:
        yield at, at + len(words)
        at = text.find(words, at + len(words))
