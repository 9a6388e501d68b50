"""A fact as a value, and when two facts say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Fact", "Kind", "is_manner", "same_fact"]

Kind = Literal[
    "amount",
    "percent",
    "date",
    "time",
    "duration",
    "number",
    "code",
    "quantity",
    "name",
    "address",
    "product",
    "answer",
]

_NOON = 12
_TODAY = frozenset({"今天", "今日"})
_SNEERS = ("今天这", "都过去")
_LOOSE = ({"number", "amount"}, {"number", "quantity"})
"""Kinds between which a bare figure may gain or lose its unit: 六百八 and 680元."""
_IDIOMS = frozenset({("duration", "1天"), ("duration", "0.5天")})
"""一天问三回, 找了半天: not as long as they say."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in a line.

    Attributes:
        kind: What it is.
        text: The words of the original that state it.
        value: Canonical form: equal values mean the same fact.
        span: Code-point offsets `[start, end)` in the original.
    """

    kind: Kind
    text: str
    value: str
    span: tuple[int, int]


def is_manner(fact: Fact) -> bool:
    """Whether the fact counts how often something was said or done (一天, 半天, 八回), which in a rude clause informs nobody."""
    return (fact.kind == "quantity" and fact.value[-1] in "次遍回句") or (fact.kind, fact.value) in _IDIOMS


def is_idle(fact: Fact, clause: str) -> bool:
    """Whether a fact in a rude clause informs nobody: how often, or for how long or today where the customer is reproached."""
    reproach = any(word in clause for word in "您你") and not any(word in clause for word in "要得需内后前才")
    return is_manner(fact) or (
        (fact.kind == "duration" or fact.text in _TODAY) and (reproach or any(word in clause for word in _SNEERS))
    )


def same_fact(one: Fact, two: Fact) -> bool:
    """Whether both state the same: 86元 and 八十六块, 下午四点 and 16:00; a clock time without 上午/下午 fits either."""
    if one.kind != two.kind:
        return {one.kind, two.kind} in _LOOSE and _figure(one.value) == _figure(two.value)
    if one.value == two.value:
        return True
    if one.kind == "time":
        return _same_time(one.value, two.value)
    if one.kind == "date":
        return one.value.lstrip("本") == two.value.lstrip("本")  # 本周五 and 周五
    if one.kind == "name":
        return one.value in two.value or two.value in one.value
    return False


def _same_time(one: str, two: str) -> bool:
    """Values are `HH:MM` of 24 hours, or `?HH:MM` where the half of the day isn't said."""
    if "?" not in one + two:
        return False
    (h1, m1), (h2, m2) = (part.lstrip("?").split(":") for part in (one, two))
    return m1 == m2 and int(h1) % _NOON == int(h2) % _NOON


def _figure(value: str) -> str:
    return "".join(char for char in value if char.isdigit() or char == ".")
