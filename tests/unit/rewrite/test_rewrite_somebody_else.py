"""Calls for somebody else and lines that cut in: who is meant, when he is back and what the line tells stay; gossip goes."""

from __future__ import annotations

import pytest
from one_line import reasons, rewritten

from coach.rewrite import Rewriter


@pytest.mark.parametrize(
    ("customer", "line", "said"),
    [
        ("我找客户经理骆岩。", "骆岩呀，他今天去支行对账了。", "骆岩今天去支行对账了。"),
        ("麻烦叫一下老蒋", "老蒋送料去了", "请老蒋在【时限】内给您回电"),
        ("小贝教练在吗？", "你找她啊，她带课呢。", "请小贝教练在【时限】内给您回电"),
        ("找一下宋主任", "到省里培训去咯，后天才回", "宋主任到省里培训去了，后天才回"),
    ],
)
def test_whom_the_customer_wants_is_named_once(rewriter: Rewriter, customer: str, line: str, said: str) -> None:
    assert said in rewritten(rewriter, customer, line)


def test_when_he_is_back_stays(rewriter: Rewriter) -> None:
    assert "后天" in rewritten(rewriter, "请找邵经理。", "邵经理去厂里验货了，您后天再打打看。")
    assert "接下来两周" in rewritten(rewriter, "翁老师在吗", "翁老师刚做了手术，得躺两周。")


def test_a_booking_is_noted_and_a_long_absence_taken_over(rewriter: Rewriter) -> None:
    booked = rewritten(rewriter, "我想约闵教练周日的课", "闵教练出去了，不在")
    assert "您约的事" in booked or "您要约的时间" in booked
    away = rewritten(rewriter, "请问佟经理在吗？", "佟经理休产假了。")
    assert "产假" not in away
    assert "回电" not in away


def test_gossip_beside_a_private_matter_goes_and_what_is_of_use_stays(rewriter: Rewriter) -> None:
    told = rewritten(rewriter, "请问鲁工在吗？", "鲁工昨晚喝大了，昨天那顿一直喝到后半夜，图纸已经发到您邮箱了。")
    assert "后半夜" not in told
    assert "图纸已经发到您邮箱了" in told


def test_a_line_that_cuts_in_tells_what_it_has_to(rewriter: Rewriter) -> None:
    told = rewritten(rewriter, "我上次来的时候，那个窗口", "您先不要说了，让我来讲，窗口每周三休息，周四上午八点开。")
    assert "窗口每周三休息，周四上午八点开" in told
    assert told.endswith("您刚才想说的，请您接着说。")
    order = rewritten(rewriter, "我看说明上讲的是", "说明不用念了，打住，您按我说的来")
    assert "步骤" in order


def test_what_is_put_off_is_a_matter(rewriter: Rewriter) -> None:
    assert "柜子的事我们稍后再说" in rewritten(rewriter, "还有那个柜子，", "哎您先别提柜子了，听我把空调说完")


def test_asking_for_one_thing_first_is_no_turning_round(rewriter: Rewriter) -> None:
    said = "抱歉，您一条一条来，麻烦您先说一下门的这条，好吗？"
    assert not reasons(rewriter, "照片有点歪，还有右边的", "停停停，您一条一条来，先讲门的这条。", said)


def test_who_declines_is_let_go(rewriter: Rewriter) -> None:
    assert "您有需要随时联系我们" in rewritten(rewriter, "不需要，谢谢", "不需要？等真出了事，您可别哭着来找我。")
