"""What to practise next: the weightiest failed checks, each with advice, clauses and a scenario not played already."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from coach.assistant import Coach
from coach.scoring import Drill, Item, Played, Scorecard, drills, next_practice, score
from coach.transcripts import parse_text

BAD = "坐席：喂，说单号。\n客户：我寄的包裹丢了，五天了，急死我了！\n坐席：没保价你还想赔多少？\n客户：什么态度！\n坐席：爱找谁找谁。\n"


@pytest.fixture(scope="module")
def card(coach: Coach) -> Scorecard:
    return score(coach.critique(parse_text(BAD)), coach.rubric, Played("hung_up"))


def test_fatal_items_come_first_then_by_weight(card: Scorecard) -> None:
    chosen = next_practice(card)
    assert len(chosen) == 3
    assert chosen[0].checked.item.id == "respect"
    weights = [one.checked.item.weight for one in chosen[1:]]
    assert weights == sorted(weights, reverse=True)
    assert all(one.advice and one.citations and one.drill for one in chosen)
    assert "resolved" not in {one.checked.item.id for one in chosen}


def test_no_scenario_is_given_twice_nor_the_one_just_played(card: Scorecard) -> None:
    chosen = next_practice(card, drills("parcel-lost"))
    scenarios = [one.drill.scenario for one in chosen if one.drill]
    assert "parcel-lost" not in scenarios
    assert len(set(scenarios)) == len(scenarios)


def test_the_chooser_decides(card: Scorecard) -> None:
    def choose(item: Item, chosen: Sequence[Drill]) -> Drill | None:
        return None if chosen else Drill(scenario=f"for-{item.id}", persona="普通咨询")

    first, second, _ = next_practice(card, choose)
    assert first.drill == Drill(scenario="for-respect", persona="普通咨询")
    assert second.drill is None


def test_a_card_without_faults_leaves_nothing_to_practise(coach: Coach) -> None:
    clean = score(coach.critique(parse_text("坐席：您好，先生。")), coach.rubric)
    assert len(next_practice(clean, count=0)) == 0
    fewer = next_practice(clean, count=99)
    assert {one.checked.item.id for one in fewer} == {c.item.id for c in clean.failed}
