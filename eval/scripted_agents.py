"""Scripted agents in mock calls: for the suite and for the scripts that count how calls end."""

from __future__ import annotations

from collections.abc import Sequence

from coach.roleplay import MockCall, Player, Setup

__all__ = ["mixed", "played"]


def mixed(good: Sequence[str], bad: Sequence[str]) -> list[str]:
    """What an agent says who takes turns with a good and a bad one, as long as the good one."""
    return [line for pair in zip(good, bad, strict=False) for line in pair][: len(good)]


def played(player: Player, setup: Setup, lines: Sequence[str]) -> MockCall:
    """The call after `lines`, or until it ended."""
    call = player.begin(setup)
    for line in lines:
        if call.outcome is not None:
            break
        call = player.say(call, line)
    return player.finish(call)
