"""Who called, told from the agent's opening where the transcript doesn't say. The words that show it are data (fragments.yaml)."""

from __future__ import annotations

from coach.critique.patterns import Matcher
from coach.text import normalise
from coach.transcripts import Direction, Transcript

__all__ = ["NOTE", "guessed_direction"]

NOTE = "没有注明呼入还是外呼，从开场的话看是外呼，按外呼判断；不对的话请注明呼入"
_OPENING = 2


def guessed_direction(transcript: Transcript, called: Matcher, offered: Matcher) -> Direction | None:
    """Outbound where the agent's first two turns hold `called` and no `offered` (asking what the caller needs); else None.

    A transcript that doesn't start with the call's first turn tells nothing.
    """
    if transcript.meta.direction is not None or not transcript.meta.from_start:
        return transcript.meta.direction
    turns = [normalise(transcript.turns[i].text).text for i in transcript.agent_lines()[:_OPENING]]
    if any(offered.found(turn) for turn in turns):
        return None
    return "outbound" if any(called.found(turn) for turn in turns) else None
