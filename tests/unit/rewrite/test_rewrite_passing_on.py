"""Lines that put the customer through or pass them on: who does it, to whom, and nothing left over that says no more."""

from __future__ import annotations

import pytest

from coach.rewrite import Rewriter
from tests.unit.rewrite.one_line import reasons, rewritten


@pytest.mark.parametrize(
    "line",
    ["我把您接给后面的人。", "我帮您转给懂行的，您跟他们讲。", "给您转走了，您先别挂。", "有会弄的人，我把您挪过去。"],
)
def test_what_only_puts_through_is_said_once(rewriter: Rewriter, line: str) -> None:
    assert rewritten(rewriter, "我想问一下团体票。", line) in {
        "好的，我帮您转到【部门】，您看可以吗？",
        "好的，我为您转到【部门】，由他们为您办理，您看可以吗？",
        "好的，我帮您转到【部门】，由他们为您解答，您看可以吗？",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("开票的事，转财务科了。", "我帮您转到财务科"),
        ("团餐我给您转宴席部汪经理。", "转到宴席部汪经理"),
        ("那我再给您转一次。", "我再帮您转到【部门】"),
        ("团建归外联部管，给你转过去了。", "我帮您转到外联部"),
        ("续租不在我这里，现在就给您转过去。", "续租不在我这边办理，我帮您转到【部门】"),
    ],
)
def test_who_puts_through_and_to_whom_is_named(rewriter: Rewriter, line: str, said: str) -> None:
    text = rewritten(rewriter, "刚才没有人接。", line)
    assert said in text
    assert text.endswith("您看可以吗？")


def test_whose_decision_it_is_makes_a_sentence(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "能补多少钱？", "补多少归民政局定，您问他们。")
    assert "由民政局决定" in text


def test_whom_to_ask_is_the_answer_where_that_was_asked(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "那这个证明要找谁开？", "您去居委会问问，他们让您去哪您就去哪。")
    assert "居委会" in text
    assert "核实" not in text


def test_no_condition_of_a_threat_is_left(rewriter: Rewriter) -> None:
    assert "再吵" not in rewritten(rewriter, "你们这帮骗子！", "再吵一句，我就把您的号停了。")
    assert reasons(rewriter, "你们这帮骗子！", "再吵一句，我就把您的号停了。", "非常抱歉。再吵一句。")


def test_consent_is_asked_for_what_the_agent_does(rewriter: Rewriter) -> None:
    line = "退票归票务组管，我给您甩过去了。"
    assert reasons(rewriter, "我要退票。", line, "退票归票务组管，他们的人都很熟，您看可以吗？")


def test_praise_is_thanked_for(rewriter: Rewriter) -> None:
    assert rewritten(rewriter, "今天来的那位师傅真负责。", "您该不会是看上我们师傅了吧，嘿嘿").startswith("谢谢您的")
