"""Promised days, guessed figures and questions asked while cutting in: what the agent said stays with what it belonged to."""

from __future__ import annotations

import pytest

from coach.assistant import Coach
from coach.settings import Settings
from coach.transcripts import from_dict


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach.open(Settings(_env_file=None), use_model=False)


def _rewrite(coach: Coach, said: str, line: str) -> str:
    turns = [{"speaker": "customer", "text": said}, {"speaker": "agent", "text": line}]
    result = coach.rewrite(from_dict({"meta": {"excerpt": True}, "turns": turns}, where="test"))
    assert result.status == "verified", result.verdict.reasons
    return result.rewrite or ""


def test_a_promised_day_stays_with_what_is_done_by_then(coach: Coach) -> None:
    text = _rewrite(coach, "春节前能收到吗", "明天发，年二十六之前必到，不到我给您送去。")
    assert "明天发" in text
    assert "争取年二十六之前到" in text


def test_a_promised_evening_keeps_its_verb(coach: Coach) -> None:
    assert "争取明天晚上给您装好" in _rewrite(coach, "热水器明天能装上吗", "放心，明天晚上一定给您装好。")


def test_guessed_figures_are_passed_on_as_unsure(coach: Coach) -> None:
    text = _rewrite(coach, "换块屏幕要多少钱", "四五百？也没准六百，反正差不太多。")
    assert "四五百" in text
    assert "六百" in text
    assert "【时限】" in text


def test_a_question_asked_while_cutting_in_is_asked_politely(coach: Coach) -> None:
    text = _rewrite(coach, "那天我先去了一趟门店，后来……", "经过免了，您就说换还是退。")
    assert "请问" in text
    assert "换还是退" in text


def test_a_repeated_answer_is_said_once(coach: Coach) -> None:
    text = _rewrite(coach, "再确认一下，是七号还是八号？", "八号八号八号，听见没")
    assert text.count("八号") == 1
