"""Keeps the mock calls of the command line in the store, each step before it is shown; where that fails the call goes on unkept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from coach.errors import CoachError
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.roleplay import MockCall
    from coach.scoring import Scorecard
    from coach.storage import Store

__all__ = ["SHORT", "Keeper", "open_store"]

SHORT = 8
"""So many characters of an id are shown; any number that names one call is understood."""


def open_store(settings: Settings) -> Store:
    """The store of the settings; raises InputError or ServiceError where it can't be opened."""
    from coach.storage import Store

    url = settings.database_url
    return Store.open(url.get_secret_value() if url else None, settings.data_folder())


class Keeper:
    """Keeps one call.

    Args:
        open_: Opens the store.
        trainee: Who practises; may be empty.
        tell: Is told once, in Chinese, where keeping fails; nothing is kept from then on.
    """

    def __init__(self, open_: Callable[[], Store], trainee: str, tell: Callable[[str], None]) -> None:
        self._open, self._trainee, self._tell = open_, trainee, tell
        self._store: Store | None = None
        self._id = ""
        self._failed = False

    def step(self, before: MockCall, after: MockCall) -> None:
        """Keeps what a step added, or that it went back; a call in which the agent never spoke isn't kept."""
        from coach.roleplay.saved import begun, saved_turns

        def keep() -> None:
            kept = len(before.turns)
            if self._store is None:
                self._store, kept = self._open(), 0
                self._id = self._store.new_call(begun(before, self._trainee))
            if len(after.turns) < kept:
                self._store.rewind(self._id, len(after.turns))
            elif len(after.turns) > kept:
                new = saved_turns(after.turns[kept:])
                self._store.append(self._id, new, after=kept, outcome=after.outcome, hung_up_by=after.hung_up_by)
            elif after.outcome is not None and before.outcome is None:
                self._store.finish(self._id, after.outcome, hung_up_by=after.hung_up_by)

        if self._store is not None or any(turn.speaker == "agent" for turn in after.turns):
            self._try(keep)

    def end(self, card: Scorecard | None) -> str:
        """Keeps the scorecard; the id of the call, empty where it wasn't kept."""
        from coach.roleplay.saved import saved_scorecard

        store = self._store
        if store is None:
            return ""
        if card is not None:
            self._try(lambda: store.save_scorecard(self._id, saved_scorecard(card)))
        store.close()
        return "" if self._failed else self._id

    def _try(self, keep: Callable[[], None]) -> None:
        if self._failed:
            return
        try:
            keep()
        except CoachError as error:
            self._failed = True
            self._tell(f"这通电话没有存下来：{error}")
