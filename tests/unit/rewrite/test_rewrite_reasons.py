"""Reasons and answers that stand inside blame, and what is done about a guess, stay in the rewrite, said kindly."""

from __future__ import annotations

import pytest

from coach.rewrite import Rewriter
from tests.unit.rewrite.one_line import rewritten


@pytest.mark.parametrize(
    ("customer", "agent", "kept"),
    [
        ("为什么不给我换这件衬衫？", "吊牌都让您剪了，谁还敢给您换啊？", "吊牌已经剪了，所以没办法为您换"),
        ("闹钟怎么没响？", "您自己没开静音例外，这能怨谁。", "没有开静音例外，所以没有响"),
        ("净水器的水有味道。", "机器是好的，多半是您家的滤芯太旧了，怪谁呢。", "初步看是家里的滤芯太旧了"),
        ("卡怎么被锁了？", "连着输错四次密码，不锁才怪，全是您自个儿弄的。", "所以会被锁"),
    ],
)
def test_what_the_customer_did_is_told_as_what_is_so(rewriter: Rewriter, customer: str, agent: str, kept: str) -> None:
    text = rewritten(rewriter, customer, agent)
    assert kept in text
    assert "谁" not in text
    assert "自己" not in text


def test_the_facts_beside_two_faults_stay(rewriter: Rewriter) -> None:
    text = rewritten(
        rewriter, "房东不退我押金，你们得管吧。", "柜门掉了一扇，窗帘也烧了，是您自己弄坏的，还有脸要押金。"
    )
    assert "窗帘也烧了" in text
    assert "您自己" not in text
    assert "脸" not in text


def test_a_guess_keeps_what_is_done_about_it(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我的伞落在你们店里了", "应该还在吧，我帮您问问值班的同事")
    assert "我帮您问一下值班的同事" in text
    assert "【时限】" in text
    assert "应该" not in text


def test_what_it_depends_on_stays(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "贴这面墙要多少钱？", "几千块吧，看面积大小吧")
    assert "要看面积大小" in text


def test_what_is_asked_again_is_told_again(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "体检前要注意什么来着？", "都跟您讲三遍了，空腹，别喝酒，您记不住吗？")
    assert "空腹" in text
    assert "三遍" not in text
