"""A rubric: binary criteria with what counts as evidence, fixed and versioned. Files: eval/rubrics/*.yaml."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from coach.errors import KnowledgeError
from coach.knowledge.yaml_file import Strict, read_yaml
from eval.suite.case import TaskName

__all__ = ["Criterion", "JudgeData", "Rubric", "load_rubrics"]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]


class JudgeData(Strict):
    """What a model judge is asked.

    Attributes:
        question: What to judge, in Chinese.
        verdicts: What it may answer, from best to worst; anything else is unreadable.
        passing: Verdicts that meet the criterion.
    """

    question: str = Field(min_length=5)
    verdicts: tuple[str, ...] = Field(default=("符合", "部分符合", "不符合"), min_length=2)
    passing: tuple[str, ...] = ("符合",)

    @model_validator(mode="after")
    def _passing_are_verdicts(self) -> JudgeData:
        if not set(self.passing) <= set(self.verdicts) or not self.passing:
            raise ValueError("passing 应当是 verdicts 里的")
        return self


class Criterion(Strict):
    """One thing an answer does or doesn't.

    Attributes:
        id: Unique in the rubric.
        text: What is asked for.
        evidence: What counts as evidence.
        weight: Its share in the score.
        fatal: Unmet, the case fails whatever else is met.
        check: Name of the task's check that decides; else `judge` does.
        judge: What a model judge is asked; skipped, and said so, where there is none.
    """

    id: Id
    text: str = Field(min_length=4)
    evidence: str = Field(min_length=4)
    weight: float = Field(default=1.0, gt=0)
    fatal: bool = False
    check: str | None = None
    judge: JudgeData | None = None

    @model_validator(mode="after")
    def _decided_by_one(self) -> Criterion:
        if (self.check is None) == (self.judge is None):
            raise ValueError("check 和 judge 要写一个，且只写一个")
        return self


class _RubricFile(Strict):
    version: int = Field(ge=1)
    id: Id
    title: str
    task: TaskName
    passing: float = Field(default=1.0, gt=0, le=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Rubric:
    """A rubric as read.

    Attributes:
        id: Its name.
        version: Counts up with every change.
        title: As people read it.
        task: What it grades.
        passing: Weighted share of the applicable criteria at which a case passes.
        criteria: In the order shown.
        hash: First 16 hexadecimal digits of the file's SHA-256, in every result.
    """

    id: str
    version: int
    title: str
    task: TaskName
    passing: float
    criteria: tuple[Criterion, ...]
    hash: str


def load_rubrics(folder: Path) -> dict[str, Rubric]:
    """Rubrics of `folder` by id; raises KnowledgeError with file, line and reason for the first fault."""
    rubrics: dict[str, Rubric] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml(path)
        data = file.validate(_RubricFile, file.data)
        if data.id in rubrics:
            raise file.error(f"评分标准 {data.id} 重复", "id", hint="请换一个 id")
        seen: set[str] = set()
        for i, criterion in enumerate(data.criteria):
            if criterion.id in seen:
                raise file.error(f"标准 {criterion.id} 重复", "criteria", i, "id", hint="请换一个 id")
            seen.add(criterion.id)
        mark = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        rubrics[data.id] = Rubric(data.id, data.version, data.title, data.task, data.passing, data.criteria, mark)
    if not rubrics:
        raise KnowledgeError("没有评分标准", where=str(folder), hint="请放入至少一个 YAML 文件")
    return rubrics
