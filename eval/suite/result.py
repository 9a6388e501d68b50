"""What a run yields: each criterion met or not with its evidence, each sample's status, totals. JSON-ready; nothing is computed here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["STATUSES", "Check", "Graded", "Interval", "Provenance", "Run", "Sample", "Status", "TaskTotals"]

Status = Literal["passed", "failed", "error", "unscored"]
STATUSES: tuple[Status, ...] = ("passed", "failed", "error", "unscored")

Share = Annotated[float, Field(ge=0, le=1)]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Check(_Value):
    """What a check says: met or not; None where it doesn't apply to the case. With its evidence, in Chinese."""

    met: bool | None
    evidence: str = ""


class Graded(_Value):
    """One criterion of one sample.

    Attributes:
        id: The criterion.
        text: What it asks for.
        state: met, unmet, unscored (a judge's verdict couldn't be read); na where it doesn't apply; skipped where there is no judge.
        weight: Its share.
        fatal: Whether unmet it fails the case.
        evidence: What was seen.
        by: Who decided.
        verdict: The judge's, as it gave it.
    """

    id: str
    text: str
    state: Literal["met", "unmet", "unscored", "na", "skipped"]
    weight: float
    fatal: bool
    evidence: str = ""
    by: Literal["code", "judge"] = "code"
    verdict: str = ""


class Sample(_Value):
    """One case, run once.

    Attributes:
        task: Its task.
        case: Its id.
        repeat: 1-based; more than one with --repeat.
        tags: Of the case.
        status: passed, failed, error or unscored: never mixed.
        score: Weighted share of the applicable criteria met; None for error and unscored.
        fatal: A fatal case, or one in which a fatal criterion is unmet.
        asked: What was given, as people read it.
        answer: What the coach made of it.
        criteria: Each criterion.
        error: What went wrong, for status error.
        cached: Whether the result was taken from the cache.
        seconds: How long it took; 0 where cached.
        counts: Numbers the task's own metrics are computed from.
        passing: Score at which it passes, by its rubric.
        rubric: What graded it: id, version and hash.
    """

    task: str
    case: str
    repeat: int = Field(ge=1)
    tags: tuple[str, ...]
    status: Status
    score: Share | None
    fatal: bool = False
    asked: str
    answer: dict[str, Any]
    criteria: tuple[Graded, ...] = ()
    error: str = ""
    cached: bool = False
    seconds: float = 0.0
    counts: dict[str, float] = Field(default_factory=dict)
    passing: Share = 1.0
    rubric: str = ""


class Interval(_Value):
    """A mean with its 95 % interval; None where nothing was scored."""

    mean: float | None
    low: float | None
    high: float | None


class TaskTotals(_Value):
    """Totals of a task, or of a tag in it: n = passed + failed + errors + unscored, always shown together.

    Attributes:
        task: The task.
        tag: Empty for the whole task.
        n: Samples.
        passed: Of them passed.
        failed: Failed.
        errors: In error: neither in the score nor out of sight.
        unscored: Of which a verdict couldn't be read.
        score: Mean score of those passed or failed.
        metrics: The task's own figures (precision, recall, …) and each criterion's share met.
    """

    task: str
    tag: str = ""
    n: int
    passed: int
    failed: int
    errors: int
    unscored: int
    score: Interval
    metrics: dict[str, float] = Field(default_factory=dict)


class Provenance(_Value):
    """What a run was made with.

    Attributes:
        commit: Of the checkout; with + where files differ from it; empty outside a checkout.
        code: Hash over the coach, its knowledge, its prompts and this suite.
        prompts: Prompt → hash.
        rules: Hash of the rule packs.
        handbook: Hash of the handbook.
        rubrics: Rubric → version and hash.
        model: builtin, or the model's name.
        judge: The judge's name; empty where there was none.
        judge_gates: Whether its calibration lets its verdicts count at the gate.
        seed: Of intervals and of what is drawn.
        python: Version.
        inspect: Version of Inspect AI.
    """

    commit: str
    code: str
    prompts: dict[str, str]
    rules: str
    handbook: str
    rubrics: dict[str, str]
    model: str
    judge: str = ""
    judge_gates: bool = False
    seed: int = 0
    python: str = ""
    inspect: str = ""


class Run(_Value):
    """A whole run.

    Attributes:
        schema_version: Of this shape.
        id: Name of its folder: date, time and model.
        started: Local time, ISO 8601.
        seconds: How long it took.
        complete: Whether every case of every task was run.
        whole: Tasks of which every case was run.
        provenance: What it was made with.
        totals: A task each.
        by_tag: A tag of a task each.
        samples: In the order of cases.
    """

    schema_version: Literal[1] = 1
    id: str
    started: str
    seconds: float
    complete: bool
    whole: tuple[str, ...]
    provenance: Provenance
    totals: tuple[TaskTotals, ...]
    by_tag: tuple[TaskTotals, ...]
    samples: tuple[Sample, ...]
