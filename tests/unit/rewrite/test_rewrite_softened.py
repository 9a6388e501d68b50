"""What is left of a rude line is said kindly: a bare fact, a bare no, a shrug, an order."""

from __future__ import annotations

import pytest
from one_line import reasons, rewritten

from coach.rewrite import Rewriter
from coach.rewrite.load import Mends
from coach.rewrite.marks import punctuated


def test_a_fact_beside_an_offer_is_no_accusation_left_bare(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "闸机打不开", "闸机是景区装的，您找景区要说法去。")
    assert "闸机是景区装的，我" in text or text.startswith("目前了解到的情况是，闸机是景区装的。")


def test_a_slight_left_as_a_bare_fact_gets_a_way_on(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "收款人填错了，咋办？", "收款人是您一笔一笔输进去的，输错了只能赖您自己。")
    assert "是您这边输入的" in text
    assert text.endswith("您看可以吗？")


def test_words_of_no_message_go(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我去信访办说", "您说到天边去，回头还是这个结果，绕一圈也是白绕。")
    assert not any(words in text for words in ("天边", "白绕", "回头"))


@pytest.mark.parametrize(
    ("blunt", "kind"),
    [
        ("退票费不报。", "退票费目前没办法报销。"),
        ("房东就是不认。", "房东目前还没有认可。"),
        ("我一样也动不了。", "我这边暂时没办法动。"),
        ("晚点再打吧。", "您也可以晚点再打来。"),
        ("要找他得等散会。", "他要等散会才方便接电话。"),
        ("您别申请了。", "您先不用申请了。"),
        ("还车照片上没有。", "还车照片上暂时没有看到。"),
        ("这跟我们半点关系没有。", "目前看原因不在我们。"),
        ("周日不修。", "周日暂时没办法修。"),
        ("材料要提前还款说明。", "材料要提前还款说明。"),
    ],
)
def test_blunt_clauses_are_softened_by_their_shape(rewriter: Rewriter, blunt: str, kind: str) -> None:
    mends: Mends = rewriter.mends
    assert mends.polished(blunt) == kind


def test_a_shrug_is_no_answer_that_must_stay(rewriter: Rewriter) -> None:
    said = reasons(rewriter, "我找一下单号", "快点，我不能一直陪您耗着", "不着急，您慢慢找，我在听。")
    assert "不能" not in said


def test_a_pause_of_dots_ends_a_clause() -> None:
    assert punctuated("可以改期的……不过要收手续费") == "可以改期的,不过要收手续费"
