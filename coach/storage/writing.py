"""Writes calls into the tables. Each function is one step of a transaction that others hold."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from coach.errors import InputError
from coach.storage import reading
from coach.storage.failures import changed_elsewhere
from coach.storage.schema import calls, findings, scorecards, transitions, tries, turns
from coach.storage.values import Json, NewCall, Outcome, SavedScorecard, SavedTry, SavedTurn, Speaker

__all__ = ["add_call", "add_scorecard", "add_try", "add_turns", "dismiss", "end", "held", "note", "remove"]

_LONGEST_NAME = 100
_MOST_SEED = 2**63


def add_call(connection: Connection, new: NewCall, now: datetime) -> str:
    """Id of the new call, with a first try; raises InputError where the name or the seed is beyond bounds."""
    if len(new.trainee) > _LONGEST_NAME:
        raise InputError(f"名字有 {len(new.trainee)} 个字", where="学员", hint=f"请写在 {_LONGEST_NAME} 个字以内")
    if not -_MOST_SEED <= new.seed < _MOST_SEED:
        raise InputError("种子太大", where="--seed", hint="请用 18 位以内的整数")
    call_id = str(uuid.uuid4())
    row = {field: getattr(new, field) for field in NewCall.__slots__}
    connection.execute(insert(calls).values(id=call_id, created_at=now, updated_at=now, notes={}, **row))
    add_try(connection, call_id, 1, None, 1, now)
    return call_id


def held(connection: Connection, call_id: str, now: datetime) -> tuple[SavedTry, ...]:
    """The tries at a call, which nobody else changes until the transaction ends; raises InputError where there is no such call."""
    touched = connection.execute(update(calls).where(calls.c.id == call_id).values(updated_at=now))
    if touched.rowcount == 0:
        raise reading.no_such_call()
    return reading.tries_of(connection, call_id)


def add_try(
    connection: Connection, call_id: str, no: int, parent: SavedTry | None, from_turn: int, now: datetime
) -> str:
    """Id of the new try, which goes on before `from_turn` of its parent."""
    try_id = str(uuid.uuid4())
    connection.execute(
        insert(tries).values(
            id=try_id,
            call_id=call_id,
            no=no,
            parent_try=parent.id if parent else None,
            from_turn=from_turn,
            created_at=now,
        )
    )
    return try_id


def add_turns(connection: Connection, played: SavedTry, added: Sequence[SavedTurn], after: int, now: datetime) -> None:
    """Keeps turns behind the first `after` of a try."""
    for no, turn in enumerate(added, after + 1):
        row = connection.execute(
            insert(turns).values(
                try_id=played.id,
                no=no,
                speaker=turn.speaker,
                text=turn.text,
                act=turn.act,
                source=turn.source,
                templates=list(turn.templates),
                state=dict(turn.state),
                created_at=turn.created_at or now,
            )
        )
        assert row.inserted_primary_key is not None
        turn_id = row.inserted_primary_key[0]
        if moves := [{"turn_id": turn_id, "no": i, **asdict(one)} for i, one in enumerate(turn.transitions, 1)]:
            connection.execute(insert(transitions), moves)
        if found := [_finding_row(turn, turn_id, i) for i in range(len(turn.findings))]:
            connection.execute(insert(findings), found)


def _finding_row(turn: SavedTurn, turn_id: int, index: int) -> dict[str, Any]:
    one = turn.findings[index]
    start, stop = one.span or (None, None)
    return {
        "turn_id": turn_id,
        "no": index + 1,
        "rule": one.rule,
        "severity": one.severity,
        "line": one.line,
        "span_start": start,
        "span_end": stop,
        "others": [list(other) for other in one.others],
        "message": one.message,
        "advice": one.advice,
        "detector": one.detector,
        "confidence": one.confidence,
        "clauses": list(one.clauses),
        "dismissed_reason": one.dismissed_reason,
    }


def note(connection: Connection, call_id: str, notes: Json) -> None:
    """Keeps notes in the place of those there were."""
    connection.execute(update(calls).where(calls.c.id == call_id).values(notes=dict(notes)))


def end(connection: Connection, played: SavedTry, outcome: Outcome, hung_up_by: Speaker | None) -> None:
    """Ends a try; raises InputError where it ended otherwise before."""
    if played.outcome is None:
        ended = update(tries).where(tries.c.id == played.id).values(outcome=outcome, hung_up_by=hung_up_by)
        connection.execute(ended)
    elif (played.outcome, played.hung_up_by) != (outcome, hung_up_by):
        raise changed_elsewhere()


def add_scorecard(connection: Connection, played: SavedTry, card: SavedScorecard, now: datetime) -> None:
    """Keeps a scorecard as the newest of a try, in the place of an earlier one by the same rubric."""
    same = (
        scorecards.c.try_id == played.id,
        scorecards.c.rubric == card.rubric,
        scorecards.c.rubric_version == card.rubric_version,
        scorecards.c.rubric_hash == card.rubric_hash,
    )
    connection.execute(delete(scorecards).where(*same))
    connection.execute(
        insert(scorecards).values(
            try_id=played.id,
            rubric=card.rubric,
            rubric_version=card.rubric_version,
            rubric_hash=card.rubric_hash,
            total=card.total,
            groups=dict(card.groups),
            items=[dict(item) for item in card.items],
            created_at=now,
        )
    )


def dismiss(
    connection: Connection, parts: Sequence[tuple[str, int, int | None]], line: int, rule: str, reason: str | None
) -> None:
    """Sets why the findings of `rule` in the `line` of a try don't stand; raises InputError where there is no such finding."""
    owner = next((one for one, first, stop in parts if first <= line and (stop is None or line < stop)), None)
    turn = select(turns.c.id).where(turns.c.try_id == owner, turns.c.no == line).scalar_subquery()
    wanted = update(findings).where(findings.c.turn_id == turn, findings.c.rule == rule)
    if connection.execute(wanted.values(dismissed_reason=reason)).rowcount == 0:
        raise InputError(f"第 {line} 句没有这个问题", where="驳回", hint="请刷新后再试")


def remove(connection: Connection, call_id: str | None, before: datetime | None) -> int:
    """Deletes a call, or those last changed before a moment, with all that hangs on them; how many there were."""
    wanted = calls.c.id == call_id if before is None else calls.c.updated_at < before
    return connection.execute(delete(calls).where(wanted)).rowcount
