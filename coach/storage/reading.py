"""Reads calls out of the tables, as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, Select, and_, func, select

from coach.errors import InputError
from coach.storage.schema import calls, findings, scorecards, transitions, tries, turns
from coach.storage.values import (
    CallSummary,
    NewCall,
    SavedCall,
    SavedFinding,
    SavedScorecard,
    SavedTransition,
    SavedTry,
    SavedTurn,
    TrendPoint,
)

__all__ = ["call", "chosen", "length", "no_such_call", "own_turns", "summaries", "trend", "tries_of"]


def no_such_call() -> InputError:
    """There is none by that id, or no longer."""
    return InputError("没有这通电话，可能已经删掉了", where="通话记录", hint="请从列表里另选一通")


def call(connection: Connection, call_id: str, try_id: str | None) -> SavedCall:
    """The call as the try, else its newest, tells it; raises InputError where there is none."""
    row = connection.execute(select(calls).where(calls.c.id == call_id)).one_or_none()
    if row is None:
        raise no_such_call()
    all_tries = tries_of(connection, call_id)
    played = chosen(all_tries, try_id)
    setup = NewCall(
        trainee=row.trainee, persona=row.persona, scenario_id=row.scenario_id, title=row.title, scenario=row.scenario,
        level=row.level, seed=row.seed, standard=row.standard, direction=row.direction, start=row.start,
        rings=row.rings, exam=row.exam, show_findings=row.show_findings,
    )  # fmt: skip
    return SavedCall(
        id=row.id,
        setup=setup,
        played=played,
        tries=all_tries,
        turns=_turns(connection, own_turns(all_tries, played)),
        notes=row.notes,
        scorecard=_scorecard(connection, played.id),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def tries_of(connection: Connection, call_id: str) -> tuple[SavedTry, ...]:
    """The tries at a call, the first one first; none where there is no such call."""
    rows = connection.execute(select(tries).where(tries.c.call_id == call_id).order_by(tries.c.no))
    return tuple(
        SavedTry(row.id, row.no, row.parent_try, row.from_turn, row.outcome, row.hung_up_by, row.created_at)
        for row in rows
    )


def chosen(all_tries: Sequence[SavedTry], try_id: str | None) -> SavedTry:
    """The try by that id, else the newest; raises InputError where there is none."""
    if not all_tries:
        raise no_such_call()
    if try_id is None:
        return all_tries[-1]
    found = next((one for one in all_tries if one.id == try_id), None)
    if found is None:
        raise InputError("这通电话没有这一次", where="通话记录", hint="请从列表里另选一次")
    return found


def own_turns(all_tries: Sequence[SavedTry], played: SavedTry) -> list[tuple[str, int, int | None]]:
    """Whose turns a try is made of: id of a try, its first turn and the one it is left before (None: to its end)."""
    by_id = {one.id: one for one in all_tries}
    parts: list[tuple[str, int, int | None]] = []
    one: SavedTry | None = played
    end: int | None = None
    while one is not None:
        if end is None or one.from_turn < end:
            parts.append((one.id, one.from_turn, end))
            end = one.from_turn
        one = by_id.get(one.parent) if one.parent else None
    return parts[::-1]


def length(connection: Connection, played: SavedTry) -> int:
    """How many turns a try has, shared ones included."""
    last = connection.execute(select(func.max(turns.c.no)).where(turns.c.try_id == played.id)).scalar()
    return played.from_turn - 1 if last is None else int(last)


def _turns(connection: Connection, parts: Iterable[tuple[str, int, int | None]]) -> tuple[SavedTurn, ...]:
    rows: list[Row[Any]] = []
    for try_id, first, end in parts:
        wanted = and_(turns.c.try_id == try_id, turns.c.no >= first)
        if end is not None:
            wanted = and_(wanted, turns.c.no < end)
        rows += connection.execute(select(turns).where(wanted).order_by(turns.c.no))
    ids = [row.id for row in rows]
    moved, found = _transitions(connection, ids), _findings(connection, ids)
    return tuple(
        SavedTurn(
            speaker=row.speaker,
            text=row.text,
            act=row.act,
            source=row.source,
            state=row.state,
            templates=tuple(row.templates),
            transitions=tuple(moved[row.id]),
            findings=tuple(found[row.id]),
            created_at=row.created_at,
        )
        for row in rows
    )


def _transitions(connection: Connection, ids: Sequence[int]) -> dict[int, list[SavedTransition]]:
    by_turn: dict[int, list[SavedTransition]] = defaultdict(list)
    wanted = select(transitions).where(transitions.c.turn_id.in_(ids))
    for row in connection.execute(wanted.order_by(transitions.c.turn_id, transitions.c.no)):
        by_turn[row.turn_id].append(SavedTransition(row.cause, row.emotion, row.trust, row.patience, row.why))
    return by_turn


def _findings(connection: Connection, ids: Sequence[int]) -> dict[int, list[SavedFinding]]:
    by_turn: dict[int, list[SavedFinding]] = defaultdict(list)
    wanted = select(findings).where(findings.c.turn_id.in_(ids))
    for row in connection.execute(wanted.order_by(findings.c.turn_id, findings.c.no)):
        by_turn[row.turn_id].append(
            SavedFinding(
                rule=row.rule,
                severity=row.severity,
                line=row.line,
                span=None if row.span_start is None else (row.span_start, row.span_end),
                message=row.message,
                advice=row.advice,
                detector=row.detector,
                confidence=row.confidence,
                clauses=tuple(row.clauses),
                others=tuple((start, end) for start, end in row.others),
                dismissed_reason=row.dismissed_reason,
            )
        )
    return by_turn


def _scorecard(connection: Connection, try_id: str) -> SavedScorecard | None:
    newest = select(scorecards).where(scorecards.c.try_id == try_id).order_by(scorecards.c.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    if row is None:
        return None
    return SavedScorecard(
        row.rubric, row.rubric_version, row.rubric_hash, row.total, row.groups, tuple(row.items), row.created_at
    )


def summaries(
    connection: Connection, trainee: str | None, limit: int | None, *, unfinished: bool
) -> tuple[CallSummary, ...]:
    """The calls of `trainee` (None: of all), the newest first; `unfinished`: only those that still go on."""
    newest = select(tries.c.call_id, func.max(tries.c.no).label("no")).group_by(tries.c.call_id).subquery()
    wanted: Select[Any] = (
        select(calls, tries.c.no, tries.c.outcome, _last_turn().label("turns"), _newest_total().label("total"))
        .join(newest, newest.c.call_id == calls.c.id)
        .join(tries, and_(tries.c.call_id == calls.c.id, tries.c.no == newest.c.no))
        .order_by(calls.c.created_at.desc(), calls.c.id)
        .limit(limit)
    )
    if trainee is not None:
        wanted = wanted.where(calls.c.trainee == trainee)
    if unfinished:
        wanted = wanted.where(tries.c.outcome.is_(None))
    return tuple(
        CallSummary(
            id=row.id, created_at=row.created_at, updated_at=row.updated_at, trainee=row.trainee, persona=row.persona,
            scenario_id=row.scenario_id, title=row.title, level=row.level, standard=row.standard, exam=row.exam,
            tries=row.no, turns=row.turns, outcome=row.outcome, total=row.total,
        )
        for row in connection.execute(wanted)
    )  # fmt: skip


def _last_turn() -> ScalarSelect[Any]:
    last = select(func.max(turns.c.no)).where(turns.c.try_id == tries.c.id).correlate(tries).scalar_subquery()
    return func.coalesce(last, tries.c.from_turn - 1)  # type: ignore[return-value]


def _newest_total() -> ScalarSelect[Any]:
    of_try = select(scorecards.c.total).where(scorecards.c.try_id == tries.c.id).correlate(tries)
    return of_try.order_by(scorecards.c.id.desc()).limit(1).scalar_subquery()


def trend(connection: Connection, trainee: str | None, limit: int) -> tuple[TrendPoint, ...]:
    """The newest scorecard of each of the last `limit` scored calls of `trainee` (None: of all), the oldest call first."""
    newest = (
        select(tries.c.call_id, func.max(scorecards.c.id).label("id"))
        .join(scorecards, scorecards.c.try_id == tries.c.id)
        .group_by(tries.c.call_id)
        .subquery()
    )
    wanted = (
        select(calls, scorecards.c.rubric, scorecards.c.rubric_version, scorecards.c.total, scorecards.c.groups)
        .join(newest, newest.c.call_id == calls.c.id)
        .join(scorecards, scorecards.c.id == newest.c.id)
        .order_by(calls.c.created_at.desc(), calls.c.id)
        .limit(limit)
    )
    if trainee is not None:
        wanted = wanted.where(calls.c.trainee == trainee)
    points = [
        TrendPoint(
            call_id=row.id, at=row.created_at, trainee=row.trainee, persona=row.persona, scenario_id=row.scenario_id,
            title=row.title, level=row.level, exam=row.exam, rubric=row.rubric, rubric_version=row.rubric_version,
            total=row.total, groups=row.groups,
        )
        for row in connection.execute(wanted)
    ]  # fmt: skip
    return tuple(reversed(points))
