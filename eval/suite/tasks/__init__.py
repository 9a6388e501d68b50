"""The tasks: each asks the coach, and has the checks that rubrics name."""

from __future__ import annotations

from eval.suite.tasks import ask, critique, retrieval, rewrite, roleplay, safety
from eval.suite.tasks.base import TaskDef

__all__ = ["TASK_DEFS", "TaskDef"]

TASK_DEFS: dict[str, TaskDef] = {
    "critique": critique.TASK,
    "rewrite": rewrite.TASK,
    "retrieval": retrieval.TASK,
    "ask": ask.TASK,
    "roleplay": roleplay.TASK,
    "safety": safety.TASK,
}
