"""Every measure at its edges: what counts as a hold, a silence, an overlap, a rate, a bad hour. Source: design.md, Timing."""

from __future__ import annotations

from datetime import datetime

import pytest

from coach.critique import critique, load_rules
from coach.critique.measures import has_timestamps, threshold
from coach.critique.model import Finding
from coach.critique.patterns import matcher
from coach.critique.rule import Check
from coach.critique.schema import ThresholdData
from coach.critique.view import CallView, Hit
from coach.knowledge import Standard, load_standard
from coach.settings import knowledge_dir
from coach.transcripts import CallMeta, Direction, Transcript, Turn

A, C = "agent", "customer"
STANDARD = load_standard("default", knowledge_dir())
Said = tuple[str, str, float | None, float | None]


def view(*turns: Said, standard: Standard = STANDARD, **meta: object) -> CallView:
    said = tuple(Turn(speaker, text, start, end) for speaker, text, start, end in turns)  # type: ignore[arg-type]
    call = Transcript(said, CallMeta(**meta))  # type: ignore[arg-type]
    return CallView(call, standard, call.meta.direction)


def check(measure: str, limit: str = "", **patterns: list[str]) -> Check:
    given = {name: tuple(patterns.get(name, ())) for name in ("unless", "unless_customer", "hold")}
    data = ThresholdData.model_validate({"kind": "threshold", "measure": measure, "limit": limit, **given})
    return Check(data, {name: matcher(sources, {}) for name, sources in given.items()}, ())


def one(measured: Check, call: CallView) -> Hit | None:
    hits = threshold(measured, call)
    assert len(hits) <= 1
    return hits[0] if hits else None


def value(hit: Hit) -> str:
    return dict(hit.values)["value"]


def shipped(rule: str, *turns: Said, direction: Direction | None = None, **meta: object) -> list[Finding]:
    """Findings of a shipped rule, through the engine."""
    call = view(*turns, direction=direction, **meta).transcript
    return [f for f in critique(call, load_rules(knowledge_dir()), STANDARD).findings if f.rule == rule]


RINGS = check("rings", "rings", unless=["久等"])


@pytest.mark.parametrize(("rings", "fires"), [(None, False), (0, False), (3, False), (4, True)])
def test_more_than_three_rings_are_late(rings: int | None, fires: bool) -> None:
    hit = one(RINGS, view((A, "您好", None, None), rings=rings))
    assert (hit is not None) is fires


def test_a_late_answer_is_excused_by_an_apology_in_the_first_two_turns() -> None:
    said = [(A, "您好", None, None), (C, "喂", None, None), (A, "让您久等了", None, None)]
    assert one(RINGS, view(*said, rings=5)) is None
    late = [(A, "您好", None, None), (A, "请讲", None, None), (A, "让您久等了", None, None)]
    hit = one(RINGS, view(*late, rings=5))
    assert hit is not None
    assert (hit.line, value(hit)) == (0, "5")


HOLD = check("hold", "hold_seconds", hold=["请稍等", "别挂"])


@pytest.mark.parametrize(("back", "fires"), [(100.0, False), (100.1, True)])
def test_a_hold_runs_from_the_end_of_the_asking_line_to_the_agents_next_word(back: float, fires: bool) -> None:
    call = view((A, "我查一下，请稍等", 0, 10), (C, "好", 11, 12), (C, "人呢", 60, 61), (A, "查到了", back, 110))
    hit = one(HOLD, call)
    assert (hit is not None) is fires
    if hit:
        assert (hit.line, hit.spans, value(hit)) == (0, ((5, 8),), "90.1")


def test_a_word_in_between_starts_the_hold_anew() -> None:
    asked = (A, "请稍等", 0, 1)
    assert one(HOLD, view(asked, (A, "还在查，请稍等", 80, 82), (A, "查到了", 170, 172))) is None
    hit = one(HOLD, view(asked, (A, "还在查，请稍等", 80, 82), (A, "查到了", 173, 175)))
    assert hit is not None
    assert hit.line == 1


def test_a_long_gap_without_asking_to_wait_is_no_hold() -> None:
    assert one(HOLD, view((A, "您请讲", 0, 1), (C, "是这样", 2, 150), (A, "好", 151, 152))) is None


def test_a_hold_that_never_ends_is_not_measured() -> None:
    assert one(HOLD, view((A, "请稍等", 0, 1), (C, "人呢？", 300, 301))) is None


def test_a_standard_may_set_a_shorter_hold() -> None:
    strict = Standard("strict", "", "", {**STANDARD.parameters, "hold_seconds": 30})
    turns: tuple[Said, ...] = ((A, "请稍等", 0, 1), (A, "好了", 32, 33))
    assert one(HOLD, view(*turns)) is None
    hit = one(HOLD, view(*turns, standard=strict))
    assert hit is not None
    assert dict(hit.values)["limit"] == "30"


SILENCE = check("silence", "dead_air_seconds", unless=["请稍等", "我等您"], unless_customer=["我找找"])


@pytest.mark.parametrize(("start", "fires"), [(12.0, False), (12.1, True)])
def test_silence_is_dead_air_past_ten_seconds_and_stands_on_the_line_that_ends_it(start: float, fires: bool) -> None:
    hit = one(SILENCE, view((C, "单号六六零一", 0, 2), (A, "嗯", start, 13)))
    assert (hit is not None) is fires
    if hit:
        assert (hit.line, value(hit)) == (1, "10.1")


@pytest.mark.parametrize(
    "turns",
    [
        ((A, "请稍等", 0, 1), (A, "好了", 30, 31)),
        ((A, "请稍等", 0, 1), (C, "好", 2, 3), (A, "好了", 60, 61)),
        ((A, "您找一下，我等您", 0, 1), (C, "找到了", 30, 31)),
        ((A, "单号多少？", 0, 1), (C, "我找找", 2, 3), (C, "六六零一", 40, 41)),
    ],
)
def test_silence_that_was_asked_for_is_no_dead_air(turns: tuple[Said, ...]) -> None:
    assert one(SILENCE, view(*turns)) is None


def test_a_hold_excuses_only_the_silence_that_follows_it() -> None:
    call = view((A, "请稍等", 0, 1), (A, "查到了", 30, 31), (C, "什么时候到？", 32, 33), (A, "明天", 50, 51))
    hit = one(SILENCE, call)
    assert hit is not None
    assert (hit.line, value(hit)) == (3, "17")


def test_a_short_word_inside_a_long_line_makes_no_silence() -> None:
    assert one(SILENCE, view((A, "我给您讲一下规则", 0, 30), (C, "嗯", 5, 6), (A, "就这些", 31, 32))) is None


OVERLAP = check("overlap", "overlap_seconds")


@pytest.mark.parametrize(("start", "fires"), [(4.0, False), (3.9, True)])
def test_the_agent_interrupts_by_starting_before_the_customer_ends(start: float, fires: bool) -> None:
    hit = one(OVERLAP, view((C, "我还没说完", 0, 4), (A, "知道了", start, 6)))
    assert (hit is not None) is fires
    if hit:
        assert (hit.line, value(hit)) == (1, "0.1")


def test_the_customer_may_interrupt() -> None:
    assert one(OVERLAP, view((A, "师傅明天上午到", 0, 4), (C, "几点？", 3, 5))) is None


def test_the_agents_own_two_turns_do_not_interrupt_each_other() -> None:
    assert one(OVERLAP, view((A, "您好", 0, 2), (A, "请讲", 1, 3))) is None


def test_every_interruption_is_told() -> None:
    twice = view((C, "我", 0, 4), (A, "知道", 3, 5), (C, "我说", 6, 9), (A, "行", 8, 10))
    assert [hit.line for hit in threshold(OVERLAP, twice)] == [1, 3]


def test_a_standard_may_allow_a_little_overlap() -> None:
    lenient = Standard("lenient", "", "", {**STANDARD.parameters, "overlap_seconds": 0.5})
    assert one(OVERLAP, view((C, "我还没说完", 0, 4), (A, "知道了", 3.6, 6), standard=lenient)) is None


RATE = check("speech_rate", "speech_rate")
TEN = "您好这里是东湖驾校呀"


@pytest.mark.parametrize(
    ("text", "seconds", "rate"),
    [
        (TEN, 4.0, None),  # 150 a minute
        (TEN, 5.0, None),  # 120 a minute
        (TEN, 3.9, "154"),
        (TEN, 5.1, "118"),
        (TEN[:9], 1.0, None),  # nine characters: too short to judge
        ("您好，这里是——东湖驾校呀！", 4.0, None),  # marks don't count
        ("电话是１３６12340987", 3.0, "280"),  # digits do, full-width ones too
        ("请按OK键三二一好了吗abcdefgh", 4.0, None),  # letters don't: nine characters
    ],
)
def test_han_characters_and_digits_count_one_each(text: str, seconds: float, rate: str | None) -> None:
    hit = one(RATE, view((A, text, 10, 10 + seconds)))
    assert (None if hit is None else value(hit)) == rate


def test_the_speech_rate_is_told_once_a_call_and_only_of_the_agent() -> None:
    call = view((C, TEN, 0, 1), (A, TEN, 2, 3), (A, TEN, 4, 5))
    hits = threshold(RATE, call)
    assert [hit.line for hit in hits] == [1]
    assert dict(hits[0].values)["limit"] == "120 至 150"


def test_a_line_without_length_in_time_is_not_judged() -> None:
    assert one(RATE, view((A, TEN, 3, 3))) is None


LENGTH = check("call_length", "outbound_call_seconds")


@pytest.mark.parametrize(("end", "fires"), [(185.0, False), (185.6, True)])
def test_a_call_lasts_from_its_first_word_to_its_last(end: float, fires: bool) -> None:
    hit = one(LENGTH, view((A, "您好", 5, 6), (C, "好", 100, end), (A, "嗯", 120, 121)))
    assert (hit is not None) is fires
    if hit:
        assert (hit.line, dict(hit.values)["limit"]) == (None, "180")


HOUR = check("hour", "bad_hours")


@pytest.mark.parametrize(
    ("clock", "fires"),
    [
        ("00:00", True), ("07:59", True), ("08:00", False), ("11:29", False), ("11:30", True), ("12:59", True),
        ("13:00", False), ("19:59", False), ("20:00", True), ("23:59", True),
    ],
)  # fmt: skip
def test_bad_hours_hold_their_start_and_not_their_end(clock: str, fires: bool) -> None:
    call = view((A, "您好", None, None), started_at=datetime.fromisoformat(f"2026-03-03T{clock}:30"))
    hit = one(HOUR, call)
    assert (hit is not None) is fires
    if hit:
        assert (hit.line, value(hit)) == (None, clock)


HANGUP = check("hangup", unless=["听不到您的声音"])


@pytest.mark.parametrize(("who", "fires"), [(None, False), ("customer", False), ("agent", True)])
def test_only_an_agent_who_hung_up_is_told(who: str | None, fires: bool) -> None:
    hit = one(HANGUP, view((A, "您好", None, None), (A, "再见", None, None), (C, "等等", None, None), hangup=who))
    assert (hit is not None) is fires
    if hit:
        assert hit.line == 1


def test_hanging_up_by_the_rules_is_excused() -> None:
    assert one(HANGUP, view((A, "听不到您的声音，请您再打来", None, None), hangup="agent")) is None


@pytest.mark.parametrize("measured", [RINGS, HOLD, SILENCE, OVERLAP, RATE, LENGTH, HOUR, HANGUP])
def test_missing_data_stays_silent(measured: Check) -> None:
    turns: tuple[Said, ...] = ((C, "喂", None, None), (A, f"请稍等，{TEN}", None, None), (A, "好了", None, None))
    assert threshold(measured, view(*turns)) == ()


def test_timestamps_must_be_whole() -> None:
    assert has_timestamps(view((A, "您好", 0, 1), (C, "好", 1, 2)))
    assert not has_timestamps(view((A, "您好", 0, 1), (C, "好", 1, None)))


def test_a_call_with_one_time_missing_keeps_the_timing_rules_silent() -> None:
    turns: tuple[Said, ...] = ((C, "我的单号", 0, 4), (A, "六六零一", 3, 5), (C, "嗯", 30, 31))
    assert len(shipped("timing.interruption", *turns)) == 1
    assert len(shipped("timing.dead-air", *turns)) == 1
    partly = (*turns, (C, "喂", None, None))
    assert shipped("timing.interruption", *partly) == []
    assert shipped("timing.dead-air", *partly) == []


def test_only_an_outbound_call_may_be_too_long_or_come_at_a_bad_hour() -> None:
    turns: tuple[Said, ...] = ((A, "您好", 0, 1), (C, "好", 400, 401))
    noon = datetime(2026, 3, 3, 12, 0)
    for rule in ("timing.call-too-long", "outbound.bad-time"):
        assert len(shipped(rule, *turns, direction="outbound", started_at=noon)) == 1
        assert shipped(rule, *turns, direction="inbound", started_at=noon) == []
        assert shipped(rule, *turns, direction=None, started_at=noon) == []


def test_interruptions_and_speech_rate_are_judged_on_an_excerpt_and_dead_air_is_not() -> None:
    turns: tuple[Said, ...] = ((C, "我的单号", 0, 4), (A, TEN, 3, 4), (C, "嗯", 30, 31))
    for rule, count in (("timing.interruption", 1), ("timing.speech-rate", 1), ("timing.dead-air", 0)):
        assert len(shipped(rule, *turns, excerpt=True)) == count
