"""What checks compare with, read straight from the files of knowledge/, not through the coach under test: a broken coach must not grade itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from coach.settings import knowledge_dir

__all__ = ["clause_texts", "conflict_clauses", "rule_clauses"]


@lru_cache(maxsize=1)
def rule_clauses() -> dict[str, frozenset[str]]:
    """Rule id → clauses its file names."""
    found: dict[str, frozenset[str]] = {}
    for path in sorted((knowledge_dir() / "rules").glob("*.yaml")):
        for rule in _rules(yaml.safe_load(path.read_text(encoding="utf-8"))):
            found[rule["id"]] = frozenset(rule.get("clauses", ()))
    return found


def _rules(data: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - YAML
    return list(data["rules"]) if isinstance(data, dict) and "rules" in data else []


@lru_cache(maxsize=1)
def clause_texts() -> dict[str, str]:
    """Clause id → its title and text, as the handbook's files have them."""
    import regex

    found: dict[str, str] = {}
    for path in sorted((knowledge_dir() / "handbook").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        parts = regex.split(r"(?m)^#+\s*(?=[A-Z]{2,5}-\d{2}\b)", text)
        for part in parts[1:]:
            found[part[: part.index(" ")].strip()] = part
    return found


def conflict_clauses() -> frozenset[str]:
    """Clauses about which the documents disagree."""
    data = yaml.safe_load((knowledge_dir() / "conflicts.yaml").read_text(encoding="utf-8"))
    return frozenset(clause for conflict in data["conflicts"] for clause in conflict.get("clauses", ()))
