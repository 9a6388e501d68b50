"""What stands behind 模拟通话: bubbles, panel, curves, scorecard and replay as HTML. All of it escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coach.assistant import Coach
from coach.roleplay import Setup, load_personas, load_scenarios
from coach.storage import CallSummary, TrendPoint
from coach.web.call_actions import holding
from coach.web.call_bubbles import bubbles, try_names
from coach.web.call_card import checks, headline, pictures, practise
from coach.web.call_curves import mood_curve, radar, trend
from coach.web.call_history import history
from coach.web.call_judged import judged, pad_lines
from coach.web.call_moves import begun, gone_back, hinted, hung_up, noted, spoken
from coach.web.call_panel import business, hint_card, last_line, panel
from coach.web.call_replay import replay
from coach.web.call_ring import ringing
from coach.web.call_session import Session, Terms
from coach.web.call_steps import hint, next_step, steps_taken
from coach.web.call_tab import offer

SCENARIO = "broadband-slow-after-upgrade"
NASTY = '<img src=x onerror="hit()">"你等一下&'


def _begun(coach: Coach, persona: str = "chronic-complainer", scenario: str = SCENARIO, **terms: bool) -> Session:
    setup = Setup(load_personas(coach.folder)[persona], load_scenarios(coach.folder)[scenario], seed=3, rings=2)
    return begun(coach.player, setup, Terms(**terms))


def _played(coach: Coach, session: Session, *lines: str) -> Session:
    for line in lines:
        session = spoken(coach.player, session, line, 0.0)
    return session


@pytest.fixture(scope="module")
def good(coach: Coach) -> Session:
    """A good call, played to its end."""
    return _played(coach, _begun(coach), *load_scenarios(coach.folder)[SCENARIO].example_good)


@pytest.fixture(scope="module")
def bad(coach: Coach) -> Session:
    """A call with a nasty line, hung up by the agent."""
    return hung_up(coach.player, _played(coach, _begun(coach), "喂，说。", NASTY))


def _names(coach: Coach) -> dict[str, str]:
    return {rule.id: rule.data.name for rule in coach.rules.rules.values()}


def test_bubbles_escape_what_was_said_and_offer_to_go_back(bad: Session) -> None:
    html = bubbles(bad)
    assert "<img" not in html
    assert "&lt;img" in html
    assert 'role="log" aria-live="polite"' in html
    assert "铃响 2 声，您接起了电话" in html
    assert html.count('class="ss-redo"') == 2
    assert "您挂了电话，问题没有解决" in html


def test_an_exam_shows_no_findings_no_steps_and_no_way_back_until_it_is_over(coach: Coach) -> None:
    session = _played(coach, _begun(coach, exam=True), "喂，说。", "你等一下。")
    html = bubbles(session)
    assert "ss-redo" not in html
    assert "处要改" not in html
    shown = panel(session, steps_taken(session.call, coach.player.ears), _names(coach))
    assert "该走的步骤" not in shown
    assert "ss-moves" not in shown
    over = hung_up(coach.player, session)
    assert "处要改" in bubbles(over)
    assert "ss-redo" not in bubbles(over)


def test_findings_wait_for_the_end_where_the_trainer_says_so(coach: Coach) -> None:
    session = _played(coach, _begun(coach, at_once=False), "喂，说。", "你等一下。")
    assert "处要改" not in bubbles(session)
    assert "该走的步骤" in panel(session, steps_taken(session.call, coach.player.ears), _names(coach))
    assert "处要改" in bubbles(hung_up(coach.player, session))


def test_the_panel_says_what_moved_the_customer_and_ticks_off_steps(coach: Coach) -> None:
    lines = load_scenarios(coach.folder)[SCENARIO].example_good
    session = _played(coach, _begun(coach), *lines[:2])
    html = panel(session, steps_taken(session.call, coach.player.ears), _names(coach))
    assert "把问题复述准了" in html
    assert re.search(r'<li class="done">.*?复述问题，请对方确认<small>第 3 行', html)
    assert re.search(r'<li class="open">.*?给出办法', html)


def test_a_rude_line_is_named_by_its_rule_in_the_panel(coach: Coach) -> None:
    session = _played(coach, _begun(coach), "您好。", "这是公司规定，你跟我说也没用。")
    html = panel(session, (), _names(coach))
    assert 'class="worse"' in html
    assert "服务禁语" in html


def test_every_step_of_the_shipped_scenarios_is_known_and_a_good_call_takes_them(coach: Coach, good: Session) -> None:
    for scenario in load_scenarios(coach.folder).values():
        setup = replace(good.call.setup, scenario=scenario)
        assert len(steps_taken(replace(good.call, setup=setup, turns=()), coach.player.ears)) == len(scenario.steps)
    taken = steps_taken(good.call, coach.player.ears)
    assert [step.id for step in taken if step.line is None] == []
    assert next_step(taken) is None


def test_a_hint_is_about_the_next_step_and_counts_once_a_turn(coach: Coach) -> None:
    session = _played(coach, _begun(coach), "您好，星桥通信，工号2016，请问有什么可以帮您？")
    step = next_step(steps_taken(session.call, coach.player.ears))
    assert step is not None
    assert step.id == "empathise"
    once = hinted(hinted(session, step.id), step.id)
    assert len(once.attempt.hints) == 1
    html = hint_card(hint(step, session.call, coach.knowledge), 2)
    assert "扣 2 分" in html
    assert "听他说完" in html
    assert "ss-copy" in html


def test_callers_handled_by_procedure_have_its_steps(coach: Coach) -> None:
    session = _played(coach, _begun(coach, "silent"), "您好，请问有什么可以帮您？")
    steps = steps_taken(session.call, coach.player.ears)
    assert [(step.id, step.line) for step in steps[:2]] == [("greet", 1), ("connected", None)]
    nxt = next_step(steps)
    assert nxt is not None
    assert hint(nxt, session.call, coach.knowledge).phrases


def test_the_last_line_shows_findings_with_a_verified_rewrite(coach: Coach) -> None:
    session = _played(coach, _begun(coach), "您好，请问有什么可以帮您？", "你等一下，我看看。")
    turn = session.call.turns[2]
    rewrite = coach.rewrite(session.call.transcript(excerpt=True), 3)
    html = last_line(3, turn, rewrite, _names(coach))
    assert "刚才那句（第 3 行）" in html
    assert "可以这样说（已核对）" in html
    assert "依据 HLD-" in html
    assert "没有要改的地方" in last_line(1, session.call.turns[0], None, _names(coach))


def test_what_the_agent_has_at_hand_gives_nothing_away_that_the_customer_would_tell(coach: Coach) -> None:
    for scenario in load_scenarios(coach.folder).values():
        html = business(scenario, exam=False)
        hidden = [fact.value for fact in scenario.facts if fact.kind in {"phone", "address", "order", "account"}]
        assert [value for value in hidden if value in html] == []
    assert "怎样算办好" not in business(scenario, exam=True)


def test_curves_are_drawn_for_one_state_and_for_many_and_can_be_read_out(good: Session) -> None:
    html = mood_curve(good.call)
    assert html.count("<polyline") == 3
    assert 'aria-label="客户状态：情绪从 6.0 到' in html
    assert "nan" not in mood_curve(replace(good.call, turns=()))
    many = replace(good.call, turns=good.call.turns * 30)
    assert mood_curve(many).count("<text") <= 3 + 11


def test_the_radar_keeps_within_its_frame_and_the_trend_needs_two() -> None:
    html = radar({"礼貌<": 100, "沟通": 0, "耐心": 50})
    assert "礼貌&lt;" in html
    points = re.search(r'class="own" points="([^"]+)"', html)
    assert points is not None
    assert points[1].split()[1] == "130.0,112.0"
    assert trend([80], {"流程": [80]}) == ""
    assert "2 通，从 60 到 80" in trend([60, 80], {"流程": [60, 80]})


def test_the_scorecard_tells_outcome_total_evidence_and_what_to_practise(coach: Coach, bad: Session) -> None:
    found = judged(coach, bad)
    html = headline(bad, found, "通用<规范>")
    assert "问题没有解决" in html
    assert "题号：3" in html
    assert "通用&lt;规范&gt;" in html
    listed = checks(found.card)
    assert "ss-check-group" in listed
    assert 'href="#ss-replay-3"' in listed
    assert "依据 " in listed
    assert pictures(found).count("<svg") == 2
    titles = {id_: one.title for id_, one in load_scenarios(coach.folder).items()}
    assert practise(found.practise, titles).count("<li>") == 3
    assert "没有失分" in practise((), titles)


def test_hints_cost_points_and_the_card_says_so(coach: Coach, good: Session) -> None:
    dear = good.with_attempt(replace(good.attempt, hints={2: "offer"}))
    off = judged(coach, good).card.total - judged(coach, dear).card.total
    assert off == coach.rubric.data.hint_cost
    assert "用了 1 次提示" in headline(dear, judged(coach, dear), "通用规范")


def test_the_replay_shows_every_line_with_its_effect_and_its_rewrite(coach: Coach, bad: Session) -> None:
    html = replay(judged(coach, bad), _names(coach), again=True)
    assert "<img" not in html
    assert html.count('class="ss-redo"') == 2
    assert 'id="ss-replay-4"' in html
    assert "情绪" in html
    assert "ss-redo" not in replay(judged(coach, bad), _names(coach), again=False)


def test_a_late_answer_counts(coach: Coach) -> None:
    session = _begun(coach)
    attempt = session.attempt
    late = session.with_attempt(
        replace(attempt, call=replace(attempt.call, setup=replace(attempt.call.setup, rings=6)))
    )
    over = hung_up(coach.player, _played(coach, late, "您好，星桥通信，请问有什么可以帮您？"))
    found = judged(coach, over)
    assert any(one.rule == "opening.late-answer-no-apology" for one in found.reviewed.critique.findings)


@pytest.mark.parametrize(("seconds", "kind", "alert"), [(10, "", False), (75, " near", True), (91, " over", True)])
def test_a_hold_warns_before_and_after_the_limit(seconds: float, kind: str, alert: bool) -> None:
    html = holding(seconds, 90)
    assert f'class="ss-holding{kind}"' in html
    assert ('role="alert"' in html) == alert


def test_a_hold_that_was_too_long_is_found_and_lines_take_no_time(coach: Coach) -> None:
    session = _played(coach, _begun(coach), "您好，星桥通信，工号2016，请问有什么可以帮您？")
    session = spoken(coach.player, session, "我查一下，大约一分钟，请您稍等，可以吗？", 1000.0, act="hold")
    assert session.held_since == 1000.0
    session = spoken(coach.player, session, "感谢您的等候，查到了。", 1120.0)
    assert session.held_since is None
    assert session.attempt.held == {4: 120.0}
    assert "客户等了 2 分钟，您回到线上" in bubbles(session)
    rules = {one.rule for one in judged(coach, hung_up(coach.player, session)).reviewed.critique.findings}
    assert "hold.too-long" in rules
    assert not {"timing.speech-rate", "timing.interruption"} & rules


def test_the_message_pad_is_held_against_what_the_customer_told(coach: Coach) -> None:
    scenario = load_scenarios(coach.folder)["message-meeting-moved"]
    session = _played(coach, _begun(coach, "plain-enquirer", scenario.id), *scenario.example_good)
    assert session.over
    pad = {"来电人": "彭建华", "电话": "139 0000 2121", "事由": "会面改期"}
    lines = {one.value: one.noted for one in pad_lines(noted(session, pad))}
    assert lines["彭建华"]
    assert lines["13900002121"]
    wrong = {one.value: one.noted for one in pad_lines(noted(session, {"电话": "1390000212"}))}
    assert not wrong["13900002121"]
    assert "留言单上没有，或写得不一样" in checks(
        judged(coach, session).card, pad_lines(noted(session, pad | {"电话": ""}))
    )


def test_tries_are_named_and_a_new_one_keeps_what_was_before(coach: Coach, bad: Session) -> None:
    session = gone_back(bad, 2)
    assert [name for name, _ in try_names(session)] == ["第 1 遍（问题没有解决）", "第 2 遍（从第 3 行重来，还没打完）"]
    assert "从这里重来</span>" in bubbles(session)
    assert len(session.call.turns) == 2


def test_the_telephone_counts_warns_and_gives_up() -> None:
    assert "<b>2</b> 声" in ringing(2, 3)
    assert "超过 3 声" in ringing(4, 3)
    assert "没有接到" in ringing(13, 3)


def test_the_history_escapes_and_names_persona_and_outcome(coach: Coach) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    one = CallSummary("c1", now, now, "小<b>", "silent", SCENARIO, '<i>"', "normal", "default", True, 2, 9, None, None)
    points = [
        TrendPoint("c1", now, "", "silent", SCENARIO, "", "normal", False, "r", "2", t, {"流程": t}) for t in (50, 90)
    ]
    html = history([one, replace(one, outcome="resolved", total=88.0)], points, load_personas(coach.folder))
    assert "沉默无声" in html
    assert "接着打" in html
    assert "<b>88</b> 分" in html
    assert "<i>" not in html
    assert "小&lt;b&gt;" in html
    assert "从 50 到 90" in html
    assert "还没有练过" in history([], [], {})
    assert "&lt;i&gt;" in offer(one, "沉默无声")
