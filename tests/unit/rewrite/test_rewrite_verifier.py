"""What the verifier refuses, one check at a time."""

from __future__ import annotations

import pytest
from one_line import call, reasons

from coach.rewrite import Rewriter

PRICE = "你的套餐是86元，今晚8点生效。"


@pytest.mark.parametrize(
    "candidate",
    ["您的套餐是86元，今晚8点生效。", "您的套餐是八十六块，今天晚上八点生效。", "您的套餐是86元，今天20:00生效。"],
)
def test_the_same_facts_in_other_words_pass(rewriter: Rewriter, candidate: str) -> None:
    assert reasons(rewriter, "套餐多少钱？", PRICE, candidate) == ""


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        ("您的套餐今晚8点生效。", "丢了“86元”"),
        ("您的套餐是86元，8点生效。", "丢了“今晚”"),
        ("您的套餐是86元，今晚8点生效，有效期两年。", "多出原话没有的“两年”"),
        ("您的套餐是68元，今晚8点生效。", "丢了“86元”"),
        ("您的套餐是86元，今晚8点生效，我们全额退款。", "多出原话没有的承诺"),
        (PRICE, "仍有问题"),
        ("", "改写是空的"),
        ("？！", "改写是空的"),
        ("您的套餐是86元，今晚8点生效。" + "请您放心使用，" * 30, "改写太长"),
    ],
)
def test_a_candidate_is_refused_with_its_reason(rewriter: Rewriter, candidate: str, reason: str) -> None:
    assert reason in reasons(rewriter, "套餐多少钱？", PRICE, candidate)


def test_no_may_not_become_yes(rewriter: Rewriter) -> None:
    refused = reasons(rewriter, "能改名字吗？", "你这张票不能改名字。", "您这张票可以改名字。")
    assert "改写成了“能”" in refused


def test_a_no_that_the_line_does_not_say_may_not_be_said(rewriter: Rewriter) -> None:
    said = reasons(
        rewriter, "床几号送？", "知道啦，周日送，别催。", "很抱歉，周日没办法送到，我帮您问问别的时间，好吗？"
    )
    assert "原话没有说“不能”，改写说了" in said


def test_a_no_may_not_go_unsaid(rewriter: Rewriter) -> None:
    assert reasons(rewriter, "能改名字吗？", "你这张票不能改名字。", "您这张票的名字我帮您看看。") != ""


def test_yes_may_not_become_no(rewriter: Rewriter) -> None:
    assert "改写成了“不能”" in reasons(rewriter, "能改名字吗？", "你这张票可以改名字。", "您这张票不能改名字。")


def test_a_faultless_sentence_stays(rewriter: Rewriter) -> None:
    original = "你的申请已经提交。材料的原件请带到三楼的服务台。"
    assert reasons(rewriter, "办好了吗？", original, "您的申请已经提交。材料的原件请带到三楼的服务台。") == ""
    assert "没有问题的句子也被改掉了" in reasons(rewriter, "办好了吗？", original, "您的申请已经提交。")


def test_slots_are_listed_and_count_as_filled(rewriter: Rewriter) -> None:
    verdict = rewriter.verify(
        call("到账了吗？", "等一下，我看看您那笔2000元的转账。"),
        2,
        "我看看您那笔2000元的转账，大约需要【时长】，请您稍等，可以吗？",
    )
    assert verdict.verified
    assert verdict.slots == ("时长",)
    assert verdict.kept_facts == ("2000元",)
