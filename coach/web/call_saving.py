"""Keeps mock calls: turns, tries and scorecards in the store, and beside it what the store has no place for.

That is the message pad, how long the customer was held, whom the call was passed on to, and hints: a small JSON file a call.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from coach.errors import InputError, ServiceError
from coach.knowledge import Knowledge
from coach.knowledge.yaml_file import Strict
from coach.roleplay.saved import begun, restored, saved_turns
from coach.storage import CallSummary, SavedScorecard, ShowFindings, Store, TrendPoint
from coach.web.call_session import PAD, Attempt, Session, Terms

__all__ = ["CallBook"]


class _TryNotes(Strict):
    held: Mapping[int, float] = {}
    passed_to: Mapping[int, str] = {}
    hints: Mapping[int, str] = {}


class _Notes(Strict):
    pad: Mapping[str, str] = {}
    tries: Mapping[str, _TryNotes] = {}


_NOTES = TypeAdapter(_Notes)


class CallBook:
    """Saved calls of the page; the store is opened when it is first needed.

    Args:
        open_store: Opens it.
        notes: Folder of the files beside it.
    """

    def __init__(self, open_store: Callable[[], Store], notes: Path) -> None:
        self._open = open_store
        self._notes = notes
        self._opening = threading.Lock()
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        """The store; raises ServiceError or InputError where it can't be opened."""
        with self._opening:
            if self._store is None:
                self._store = self._open()
            return self._store

    def begin(self, session: Session) -> Session:
        """A call just picked up, kept from now on, under the id it gets."""
        terms, call = session.terms, session.call
        shown: ShowFindings = "at_once" if terms.at_once and not terms.exam else "at_end"
        id_ = self.store.new_call(begun(call, terms.trainee, exam=terms.exam, show_findings=shown))
        key = self.store.load(id_).played.id
        if call.turns:
            self.store.append(id_, saved_turns(call.turns), try_id=key)
        return replace(session, id=id_).with_attempt(replace(session.attempt, key=key))

    def keep(self, before: Session, after: Session) -> Session:
        """`after`, on disk: what it has more than `before`. Raises as the store does; then nothing is kept."""
        if len(after.attempts) > len(before.attempts):
            made = after.attempt
            parent = before.attempts[made.parent or 0]
            key = self.store.rewind(after.id, made.from_turn, try_id=parent.key)
            after = after.with_attempt(replace(made, key=key))
            before = replace(after, pad=before.pad)
        self._keep_turns(before, after)
        if _notes_of(after) != _notes_of(before):
            self._write_notes(after)
        return after

    def _keep_turns(self, before: Session, after: Session) -> None:
        old, new = before.attempt.call, after.attempt
        if before.at != after.at:
            return
        call = new.call
        said = call.turns[len(old.turns) :]
        if said:
            self.store.append(
                after.id,
                saved_turns(said),
                try_id=new.key,
                after=len(old.turns),
                outcome=call.outcome,
                hung_up_by=call.hung_up_by,
            )
        elif call.outcome is not None and old.outcome is None:
            self.store.finish(after.id, call.outcome, hung_up_by=call.hung_up_by, try_id=new.key)

    def keep_scorecard(self, session: Session, card: SavedScorecard) -> None:
        """Keeps the scorecard of the try that is shown."""
        self.store.save_scorecard(session.id, card, try_id=session.attempt.key)

    def open_call(self, id_: str, knowledge: Knowledge, folder: Path) -> tuple[Session, tuple[str, ...]]:
        """The call with all its tries, the newest shown, and warnings; raises InputError where it isn't there any more."""
        newest = self.store.load(id_)
        notes = self._read_notes(id_)
        attempts: list[Attempt] = []
        warnings: dict[str, None] = {}
        places = {one.id: i for i, one in enumerate(newest.tries)}
        for one in newest.tries:
            saved = newest if one.id == newest.played.id else self.store.load(id_, one.id)
            read = restored(saved, knowledge, folder)
            warnings.update(dict.fromkeys(read.warnings))
            beside = notes.tries.get(one.id, _TryNotes())
            attempts.append(
                Attempt(
                    read.call,
                    None if one.parent is None else places[one.parent],
                    one.from_turn - 1,
                    dict(beside.held),
                    dict(beside.passed_to),
                    dict(beside.hints),
                    one.id,
                )
            )
        setup = newest.setup
        terms = Terms(setup.exam, setup.show_findings == "at_once", setup.trainee)
        session = Session(id_, terms, tuple(attempts), len(attempts) - 1, dict(notes.pad))
        return session, tuple(warnings)

    def unfinished(self) -> CallSummary | None:
        """The newest call that still goes on."""
        return next(iter(self.store.unfinished()), None)

    def calls(self, trainee: str | None = None, limit: int = 100) -> tuple[CallSummary, ...]:
        """The last calls of a trainee (None: of all), the newest first."""
        return self.store.calls(trainee, limit)

    def trend(self, trainee: str | None = None) -> tuple[TrendPoint, ...]:
        """Totals of scored calls of a trainee (None: of all), the oldest first."""
        return self.store.trend(trainee)

    def delete(self, id_: str) -> None:
        """Deletes a call with all that is kept of it."""
        self.store.delete(id_)
        self._path(id_).unlink(missing_ok=True)

    def delete_older_than(self, days: int) -> int:
        """Deletes the calls in which nothing has changed for so many days; how many there were."""
        count = self.store.delete_older_than(days)
        for path in self._notes.glob("*.json"):
            with contextlib.suppress(ServiceError):
                if not self._there(path.stem):
                    path.unlink(missing_ok=True)
        return count

    def _there(self, id_: str) -> bool:
        try:
            self.store.load(id_)
        except InputError:
            return False
        return True

    def _path(self, id_: str) -> Path:
        return self._notes / f"{Path(id_).name}.json"

    def _write_notes(self, session: Session) -> None:
        path = self._path(session.id)
        new = path.with_suffix(".new")
        try:
            self._notes.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(_notes_of(session), ensure_ascii=False), encoding="utf-8")
            os.replace(new, path)  # noqa: PTH105 - atomic over an existing file on every system
        except OSError as error:
            raise ServiceError("留言单等内容存不下来", where=str(self._notes), hint="请检查磁盘空间和权限") from error

    def _read_notes(self, id_: str) -> _Notes:
        """What lies beside the call; nothing where there is no such file or it is spoilt: the call itself is in the store."""
        try:
            return _NOTES.validate_json(self._path(id_).read_bytes())
        except (OSError, ValidationError):
            return _Notes()


def _notes_of(session: Session) -> dict[str, Any]:
    tries = {
        one.key: {"held": dict(one.held), "passed_to": dict(one.passed_to), "hints": dict(one.hints)}
        for one in session.attempts
        if one.held or one.passed_to or one.hints
    }
    return {"pad": {name: session.pad[name] for name in PAD if name in session.pad}, "tries": tries}
