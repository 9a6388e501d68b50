"""Mock calls as the store keeps them, and back. Keeping them is left to `coach.storage`.

The scenario is kept whole and the clauses by id: a call can be read again when the shipped scenario has changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from coach.critique import Detector, Dismissal, Finding, Severity
from coach.errors import InputError
from coach.knowledge import Knowledge
from coach.roleplay.call import CallTurn, MockCall, Setup
from coach.roleplay.persona import Level, find_persona
from coach.roleplay.scenario import Scenario
from coach.roleplay.state import CustomerState, Transition
from coach.scoring import Scorecard
from coach.storage import NewCall, SavedCall, SavedFinding, SavedScorecard, SavedTransition, SavedTurn, ShowFindings

__all__ = ["Restored", "begun", "restored", "saved_scorecard", "saved_turns"]

_STATE = TypeAdapter(CustomerState)


@dataclass(frozen=True, slots=True)
class Restored:
    """A call read again, to be played on or looked at; `warnings`, in Chinese, say what of it is lost."""

    call: MockCall
    warnings: tuple[str, ...] = ()


def begun(call: MockCall, trainee: str = "", *, exam: bool = False, show_findings: ShowFindings = "at_once") -> NewCall:
    """What the store keeps of a call before its first turn."""
    setup = call.setup
    return NewCall(
        trainee=trainee.strip(),
        persona=setup.persona.id,
        scenario_id=setup.scenario.id,
        title=setup.scenario.title,
        scenario=setup.scenario.model_dump(mode="json"),
        level=setup.level,
        seed=setup.seed,
        standard=setup.standard,
        direction=setup.scenario.direction,
        start=_state_data(call.start),
        rings=setup.rings,
        exam=exam,
        show_findings=show_findings,
    )


def saved_turns(turns: Sequence[CallTurn]) -> tuple[SavedTurn, ...]:
    """What the store keeps of turns."""
    return tuple(
        SavedTurn(
            speaker=turn.speaker,
            text=turn.text,
            act=turn.act,
            source=turn.source,
            state=_state_data(turn.state),
            templates=turn.templates,
            transitions=tuple(SavedTransition(**asdict(one)) for one in turn.transitions),
            findings=tuple(_saved_finding(one) for one in turn.findings),
        )
        for turn in turns
    )


def saved_scorecard(card: Scorecard) -> SavedScorecard:
    """What the store keeps of a scorecard: evidence by line, clauses by id."""
    items = tuple(
        {
            "id": one.item.id,
            "group": one.item.group,
            "title": one.item.title,
            "status": one.status,
            "lines": list(one.lines),
            "clauses": [citation.clause for citation in one.citations],
            "why": one.why,
        }
        for one in card.checks
    )
    groups = {name: float(value) for name, value in card.groups.items()}
    return SavedScorecard(card.rubric, str(card.version), card.hash, float(card.total), groups, items)


def restored(saved: SavedCall, knowledge: Knowledge, folder: Path) -> Restored:
    """The call as it was kept.

    Args:
        saved: What the store kept.
        knowledge: Has the clauses that the findings cite.
        folder: The knowledge folder, for the persona.

    Raises:
        InputError: Its persona is no longer there, or what was kept can't be read.
    """
    begun_with = saved.setup
    warnings: dict[str, None] = {}
    try:
        scenario = Scenario.model_validate(begun_with.scenario)
        start = _STATE.validate_python(begun_with.start)
        turns = tuple(_turn(turn, knowledge, warnings) for turn in saved.turns)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
        raise InputError(
            f"这通电话存下的内容读不出来（{place}）",
            where="通话记录",
            hint="它是另一个版本的三声存的，请换回那个版本再打开",
        ) from error
    setup = Setup(
        persona=find_persona(begun_with.persona, folder),
        scenario=scenario,
        level=cast(Level, begun_with.level),
        seed=begun_with.seed,
        standard=begun_with.standard,
        rings=begun_with.rings,
    )
    call = MockCall(setup, start, turns, saved.played.outcome, saved.played.hung_up_by)
    return Restored(call, tuple(warnings))


def _state_data(state: CustomerState) -> dict[str, Any]:
    return cast("dict[str, Any]", _STATE.dump_python(state, mode="json"))


def _turn(turn: SavedTurn, knowledge: Knowledge, warnings: dict[str, None]) -> CallTurn:
    findings = (_finding(one, knowledge, warnings) for one in turn.findings)
    return CallTurn(
        speaker=turn.speaker,
        text=turn.text,
        act=turn.act,
        state=_STATE.validate_python(turn.state),
        transitions=tuple(Transition(**asdict(one)) for one in turn.transitions),
        findings=tuple(one for one in findings if one is not None),
        templates=turn.templates,
        source="model" if turn.source == "model" else "builtin",
    )


def _saved_finding(finding: Finding) -> SavedFinding:
    return SavedFinding(
        rule=finding.rule,
        severity=finding.severity,
        line=finding.line,
        span=finding.span,
        message=finding.message,
        advice=finding.advice,
        detector=finding.detector,
        confidence=finding.confidence,
        clauses=tuple(citation.clause for citation in finding.citations),
        others=finding.others,
        dismissed_reason=finding.dismissed.reason if finding.dismissed else None,
    )


def _finding(saved: SavedFinding, knowledge: Knowledge, warnings: dict[str, None]) -> Finding | None:
    """The finding with its clauses as they read now; None, with a warning, where none of them is left."""
    known = tuple(one for one in saved.clauses if one in knowledge.clauses)
    if not known:
        warnings[f"{saved.rule} 依据的条款 {'、'.join(saved.clauses)} 已经没有了，这个问题不再显示"] = None
        return None
    return Finding(
        rule=saved.rule,
        severity=cast(Severity, saved.severity),
        line=saved.line,
        span=saved.span,
        message=saved.message,
        advice=saved.advice,
        detector=cast(Detector, saved.detector),
        confidence=saved.confidence,
        citations=knowledge.cite(known),
        others=saved.others,
        dismissed=None if saved.dismissed_reason is None else Dismissal(saved.dismissed_reason),
    )
