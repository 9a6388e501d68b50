"""The result as files to download: Markdown to read, JSON for programs."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections import deque
from pathlib import Path

from coach.reports import critique_data, critique_markdown, rewrite_data
from coach.web.reviewed import Reviewed

__all__ = ["ReportFiles"]

_KEPT = 20


class ReportFiles:
    """Writes reports below `folder`, the oldest going first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: deque[str] = deque()

    @classmethod
    def temporary(cls) -> ReportFiles:
        """In a folder of their own, which goes when the program ends."""
        folder = tempfile.mkdtemp(prefix="coach-reports-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return cls(Path(folder))

    def write(self, reviewed: Reviewed) -> tuple[Path, Path]:
        """Paths of the Markdown and the JSON report."""
        made = tempfile.mkdtemp(dir=self._folder)
        self._made.append(made)
        while len(self._made) > _KEPT:
            shutil.rmtree(self._made.popleft(), ignore_errors=True)
        markdown, data = Path(made) / "三声点评.md", Path(made) / "三声点评.json"
        markdown.write_text(_markdown(reviewed), encoding="utf-8")
        data.write_text(_json(reviewed), encoding="utf-8")
        return markdown, data


def _markdown(reviewed: Reviewed) -> str:
    return critique_markdown(reviewed.critique, reviewed.card, reviewed.names, reviewed.wanted)


def _json(reviewed: Reviewed) -> str:
    """The critique as the command line gives it, and the rewrites that were made."""
    data = critique_data(reviewed.critique, reviewed.card)
    data["rewrites"] = [rewrite_data(rewrite) for rewrite in reviewed.wanted.values()]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
