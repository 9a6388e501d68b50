"""Turns a rule's examples into calls: what `coach rules` shows, and what the walking test runs."""

from __future__ import annotations

from datetime import datetime

from coach.critique.schema import CallExampleData, LineExampleData, TurnData
from coach.transcripts import CallMeta, Speaker, Transcript, Turn

__all__ = ["example_line", "example_transcript"]

_SPEAKERS: tuple[tuple[str, Speaker], ...] = (("坐席：", "agent"), ("客户：", "customer"))


def example_transcript(example: LineExampleData | CallExampleData) -> Transcript:
    """The call an example stands for; a line example is an excerpt ending in its line."""
    if isinstance(example, LineExampleData):
        turns = (*(_turn(turn) for turn in example.context), Turn("agent", example.text))
        return Transcript(turns, CallMeta(direction=example.direction, excerpt=True, from_start=example.first_line))
    meta = CallMeta(
        direction=example.direction,
        rings=example.rings,
        hangup=example.hangup,
        started_at=datetime.fromisoformat(example.started_at) if example.started_at else None,
        scenario=example.scenario,
    )
    return Transcript(tuple(_turn(turn) for turn in example.call), meta)


def example_line(example: LineExampleData | CallExampleData) -> int | None:
    """The 1-based line a bad example's finding stands on; None for the call as a whole."""
    return len(example.context) + 1 if isinstance(example, LineExampleData) else example.line


def _turn(turn: str | TurnData) -> Turn:
    if isinstance(turn, TurnData):
        return Turn(turn.speaker, turn.text, turn.start, turn.end)
    for prefix, speaker in _SPEAKERS:
        if turn.startswith(prefix):
            return Turn(speaker, turn.removeprefix(prefix))
    raise ValueError(f"例子里的话要以“坐席：”或“客户：”开头：{turn}")
