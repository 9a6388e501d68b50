"""Further ways people ask for a clause: knowledge/handbook/questions/*.yaml, beside the few each clause carries itself."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from coach.knowledge.load import load_knowledge
from coach.knowledge.yaml_file import Strict, read_yaml

__all__ = ["load_questions"]


class _QuestionFile(Strict):
    version: Literal[1]
    questions: dict[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def load_questions(folder: Path) -> dict[str, tuple[str, ...]]:
    """Clause id → questions, below the knowledge `folder`; raises KnowledgeError for a clause that doesn't exist."""
    clauses = load_knowledge(folder).clauses
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((folder / "handbook" / "questions").glob("*.yaml")):
        file = read_yaml(path)
        for clause, questions in file.validate(_QuestionFile, file.data).questions.items():
            if clause not in clauses:
                raise file.error(f"手册里没有条款 {clause}", "questions", clause)
            found[clause] = (*found.get(clause, ()), *questions)
    return found
