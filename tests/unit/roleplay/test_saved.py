"""A mock call that was kept is the same call when it is read again, and goes on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from coach.critique import Dismissal, critique_line, load_rules
from coach.errors import InputError
from coach.knowledge import Knowledge, load_knowledge, load_standard
from coach.roleplay import MockCall, Player, Setup, find_persona, load_scenarios, open_player
from coach.roleplay.saved import begun, restored, saved_turns
from coach.settings import knowledge_dir
from coach.storage import Store

FOLDER = knowledge_dir()
RUDE = ("喂，谁啊？", "你自己看错了吧，这个不归我管。", "那你想怎么样？")


@lru_cache(maxsize=1)
def player() -> Player:
    rules, standard = load_rules(FOLDER, None), load_standard("default", FOLDER)
    return open_player(FOLDER, lambda call, line: critique_line(call, line, rules, standard))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(FOLDER)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(None, tmp_path) as opened:
        yield opened


def setup(persona: str = "抱怨成癖", seed: int = 7) -> Setup:
    scenario = sorted(load_scenarios(FOLDER).values(), key=lambda one: one.id)[0]
    return Setup(find_persona(persona, FOLDER), scenario, "hard", seed, rings=4)


def kept(store: Store, call: MockCall) -> str:
    call_id = store.new_call(begun(call, " 小李 ", exam=True, show_findings="at_end"))
    store.append(call_id, saved_turns(call.turns), outcome=call.outcome, hung_up_by=call.hung_up_by)
    return call_id


def said(call: MockCall, *lines: str) -> MockCall:
    for line in lines:
        if call.outcome is None:
            call = player().say(call, line)
    return call


def test_a_call_comes_back_whole(store: Store, knowledge: Knowledge) -> None:
    call = said(player().begin(setup()), *RUDE)
    assert any(turn.findings for turn in call.turns)
    assert any(turn.transitions for turn in call.turns)
    loaded = store.load(kept(store, call))
    assert restored(loaded, knowledge, FOLDER).call == call
    assert restored(loaded, knowledge, FOLDER).warnings == ()
    assert (loaded.setup.trainee, loaded.setup.exam, loaded.setup.show_findings) == ("小李", True, "at_end")
    assert loaded.setup.title == call.setup.scenario.title


@pytest.mark.parametrize("persona", ["抱怨成癖", "不肯留资料", "沉默无声", "辱骂"])
def test_a_call_read_again_after_every_turn_goes_as_it_would_have_gone(
    persona: str, store: Store, knowledge: Knowledge
) -> None:
    call = player().begin(setup(persona))
    lines = (*call.setup.scenario.example_good[:3], *RUDE, *call.setup.scenario.example_good[3:])
    whole = said(call, *lines)
    call_id = kept(store, call)
    for line in lines:
        call = restored(store.load(call_id), knowledge, FOLDER).call
        if call.outcome is not None:
            break
        after = said(call, line)
        store.append(
            call_id,
            saved_turns(after.turns[len(call.turns) :]),
            after=len(call.turns),
            outcome=after.outcome,
            hung_up_by=after.hung_up_by,
        )
    assert restored(store.load(call_id), knowledge, FOLDER).call == whole


def test_a_rewind_is_the_call_as_it_was_before_the_turn(store: Store, knowledge: Knowledge) -> None:
    call = said(player().begin(setup()), *RUDE)
    call_id = kept(store, call)
    first = store.load(call_id).played.id
    store.rewind(call_id, 2)
    assert restored(store.load(call_id), knowledge, FOLDER).call == call.back_to(2)
    assert restored(store.load(call_id, first), knowledge, FOLDER).call == call


def test_a_dismissed_finding_stays_dismissed(store: Store, knowledge: Knowledge) -> None:
    call = said(player().begin(setup()), *RUDE)
    line = next(i for i, turn in enumerate(call.turns) if turn.findings)
    turn = call.turns[line]
    dismissed = replace(turn.findings[0], dismissed=Dismissal("客户先这么说的"))
    turn = replace(turn, findings=(dismissed, *turn.findings[1:]))
    call = replace(call, turns=(*call.turns[:line], turn, *call.turns[line + 1 :]))
    assert restored(store.load(kept(store, call)), knowledge, FOLDER).call == call


def test_the_scenario_is_the_one_the_call_was_begun_with(store: Store, knowledge: Knowledge) -> None:
    call = player().begin(setup())
    own = call.setup.scenario.model_copy(update={"id": "no-longer-shipped", "title": "自己写的场景😀"})
    call = replace(call, setup=replace(call.setup, scenario=own))
    assert restored(store.load(kept(store, call)), knowledge, FOLDER).call.setup.scenario == own


def test_a_finding_whose_clauses_are_gone_is_left_out_with_a_warning(store: Store, knowledge: Knowledge) -> None:
    call = said(player().begin(setup()), RUDE[0])
    saved = store.load(kept(store, call))
    nothing = replace(knowledge, clauses={})
    read = restored(saved, nothing, FOLDER)
    assert [turn.text for turn in read.call.turns] == [turn.text for turn in call.turns]
    assert all(not turn.findings for turn in read.call.turns)
    assert all("已经没有了" in warning for warning in read.warnings)
    assert read.warnings


def test_what_cannot_be_read_is_told(store: Store, knowledge: Knowledge) -> None:
    saved = store.load(kept(store, player().begin(setup())))
    with pytest.raises(InputError, match="没有“走了的人”这个人设"):
        restored(replace(saved, setup=replace(saved.setup, persona="走了的人")), knowledge, FOLDER)
    with pytest.raises(InputError, match=r"存下的内容读不出来（title）"):
        restored(replace(saved, setup=replace(saved.setup, scenario={"id": "x1"})), knowledge, FOLDER)
