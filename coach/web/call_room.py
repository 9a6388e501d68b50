"""Where mock calls are played: coaches, scenarios, saved calls and the clock; and a finished call judged. No page in here."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from coach.assistant import Coach
from coach.errors import CoachError
from coach.roleplay import MockCall
from coach.settings import Settings
from coach.storage import Store
from coach.transcripts import parse_text
from coach.web.call_saving import CallBook
from coach.web.call_scenarios import Shelf
from coach.web.call_session import Session
from coach.web.call_steps import StepTaken, steps_taken
from coach.web.call_wording import Told, Wordings
from coach.web.coaches import Coaches

__all__ = ["Room", "last_agent_line"]


@dataclass(frozen=True)
class Room:
    """Everything a mock call needs.

    Attributes:
        coaches: A coach a standard.
        shelf: Scenarios and personas.
        book: Saved calls.
        now: Seconds since 1970.
        wordings: Word the customers' turns with a model.
    """

    coaches: Coaches
    shelf: Shelf
    book: CallBook
    now: Callable[[], float] = time.time
    wordings: Wordings = field(default_factory=Wordings)
    _warming: threading.Event = field(default_factory=threading.Event, repr=False)

    @classmethod
    def of(cls, coaches: Coaches) -> Room:
        """Over what the coach keeps in its data folder, or in the database of the settings."""
        base = coaches.base
        data = base.index.parent

        def open_store() -> Store:
            url = Settings().database_url
            return Store.open(url.get_secret_value() if url else None, data)

        return cls(coaches, Shelf(base.folder, data / "scenarios"), CallBook(open_store, data / "call-notes"))

    def coach(self, session: Session) -> Coach:
        """The coach by whose standard the call is held."""
        return self.coaches.under(session.call.setup.standard)

    def steps(self, session: Session) -> tuple[StepTaken, ...]:
        """The steps of the call that is shown."""
        return steps_taken(session.call, self.coach(session).player.ears, len(session.pad))

    def wording(self, session: Session) -> Told | None:
        """Words the customer's turns with the model, where there is one."""
        return self.wordings.of(session.id, self.coach(session))

    def names(self) -> dict[str, str]:
        """Rule id → Chinese name."""
        return {rule.id: rule.data.name for rule in self.coaches.base.rules.rules.values()}

    def warm(self) -> None:
        """Starts to load what the first line would wait for, unless that was started before; returns at once."""
        if not self._warming.is_set():
            self._warming.set()
            threading.Thread(target=self._warm, name="player", daemon=True).start()

    def _warm(self) -> None:
        base = self.coaches.base
        with contextlib.suppress(CoachError):  # whoever begins a call is told
            _ = base.player
            base.critique(parse_text("坐席：您好，请问有什么可以帮您？"))


def last_agent_line(call: MockCall) -> int | None:
    """0-based turn of the agent's last line; None where he said nothing yet."""
    return next((i for i in range(len(call.turns) - 1, -1, -1) if call.turns[i].speaker == "agent"), None)
