"""What is told while the customer is cut short, and what is put through or asked for shortly, is still said, kindly."""

from __future__ import annotations

from one_line import rewritten

from coach.rewrite import Rewriter


def test_what_an_interruption_tells_stays(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我那个表是从去年", "打住，缴费窗口在三楼")
    assert text == "抱歉，先跟您说一下，缴费窗口在三楼。您刚才想说的，请您接着说。"


def test_who_sees_to_it_is_whom_the_call_goes_to(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我想改合同", "合同归营业科的吴敏办，我给您转过去了啊")
    assert text == "好的，合同归营业科的吴敏办，我帮您转到营业科，您看可以吗？"


def test_a_group_is_not_made_the_customers_own(rewriter: Rewriter) -> None:
    assert rewritten(rewriter, "能陪床吗", "你们家属按规定只能留一个") == "家属按规定只能留一个。"


def test_jargon_the_glossary_knows_leaves_no_slot(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "机票怎么改不了", "PNR被锁了，得让GDS那头解")
    assert text == "给您添麻烦了，很抱歉。您的订单暂时锁住了，要等订座系统那边解锁。"


def test_a_short_order_is_asked_for(rewriter: Rewriter) -> None:
    assert rewritten(rewriter, "碗碎了，太气人了", "拍张照发我").endswith("麻烦您拍张照发给我。")


def test_a_day_told_in_haste_stays_a_yes(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "我那张床到底哪天送？", "知道了知道了，周日送，别催了。")
    assert "周日送" in said
    assert "没办法" not in said
