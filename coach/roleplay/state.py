"""The customer's state and what moves it: written rules over what the agent's line did, each change with its reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from coach.critique import Finding
from coach.knowledge.yaml_file import Strict, read_yaml
from coach.roleplay.persona import Level, Persona, Reaction

__all__ = ["CustomerState", "Moves", "Transition", "load_moves", "moved", "start_state"]

_MOST = 10.0
_MOST_A_LINE = 2.0


class _Move(Strict):
    cause: str
    most: int = Field(default=99, ge=1)
    emotion: float = 0
    trust: float = 0
    patience: float = 0
    why: str


class _FindingMove(Strict):
    emotion: float
    trust: float
    patience: float
    rules: tuple[str, ...]


class Limits(Strict):
    """When a call ends by the state alone, and what it takes to be satisfied."""

    hang_up_emotion: float
    hang_up_patience: float
    accept_emotion: float
    accept_trust: float
    content_emotion: float
    calm_below: float
    angry_from: float


class Moves(Strict):
    """The table in knowledge/roleplay/moves.yaml."""

    moves: tuple[_Move, ...]
    findings: Mapping[str, _FindingMove]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of the state: what caused it, by how much, and why in Chinese."""

    cause: str
    emotion: float
    trust: float
    patience: float
    why: str


@dataclass(frozen=True, slots=True)
class CustomerState:
    """A customer in the middle of a call.

    Attributes:
        emotion: 0 to 10, 10 is furious.
        trust: 0 to 10.
        patience: 0 to 10.
        stage: opening, told (the problem), understood (the agent has restated or asked about it), offered, agreed, closed.
        told: Ids of facts told so far.
        story: How many clauses of the story were told.
        promises: What the agent promised, in his words.
        counts: How often each cause moved the state.
        asked: Ids of facts asked for so far.
        turns: Lines of the agent so far.
    """

    emotion: float
    trust: float
    patience: float
    stage: str = "opening"
    told: frozenset[str] = frozenset()
    story: int = 0
    promises: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    turns: int = 0

    def mood(self, limits: Limits) -> str:
        """calm, upset or angry."""
        if self.emotion >= limits.angry_from:
            return "angry"
        return "upset" if self.emotion >= limits.calm_below else "calm"


def start_state(persona: Persona, level: Level) -> CustomerState:
    """The state a call begins with."""
    start, change = persona.state, persona.levels[level]
    return CustomerState(
        _within(start.emotion + change.emotion),
        _within(start.trust + change.trust),
        _within(start.patience + change.patience),
    )


def moved(
    state: CustomerState,
    causes: Sequence[str],
    findings: Sequence[Finding],
    persona: Persona,
    level: Level,
    moves: Moves,
) -> tuple[CustomerState, tuple[Transition, ...]]:
    """The state after a line that did `causes` and in which `findings` were found, and every change with its reason."""
    counts = dict(state.counts)
    transitions: list[Transition] = []
    for cause in causes:
        counts[cause] = counts.get(cause, 0) + 1
        move = next((m for m in moves.moves if m.cause == cause and counts[cause] <= m.most), None)
        if move is not None:
            transitions.append(Transition(cause, move.emotion, move.trust, move.patience, move.why))
        transitions += _own(persona.calms, cause, counts[cause])
        transitions += _own(persona.triggers, cause, counts[cause])
    for finding in findings:
        if finding.rule in _EXCUSED and (_EXCUSED[finding.rule] & counts.keys()):
            continue
        if (hit := _of_finding(finding, moves)) is not None:
            counts["fault"] = counts.get("fault", 0) + 1
            transitions.append(hit)
            transitions += _own(persona.triggers, finding.rule, 1)
    scaled = _gradual([_scaled(t, persona, level) for t in transitions])
    after = replace(state, counts=counts, turns=state.turns + 1)
    for t in scaled:
        after = replace(
            after,
            emotion=_within(after.emotion + t.emotion * _room(after.emotion, t.emotion)),
            trust=_within(after.trust + t.trust),
            patience=_within(after.patience + t.patience),
        )
    return after, scaled


_MOST_CALMS = 1
_EXCUSED = {"empathy.missing": frozenset({"empathise", "apologise", "restated", "offered"})}
"""Findings that do nothing to a customer who has had what they miss: said once, it needn't be said in every line."""


def _own(reactions: Sequence[Reaction], cause: str, count: int) -> list[Transition]:
    return [
        Transition(cause, r.emotion, r.trust, r.patience, r.why)
        for r in reactions
        if r.cause == cause and (count <= _MOST_CALMS or r.emotion > 0)
    ]


def _of_finding(finding: Finding, moves: Moves) -> Transition | None:
    """What a finding does: by its rule, else by its severity; nothing where it weighs nothing."""
    if not finding.counts:
        return None
    hit = next((move for move in moves.findings.values() if finding.rule in move.rules), None)
    if hit is None:
        return None
    return Transition(finding.rule, hit.emotion, hit.trust, hit.patience, finding.message)


def _scaled(t: Transition, persona: Persona, level: Level) -> Transition:
    change = persona.levels[level]
    return replace(
        t,
        emotion=t.emotion * (change.worse if t.emotion > 0 else change.better),
        trust=t.trust * (change.better if t.trust > 0 else change.worse),
        patience=t.patience * (change.better if t.patience > 0 else change.worse),
    )


def _gradual(changes: Sequence[Transition]) -> tuple[Transition, ...]:
    """`changes` of one line with what is better in them held down: nobody calms down in one breath."""

    def share(total: float) -> float:
        return min(1.0, _MOST_A_LINE / total) if total > 0 else 1.0

    calmer = share(-sum(min(t.emotion, 0.0) for t in changes))
    trust = share(sum(max(t.trust, 0.0) for t in changes))
    patience = share(sum(max(t.patience, 0.0) for t in changes))
    return tuple(
        replace(
            t,
            emotion=round(t.emotion * (calmer if t.emotion < 0 else 1), 2),
            trust=round(t.trust * (trust if t.trust > 0 else 1), 2),
            patience=round(t.patience * (patience if t.patience > 0 else 1), 2),
        )
        for t in changes
    )


def _room(emotion: float, change: float) -> float:
    """Share of a change that is felt: near either end of the scale less and less, so that worse always stays worse."""
    return min(1.0, (_MOST - emotion) / 4) if change > 0 else min(1.0, emotion / 3)


def _within(value: float) -> float:
    return round(min(_MOST, max(0.0, value)), 2)


@lru_cache(maxsize=2)
def load_moves(folder: Path) -> Moves:
    """The table below the knowledge `folder`; raises KnowledgeError where it is faulty."""
    file = read_yaml(folder / "roleplay" / "moves.yaml")
    return file.validate(Moves, file.data)
