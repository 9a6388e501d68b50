"""A scorecard as files to download. What they hold is left to `coach.reports`."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from coach.assistant import Coach
from coach.web.call_judged import Judged
from coach.web.call_session import Session

__all__ = ["CardFiles"]

_KEPT = 20


class CardFiles:
    """Writes scorecards below `folder`, the oldest going first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: deque[str] = deque()

    @classmethod
    def temporary(cls) -> CardFiles:
        """In a folder of their own, which goes when the program ends."""
        folder = tempfile.mkdtemp(prefix="coach-scorecards-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return cls(Path(folder))

    @staticmethod
    def kinds() -> Mapping[str, str]:
        """Kinds of files, in the order they are written, and what each is called."""
        return {}

    def write(self, session: Session, found: Judged, coach: Coach) -> tuple[Path, ...]:
        """Paths of the files, in the order of `kinds`."""
        made = tempfile.mkdtemp(dir=self._folder)
        self._made.append(made)
        while len(self._made) > _KEPT:
            shutil.rmtree(self._made.popleft(), ignore_errors=True)
        return ()
