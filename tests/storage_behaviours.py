"""What a store does, whatever database is below it: run against SQLite and against a PostgreSQL server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coach.errors import CoachError, InputError
from coach.storage import (
    NewCall,
    SavedFinding,
    SavedScorecard,
    SavedTransition,
    SavedTurn,
    Speaker,
    Store,
)

__all__ = ["BEHAVIOURS", "NEW", "Clock", "agent", "customer", "said"]

START = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
NEW = NewCall(
    trainee="小李",
    persona="complaining",
    scenario_id="ec-late-parcel",
    title="快递迟迟不到",
    scenario={"id": "ec-late-parcel", "story": ["等了五天", "还没到"], "caller": {"name": "𠮷田😀"}, "off": []},
    level="hard",
    seed=-(2**63),
    standard="default",
    direction="inbound",
    start={"emotion": 6.35, "told": [], "counts": {"touched": 1}},
    rings=4,
    exam=True,
    show_findings="at_end",
)
FINDING = SavedFinding(
    rule="tone.blame",
    severity="error",
    line=2,
    span=(0, 3),
    message="“你自己”是在怪客户",
    advice="换成“我们一起看看”",
    detector="semantic",
    confidence=0.1 + 0.2,
    clauses=("ATT-02", "CMP-07"),
    others=((5, 7), (9, 11)),
    dismissed_reason="客户先这么说的",
)
WHOLE_LINE = replace(FINDING, rule="hold.missing", line=None, span=None, others=(), dismissed_reason=None)
MOVES = (
    SavedTransition("touched", -0.7, 0.3, 0.1, "谈到了他的事"),
    SavedTransition("tone.blame", 1.5, -1, 0, "怪客户"),
)


class Clock:
    """Tells the time it is set to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def agent(text: str) -> SavedTurn:
    return SavedTurn(
        "agent", text, "", "builtin", {"emotion": 5.5, "told": ["phone"]}, (), MOVES, (FINDING, WHOLE_LINE)
    )


def customer(text: str) -> SavedTurn:
    return SavedTurn("customer", text, "vent", "model", {"emotion": 7.25, "told": []}, ("我等了{time}",))


def said(store: Store, call_id: str, try_id: str | None = None) -> list[str]:
    return [turn.text for turn in store.load(call_id, try_id).turns]


def _card(total: float, rubric: str = "mock", version: str = "1") -> SavedScorecard:
    return SavedScorecard(
        rubric, version, "ab12", total, {"礼貌": total, "投诉 7A": 50.0}, ({"id": "greet", "lines": [1, None]},)
    )


def _what_is_kept_comes_back_as_it_was(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    turns = (customer("我等了五天！"), agent("你自己看错了吧"))
    assert store.append(call_id, turns) == 2
    loaded = store.load(call_id)
    assert loaded.setup == NEW
    assert [replace(turn, created_at=None) for turn in loaded.turns] == list(turns)
    assert loaded.turns[0].created_at == loaded.created_at == loaded.played.created_at == clock.now
    assert (loaded.played.no, loaded.played.from_turn, loaded.played.outcome, loaded.scorecard) == (1, 1, None, None)


def _text_that_no_database_takes_is_replaced_one_for_one(store: Store, clock: Clock) -> None:
    call_id = store.new_call(replace(NEW, scenario={"summary": "半个\ud83d字"}))
    store.append(call_id, [agent("空\x00字符，半个\ud83d，整个😀，𠮷")])
    loaded = store.load(call_id)
    assert loaded.turns[0].text == "空\ufffd字符，半个\ufffd，整个😀，𠮷"
    assert loaded.setup.scenario == {"summary": "半个\ufffd字"}


def _a_rewind_shares_what_was_said_before_it_and_both_tries_stay(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    store.append(call_id, [agent("一"), customer("二"), agent("三"), customer("四")])
    store.finish(call_id, "hung_up", hung_up_by="customer")
    second = store.rewind(call_id, 2)
    assert said(store, call_id) == ["一", "二"]
    store.append(call_id, [agent("叁"), customer("肆"), agent("伍")])
    third = store.rewind(call_id, 4)
    store.append(call_id, [agent("五")])
    back_to_the_start = store.rewind(call_id, 1, try_id=third)
    first, *_ = store.load(call_id).tries
    assert said(store, call_id, first.id) == ["一", "二", "三", "四"]
    assert said(store, call_id, second) == ["一", "二", "叁", "肆", "伍"]
    assert said(store, call_id, third) == ["一", "二", "叁", "肆", "五"]
    assert said(store, call_id, back_to_the_start) == said(store, call_id) == ["一"]
    assert [one.parent for one in store.load(call_id).tries] == [None, first.id, second, third]
    assert [one.outcome for one in store.load(call_id).tries] == ["hung_up", None, None, None]


def _a_try_may_be_gone_back_in_to_where_it_has_nothing_of_its_own(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    store.append(call_id, [agent("一"), customer("二"), agent("三")])
    store.rewind(call_id, 2)
    store.rewind(call_id, 2)
    store.rewind(call_id, 0)
    assert said(store, call_id) == []
    assert store.append(call_id, [agent("另起")]) == 1
    for beyond in (2, -1):
        with pytest.raises(InputError, match="没有第"):
            store.rewind(call_id, beyond)


def _turns_and_the_end_they_bring_are_kept_together(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    store.append(call_id, [agent("一"), customer("挂了！")], outcome="hung_up", hung_up_by="customer")
    assert (store.load(call_id).played.outcome, store.load(call_id).played.hung_up_by) == ("hung_up", "customer")
    with pytest.raises(InputError, match="已经结束"):
        store.append(call_id, [agent("喂？")])
    store.finish(call_id, "hung_up", hung_up_by="customer")
    with pytest.raises(InputError, match="别处"):
        store.finish(call_id, "resolved", hung_up_by="agent")


def _who_goes_on_from_an_old_state_is_told_and_nothing_is_kept(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    first = store.load(call_id).played.id
    store.append(call_id, [agent("一")], try_id=first, after=0)
    with pytest.raises(InputError, match="别处"):
        store.append(call_id, [agent("也是一")], try_id=first, after=0)
    store.rewind(call_id, 1)
    with pytest.raises(InputError, match="别处"):
        store.append(call_id, [agent("二")], try_id=first)
    with pytest.raises(InputError, match="别处"):
        store.finish(call_id, "resolved", try_id=first)
    assert said(store, call_id) == ["一"]


def _of_many_who_go_on_at_once_one_wins(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    won: list[int] = []
    lost: list[CoachError] = []
    start = threading.Barrier(8)

    def go_on(number: int) -> None:
        start.wait()
        try:
            won.append(store.append(call_id, [agent(f"{number}"), customer("嗯")], after=0))
        except CoachError as error:
            lost.append(error)

    threads = [threading.Thread(target=go_on, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [2]
    assert {type(error) for error in lost} == {InputError}
    assert len(lost) == 7
    assert len(said(store, call_id)) == 2


def _many_calls_at_once_lose_nothing(store: Store, clock: Clock) -> None:
    ids = [store.new_call(replace(NEW, seed=seed)) for seed in range(12)]
    failed: list[CoachError] = []

    def play(call_id: str) -> None:
        try:
            for turn in range(10):
                store.append(call_id, [agent(f"{turn}"), customer("嗯")], after=2 * turn)
        except CoachError as error:
            failed.append(error)

    threads = [threading.Thread(target=play, args=(call_id,)) for call_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {len(said(store, call_id)) for call_id in ids} == {20}


def _lists_are_newest_first_with_what_the_newest_try_came_to(store: Store, clock: Clock) -> None:
    old = store.new_call(NEW)
    store.append(old, [agent("一"), customer("二")], outcome="resolved", hung_up_by="agent")
    store.save_scorecard(old, _card(81))
    clock.now += timedelta(hours=1)
    new = store.new_call(replace(NEW, trainee="小王", exam=False))
    clock.now += timedelta(hours=1)
    newest = store.new_call(NEW)
    listed = store.calls("小李")
    assert [one.id for one in listed] == [newest, old]
    assert [(one.tries, one.turns, one.outcome, one.total) for one in listed] == [
        (1, 0, None, None),
        (1, 2, "resolved", 81),
    ]
    assert (listed[1].title, listed[1].level, listed[1].exam) == ("快递迟迟不到", "hard", True)
    assert [one.id for one in store.calls(limit=2)] == [newest, new]
    assert [one.id for one in store.unfinished("小李")] == [newest]
    assert [one.id for one in store.unfinished()] == [newest, new]
    store.rewind(old, 1)
    again = next(one for one in store.calls("小李") if one.id == old)
    assert (again.tries, again.turns, again.outcome, again.total) == (2, 1, None, None)
    assert [one.id for one in store.unfinished("小李")] == [newest, old]


def _scorecards_belong_to_a_try_and_a_trend_takes_the_newest_of_each_call(store: Store, clock: Clock) -> None:
    first = store.new_call(NEW)
    store.append(first, [agent("一")])
    played = store.load(first).played.id
    store.save_scorecard(first, _card(40))
    store.save_scorecard(first, _card(45))  # judged again by the same rubric, after a dismissal
    store.rewind(first, 0)
    store.save_scorecard(first, _card(70, version="2"))
    clock.now += timedelta(days=1)
    second = store.new_call(NEW)
    store.save_scorecard(second, _card(90))
    store.new_call(NEW)
    store.save_scorecard(store.new_call(replace(NEW, trainee="小王")), _card(10))
    assert replace(store.load(first, played).scorecard or _card(0), created_at=None) == _card(45)
    points = store.trend("小李")
    assert [(one.call_id, one.total, one.rubric_version) for one in points] == [(first, 70, "2"), (second, 90, "1")]
    assert points[1].groups == {"礼貌": 90, "投诉 7A": 50}
    assert points[1].at == clock.now
    assert [one.total for one in store.trend("小李", limit=1)] == [90]
    assert len(store.trend()) == 3


def _notes_are_kept_beside_the_call_and_with_its_turns(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    assert store.load(call_id).notes == {}
    store.save_notes(call_id, {"留言单": {"来电人": "李女士"}})
    store.append(call_id, [agent("一")], notes={"held": {"1": 32.5}})
    store.append(call_id, [agent("二")])
    assert store.load(call_id).notes == {"held": {"1": 32.5}}
    with pytest.raises(InputError, match="别处"):
        store.append(call_id, [agent("三")], after=0, notes={})
    assert store.load(call_id).notes == {"held": {"1": 32.5}}


def _a_dismissal_is_kept_with_the_line_and_can_be_taken_back(store: Store, clock: Clock) -> None:
    call_id = store.new_call(NEW)
    store.append(call_id, [customer("喂"), agent("你自己看")])
    store.rewind(call_id, 2)
    store.dismiss(call_id, 2, "tone.blame", None)
    store.dismiss(call_id, 2, "hold.missing", "没有让客户等")
    reasons = [one.dismissed_reason for one in store.load(call_id).turns[1].findings]
    assert reasons == [None, "没有让客户等"]
    for line, rule in ((1, "tone.blame"), (2, "tone.other"), (3, "tone.blame"), (0, "tone.blame")):
        with pytest.raises(InputError, match="没有这个问题"):
            store.dismiss(call_id, line, rule, "不对")


def _a_deleted_call_is_gone_with_all_its_tries(store: Store, clock: Clock) -> None:
    gone, kept = store.new_call(NEW), store.new_call(NEW)
    for call_id in (gone, kept):
        store.append(call_id, [agent("一"), customer("二")])
        store.rewind(call_id, 1)
        store.save_scorecard(call_id, _card(50))
    store.delete(gone)
    assert [one.id for one in store.calls()] == [kept]
    assert len(store.trend()) == 1
    for step in (
        lambda: store.load(gone),
        lambda: store.delete(gone),
        lambda: store.append(gone, [agent("喂")]),
        lambda: store.rewind(gone, 0),
        lambda: store.finish(gone, "resolved"),
        lambda: store.load(kept, "no-such-try"),
    ):
        with pytest.raises(InputError, match="没有这"):
            step()


def _calls_older_than_some_days_are_deleted_by_when_they_last_changed(store: Store, clock: Clock) -> None:
    old, played_on = store.new_call(NEW), store.new_call(NEW)
    clock.now += timedelta(days=20)
    store.append(played_on, [agent("接着来")])
    new = store.new_call(NEW)
    clock.now += timedelta(days=15)
    assert store.delete_older_than(30) == 1
    assert {one.id for one in store.calls()} == {played_on, new}
    assert store.delete_older_than(30) == 0
    assert old not in {one.id for one in store.calls()}
    with pytest.raises(InputError, match="天数"):
        store.delete_older_than(-1)


def _a_name_or_a_seed_beyond_bounds_is_refused(store: Store, clock: Clock) -> None:
    with pytest.raises(InputError, match="名字有 101 个字"):
        store.new_call(replace(NEW, trainee="李" * 101))
    with pytest.raises(InputError, match="种子太大"):
        store.new_call(replace(NEW, seed=2**63))
    assert store.calls() == ()


def _who_hung_up(store: Store, clock: Clock) -> None:
    by: Speaker | None
    for by in ("agent", "customer", None):
        call_id = store.new_call(NEW)
        store.finish(call_id, "unresolved", hung_up_by=by)
        assert store.load(call_id).played.hung_up_by == by


Behaviour = Callable[[Store, Clock], None]
BEHAVIOURS: tuple[Behaviour, ...] = (
    _what_is_kept_comes_back_as_it_was,
    _text_that_no_database_takes_is_replaced_one_for_one,
    _a_rewind_shares_what_was_said_before_it_and_both_tries_stay,
    _a_try_may_be_gone_back_in_to_where_it_has_nothing_of_its_own,
    _turns_and_the_end_they_bring_are_kept_together,
    _who_goes_on_from_an_old_state_is_told_and_nothing_is_kept,
    _of_many_who_go_on_at_once_one_wins,
    _many_calls_at_once_lose_nothing,
    _lists_are_newest_first_with_what_the_newest_try_came_to,
    _scorecards_belong_to_a_try_and_a_trend_takes_the_newest_of_each_call,
    _notes_are_kept_beside_the_call_and_with_its_turns,
    _a_dismissal_is_kept_with_the_line_and_can_be_taken_back,
    _a_deleted_call_is_gone_with_all_its_tries,
    _calls_older_than_some_days_are_deleted_by_when_they_last_changed,
    _a_name_or_a_seed_beyond_bounds_is_refused,
    _who_hung_up,
)
