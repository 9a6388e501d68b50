"""What a rude line states or asks is said plainly in its rewrite; what it only sneers goes."""

from __future__ import annotations

from one_line import rewritten

from coach.rewrite import Rewriter


def test_a_reproach_in_a_question_becomes_a_step(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "燃气卡充了怎么没有气", "您没插卡，这气能自己跑进去？")
    assert text == "给您添麻烦了，很抱歉。需要您先插卡，我再帮您看一下，好吗？"


def test_a_rule_stays_the_reason(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "为什么不能提前取？", "没有为什么，章程就是这么定的。")
    assert text.startswith("这是章程目前的要求，我们是按要求为您办理的。")


def test_what_was_told_before_is_told_again(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "你再讲一遍怎么交", "我都跟您说了三遍了，先点缴费再点确认，您就是听不进去。")
    assert "先点缴费再点确认" in text
    assert "三遍" not in text


def test_figures_of_both_sides_are_gone_through(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我算的是九百", "九百？您数学没学好吧，八百就是八百，一分也少不了。")
    assert "九百" in text
    assert "八百" in text
    assert "核对" in text


def test_a_plain_statement_beside_a_challenge_stays(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我没收到取件码", "短信都已经发出去了，您会没收到？")
    assert text.partition("很抱歉。")[2].startswith("短信都已经发出去了。")


def test_the_matter_is_named_where_nothing_can_stay(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我家水管冻裂了。", "活该，谁让您不保温。")
    assert "。水管冻裂的情况" in text


def test_an_answer_beside_a_reproach_stands_alone(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "这张卡还能补几次？", "您这卡都用了五年了，连这个都不清楚？能补两次，十块钱一次。")
    assert text == "能补两次，十块钱一次。"


def test_what_stands_in_writing_is_told_without_an_unasked_apology(rewriter: Rewriter) -> None:
    text = rewritten(
        rewriter, "退课的规则在哪里？", "协议第三条不是写着吗，您签字的时候都不看的？开课前退八成，开课后退一半。"
    )
    assert "开课前退八成" in text
    assert "抱歉" not in text
    assert "不看" not in text


def test_a_no_behind_a_threat_stays_a_no(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我要找律师跟你们谈", "律师来了也退不了，谁来都是这个数。")
    assert "退不了" in text
    assert "律师来了" not in text


def test_a_time_beside_a_shrug_stays_without_another_promise(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "网断了一上午，什么时候能好？", "师傅们尽力了，能做的都做了，预计下午四点恢复。")
    assert "预计下午四点恢复" in text
    assert "【时限】" not in text


def test_a_line_that_runs_on_is_mended_clause_by_clause(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "开车以后能改签吗？", "公司规定就是这样开车后只能改签当天的车次")
    assert "公司目前的要求" in text
    assert "，开车后只能改签当天的车次" in text


def test_what_only_leads_up_to_a_challenge_does_not_stay_without_it(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "孩子发烧了，课能改期吗？", "发个烧就改期，那我们老师还要不要上课？")
    assert "发个烧就改期" not in text
