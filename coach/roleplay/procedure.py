"""The four callers that are handled by procedure: silent, harassing, abusive, wrong number. Handled step by step, the call is resolved."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from coach.critique import Finding
from coach.roleplay.customer import Part, Plan
from coach.roleplay.state import CustomerState, Moves, Transition, moved
from coach.text import normalise

if TYPE_CHECKING:
    from coach.roleplay.call import MockCall

__all__ = ["play_procedure"]

_PATIENCE_LINES = 8


def play_procedure(
    call: MockCall, findings: Sequence[Finding], moves: Moves, chance: random.Random
) -> tuple[CustomerState, tuple[Transition, ...], Plan]:
    """State, changes and the caller's turn after the agent's last line.

    Each step of the procedure has words by which a line takes it; steps may be taken together, in any order but the last, which
    ends the call. Rude lines never count.
    """
    persona, before = call.setup.persona, call.state
    text = normalise(call.turns[-1].text).text
    rude = any(f.counts and any(f.rule in moves.findings[k].rules for k in ("harsh", "cold")) for f in findings)
    done = {step.id for step in persona.procedure_steps if before.counts.get(f"step:{step.id}")}
    *steps, last = persona.procedure_steps
    taken = [step for step in steps if step.id not in done and not rude and _takes(step.words, text)]
    counts = {**before.counts, **{f"step:{step.id}": 1 for step in taken}}
    state, transitions = moved(replace(before, counts=counts), (), findings, persona, call.setup.level, moves)
    transitions = (
        *transitions,
        *(Transition(f"step:{step.id}", -0.5, 0, 0, f"做到了：{step.title}") for step in taken),
    )
    state = replace(state, emotion=max(0.0, round(state.emotion - 0.5 * len(taken), 2)), story=state.story + 1)
    if not rude and _takes(last.words, text) and len(done) + len(taken) >= len(steps):
        end = replace(state, stage="closed", emotion=max(0.0, round(state.emotion - 1, 2)))
        done_too = Transition(f"step:{last.id}", -1, 0, 0, f"做到了：{last.title}")
        return end, (*transitions, done_too), Plan((Part("leave"),), end, "resolved")
    if _takes(last.words, text) and before.turns > 0:
        closed = replace(state, stage="closed")
        return closed, transitions, Plan((Part("leave"),), closed, "unresolved")
    if state.emotion >= moves.limits.hang_up_emotion or state.turns >= _PATIENCE_LINES:
        closed = replace(state, stage="closed")
        return closed, transitions, Plan((Part("hang_up"),), closed, "hung_up")
    act = "open" if before.turns == 0 else "react" if taken else "go_on"
    return state, transitions, Plan((Part(act),), state)


def _takes(words: Sequence[str], text: str) -> bool:
    return any(regex.search(word, text) for word in words)
