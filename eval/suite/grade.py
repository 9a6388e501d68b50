"""Grades an answer by a rubric: each criterion by the code or the judge it names, then the sample's status and score. Pure but for the judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from coach.errors import KnowledgeError
from eval.suite.load import LoadedCase
from eval.suite.result import Graded, Status
from eval.suite.rubric import Criterion, JudgeData, Rubric
from eval.suite.tasks.base import Answer, TaskDef

__all__ = ["Judging", "grade", "refuse_unknown_checks", "score_of", "status_of"]


class Judging(Protocol):
    """Asks a model judge."""

    def __call__(self, question: JudgeData, asked: str, said: str, wanted: str) -> tuple[str | None, str]:
        """Its verdict (None: unreadable), and what it said."""


def grade(loaded: LoadedCase, task: TaskDef, answer: Answer, judge: Judging | None) -> tuple[Graded, ...]:
    """Each criterion of the case's rubric, in order."""
    return tuple(_graded(criterion, loaded, task, answer, judge) for criterion in loaded.rubric.criteria)


def _graded(criterion: Criterion, loaded: LoadedCase, task: TaskDef, answer: Answer, judge: Judging | None) -> Graded:
    base = {"id": criterion.id, "text": criterion.text, "weight": criterion.weight, "fatal": criterion.fatal}
    if criterion.check is not None:
        check = task.checks[criterion.check](loaded.case, answer)
        state = "na" if check.met is None else ("met" if check.met else "unmet")
        return Graded.model_validate({**base, "state": state, "evidence": check.evidence})
    if judge is None:
        return Graded.model_validate({**base, "state": "skipped", "by": "judge", "evidence": "没有评判模型"})
    assert criterion.judge is not None
    wanted = "\n".join(getattr(loaded.case, "claims", ()))
    verdict, said = judge(criterion.judge, task.asked(loaded.case), task.said(answer), wanted)
    state = "unscored" if verdict is None else ("met" if verdict in criterion.judge.passing else "unmet")
    return Graded.model_validate(
        {**base, "state": state, "by": "judge", "evidence": said[-400:], "verdict": verdict or ""}
    )


def score_of(criteria: Iterable[Graded]) -> float:
    """Weighted share met of those decided; 1 where none applied."""
    decided = [c for c in criteria if c.state in {"met", "unmet"}]
    total = sum(c.weight for c in decided)
    return sum(c.weight for c in decided if c.state == "met") / total if total else 1.0


def status_of(criteria: Sequence[Graded], passing: float) -> Status:
    """Failed where a fatal criterion is unmet; else unscored where a verdict couldn't be read; else by the score."""
    if any(c.fatal and c.state == "unmet" for c in criteria):
        return "failed"
    if any(c.state == "unscored" for c in criteria):
        return "unscored"
    return "passed" if score_of(criteria) >= passing - 1e-9 else "failed"


def refuse_unknown_checks(rubrics: Mapping[str, Rubric], tasks: Mapping[str, TaskDef]) -> None:
    """Raises KnowledgeError where a rubric names a check its task doesn't have."""
    for rubric in rubrics.values():
        for criterion in rubric.criteria:
            if criterion.check is not None and criterion.check not in tasks[rubric.task].checks:
                raise KnowledgeError(
                    f"标准 {criterion.id} 用的检查 {criterion.check} 不存在",
                    where=f"评分标准 {rubric.id}",
                    hint=f"可用：{'、'.join(sorted(tasks[rubric.task].checks))}",
                )
