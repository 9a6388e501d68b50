"""Plays mock calls: hears the agent's line, moves the customer's state, decides and says his turn. Each step gives a new value."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from coach.critique import Finding
from coach.errors import InputError
from coach.roleplay.call import CallTurn, MockCall, Setup
from coach.roleplay.customer import Plan, decide
from coach.roleplay.hearing import Ears, load_ears
from coach.roleplay.procedure import play_procedure
from coach.roleplay.progress import causes
from coach.roleplay.realise import realised
from coach.roleplay.state import Moves, load_moves, moved, start_state
from coach.roleplay.voice import Voice, load_voices
from coach.transcripts import Transcript

__all__ = ["Judging", "Player", "Wording", "open_player"]

Judging = Callable[[Transcript, int], tuple[Finding, ...]]
"""Finds the faults of the 1-based agent's line of a call."""

Wording = Callable[[MockCall, Plan, str], str | None]
"""Words a turn otherwise (a model's): given the call, the plan and the built-in words; None keeps those."""

_PLAIN = "plain"
_MOST_LINE = 2_000


@dataclass(frozen=True)
class Player:
    """Plays calls.

    Attributes:
        ears: Hear.
        moves: Move the state.
        voices: Say.
        judge: Finds faults in the agent's lines, with the critic everything else uses.
    """

    ears: Ears
    moves: Moves
    voices: Mapping[str, Voice]
    judge: Judging

    def begin(self, setup: Setup) -> MockCall:
        """The call before anything is said; where the agent calls, the customer has picked up."""
        call = MockCall(setup, start_state(setup.persona, setup.level))
        if setup.scenario.direction != "outbound":
            return call
        words = self._chance(setup, 0).choice(("喂？", "喂，哪位？", "喂，您好。", "喂，谁呀？", "喂，你说。"))
        return replace(call, turns=(CallTurn("customer", words, "answer", call.state),))

    def say(self, call: MockCall, line: str, wording: Wording | None = None, act: str = "") -> MockCall:
        """The call after the agent said `line` and the customer answered.

        Args:
            call: The call so far.
            line: The agent's words.
            wording: Words the customer's turn otherwise.
            act: What the agent did beside speaking: hold, transfer or hang_up.

        Raises:
            InputError: The call is over, or the line is blank or too long.
        """
        if call.outcome is not None:
            raise InputError("这通电话已经结束了", where="模拟通话", hint="可以回到某一句重来，或开始新的一通")
        if not line.strip():
            raise InputError("还没有说话", where="模拟通话", hint="写下您要对客户说的话")
        if len(line) > _MOST_LINE:
            raise InputError(f"一句话最多 {_MOST_LINE} 个字", where="模拟通话", hint="分几句说")
        setup = call.setup
        said = replace(call, turns=(*call.turns, CallTurn("agent", line.strip(), act, call.state)))
        findings = self.judge(said.transcript(excerpt=True), len(said.turns))
        chance = self._chance(setup, len(said.turns))
        if setup.persona.procedure is not None:
            state, transitions, plan = play_procedure(said, findings, self.moves, chance)
        else:
            customers = [turn.text for turn in call.turns if turn.speaker == "customer"]
            heard = self.ears.hear(line, setup.scenario, customers)
            why = causes(heard, call.state, setup.scenario)
            state, transitions = moved(call.state, why, findings, setup.persona, setup.level, self.moves)
            plan = decide(state, heard, why, findings, setup.persona, setup.scenario, self.moves, chance)
        agent = CallTurn("agent", line.strip(), act, plan.state, transitions, findings)
        said = replace(call, turns=(*call.turns, agent))
        return self._answered(said, plan, wording, chance)

    def _answered(self, call: MockCall, plan: Plan, wording: Wording | None, chance: random.Random) -> MockCall:
        persona = call.setup.persona
        voice = self.voices.get(persona.voice) or self.voices[_PLAIN]
        mood = plan.state.mood(self.moves.limits)
        text, used = realised(plan.parts, mood, voice, self.voices[_PLAIN], call.said, chance)
        text = voice.addressing(text, call.setup.seed)
        other = wording(call, plan, text) if wording is not None else None
        turn = CallTurn(
            "customer",
            other or text,
            plan.parts[0].act,
            plan.state,
            templates=used,
            source="model" if other else "builtin",
        )
        by: Literal["agent", "customer"] | None = (
            None
            if plan.outcome is None
            else ("agent" if plan.outcome == "resolved" and _agent_left(call) else "customer")
        )
        return replace(call, turns=(*call.turns, turn), outcome=plan.outcome, hung_up_by=by)

    def finish(self, call: MockCall) -> MockCall:
        """The call ended by the agent here: resolved where the customer is content, else not."""
        if call.outcome is not None:
            return call
        state, limits = call.state, self.moves.limits
        content = state.stage in {"agreed", "closed"} and state.emotion <= limits.content_emotion
        return replace(call, outcome="resolved" if content else "unresolved", hung_up_by="agent")

    def _chance(self, setup: Setup, turn: int) -> random.Random:
        return random.Random(f"{setup.seed}:{setup.persona.id}:{setup.scenario.id}:{turn}")


def _agent_left(call: MockCall) -> bool:
    return bool(call.turns) and call.turns[-1].act == "hang_up"


def open_player(folder: Path, judge: Judging) -> Player:
    """A player with the data of the knowledge `folder`; raises KnowledgeError where that is faulty."""
    return Player(load_ears(folder), load_moves(folder), load_voices(folder), judge)
