"""What is kept of a mock call, as plain values: nothing here knows a database, and nothing knows how a call is played.

Numbers of turns are 1-based, as lines are everywhere; times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

__all__ = [
    "CallSummary",
    "Json",
    "NewCall",
    "Outcome",
    "SavedCall",
    "SavedFinding",
    "SavedScorecard",
    "SavedTransition",
    "SavedTry",
    "SavedTurn",
    "ShowFindings",
    "Speaker",
    "TrendPoint",
]

Json = Mapping[str, Any]
Outcome = Literal["resolved", "unresolved", "escalated", "hung_up"]
Speaker = Literal["agent", "customer"]
ShowFindings = Literal["at_once", "at_end"]


@dataclass(frozen=True, slots=True)
class NewCall:
    """What a call is begun with.

    Attributes:
        trainee: Who practises; empty where nobody said.
        persona: Id of the persona.
        scenario_id: Id of the scenario.
        title: What lists call it.
        scenario: The scenario whole, so that the call outlives a change of the shipped one.
        level: easy, normal or hard.
        seed: Decides the words; 64 bits with a sign.
        standard: Name of the standard.
        direction: inbound, outbound, proxy or message.
        start: The customer's state before anything was said.
        rings: After how many rings the agent picked up; None where that isn't counted.
        exam: Whether it is an exam.
        show_findings: When the agent sees what was found.
    """

    trainee: str
    persona: str
    scenario_id: str
    title: str
    scenario: Json
    level: str
    seed: int
    standard: str
    direction: str
    start: Json
    rings: int | None = None
    exam: bool = False
    show_findings: ShowFindings = "at_once"


@dataclass(frozen=True, slots=True)
class SavedTransition:
    """One change of the customer's state: what caused it, by how much, and why."""

    cause: str
    emotion: float
    trust: float
    patience: float
    why: str


@dataclass(frozen=True, slots=True)
class SavedFinding:
    """One fault found in a turn; `clauses` are ids, the rest is as in a finding."""

    rule: str
    severity: str
    line: int | None
    span: tuple[int, int] | None
    message: str
    advice: str
    detector: str
    confidence: float
    clauses: tuple[str, ...]
    others: tuple[tuple[int, int], ...] = ()
    dismissed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """One turn, the state after it, what moved the state and what was found; `created_at` is set when it is kept."""

    speaker: Speaker
    text: str
    act: str
    source: str
    state: Json
    templates: tuple[str, ...] = ()
    transitions: tuple[SavedTransition, ...] = ()
    findings: tuple[SavedFinding, ...] = ()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedTry:
    """One try at a call; the newest one is being played.

    Attributes:
        id: Its id.
        no: 1 for the first of the call.
        parent: Id of the try it went back in; None for the first.
        from_turn: Number of its first own turn; those before it are the parent's.
        outcome: How it ended; None while it goes on.
        hung_up_by: Who ended it.
        created_at: When it was begun.
    """

    id: str
    no: int
    parent: str | None
    from_turn: int
    outcome: Outcome | None
    hung_up_by: Speaker | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SavedScorecard:
    """A scorecard and the rubric it was made by; `groups` is group → 0 to 100, `items` the checks with their evidence."""

    rubric: str
    rubric_version: str
    rubric_hash: str
    total: float
    groups: Mapping[str, float]
    items: tuple[Json, ...] = ()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedCall:
    """A call as one of its tries tells it.

    Attributes:
        id: Its id.
        setup: What it was begun with.
        played: The try that was asked for.
        tries: All of them, the first one first.
        turns: The turns of `played`, those shared with its parents included.
        notes: What whoever plays it keeps beside it (a message pad, how long the customer was held).
        scorecard: The newest one of `played`, if any.
        created_at: When it was begun.
        updated_at: When anything of it last changed.
    """

    id: str
    setup: NewCall
    played: SavedTry
    tries: tuple[SavedTry, ...]
    turns: tuple[SavedTurn, ...]
    notes: Json
    scorecard: SavedScorecard | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call as a list shows it: turns, outcome and total are those of its newest try."""

    id: str
    created_at: datetime
    updated_at: datetime
    trainee: str
    persona: str
    scenario_id: str
    title: str
    level: str
    standard: str
    exam: bool
    tries: int
    turns: int
    outcome: Outcome | None
    total: float | None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The newest scorecard of a call, as one point of a trend; `at` is when the call was begun."""

    call_id: str
    at: datetime
    trainee: str
    persona: str
    scenario_id: str
    title: str
    level: str
    exam: bool
    rubric: str
    rubric_version: str
    total: float
    groups: Mapping[str, float]
