"""Calibrates a judge: its verdicts against answers that people graded. Under the least kappa it may not gate.

Graded answers: eval/calibration/*.yaml, several criteria, all verdicts, real and flawed answers, every text our own.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from coach.errors import KnowledgeError
from coach.knowledge.yaml_file import Strict, read_yaml
from eval.suite.grade import Judging
from eval.suite.rubric import Criterion, Rubric

__all__ = [
    "Agreement",
    "GradedAnswer",
    "agreement",
    "calibration_mark",
    "judge_answers",
    "load_graded",
    "may_gate",
    "save_agreement",
]

_MOST_UNREADABLE = 0.1


class GradedAnswer(Strict):
    """One answer as people graded it.

    Attributes:
        id: Unique.
        criterion: rubric.criterion, which must be a judge's.
        asked: What was given.
        said: What was answered.
        wanted: Points that must be said.
        grade: The verdict that two readers gave, apart and alike.
        why: Why.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{2,59}$")
    criterion: str = Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    asked: str = Field(min_length=1)
    said: str = Field(min_length=1)
    wanted: str = ""
    grade: str
    why: str = ""


class _File(Strict):
    version: Literal[1]
    answers: tuple[GradedAnswer, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a judge agrees with people.

    Attributes:
        criterion: Which one; empty for all.
        n: Answers asked about.
        unreadable: Of them without a readable verdict.
        kappa: Cohen's, over met or not; 0 where it isn't defined.
        weighted_kappa: Quadratic weights, over the verdicts from best to worst.
        false_pass: Share passed by the judge of those that people failed.
    """

    criterion: str
    n: int
    unreadable: int
    kappa: float
    weighted_kappa: float
    false_pass: float


def judge_criteria(rubrics: dict[str, Rubric]) -> dict[str, Criterion]:
    """Criteria that a judge decides, by rubric.criterion."""
    return {f"{r.id}.{c.id}": c for r in rubrics.values() for c in r.criteria if c.judge is not None}


def load_graded(folder: Path, rubrics: dict[str, Rubric]) -> tuple[GradedAnswer, ...]:
    """The graded answers; raises KnowledgeError where an id repeats, or a criterion or grade doesn't exist."""
    criteria = judge_criteria(rubrics)
    found: dict[str, GradedAnswer] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml(path)
        for i, answer in enumerate(file.validate(_File, file.data).answers):
            criterion = criteria.get(answer.criterion)
            if answer.id in found:
                raise file.error(f"评分样本 {answer.id} 重复", "answers", i, "id")
            if criterion is None or criterion.judge is None:
                raise file.error(f"{answer.criterion} 不是由模型评判的标准", "answers", i, "criterion")
            if answer.grade not in criterion.judge.verdicts:
                raise file.error(f"{answer.grade} 不是可选的结论", "answers", i, "grade")
            found[answer.id] = answer
    if not found:
        raise KnowledgeError("没有评分样本", where=str(folder), hint="请放入至少一个 YAML 文件")
    return tuple(found.values())


def judge_answers(
    answers: Sequence[GradedAnswer], rubrics: dict[str, Rubric], judge: Judging, told: Callable[[str | None], None]
) -> list[str | None]:
    """The judge's verdict of each answer; `told` hears of each."""
    criteria = judge_criteria(rubrics)
    verdicts = []
    for answer in answers:
        question = criteria[answer.criterion].judge
        assert question is not None
        verdict, _ = judge(question, answer.asked, answer.said, answer.wanted)
        told(verdict)
        verdicts.append(verdict)
    return verdicts


def agreement(
    answers: Sequence[GradedAnswer], verdicts: Sequence[str | None], rubrics: dict[str, Rubric]
) -> tuple[Agreement, ...]:
    """A row for all, then one a criterion."""
    criteria = judge_criteria(rubrics)
    pairs = list(zip(answers, verdicts, strict=True))
    names = ["", *dict.fromkeys(answer.criterion for answer in answers)]
    return tuple(_row(name, [p for p in pairs if name in {"", p[0].criterion}], criteria) for name in names)


def _row(name: str, pairs: list[tuple[GradedAnswer, str | None]], criteria: dict[str, Criterion]) -> Agreement:
    from sklearn.metrics import cohen_kappa_score

    people_met, judge_met, people_place, judge_place = [], [], [], []
    for answer, verdict in pairs:
        question = criteria[answer.criterion].judge
        if verdict is None or question is None:
            continue
        people_met.append(answer.grade in question.passing)
        judge_met.append(verdict in question.passing)
        people_place.append(question.verdicts.index(answer.grade))
        judge_place.append(question.verdicts.index(verdict))
    failed = [judge for people, judge in zip(people_met, judge_met, strict=True) if not people]
    places = list(range(max((len(c.judge.verdicts) for c in criteria.values() if c.judge), default=2)))
    return Agreement(
        criterion=name,
        n=len(pairs),
        unreadable=sum(verdict is None for _, verdict in pairs),
        kappa=_number(cohen_kappa_score(people_met, judge_met, labels=[False, True])) if people_met else 0.0,
        weighted_kappa=(
            _number(cohen_kappa_score(people_place, judge_place, labels=places, weights="quadratic"))
            if people_place
            else 0.0
        ),
        false_pass=sum(failed) / len(failed) if failed else 0.0,
    )


def _number(value: float) -> float:
    """Kappa isn't defined where one side never varies: then nothing was shown, which counts as 0."""
    return 0.0 if math.isnan(value) else round(float(value), 4)


def calibration_mark(folder: Path, rubrics: dict[str, Rubric], prompt_hash: str) -> str:
    """Hash of what a calibration depends on: the graded answers, the judge's criteria and its prompt."""
    total = hashlib.sha256(prompt_hash.encode("utf-8"))
    for path in sorted(folder.glob("*.yaml")):
        total.update(path.read_bytes())
    for name, criterion in sorted(judge_criteria(rubrics).items()):
        total.update(f"{name} {criterion.model_dump_json()}".encode())
    return total.hexdigest()[:16]


def save_agreement(path: Path, judge: str, mark: str, whole: Agreement) -> None:
    """Keeps the judge's row, for the gate to look up."""
    kept = _kept(path)
    kept[judge] = {"mark": mark, **asdict(whole)}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def may_gate(path: Path, judge: str, mark: str, min_kappa: float, least: int = 120) -> bool:
    """Whether the judge was calibrated on what is there now, on enough answers, and agrees with people well enough."""
    row = _kept(path).get(judge)
    if row is None or row["mark"] != mark:
        return False
    readable = row["n"] - row["unreadable"]
    return bool(
        row["n"] >= least
        and row["unreadable"] <= _MOST_UNREADABLE * row["n"]
        and readable
        and row["kappa"] >= min_kappa
    )


def _kept(path: Path) -> dict[str, dict[str, Any]]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}
