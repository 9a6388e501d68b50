"""Runs of the eval suite as their result files tell them: listed, read, compared. Nothing is run or graded here.

The files are written by `python -m eval`; what isn't shown is passed over, so that a newer suite can be read too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import InputError

__all__ = ["Change", "EvalCriterion", "EvalRun", "EvalSample", "EvalTotals", "changes", "list_runs", "read_run"]

_FILE = "results.json"


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class EvalCriterion(_Read):
    """One criterion of a sample: met, unmet, unscored, na or skipped."""

    id: str
    text: str
    state: str
    fatal: bool = False
    evidence: str = ""


class EvalSample(_Read):
    """One case, run once: passed, failed, error or unscored."""

    task: str
    case: str
    repeat: int = 1
    tags: tuple[str, ...] = ()
    status: str
    score: float | None = None
    asked: str = ""
    answer: Mapping[str, Any] = Field(default_factory=dict)
    criteria: tuple[EvalCriterion, ...] = ()
    error: str = ""

    @property
    def said(self) -> str:
        """The answer as people read it."""
        return str(self.answer.get("said", ""))


class EvalInterval(_Read):
    """A mean with its 95 % interval."""

    mean: float | None = None
    low: float | None = None
    high: float | None = None


class EvalTotals(_Read):
    """Totals of a task."""

    task: str
    n: int
    passed: int
    failed: int
    errors: int
    unscored: int
    score: EvalInterval


class EvalMade(_Read):
    """What a run was made with."""

    commit: str = ""
    model: str
    judge: str = ""


class EvalRun(_Read):
    """A run."""

    id: str
    started: str
    seconds: float = 0.0
    complete: bool = True
    provenance: EvalMade
    totals: tuple[EvalTotals, ...]
    samples: tuple[EvalSample, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A case in two runs; `before` is None where the other run doesn't have it."""

    now: EvalSample
    before: EvalSample | None

    @property
    def by(self) -> float:
        """How much better (above 0) or worse; 0 where it can't be compared."""
        if self.before is None or self.now.score is None or self.before.score is None:
            return 0.0
        return self.now.score - self.before.score

    @property
    def differs(self) -> bool:
        """Whether status, score or answer is another."""
        if self.before is None:
            return True
        return (self.now.status, self.now.score, self.now.said) != (
            self.before.status,
            self.before.score,
            self.before.said,
        )


def list_runs(folder: Path) -> tuple[str, ...]:
    """Names of the runs in `folder`, the newest first."""
    if not folder.is_dir():
        return ()
    return tuple(sorted((path.parent.name for path in folder.glob(f"*/{_FILE}")), reverse=True))


def read_run(folder: Path, name: str) -> EvalRun:
    """The run `name` in `folder`; raises InputError where there is none that can be read."""
    if name not in list_runs(folder):
        raise InputError("没有这次评测", where="评测", hint="它可能已经删了，请重新列出")
    try:
        return EvalRun.model_validate_json((folder / name / _FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise InputError(f"读不出 {name} 的结果", where="评测", hint="文件可能不完整，请重新跑一遍") from error


def changes(now: EvalRun, before: EvalRun | None) -> tuple[Change, ...]:
    """Every case of `now` beside the same of `before`: worse ones first, then not passed, then better, then the rest."""
    known = {(s.task, s.case, s.repeat): s for s in before.samples} if before else {}
    found = [Change(s, known.get((s.task, s.case, s.repeat))) for s in now.samples]
    return tuple(sorted(found, key=lambda c: (min(c.by, 0.0), c.now.status == "passed", -c.by)))
