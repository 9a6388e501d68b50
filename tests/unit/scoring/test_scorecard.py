"""What a check passes, fails and isn't judged by, what it shows for it, and what that makes of the total."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.assistant import Coach
from coach.critique import PlacedDismissal, with_dismissals
from coach.scoring import Checked, Mood, Played, Scorecard, score
from coach.transcripts import CallMeta, Transcript, parse_text

GOOD = """坐席：您好，飞雁速运，工号0803为您服务，请问有什么可以帮您？
客户：我寄的包裹丢了，五天了物流一动不动，急死我了！
坐席：五天没有动静，换了谁都会着急，实在对不起。您是说包裹的物流一直没有更新，对吗？请问您贵姓？
客户：对，我姓邓。
坐席：邓先生，请问包裹的运单号是多少？
客户：FY30815562。
坐席：运单号FY30815562，对吗？请问寄的时候有没有保价？
客户：对，没有保价。
坐席：您看是先登记查找，还是现在就按丢失办理赔？
客户：先查吧。
坐席：好的，查找已经登记，后天下午三点前我给您回电。请问您还有其他需要帮忙的吗？
客户：没有了。
坐席：感谢您的来电，再见。
"""
BAD = """坐席：喂，说单号。
客户：我寄的包裹丢了，五天了物流一动不动，急死我了！
坐席：五天算什么，没保价你还想赔多少？
客户：你们什么态度！
坐席：你爱找谁找谁。
"""
POLITE = """坐席：您好，飞雁速运，工号0803为您服务，请问有什么可以帮您？
客户：我寄的包裹丢了，五天了物流一动不动，急死我了！
坐席：我非常理解您的心情，给您带来不便，真的很抱歉。
客户：那我的包裹呢？
坐席：感谢您的理解和支持，您的每一句话我们都很重视。
客户：你们到底找不找？
坐席：请您放心，我们一直把客户放在第一位。请问还有其他需要帮您的吗？
客户：没有了。
坐席：感谢您的来电，祝您生活愉快，再见。
"""


def card(coach: Coach, text: str, played: Played | None = None, **meta: object) -> Scorecard:
    call = parse_text(text)
    call = replace(call, meta=replace(call.meta, direction="inbound", **meta))  # type: ignore[arg-type]
    return score(coach.critique(call), coach.rubric, played)


def of(found: Scorecard, item: str) -> Checked:
    return next(checked for checked in found.checks if checked.item.id == item)


def test_a_good_call_scores_high_a_bad_one_low_and_politeness_alone_in_between(coach: Coach) -> None:
    good, polite, bad = (card(coach, text) for text in (GOOD, POLITE, BAD))
    assert good.total >= 95
    assert bad.total <= 30
    assert 40 <= polite.total <= 70
    assert {"understanding", "asks", "solution"} <= {checked.item.id for checked in polite.failed}


def test_a_passed_check_shows_the_lines_and_cites_its_clause(coach: Coach) -> None:
    understanding = of(card(coach, GOOD), "understanding")
    assert understanding.status == "passed"
    assert 3 in understanding.lines
    assert [citation.clause for citation in understanding.citations][:1] == ["CNF-01"]
    assert 11 in of(card(coach, GOOD), "next-step").lines


def test_a_failed_check_shows_what_was_found_or_what_called_for_it(coach: Coach) -> None:
    found = card(coach, BAD)
    respect = of(found, "respect")
    assert (respect.status, respect.lines[0]) == ("failed", 3)
    assert respect.findings
    assert respect.why == respect.findings[0].message
    missing = of(found, "alternatives")
    assert (missing.status, missing.lines[0], missing.findings) == ("failed", 2, ())


def test_what_does_not_apply_is_left_out_of_the_weights_with_its_reason(coach: Coach) -> None:
    found = card(coach, GOOD)
    hold = of(found, "hold")
    assert (hold.status, hold.why) == ("not_applicable", "没有请客户等候")
    calm = card(coach, GOOD.replace("，急死我了！", "。"))
    assert of(calm, "empathy").status == "not_applicable"
    assert set(calm.groups) == set(coach.rubric.groups)


def test_with_a_hold_its_three_things_are_judged(coach: Coach) -> None:
    held = GOOD.replace("坐席：您看是先登记", "坐席：您等一下。\n客户：好。\n坐席：您看是先登记")
    found = card(coach, held)
    assert of(found, "hold").status == "failed"
    assert found.total < card(coach, GOOD).total


def test_words_at_fault_show_nothing_good(coach: Coach) -> None:
    rude = GOOD.replace(
        "您是说包裹的物流一直没有更新，对吗？", "你是说包裹的物流一直没有更新，对吗？你自己不看单子怪谁？"
    )
    assert of(card(coach, rude), "understanding").status == "failed"


def test_saying_something_else_back_is_no_understanding(coach: Coach) -> None:
    other = GOOD.replace("您是说包裹的物流一直没有更新，对吗？", "您是说宽带网速太慢，对吗？").replace(
        "五天没有动静，换了", "换了"
    )
    assert of(card(coach, other), "understanding").status == "failed"


def test_a_fatal_fault_caps_the_total_and_says_so(coach: Coach) -> None:
    rude = GOOD.replace("请问寄的时候有没有保价？", "您自己不看单子怪谁？")
    found = card(coach, rude)
    assert found.total == coach.rubric.data.fatal_cap < found.weighed
    assert found.capped_by == ("不指责、不反问、不争辩、不说禁语",)


def test_the_outcome_counts_for_a_mock_call_only(coach: Coach) -> None:
    real, solved, open_ = (card(coach, GOOD, p) for p in (None, Played("resolved"), Played("hung_up")))
    assert of(real, "resolved").status == "not_applicable"
    assert of(solved, "resolved").status == "passed"
    assert of(open_, "resolved").status == "failed"
    assert open_.total <= 60 < solved.total


def test_hints_cost_points_up_to_a_limit(coach: Coach) -> None:
    without, one, many = (card(coach, GOOD, Played("resolved", hints=n)) for n in (0, 1, 50))
    assert one.total == without.total - coach.rubric.data.hint_cost
    assert many.total == without.total - coach.rubric.data.hint_most
    assert many.hints_off == coach.rubric.data.hint_most


def test_moods_are_carried_as_given(coach: Coach) -> None:
    moods = (Mood(1, 5, 4, 6), Mood(2, 3.5, 5, 6))
    assert card(coach, GOOD, Played("resolved", moods)).played.moods == moods


@pytest.mark.parametrize(
    ("meta", "status"), [({"rings": 5}, "failed"), ({"rings": 2}, "passed"), ({}, "not_applicable")]
)
def test_what_is_not_known_of_a_call_is_not_judged(coach: Coach, meta: dict[str, object], status: str) -> None:
    assert of(card(coach, GOOD.replace("，实在对不起", ""), **meta), "late").status == status


def test_an_excerpt_is_judged_by_its_lines_only(coach: Coach) -> None:
    call = Transcript(parse_text(BAD).turns[2:3], CallMeta(excerpt=True, from_start=False))
    found = score(coach.critique(call), coach.rubric)
    judged = {checked.item.id for checked in found.checks if checked.status != "not_applicable"}
    assert "respect" in judged
    assert not judged & {"greeting", "understanding", "farewell", "solution"}
    assert all(0 <= value <= 100 for value in found.groups.values())


def test_a_dismissed_fault_is_not_missing_either(coach: Coach) -> None:
    critique = coach.critique(parse_text(BAD))
    dismissals = [
        PlacedDismissal.of(f.rule, f.line, "演练") for f in critique.findings if f.rule == "closing.missing-thanks"
    ]
    after = score(with_dismissals(critique, dismissals), coach.rubric)
    assert of(after, "farewell").status == "not_applicable"
    assert "驳回" in of(after, "farewell").why


def test_an_abnormal_call_is_judged_by_its_procedure(coach: Coach) -> None:
    silent = "\n".join(
        (
            "坐席：您好，青禾热力客服中心，工号0133，请问有什么可以帮您？",
            "客户：（没有声音）",
            "坐席：您好，电话已经接通，请讲。",
            "客户：（没有声音）",
            "坐席：很抱歉，我这边听不到您的声音，请您稍后再拨，再见。",
        )
    )
    found = card(coach, silent)
    assert of(found, "abnormal").status == "passed"
    assert of(found, "solution").status == "not_applicable"
    assert found.total >= 90


def test_a_call_without_a_customer_is_scored(coach: Coach) -> None:
    assert 0 <= card(coach, "坐席：您好。").total <= 100
