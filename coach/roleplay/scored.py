"""What a mock call tells its scorecard beside its words. Scoring is left to `coach.scoring`."""

from __future__ import annotations

from coach.roleplay.call import MockCall
from coach.scoring import Mood, Played

__all__ = ["played"]


def played(call: MockCall, hints: int = 0) -> Played:
    """How the call ended, the customer's mood after every line, and how many hints were taken."""
    moods = tuple(
        Mood(no, turn.state.emotion, turn.state.trust, turn.state.patience)
        for no, turn in enumerate(call.turns, start=1)
    )
    return Played(call.outcome, moods, hints)
