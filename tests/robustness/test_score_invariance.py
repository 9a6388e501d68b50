"""A mock call's total moves by two points at most with the name, the amounts and the places in it; good agents score high, bad ones low.

Every scenario is played by its own good and bad agent, with the persona that suits it first; then again with another name, amount or
place throughout, in what the customer knows and in what the agent says.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coach.assistant import Coach
from coach.roleplay import Persona, Scenario, Setup, load_personas, load_scenarios
from eval.scorecard_score import Scored, scored, varied

MOST_MOVED = 2
GOOD, BAD = 85, 45
KINDS = ("good", "bad")


def persona_of(coach: Coach, scenario: Scenario) -> Persona:
    by_name = {persona.name: persona for persona in load_personas(coach.folder).values()}
    return next(by_name[name] for name in scenario.personas if by_name[name].procedure is None)


def play(coach: Coach, scenario: Scenario, persona: Persona, kind: str) -> Scored:
    return scored(coach, Setup(persona, scenario, seed=7), getattr(scenario, f"example_{kind}"))


def some(scenario: Scenario, turn: int) -> Iterator[tuple[str, Scenario]]:
    """One variant of each kind, another one for each scenario."""
    kinds: dict[str, list[tuple[str, Scenario]]] = {}
    for what, other in varied(scenario):
        kinds.setdefault(what.partition(" ")[0], []).append((what, other))
    for found in kinds.values():
        yield found[turn % len(found)]


@pytest.fixture(scope="module")
def calls(coach: Coach) -> dict[tuple[str, str], Scored]:
    """Every scenario with its good and its bad agent."""
    return {
        (scenario.id, kind): play(coach, scenario, persona_of(coach, scenario), kind)
        for scenario in load_scenarios(coach.folder).values()
        if scenario.example_good and scenario.example_bad
        for kind in KINDS
    }


def test_good_agents_score_high_and_bad_ones_low(calls: dict[tuple[str, str], Scored]) -> None:
    low = {name: one.real.total for (name, kind), one in calls.items() if kind == "good" and one.real.total < GOOD}
    high = {name: one.mock.total for (name, kind), one in calls.items() if kind == "bad" and one.mock.total > BAD}
    assert low == {}
    assert high == {}


def test_bad_agents_score_low_without_the_cap_of_fatal_faults_as_well(calls: dict[tuple[str, str], Scored]) -> None:
    assert {
        name: one.real.weighed for (name, kind), one in calls.items() if kind == "bad" and one.real.weighed > BAD
    } == {}


def test_totals_do_not_move_with_names_amounts_and_places(coach: Coach, calls: dict[tuple[str, str], Scored]) -> None:
    moved, tried = [], 0
    for turn, scenario in enumerate(load_scenarios(coach.folder).values()):
        for what, other in some(scenario, turn):
            for kind in (kind for kind in KINDS if (scenario.id, kind) in calls):
                before, after = calls[scenario.id, kind], play(coach, other, persona_of(coach, scenario), kind)
                by = max(abs(after.mock.total - before.mock.total), abs(after.real.total - before.real.total))
                tried += 1
                if by > MOST_MOVED:
                    moved.append(f"{scenario.id} {kind} {what}: {before.real.total} -> {after.real.total}")
    assert tried >= 60
    assert moved == []
