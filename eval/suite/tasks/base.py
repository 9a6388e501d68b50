"""What a task is: how a case is put to the coach, how it reads, and the checks that a rubric may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eval.suite.result import Check
from eval.suite.subject import Subject

__all__ = ["Answer", "Checks", "Metrics", "TaskDef", "listed", "model_counts", "model_metrics", "no_metrics"]

Answer = dict[str, Any]
"""What the coach made of a case, JSON-ready: checks see this and the case, and nothing else."""

Checks = Mapping[str, Callable[[Any, Answer], Check]]
Metrics = Callable[[Mapping[str, float]], dict[str, float]]


def model_counts(subject_has_model: bool, source: str) -> dict[str, float]:
    """Whether a model was asked, and whether its words are what was shown: else the built-in coach was measured."""
    return {"model_asked": 1.0, "model_used": float(source == "model")} if subject_has_model else {}


def model_metrics(counts: Mapping[str, float]) -> dict[str, float]:
    """Share of answers in the model's own words; none where no model was asked."""
    asked = counts.get("model_asked", 0)
    return {"by_model": counts["model_used"] / asked} if asked else {}


def no_metrics(_counts: Mapping[str, float]) -> dict[str, float]:
    """For tasks without figures of their own."""
    return {}


@dataclass(frozen=True)
class TaskDef:
    """One task.

    Attributes:
        title: As people read it.
        answer: Puts the case to the coach.
        asked: The case, as people read it.
        said: The answer, as people (and a judge) read it.
        checks: By name.
        counts: Numbers of one sample that metrics are computed from.
        metrics: Figures from the summed counts.
    """

    title: str
    answer: Callable[[Subject, Any], Answer]
    asked: Callable[[Any], str]
    said: Callable[[Answer], str]
    checks: Checks
    counts: Callable[[Any, Answer], dict[str, float]] = field(default=lambda _case, _answer: {})
    metrics: Metrics = no_metrics


def listed(words: list[str] | tuple[str, ...], none: str = "无") -> str:
    """Words as evidence."""
    return "、".join(words) if words else none
