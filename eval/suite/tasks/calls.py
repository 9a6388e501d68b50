"""A call of a case, as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from eval.suite.case import TurnData

__all__ = ["call_text"]

_NAMES = {"agent": "坐席", "customer": "客户"}


def call_text(turns: Sequence[TurnData]) -> str:
    """The turns, numbered from 1."""
    return "\n".join(f"{i} {_NAMES[turn.speaker]}：{turn.text}" for i, turn in enumerate(turns, start=1))
