"""The committed baseline: each case's score when it was last accepted, by whom asked nothing, but always why."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - a type, as pydantic reads it
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import InputError
from eval.suite.result import Run
from eval.suite.totals import case_scores

__all__ = ["Accepted", "Baseline", "accepted", "load_baseline", "save_baseline"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Accepted(_Value):
    """One acceptance.

    Attributes:
        why: The reason given.
        date: When.
        commit: What it was run on.
        scores: Task → mean score then.
    """

    why: str = Field(min_length=5)
    date: Date
    commit: str
    scores: dict[str, float]


class Baseline(_Value):
    """eval/baseline.json.

    Attributes:
        model: Whose answers these are.
        history: Every acceptance, the newest first.
        metrics: Task → metric → value.
        cases: Task → case → score (the mean over repeats).
    """

    schema_version: Literal[1] = 1
    model: str
    history: tuple[Accepted, ...] = Field(min_length=1)
    metrics: dict[str, dict[str, float]]
    cases: dict[str, dict[str, float]]


def load_baseline(path: Path, model: str) -> Baseline | None:
    """The baseline of `model`; None where there is none. Raises InputError where the file can't be read."""
    if not path.is_file():
        return None
    try:
        baseline = Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise InputError("读不出基线", where=path.name, hint="请从版本库取回，或重新接受一次") from error
    return baseline if baseline.model == model else None


def accepted(run: Run, why: str, today: Date, before: Baseline | None) -> Baseline:
    """The baseline that `run` makes; raises InputError where it isn't whole, has errors, or no reason is given."""
    if len(why.strip()) < 5:
        raise InputError("没有写为什么接受", where="基线", hint="--accept 后面写明原因，至少五个字")
    if not run.complete:
        raise InputError("这次没有跑完全部案例", where=run.id, hint="不带 --task、--limit、--failed-only 再跑一遍")
    broken = [s.case for s in run.samples if s.status in {"error", "unscored"}]
    if broken:
        raise InputError(f"有 {len(broken)} 个案例出错或没能评分，比如 {broken[0]}", where=run.id, hint="先让它们跑通")
    scores = {totals.task: totals.score.mean or 0.0 for totals in run.totals}
    entry = Accepted(why=why.strip(), date=today, commit=run.provenance.commit, scores=scores)
    means: dict[str, dict[str, float]] = {}
    for (task, case), score in case_scores(run.samples).items():
        means.setdefault(task, {})[case] = round(score, 6)
    history = (entry, *(before.history if before else ()))
    metrics = {totals.task: dict(sorted(totals.metrics.items())) for totals in run.totals}
    return Baseline(model=run.provenance.model, history=history, metrics=metrics, cases=means)


def save_baseline(baseline: Baseline, path: Path) -> None:
    """Writes the baseline, a case a line, so that a change of it reads well."""
    path.write_text(baseline.model_dump_json(indent=1) + "\n", encoding="utf-8")
