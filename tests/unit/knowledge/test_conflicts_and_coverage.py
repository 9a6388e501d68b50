"""Conflicts and coverage: every side cites clauses, every standard chooses, every section of every document is accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.assistant import Coach
from coach.knowledge import load_standard, standard_names
from coach.knowledge.conflicts import load_conflicts
from coach.settings import knowledge_dir

FOLDER = knowledge_dir()
SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"
COVERAGE: dict[str, Any] = yaml.safe_load((FOLDER / "handbook" / "coverage.yaml").read_text(encoding="utf-8"))
FARTHEST_APART = 2600


def test_there_are_at_least_twenty_conflicts_and_every_standard_chooses_in_each() -> None:
    conflicts = load_conflicts(FOLDER)
    assert len(conflicts) >= 20
    for conflict in conflicts:
        for name in standard_names(FOLDER):
            side, why = conflict.chosen(name)
            assert side in conflict.sides
            assert why


def test_the_five_standards_load_and_their_limits_follow_their_choices() -> None:
    names = standard_names(FOLDER)
    assert set(names) == {"default", "telecom", "office", "outbound-sales", "property-repair"}
    for name in names:
        standard = load_standard(name, FOLDER)
        side, _ = next(c for c in load_conflicts(FOLDER) if c.id == "hold-limit").chosen(name)
        assert f"{standard.parameters['hold_seconds']:g}" in side.title


def test_every_clause_stands_in_a_section_of_each_document_it_names(coach: Coach) -> None:
    sections = {d["document"]: list(d["sections"]) for d in COVERAGE["documents"]}
    for clause in coach.knowledge.clauses.values():
        for document in {source.document for source in clause.sources}:
            assert any(clause.id in s.get("clauses", ()) for s in sections[document]), (clause.id, document)


def test_every_section_has_clauses_that_exist_or_says_why_not(coach: Coach) -> None:
    for document in COVERAGE["documents"]:
        for section in document["sections"]:
            clauses = section.get("clauses") or []
            assert all(clause in coach.knowledge.clauses for clause in clauses)
            assert bool(clauses) != bool(section.get("none")), (document["document"], section["section"])


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared/seeds, which users don't have")
def test_the_sections_walk_each_document_from_end_to_end() -> None:
    for document in COVERAGE["documents"]:
        text = (SEEDS / document["document"]).read_text(encoding="utf-8")
        at = 0
        for section in document["sections"]:
            found = text.find(section["starts_with"], at)
            assert found >= 0, (document["document"], section["section"])
            assert found - at <= FARTHEST_APART, (document["document"], section["section"])
            at = found
        assert len(text) - at <= FARTHEST_APART
