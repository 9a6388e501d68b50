"""What checks compare with, read straight from the files of knowledge/, not through the coach under test: a broken coach must not grade itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from coach.settings import knowledge_dir

__all__ = ["call_rules", "clause_texts", "rule_clauses"]


@lru_cache(maxsize=1)
def _rules() -> tuple[dict[str, Any], ...]:
    files = [yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted((knowledge_dir() / "rules").glob("*.yaml"))]
    return tuple(rule for data in files for rule in data.get("rules", ()))


@lru_cache(maxsize=1)
def rule_clauses() -> dict[str, frozenset[str]]:
    """Rule id → clauses its file names, for itself and for single checks of it."""
    return {
        rule["id"]: frozenset([*rule["clauses"], *(c for check in rule["checks"] for c in check.get("clauses", ()))])
        for rule in _rules()
    }


@lru_cache(maxsize=1)
def call_rules() -> frozenset[str]:
    """Rules about the call as a whole; where they name a line, it is only where the call shows it."""
    return frozenset(rule["id"] for rule in _rules() if rule["scope"] == "call")


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
