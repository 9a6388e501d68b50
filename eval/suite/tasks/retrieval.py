"""Task retrieval: the clauses that answer a question, among the first found; and whether the handbook says anything at all."""

from __future__ import annotations

from collections.abc import Mapping

from eval.suite.case import RetrievalCase
from eval.suite.result import Check
from eval.suite.subject import Subject
from eval.suite.tasks.base import Answer, TaskDef, listed
from eval.suite.tasks.sources import clause_texts

__all__ = ["TASK"]

_K = 5


def _answer(subject: Subject, case: RetrievalCase) -> Answer:
    found = subject.coach.search(case.question, _K)
    return {"clauses": [r.clause.id for r in found.results], "answered": found.answered}


def _rank(case: RetrievalCase, answer: Answer) -> int:
    """1-based place of the first right clause; 0 where none is there."""
    return next((i for i, clause in enumerate(answer["clauses"], start=1) if clause in case.clauses), 0)


def _within(k: int, case: RetrievalCase, answer: Answer) -> Check:
    if not case.clauses:
        return Check(met=None)
    rank = _rank(case, answer)
    return Check(met=0 < rank <= k, evidence=f"该找到 {listed(case.clauses)}；找到 {listed(answer['clauses'])}")


def _says_unknown(case: RetrievalCase, answer: Answer) -> Check:
    if case.clauses:
        return Check(met=None)
    return Check(met=not answer["answered"], evidence="当作手册里有" if answer["answered"] else "说了手册里没有")


def _says_known(case: RetrievalCase, answer: Answer) -> Check:
    if not case.clauses:
        return Check(met=None)
    return Check(met=answer["answered"], evidence="" if answer["answered"] else "当作手册里没有")


def _exist(_case: RetrievalCase, answer: Answer) -> Check:
    unknown = [clause for clause in answer["clauses"] if clause not in clause_texts()]
    return Check(met=not unknown, evidence=f"查不到的条款：{listed(unknown)}")


def _counts(case: RetrievalCase, answer: Answer) -> dict[str, float]:
    if not case.clauses:
        return {}
    rank = _rank(case, answer)
    return {"n": 1.0, "reciprocal": 1 / rank if rank else 0.0, "first": float(rank == 1)}


def _metrics(counts: Mapping[str, float]) -> dict[str, float]:
    n = counts.get("n", 0)
    return {"mrr": counts["reciprocal"] / n, "first": counts["first"] / n} if n else {}


TASK = TaskDef(
    title="检索",
    answer=_answer,
    asked=lambda case: case.question,
    said=lambda answer: f"{listed(answer['clauses'])}{'' if answer['answered'] else '（手册里没有直接说到）'}",
    checks={
        "within-3": lambda case, answer: _within(3, case, answer),
        "within-5": lambda case, answer: _within(5, case, answer),
        "says-unknown": _says_unknown,
        "says-known": _says_known,
        "exist": _exist,
    },
    counts=_counts,
    metrics=_metrics,
)
