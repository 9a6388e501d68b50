"""Promised days, guessed figures and questions asked while cutting in: what the agent said stays with what it belonged to."""

from __future__ import annotations

from one_line import rewritten

from coach.rewrite import Rewriter


def test_a_promised_day_stays_with_what_is_done_by_then(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "春节前能收到吗", "明天发，年二十六之前必到，不到我给您送去。")
    assert "明天发" in text
    assert "争取年二十六之前到" in text


def test_a_promised_evening_keeps_its_verb(rewriter: Rewriter) -> None:
    assert "争取明天晚上给您装好" in rewritten(rewriter, "热水器明天能装上吗", "放心，明天晚上一定给您装好。")


def test_guessed_figures_are_passed_on_as_unsure(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "换块屏幕要多少钱", "四五百？也没准六百，反正差不太多。")
    assert "四五百" in text
    assert "六百" in text
    assert "【时限】" in text


def test_a_question_asked_while_cutting_in_is_asked_politely(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "那天我先去了一趟门店，后来……", "经过免了，您就说换还是退。")
    assert "请问" in text
    assert "换还是退" in text


def test_a_repeated_answer_is_said_once(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "再确认一下，是七号还是八号？", "八号八号八号，听见没")
    assert text.count("八号") == 1
