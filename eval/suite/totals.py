"""Totals, computed here from the samples: Inspect leaves a scorer's error out of its mean and still says success. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from eval.suite.result import Interval, Sample, TaskTotals
from eval.suite.tasks.base import TaskDef

__all__ = ["case_scores", "interval", "tag_totals", "task_totals"]

_DRAWS = 2_000


def task_totals(samples: Sequence[Sample], tasks: Mapping[str, TaskDef], seed: int = 0) -> tuple[TaskTotals, ...]:
    """A row for each task that has samples."""
    names = dict.fromkeys(sample.task for sample in samples)
    return tuple(_row([s for s in samples if s.task == name], name, "", tasks[name], seed) for name in names)


def tag_totals(samples: Sequence[Sample], tasks: Mapping[str, TaskDef], seed: int = 0) -> tuple[TaskTotals, ...]:
    """A row for each tag of each task."""
    by_tag: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        for tag in sample.tags:
            by_tag[sample.task, tag].append(sample)
    return tuple(_row(some, task, tag, tasks[task], seed) for (task, tag), some in sorted(by_tag.items()))


def _row(samples: Sequence[Sample], task: str, tag: str, definition: TaskDef, seed: int) -> TaskTotals:
    count = {status: sum(s.status == status for s in samples) for status in ("passed", "failed", "error", "unscored")}
    return TaskTotals(
        task=task,
        tag=tag,
        n=len(samples),
        passed=count["passed"],
        failed=count["failed"],
        errors=count["error"],
        unscored=count["unscored"],
        score=interval(list(case_scores(samples).values()), seed),
        metrics=_metrics(samples, definition),
    )


def case_scores(samples: Iterable[Sample]) -> dict[tuple[str, str], float]:
    """Task and case → mean score over its repeats, which are not independent; without errors and unscored ones."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for sample in samples:
        if sample.score is not None:
            scores[sample.task, sample.case].append(sample.score)
    return {key: sum(some) / len(some) for key, some in scores.items()}


def interval(scores: Sequence[float], seed: int = 0) -> Interval:
    """Mean and 95 % percentile-bootstrap interval over cases; the same seed gives the same interval."""
    if not scores:
        return Interval(mean=None, low=None, high=None)
    values = np.asarray(scores, dtype=float)
    draws = np.random.default_rng(seed).integers(0, len(values), size=(_DRAWS, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return Interval(mean=round(float(values.mean()), 6), low=round(float(low), 6), high=round(float(high), 6))


def _metrics(samples: Sequence[Sample], definition: TaskDef) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    met: dict[str, list[bool]] = defaultdict(list)
    for sample in samples:
        for name, value in sample.counts.items():
            counts[name] += value
        for criterion in sample.criteria:
            if criterion.state in {"met", "unmet"}:
                met[criterion.id].append(criterion.state == "met")
    scored = [s for s in samples if s.status in {"passed", "failed"}]
    metrics = {"passed": sum(s.status == "passed" for s in scored) / len(scored)} if scored else {}
    metrics |= definition.metrics(counts)
    metrics |= {f"criterion.{name}": sum(some) / len(some) for name, some in met.items()}
    return {name: round(value, 6) for name, value in metrics.items()}
