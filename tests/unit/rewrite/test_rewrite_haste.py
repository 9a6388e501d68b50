"""Lines that cut the customer short or hurry: what they were for is kept, only the haste goes."""

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


def test_a_turn_taken_is_asked_for_with_what_it_is_for(coach: Coach) -> None:
    text = _rewrite(coach, "我还想说那个阳台的事，它……", "阳台的事您先别提，让我把验收的标准讲完。")
    assert "我先把验收的标准跟您说明一下" in text
    assert "阳台的事我们稍后再说" in text
    assert text.endswith("再听您说，可以吗？")


def test_an_interrupting_question_stays_a_question(coach: Coach) -> None:
    text = _rewrite(coach, "那天我从东门进去，先是看到……", "停停停，先报一下房间号。")
    assert "房间号" in text
    assert text.endswith("好吗？")


def test_an_answer_given_over_the_customer_stays(coach: Coach) -> None:
    text = _rewrite(coach, "我上次缴费的时候，柜台跟我……", "打住，我来说，您的账单十号出，二十号前缴都不算逾期。")
    assert "您的账单十号出，二十号前缴都不算逾期" in text
    assert "打住" not in text


def test_what_was_told_before_is_told_again_without_the_counting(coach: Coach) -> None:
    text = _rewrite(coach, "我还是不明白，要带什么？", "这话我都跟您讲了五遍了，带身份证和户口本。")
    assert "带身份证和户口本" in text
    assert "遍了" not in text


def test_who_looks_for_something_gets_the_time(coach: Coach) -> None:
    text = _rewrite(coach, "等一下，我去找找保修卡。", "您快点找，后面还有人排着呢。")
    assert "您慢慢找" in text


def test_a_choice_asked_rudely_is_asked_kindly(coach: Coach) -> None:
    text = _rewrite(coach, "这个事情我还没定下来。", "给个痛快话，换还是不换。")
    assert "换还是不换" in text
    assert "痛快" not in text
    assert text.endswith("？")
