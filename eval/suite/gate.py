"""The gate: thresholds a task and metric, drops against the baseline beyond their noise, fatal cases, and the share of errors. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from coach.knowledge.yaml_file import Strict, read_yaml
from eval.suite.baseline import Baseline
from eval.suite.case import TaskName
from eval.suite.grade import score_of, status_of
from eval.suite.result import Run, Sample, TaskTotals
from eval.suite.tasks import TASK_DEFS
from eval.suite.totals import case_scores, task_totals

__all__ = ["EXIT", "Breach", "Gates", "Verdict", "judged", "load_gates"]

EXIT = {"passed": 0, "failed": 1, "errors": 3}
_SLACK = 1e-9


class GateData(Strict):
    """What a metric must reach.

    Attributes:
        min: Least value, on whole runs; None sets none.
        noise: How far it may fall below the baseline on the cases both have.
    """

    min: float | None = Field(default=None, ge=0, le=1)
    noise: float = Field(default=0.0, ge=0, le=1)


class Gates(Strict):
    """eval/gates.yaml.

    Attributes:
        errors: Share of samples that may be in error.
        unscored: Share that may be unscored.
        min_kappa: Least kappa at which a judge's verdicts count at the gate.
        tasks: Task → metric → gate; the metrics are score, passed, the task's own, and criterion.<id>.
    """

    version: Literal[1]
    errors: float = Field(ge=0, le=1)
    unscored: float = Field(ge=0, le=1)
    min_kappa: float = Field(ge=0, le=1)
    tasks: dict[TaskName, dict[str, GateData]]


@dataclass(frozen=True, slots=True)
class Breach:
    """One reason why the gate fails.

    Attributes:
        kind: errors, unscored, threshold, drop, fatal or missing.
        task: The task; empty for the whole run.
        what: What happened, in Chinese, with figures.
        cases: The cases concerned.
    """

    kind: Literal["errors", "unscored", "threshold", "drop", "fatal", "missing"]
    task: str
    what: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says: passed, failed, or errors (too many to judge); with every reason."""

    outcome: Literal["passed", "failed", "errors"]
    breaches: tuple[Breach, ...]

    @property
    def exit_code(self) -> int:
        """0 passed, 1 failed, 3 too many errors."""
        return EXIT[self.outcome]


def load_gates(path: Path) -> Gates:
    """The gates; raises KnowledgeError with the line of the first fault."""
    file = read_yaml(path)
    return file.validate(Gates, file.data)


def judged(run: Run, gates: Gates, baseline: Baseline | None) -> Verdict:
    """What the gate says of `run`. Thresholds hold for tasks run whole; the baseline for every case it knows too."""
    if run.provenance.judge and not run.provenance.judge_gates:
        run = _without_judge(run)
    breaches = [
        *_unsound(run, gates),
        *_fatal(run.samples),
        *(breach for totals in run.totals for breach in _thresholds(totals, gates, whole=totals.task in run.whole)),
        *(_drops(run, gates, baseline) if baseline is not None else ()),
    ]
    if any(breach.kind == "errors" for breach in breaches):
        return Verdict("errors", tuple(breaches))
    return Verdict("failed" if breaches else "passed", tuple(breaches))


def _without_judge(run: Run) -> Run:
    """The run by its code criteria alone: a judge whose calibration falls short may be read, and counts for nothing."""
    samples = tuple(_by_code(sample) for sample in run.samples)
    seed = run.provenance.seed
    return run.model_copy(update={"samples": samples, "totals": task_totals(samples, TASK_DEFS, seed)})


def _by_code(sample: Sample) -> Sample:
    if sample.status == "error":
        return sample
    criteria = tuple(c for c in sample.criteria if c.by == "code")
    status = status_of(criteria, sample.passing)
    return sample.model_copy(update={"criteria": criteria, "status": status, "score": round(score_of(criteria), 6)})


def _unsound(run: Run, gates: Gates) -> Iterator[Breach]:
    n = len(run.samples)
    for kind, status, allowed, name in (
        ("errors", "error", gates.errors, "出错"),
        ("unscored", "unscored", gates.unscored, "没能评分"),
    ):
        some = [s.case for s in run.samples if s.status == status]
        if n and len(some) / n > allowed + _SLACK:
            what = f"{name}的有 {len(some)}/{n}（{len(some) / n:.1%}），最多允许 {allowed:.1%}"
            yield Breach("errors" if kind == "errors" else "unscored", "", what, tuple(some))


def _fatal(samples: tuple[Sample, ...]) -> Iterator[Breach]:
    for sample in samples:
        if sample.status != "failed" or not sample.fatal:
            continue
        why = [c.text for c in sample.criteria if c.state == "unmet" and c.fatal]
        told = f"碰了红线：{'、'.join(why)}" if why else "不许失败的案例没有通过"
        yield Breach("fatal", sample.task, f"{sample.case} {told}", (sample.case,))


def _value(totals: TaskTotals, metric: str) -> float | None:
    return totals.score.mean if metric == "score" else totals.metrics.get(metric)


def _thresholds(totals: TaskTotals, gates: Gates, *, whole: bool) -> Iterator[Breach]:
    for metric, gate in gates.tasks.get(totals.task, {}).items():  # type: ignore[call-overload]
        if gate.min is None or not whole:
            continue
        value = _value(totals, metric)
        if value is None:
            yield Breach("missing", totals.task, f"{metric} 没有算出来")
        elif value < gate.min - _SLACK:
            yield Breach("threshold", totals.task, f"{metric} {value:.3f}，低于 {gate.min:.3f}")


def _drops(run: Run, gates: Gates, baseline: Baseline) -> Iterator[Breach]:
    """Compared over the cases both have, so that new cases neither hide nor feign a drop."""
    now = case_scores(run.samples)
    then = {(task, case): score for task, cases in baseline.cases.items() for case, score in cases.items()}
    for task in dict.fromkeys(s.task for s in run.samples):
        both = [key for key in now if key in then and key[0] == task]
        if not both:
            continue
        noise = _noise(gates, task)
        before, after = (sum(scores[key] for key in both) / len(both) for scores in (then, now))
        if after < before - noise - _SLACK:
            worse = sorted((key for key in both if now[key] < then[key] - _SLACK), key=lambda k: now[k] - then[k])
            what = f"{len(both)} 个案例的平均分从 {before:.3f} 降到 {after:.3f}（允许的波动 {noise:.3f}）"
            yield Breach("drop", task, what, tuple(case for _, case in worse))
    yield from _metric_drops(run, gates, baseline)


def _noise(gates: Gates, task: str) -> float:
    of_task: Mapping[str, GateData] = gates.tasks.get(task, {})  # type: ignore[call-overload]
    return of_task["score"].noise if "score" in of_task else 0.0


def _metric_drops(run: Run, gates: Gates, baseline: Baseline) -> Iterator[Breach]:
    """The task's other gated metrics, where the run has the very cases of the baseline."""
    for totals in run.totals:
        if {s.case for s in run.samples if s.task == totals.task} != set(baseline.cases.get(totals.task, {})):
            continue
        for metric, gate in gates.tasks.get(totals.task, {}).items():  # type: ignore[call-overload]
            before, after = baseline.metrics.get(totals.task, {}).get(metric), _value(totals, metric)
            if metric != "score" and before is not None and after is not None and after < before - gate.noise - _SLACK:
                what = f"{metric} 从 {before:.3f} 降到 {after:.3f}（允许的波动 {gate.noise:.3f}）"
                yield Breach("drop", totals.task, what)
