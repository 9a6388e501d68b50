"""A mock call as a value: its setup, its turns with the state after each, and how it ended. Playing it is left to `player`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from coach.critique import Finding
from coach.roleplay.customer import Outcome
from coach.roleplay.persona import Level, Persona
from coach.roleplay.scenario import Scenario
from coach.roleplay.state import CustomerState, Transition
from coach.transcripts import CallMeta, Direction, Transcript, Turn

__all__ = ["CallTurn", "MockCall", "Setup"]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a call is set up with.

    Attributes:
        persona: Who calls.
        scenario: Why.
        level: How hard.
        seed: Decides the words; the same seed and lines give the same call.
        standard: Name of the standard the agent is held to.
        rings: After how many rings the agent picked up; None where that isn't counted.
    """

    persona: Persona
    scenario: Scenario
    level: Level = "normal"
    seed: int = 0
    standard: str = "default"
    rings: int | None = None


@dataclass(frozen=True, slots=True)
class CallTurn:
    """One turn.

    Attributes:
        speaker: agent or customer.
        text: What was said.
        act: The customer's act; for the agent what he did beside speaking (hold, transfer, hang_up), else empty.
        state: The customer's state after it.
        transitions: What moved the state, for the agent's turns.
        findings: What was found in the agent's line.
        templates: The bank's lines it was made of, so that none comes twice.
        source: Who worded it: builtin or model.
    """

    speaker: Literal["agent", "customer"]
    text: str
    act: str
    state: CustomerState
    transitions: tuple[Transition, ...] = ()
    findings: tuple[Finding, ...] = ()
    templates: tuple[str, ...] = ()
    source: Literal["builtin", "model"] = "builtin"


@dataclass(frozen=True, slots=True)
class MockCall:
    """A call as far as it has gone.

    Attributes:
        setup: What it was set up with.
        start: The customer's state before anything was said.
        turns: In order.
        outcome: How it ended; None while it goes on.
        hung_up_by: Who ended it.
    """

    setup: Setup
    start: CustomerState
    turns: tuple[CallTurn, ...] = ()
    outcome: Outcome | None = None
    hung_up_by: Literal["agent", "customer"] | None = None

    @property
    def state(self) -> CustomerState:
        """The customer's state now."""
        return self.turns[-1].state if self.turns else self.start

    @property
    def said(self) -> frozenset[str]:
        """The bank's lines used so far."""
        return frozenset(template for turn in self.turns for template in turn.templates)

    def transcript(self, *, excerpt: bool = False) -> Transcript:
        """The call as a transcript; `excerpt`: it still goes on."""
        direction: Direction = "outbound" if self.setup.scenario.direction == "outbound" else "inbound"
        meta = CallMeta(
            direction=direction, rings=self.setup.rings, hangup=self.hung_up_by, excerpt=excerpt, from_start=True
        )
        return Transcript(tuple(Turn(turn.speaker, turn.text) for turn in self.turns), meta)

    def back_to(self, turn: int) -> MockCall:
        """The call as it was before the 0-based `turn`, to be played on from there."""
        return replace(self, turns=self.turns[:turn], outcome=None, hung_up_by=None)
