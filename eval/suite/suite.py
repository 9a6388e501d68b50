"""The suite as committed: cases and rubrics, checked against the coach's rules and clauses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.suite import paths
from eval.suite.grade import refuse_unknown_checks
from eval.suite.load import LoadedCase, load_cases
from eval.suite.rubric import Rubric, load_rubrics
from eval.suite.subject import Subject
from eval.suite.tasks import TASK_DEFS

__all__ = ["Suite", "open_suite"]


@dataclass(frozen=True)
class Suite:
    """Cases and rubrics, checked against the coach's rules and clauses."""

    cases: tuple[LoadedCase, ...]
    rubrics: dict[str, Rubric]


def open_suite(subject: Subject, cases: Path = paths.CASES, rubrics: Path = paths.RUBRICS) -> Suite:
    """The suite in the checkout; raises KnowledgeError for the first fault in it."""
    known = load_rubrics(rubrics)
    refuse_unknown_checks(known, TASK_DEFS)
    coach = subject.coach
    loaded = load_cases(cases, known, rules=frozenset(coach.rules.rules), clauses=frozenset(coach.knowledge.clauses))
    return Suite(loaded, known)
