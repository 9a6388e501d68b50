"""Who plays what is drawn by the seed, and only from what suits."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import InputError
from coach.roleplay import Persona, Scenario, load_personas, load_scenarios
from coach.roleplay.casting import cast, suits
from coach.roleplay.from_text import scenario_from_text

FOLDER = Path(__file__).resolve().parents[3] / "knowledge"
PERSONAS = load_personas(FOLDER)
SCENARIOS = load_scenarios(FOLDER)


def drawn(seed: int, persona: Persona | None = None, scenario: Scenario | None = None) -> tuple[Persona, Scenario]:
    return cast(persona, scenario, seed, PERSONAS.values(), SCENARIOS.values())


def test_what_is_drawn_suits_each_other_and_the_same_seed_draws_the_same() -> None:
    pairs = [drawn(seed) for seed in range(60)]
    assert all(suits(persona, scenario) for persona, scenario in pairs)
    assert pairs == [drawn(seed) for seed in range(60)]
    assert len({(persona.id, scenario.id) for persona, scenario in pairs}) > 30


def test_what_is_given_is_kept() -> None:
    for seed in range(20):
        elder, scenario = drawn(seed, persona=PERSONAS["polite-elder"])
        assert elder.id == "polite-elder"
        assert elder.name in scenario.personas
        persona, refund = drawn(seed, scenario=SCENARIOS["refund-not-arrived"])
        assert refund.id == "refund-not-arrived"
        assert persona.name in refund.personas


@pytest.mark.parametrize("persona", [one for one in PERSONAS.values() if one.procedure], ids=lambda one: one.id)
def test_who_is_handled_by_procedure_gets_a_call_that_comes_in(persona: Persona) -> None:
    assert {drawn(seed, persona=persona)[1].direction for seed in range(20)} == {"inbound"}


def test_a_scenario_that_names_nobody_is_played_by_anybody_but_those_handled_by_procedure() -> None:
    told = scenario_from_text("王女士的快递三天没动，想知道什么时候能到。")
    found = {drawn(seed, scenario=told)[0].id for seed in range(200)}
    assert found == {one.id for one in PERSONAS.values() if one.procedure is None}


def test_a_scenario_for_personas_there_are_not_is_an_error() -> None:
    odd = SCENARIOS["refund-not-arrived"].model_copy(update={"personas": ("没有这个人",)})
    with pytest.raises(InputError, match="人设"):
        drawn(1, scenario=odd)
