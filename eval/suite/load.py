"""Reads eval/cases/*.yaml: unknown keys, unknown rules, clauses or rubrics, and repeated ids are refused with file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from coach.errors import KnowledgeError
from coach.knowledge.yaml_file import YamlFile, read_yaml
from eval.suite.case import AskCase, CaseBase, CaseFile, CritiqueCase, RetrievalCase, RewriteCase, TaskName
from eval.suite.rubric import Rubric

__all__ = ["LoadedCase", "case_schema", "load_cases", "schema_text"]

_ADAPTER: TypeAdapter[Any] = TypeAdapter(CaseFile)


@dataclass(frozen=True)
class LoadedCase:
    """A case with what it is graded by.

    Attributes:
        task: Its task.
        case: Its data.
        rubric: What grades it.
        hash: Of its content, for the cache.
    """

    task: TaskName
    case: CaseBase
    rubric: Rubric
    hash: str


def load_cases(
    folder: Path, rubrics: Mapping[str, Rubric], *, rules: frozenset[str], clauses: frozenset[str]
) -> tuple[LoadedCase, ...]:
    """Every case below `folder`, in the order of files; raises KnowledgeError for the first fault.

    Args:
        folder: Where the YAML files are.
        rubrics: By id.
        rules: Rule ids that exist.
        clauses: Clause ids that exist.
    """
    found: dict[str, str] = {}
    cases: list[LoadedCase] = []
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml(path)
        data = _validated(file)
        rubric = rubrics.get(data.rubric)
        if rubric is None or rubric.task != data.task:
            raise file.error(
                f"没有给任务 {data.task} 用的评分标准 {data.rubric}",
                "rubric",
                hint=f"现有：{'、'.join(sorted(rubrics))}",
            )
        for i, case in enumerate(data.cases):
            if case.id in found:
                raise file.error(f"案例 {case.id} 在 {found[case.id]} 里已经有了", "cases", i, "id", hint="请换一个 id")
            found[case.id] = path.name
            _refuse_unknown(file, i, case, rules, clauses)
            cases.append(LoadedCase(data.task, case, rubric, _hash(case)))
    if not cases:
        raise KnowledgeError("没有案例", where=str(folder), hint="请放入至少一个 YAML 文件")
    return tuple(cases)


def _validated(file: YamlFile) -> Any:  # noqa: ANN401 - one of six models
    if not isinstance(file.data, dict) or "task" not in file.data:
        raise file.error("缺少 task", hint="写明任务：critique、rewrite、retrieval、ask、roleplay 或 safety")
    models = {model.model_fields["task"].annotation.__args__[0]: model for model in _models()}
    model = models.get(file.data["task"])
    if model is None:
        raise file.error(f"不认识的任务 {file.data['task']}", "task", hint=f"可用：{'、'.join(models)}")
    return file.validate(model, file.data)


def _models() -> Sequence[Any]:
    return CaseFile.__origin__.__args__  # type: ignore[attr-defined,no-any-return]


def _refuse_unknown(file: YamlFile, i: int, case: CaseBase, rules: frozenset[str], clauses: frozenset[str]) -> None:
    named_rules: set[str] = set()
    named_clauses: set[str] = set()
    if isinstance(case, CritiqueCase):
        named_rules = {rule for of_line in case.findings.values() for rule in of_line}
        named_rules |= {*case.call_findings, *case.open}
    elif isinstance(case, RewriteCase):
        named_rules = set(case.faults)
    elif isinstance(case, AskCase | RetrievalCase):
        named_clauses = set(case.clauses)
    for unknown in sorted(named_rules - rules):
        raise file.error(f"案例 {case.id}：没有规则 {unknown}", "cases", i)
    for unknown in sorted(named_clauses - clauses):
        raise file.error(f"案例 {case.id}：手册里没有条款 {unknown}", "cases", i)


def _hash(case: CaseBase) -> str:
    return hashlib.sha256(case.model_dump_json().encode("utf-8")).hexdigest()[:16]


def case_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a file of cases, for editors and checks."""
    schema = _ADAPTER.json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "三声评测案例", **schema}


def schema_text() -> str:
    """`case_schema` as the file eval/cases/schema.json holds it."""
    return json.dumps(case_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
