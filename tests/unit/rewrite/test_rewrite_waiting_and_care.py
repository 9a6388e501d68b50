"""Waiting, putting through, colleagues who are away, identifiers and sympathy: what a mended line keeps and says."""

from __future__ import annotations

import pytest

from coach.rewrite import Rewriter
from coach.transcripts import Transcript, from_dict


def call(*turns: str) -> Transcript:
    speakers = ["customer" if i % 2 == len(turns) % 2 else "agent" for i in range(len(turns))]
    said = [{"speaker": speaker, "text": text} for speaker, text in zip(speakers, turns, strict=True)]
    return from_dict({"meta": {"excerpt": True}, "turns": said}, where="test")


def rewrite(rewriter: Rewriter, *turns: str) -> str:
    result = rewriter.rewrite(call(*turns))
    assert result.status == "verified", result.verdict.reasons
    return result.rewrite or ""


def test_a_wait_keeps_the_time_asked_for_and_not_another(rewriter: Rewriter) -> None:
    line = "停车券要提前三小时领。您拿着电话等我五十秒，好吗？"
    text = rewrite(rewriter, "停车券还能领吗？", line)
    assert text.startswith("好的，停车券要提前三小时领。")
    assert "大约需要五十秒" in text
    assert "拿着电话" not in text


def test_a_vague_target_takes_a_slot_and_the_rest_stays(rewriter: Rewriter) -> None:
    text = rewrite(rewriter, "船票怎么退？", "船票开船前都能退，具体的我给您转到那边。")
    assert "船票开船前都能退" in text
    assert "【部门】" in text
    assert text.endswith("您看可以吗？")


def test_a_private_matter_goes_and_whom_the_customer_wants_is_named(rewriter: Rewriter) -> None:
    text = rewrite(rewriter, "麻烦找一下姜主任。", "姜主任昨晚喝醉了，在家睡觉呢。")
    assert text.startswith("不好意思，姜主任现在不方便接电话。")
    assert "请姜主任在【时限】内" in text
    assert "喝醉" not in text


@pytest.mark.parametrize("given", ["运单号[单号x]", "保单尾号5093，帮我看下"])
def test_a_masked_identifier_is_said_back_in_the_customers_words(rewriter: Rewriter, given: str) -> None:
    text = rewrite(rewriter, given, "好的，明天下午三点前处理好。")
    assert given.split("，")[0] in text
    assert "明天下午三点前处理好" in text


def test_sympathy_fits_a_fright(rewriter: Rewriter) -> None:
    text = rewrite(rewriter, "有人半夜砸我家门，吓死我了！", "请您说一下楼栋和房号。")
    assert "受" in text.split("。")[0]
    assert "请您说一下楼栋和房号" in text


def test_whom_the_customer_calls_theirs_is_theirs_and_a_farewell_goes_before_the_offer(rewriter: Rewriter) -> None:
    assert "请我的" not in rewrite(rewriter, "找我的客户经理", "他发烧去医院了")
    said = rewrite(rewriter, "请转餐饮部的马主管", "马主管目前不在餐饮部，祝您生活愉快。")
    assert "祝您" not in said
