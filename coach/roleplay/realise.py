"""Says what the customer does: lines of his voice by act and mood, slots filled with the scenario's facts. No line comes twice."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from coach.roleplay.customer import Part
from coach.roleplay.voice import Voice

__all__ = ["realised"]

_OFTEN = frozenset({"acknowledge", "confirm", "agree", "wait_ok"})
"""Acts so short that a line may come again once the bank is used up (嗯, 对)."""


def realised(
    parts: Sequence[Part], mood: str, voice: Voice, fallback: Voice, said: frozenset[str], chance: random.Random
) -> tuple[str, tuple[str, ...]]:
    """The words of a turn, and the bank's lines they were made of.

    Args:
        parts: What he does.
        mood: calm, upset or angry.
        voice: How he speaks.
        fallback: What is left where his own bank is used up.
        said: The bank's lines used before in the call.
        chance: Picks.
    """
    texts: list[str] = []
    used: list[str] = []
    for part in parts:
        line = _line(part, mood, voice, fallback, said | set(used), chance)
        if line is not None:
            used.append(line[0])
            texts.append(_ended(line[1]))
    return "".join(texts), tuple(used)


def _line(
    part: Part, mood: str, voice: Voice, fallback: Voice, said: frozenset[str] | set[str], chance: random.Random
) -> tuple[str, str] | None:
    slots: Mapping[str, str] = part.slots
    for bank in (voice, fallback):
        found = bank.pick(part.act, mood, chance, said, slots)
        if found is not None:
            return found
    if part.act in _OFTEN:
        return voice.pick(part.act, mood, chance, frozenset(), slots)
    for other in ("upset", "calm", "angry"):
        found = voice.pick(part.act, other, chance, said, slots)
        if found is not None:
            return found
    return None


def _ended(text: str) -> str:
    return text if text and text[-1] in "。！？…!?）" else f"{text}。"
