"""Refusing and passing on, rewritten: the no stays a no, whoever is named stays named."""

from __future__ import annotations

from one_line import rewritten

from coach.rewrite import Rewriter


def test_a_bare_no_says_what_cannot_be_done_from_the_agents_side(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "请问你们能把我的快件放到楼下超市吗？", "不行的哈。")
    assert "没办法把您的快件放到楼下超市" in said
    assert "【时限】" in said


def test_what_is_asked_after_and_lacking_is_said_to_be_lacking(rewriter: Rewriter) -> None:
    assert "没有带烘干的型号" in rewritten(rewriter, "你们有没有带烘干的型号？", "没有。")


def test_not_knowing_stays_unsettled(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "那家分店几点打烊？", "这个我不晓得哎。")
    assert "核实" in said
    assert "没办法" not in said


def test_a_no_that_says_more_than_was_asked_keeps_its_words(rewriter: Rewriter) -> None:
    assert "合同期内" in rewritten(rewriter, "我想换个套餐", "合同期内换不了。")


def test_whoever_the_line_names_is_asked_by_the_agent(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "路由器指示灯不亮", "路由器是设备商装的，跟我们没关系，您找设备商去吧。")
    assert "路由器是设备商装的" in said
    assert "设备商核实" in said
    assert "没关系" not in said


def test_a_matter_of_somebody_elses_is_his_to_answer_for(rewriter: Rewriter) -> None:
    assert "绿化由园林局负责" in rewritten(rewriter, "路边的树倒了", "绿化是园林局的事，您找他们去。")
