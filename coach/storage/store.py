"""The store of mock calls: what is done to a call is on disk when the method returns. Playing calls is left to others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from coach.errors import InputError
from coach.storage import reading, writing
from coach.storage.engine import Database, open_database
from coach.storage.failures import changed_elsewhere
from coach.storage.migrate import bring_up_to_date
from coach.storage.values import (
    CallSummary,
    Json,
    NewCall,
    Outcome,
    SavedCall,
    SavedScorecard,
    SavedTry,
    SavedTurn,
    Speaker,
    TrendPoint,
)

__all__ = ["Store"]

Clock = Callable[[], datetime]
_PATIENCE = 10.0


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Saved calls, in one database. May be used by several threads; several processes may each open their own.

    Every method may raise InputError (no such call; changed in another place; not the coach's database) and ServiceError (disk
    full, folder read-only, database locked, server away); what was to be kept is then not kept, not even in part.
    """

    def __init__(self, database: Database, clock: Clock = _now) -> None:
        self._database = database
        self._clock = clock

    @classmethod
    def open(cls, url: str | None, folder: Path, *, clock: Clock = _now, patience: float = _PATIENCE) -> Store:
        """The store at `url`, else in `folder`, its tables made or brought up to date first.

        Args:
            url: `postgresql+psycopg://…` or `sqlite:///…`; None: `coach.db` in `folder`.
            folder: Made if missing.
            clock: Tells the time, with its zone.
            patience: Seconds to wait for another that writes.
        """
        database = open_database(url, folder, patience)
        with ExitStack() as unless_opened:
            unless_opened.callback(database.engine.dispose)
            bring_up_to_date(database)
            unless_opened.pop_all()
        return cls(database, clock)

    def close(self) -> None:
        """Lets go of the database."""
        self._database.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def where(self) -> str:
        """The file, or the server's address without a password."""
        return self._database.where

    def new_call(self, new: NewCall) -> str:
        """Id of a new call, with its first try."""
        with self._database.writing() as connection:
            return writing.add_call(connection, new, self._clock())

    def append(
        self,
        call_id: str,
        turns: Sequence[SavedTurn],
        *,
        try_id: str | None = None,
        after: int | None = None,
        outcome: Outcome | None = None,
        hung_up_by: Speaker | None = None,
        notes: Json | None = None,
    ) -> int:
        """Adds turns to the newest try, and ends it with them if they end it; how many turns it now has.

        Args:
            call_id: The call.
            turns: What was said.
            try_id: The try they belong to. Where that isn't the newest, the call was changed in another place.
            after: How many turns there were. Where there are others, the call was changed in another place.
            outcome: How the call ended with them; None while it goes on.
            hung_up_by: Who ended it.
            notes: As for `save_notes`, kept together with the turns; None leaves them as they are.
        """
        now = self._clock()
        with self._database.writing() as connection:
            played = _going_on(writing.held(connection, call_id, now), try_id)
            there = reading.length(connection, played)
            if after is not None and after != there:
                raise changed_elsewhere()
            writing.add_turns(connection, played, turns, there, now)
            if outcome is not None:
                writing.end(connection, played, outcome, hung_up_by)
            if notes is not None:
                writing.note(connection, call_id, notes)
            return there + len(turns)

    def rewind(self, call_id: str, turn: int, *, try_id: str | None = None) -> str:
        """Id of a new try that keeps the first `turn` turns of a try (else of the newest) and goes on from there; both stay."""
        now = self._clock()
        with self._database.writing() as connection:
            tries = writing.held(connection, call_id, now)
            parent = reading.chosen(tries, try_id)
            if not 0 <= turn <= reading.length(connection, parent):
                raise InputError(f"这通电话没有第 {turn + 1} 句", where="模拟通话", hint="请回到说过的一句")
            return writing.add_try(connection, call_id, tries[-1].no + 1, parent, turn + 1, now)

    def finish(
        self, call_id: str, outcome: Outcome, *, hung_up_by: Speaker | None = None, try_id: str | None = None
    ) -> None:
        """Ends the newest try. To end it again in the same way is nothing."""
        now = self._clock()
        with self._database.writing() as connection:
            played = _newest(writing.held(connection, call_id, now), try_id)
            writing.end(connection, played, outcome, hung_up_by)

    def save_scorecard(self, call_id: str, card: SavedScorecard, *, try_id: str | None = None) -> None:
        """Keeps a scorecard of a try (else of the newest), in the place of one by the same rubric."""
        now = self._clock()
        with self._database.writing() as connection:
            played = reading.chosen(writing.held(connection, call_id, now), try_id)
            writing.add_scorecard(connection, played, card, now)

    def save_notes(self, call_id: str, notes: Json) -> None:
        """Keeps what else belongs to the call (a message pad, how long the customer was held), in the place of what there was."""
        with self._database.writing() as connection:
            writing.held(connection, call_id, self._clock())
            writing.note(connection, call_id, notes)

    def dismiss(self, call_id: str, line: int, rule: str, reason: str | None, *, try_id: str | None = None) -> None:
        """Keeps why the findings of `rule` in a 1-based `line` don't stand; None: they do. Tries that share the line share it."""
        now = self._clock()
        with self._database.writing() as connection:
            tries = writing.held(connection, call_id, now)
            parts = reading.own_turns(tries, reading.chosen(tries, try_id))
            writing.dismiss(connection, parts, line, rule, reason)

    def load(self, call_id: str, try_id: str | None = None) -> SavedCall:
        """The call as that try, else its newest, tells it."""
        with self._database.reading() as connection:
            return reading.call(connection, call_id, try_id)

    def calls(self, trainee: str | None = None, limit: int = 100) -> tuple[CallSummary, ...]:
        """The last calls of a trainee (None: of all), the newest first, with outcome and total."""
        with self._database.reading() as connection:
            return reading.summaries(connection, trainee, limit, unfinished=False)

    def unfinished(self, trainee: str | None = None) -> tuple[CallSummary, ...]:
        """The calls of a trainee (None: of all) that still go on, the newest first."""
        with self._database.reading() as connection:
            return reading.summaries(connection, trainee, None, unfinished=True)

    def trend(self, trainee: str | None = None, limit: int = 200) -> tuple[TrendPoint, ...]:
        """Totals and group totals of the last scored calls of a trainee (None: of all), the oldest first."""
        with self._database.reading() as connection:
            return reading.trend(connection, trainee, limit)

    def delete(self, call_id: str) -> None:
        """Deletes a call with all its tries; raises InputError where there is none."""
        with self._database.writing() as connection:
            if writing.remove(connection, call_id, None) == 0:
                raise reading.no_such_call()
        self._database.forget_log()

    def delete_older_than(self, days: int) -> int:
        """Deletes the calls in which nothing has changed for so many days; how many there were."""
        if days < 0:
            raise InputError("天数不能小于 0", where="通话记录", hint="请写 0 或更大的整数")
        with self._database.writing() as connection:
            count = writing.remove(connection, None, self._clock() - timedelta(days=days))
        self._database.forget_log()
        return count


def _newest(tries: Sequence[SavedTry], try_id: str | None) -> SavedTry:
    """The newest try; raises InputError where `try_id` says that the caller knows another as the newest."""
    if try_id is not None and tries[-1].id != try_id:
        raise changed_elsewhere()
    return tries[-1]


def _going_on(tries: Sequence[SavedTry], try_id: str | None) -> SavedTry:
    played = _newest(tries, try_id)
    if played.outcome is not None:
        raise InputError("这通电话已经结束了", where="模拟通话", hint="可以回到某一句重来，或开始新的一通")
    return played
