"""One coach a standard for the whole page, over one retriever that is opened in the background."""

from __future__ import annotations

import contextlib
import threading

from coach.assistant import Coach
from coach.errors import CoachError
from coach.knowledge import load_standard, standard_names

__all__ = ["Coaches"]


class Coaches:
    """The coach the page was started with, and the same under each other standard.

    Attributes:
        base: The coach the page was started with.
        choices: Title and name of every standard, that of `base` first.
    """

    def __init__(self, base: Coach) -> None:
        self.base = base
        own = base.standard
        others = (load_standard(name, base.folder) for name in standard_names(base.folder) if name != own.name)
        self.choices = ((own.title, own.name), *((other.title, other.name) for other in others))
        self._made = {own.name: base}
        self._opening = threading.Lock()
        self._warming: threading.Thread | None = None

    def under(self, name: str | None) -> Coach:
        """The coach judging by the standard `name`; by its own where that is blank."""
        if not name:
            return self.base
        return self._made.get(name) or self._made.setdefault(name, self.base.under(name))

    @property
    def ready(self) -> bool:
        """Whether the retriever is open."""
        return "retriever" in vars(self.base)

    def warm(self) -> None:
        """Starts to open the retriever, unless that was started before; returns at once."""
        if self._warming is None:
            self._warming = threading.Thread(target=self._warm, name="retriever", daemon=True)
            self._warming.start()

    def _warm(self) -> None:
        with contextlib.suppress(CoachError):  # whoever asks next tries again and is told
            self.opened(None)
            _ = (
                self.base.agent
            )  # loads LangChain, where there is a model: a second or two that the first answer needn't wait

    def opened(self, name: str | None) -> Coach:
        """`under(name)` with its retriever open; waits for that, and raises ServiceError where it can't be."""
        coach = self.under(name)
        with self._opening:
            # The handbook is the same under every standard: what `base` opened is put where the others would cache theirs.
            vars(coach).setdefault("retriever", self.base.retriever)
        return coach
