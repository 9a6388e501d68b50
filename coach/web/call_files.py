"""The scorecard of a mock call as files to download: Markdown, Word, Excel and JSON. What they hold is left to `coach.reports`."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from coach.reports.casting import LEVEL_NAMES
from coach.reports.scorecard import ScoredCall, scorecard_data
from coach.web.call_judged import Judged
from coach.web.call_session import Session

__all__ = ["CardFiles", "scored_call"]

_KEPT = 20
_NAME = "三声成绩单"


def _markdown(scored: ScoredCall) -> bytes:
    from coach.reports.scorecard_markdown import scorecard_markdown

    return scorecard_markdown(scored).encode()


def _docx(scored: ScoredCall) -> bytes:
    from coach.reports.scorecard_docx import scorecard_docx

    return scorecard_docx(scored)


def _xlsx(scored: ScoredCall) -> bytes:
    from coach.reports.scorecard_xlsx import scorecard_xlsx

    return scorecard_xlsx(scored)


def _json(scored: ScoredCall) -> bytes:
    return (json.dumps(scorecard_data(scored), ensure_ascii=False, indent=1) + "\n").encode()


_KINDS: Mapping[str, tuple[str, Callable[[ScoredCall], bytes]]] = {
    "md": ("Markdown", _markdown),
    "docx": ("Word", _docx),
    "xlsx": ("Excel", _xlsx),
    "json": ("JSON", _json),
}


def scored_call(session: Session, found: Judged, titles: Mapping[str, str]) -> ScoredCall:
    """What the reports are made of; `titles` maps a scenario's id → its title."""
    setup, terms = session.call.setup, session.terms
    about = [
        *([("练习人", terms.trainee)] if terms.trainee else []),
        ("场景", setup.scenario.title),
        ("客户", setup.persona.name),
        ("难度", LEVEL_NAMES[setup.level]),
        ("题号", str(setup.seed)),
        ("规范", found.reviewed.standard.title),
        *([("考试", "是")] if terms.exam else []),
        *([("第几遍", f"{session.at + 1}/{len(session.attempts)}")] if len(session.attempts) > 1 else []),
        *((f"留言单·{name}", text) for name, text in session.pad.items()),
    ]
    reviewed = found.reviewed
    return ScoredCall(
        reviewed.critique, found.card, reviewed.names, reviewed.wanted, found.practise, titles, tuple(about)
    )


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
        return {kind: title for kind, (title, _) in _KINDS.items()}

    def write(self, scored: ScoredCall) -> tuple[Path, ...]:
        """Paths of the files, in the order of `kinds`."""
        made = tempfile.mkdtemp(dir=self._folder)
        self._made.append(made)
        while len(self._made) > _KEPT:
            shutil.rmtree(self._made.popleft(), ignore_errors=True)
        paths = []
        for kind, (_, make) in _KINDS.items():
            path = Path(made) / f"{_NAME}.{kind}"
            path.write_bytes(make(scored))
            paths.append(path)
        return tuple(paths)
