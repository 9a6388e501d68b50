"""Who does what, and who asks what, is the same in a model's proposal as in the line."""

from __future__ import annotations

import pytest

from coach.rewrite.purpose import asked_back, other_actor


@pytest.mark.parametrize(
    ("original", "candidate", "turned"),
    [
        ("你自己重填一张表", "我重填一张表，您看可以吗？", "我重填"),
        ("你过来取，我给你开门", "我过来取，您看可以吗？", "我过来"),
        ("我下午送过去，别催", "请您下午送过去，好吗？", "您下午"),
        ("我们寄回去就行了", "请您寄回去，可以吗？", "您寄回"),
    ],
)
def test_what_one_was_to_do_the_other_does_not(original: str, candidate: str, turned: str) -> None:
    assert other_actor(original, None, candidate) == turned


@pytest.mark.parametrize(
    ("original", "reference", "candidate"),
    [
        ("你自己重填一张表", None, "请您重填一张表，我帮您核对，可以吗？"),
        ("你等着，我查", None, "请您稍等，我查一下，好吗？"),
        ("你去催司机", "我联系司机，【时限】内给您答复。", "我联系司机催一催，【时限】内给您答复。"),
        ("您那边我去过了", None, "您那边我已经去过了。"),
    ],
)
def test_what_the_line_or_its_rewrite_has_somebody_do_is_no_turn(
    original: str, reference: str | None, candidate: str
) -> None:
    assert other_actor(original, reference, candidate) == ""


def test_the_customers_question_is_not_put_to_the_customer() -> None:
    asked = "停车一小时收几块钱？"
    assert asked_back("墙上贴着呢", asked, f"您好，{asked}") == "您好,停车一小时收几块钱?"
    assert asked_back("墙上贴着呢", asked, f"好的。{asked}") == "停车一小时收几块钱?"


@pytest.mark.parametrize(
    ("original", "candidate"),
    [
        ("墙上贴着呢", "您想问的是停车一小时收几块钱，对吗？"),
        ("停车一小时收几块钱你不知道？", "停车一小时收几块钱？"),
        ("墙上贴着呢", "请问车牌号是多少？"),
    ],
)
def test_a_question_read_back_or_of_the_lines_own_may_stand(original: str, candidate: str) -> None:
    assert asked_back(original, "停车一小时收几块钱？", candidate) == ""
