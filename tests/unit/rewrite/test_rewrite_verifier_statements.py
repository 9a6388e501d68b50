"""What a line states beside its fault must be said in the candidate too: an answer, a reason, a party, who is to speak."""

from __future__ import annotations

import pytest
from one_line import reasons

from coach.rewrite import Rewriter
from coach.transcripts import CallMeta, Transcript, Turn

GENERIC = "您说的情况我记下了，我帮您核实一下，【时限】内给您答复，您看可以吗？"


@pytest.mark.parametrize(
    ("customer", "original", "lost", "kept"),
    [
        pytest.param(
            "伞落在你们门厅没有？",
            "在呢在呢，大美女，来拿吧。",
            "来拿吧。",
            "在的，您来拿吧。",
            id="that it is there",
        ),
        pytest.param(
            "缆车几号检修？",
            "哈？检修？这我不知道。",
            "检修。",
            "几号检修我帮您核实一下，【时限】内给您答复，您看可以吗？",
            id="that the answer isn't known",
        ),
        pytest.param(
            "为什么要带原件？",
            "制度就是这么规定的，您问谁都没用。",
            GENERIC,
            "这一点制度上有要求，需要核对原件，麻烦您带一下，谢谢您的理解。",
            id="the rule that the agent goes by",
        ),
        pytest.param(
            "灯箱的字印反了。",
            "字是广告公司印的，您找他们去，别找我。",
            GENERIC,
            "字是广告公司印的，我先帮您登记，跟广告公司核实后【时限】内给您答复，您看可以吗？",
            id="the party it is about",
        ),
        pytest.param(
            "我的快递签收了没有？",
            "签收了，您自己不会看吗？",
            GENERIC,
            "签收了，您放心。",
            id="the answer to whether something was done",
        ),
        pytest.param(
            "浴室的镜柜多少钱？",
            "镜柜是赠品，您别再问了行不行。",
            GENERIC,
            "镜柜是赠品，您放心。",
            id="a plain statement beside rude words",
        ),
    ],
)
def test_what_the_line_states_may_not_give_way_to_a_promise_to_check(
    rewriter: Rewriter, customer: str, original: str, lost: str, kept: str
) -> None:
    assert "原话" in reasons(rewriter, customer, original, lost)
    assert reasons(rewriter, customer, original, kept) == ""


@pytest.mark.parametrize(
    ("customer", "original"),
    [
        ("你们的报价太高了。", "嫌贵您别买啊，谁求您了。"),
        ("我再找找卡在哪儿。", "快点快点，磨蹭什么呢。"),
    ],
)
def test_a_line_that_states_nothing_may_be_said_quite_anew(rewriter: Rewriter, customer: str, original: str) -> None:
    assert reasons(rewriter, customer, original, GENERIC) == ""


def test_a_guess_may_give_way_to_a_promise_to_check(rewriter: Rewriter) -> None:
    original = "好像是周三吧，说不准。"
    assert (
        reasons(rewriter, "样品哪天寄？", original, "这个问题我核实清楚，【时限】内给您准确的答复，您看可以吗？") == ""
    )


def test_who_wants_to_speak_stays(rewriter: Rewriter) -> None:
    customer, original = "我那台打印机它老是……", "您先别说，听我讲，讲完您再说。"
    assert "改写成了请客户先说" in reasons(rewriter, customer, original, "不好意思，您请继续说，我在听。")
    asked = "不好意思打断您一下，我先把这一点跟您说明，再听您说，可以吗？"
    assert reasons(rewriter, customer, original, asked) == ""


def test_what_the_line_asks_for_is_still_asked_for(rewriter: Rewriter) -> None:
    customer, original = "我先从头说啊，上个月……", "打住打住，别扯这些没用的，直接报保单号。"
    assert "单号" in reasons(rewriter, customer, original, "好的，您慢慢说，我在听。")


def test_a_unit_that_answered_by_name_keeps_its_name(rewriter: Rewriter) -> None:
    original = "喂，档案室，什么事？"
    assert "档案室" in reasons(rewriter, "", original, "您好，这里是【单位】，请问有什么可以帮您？")
    assert reasons(rewriter, "", original, "您好，这里是档案室，请问有什么可以帮您？") == ""


def test_whom_a_line_puts_through_to_may_not_become_a_slot(rewriter: Rewriter) -> None:
    turns = ("customer", "想问问保养。"), ("agent", "好，给您转给售后的苗青。")
    call = Transcript(tuple(Turn(*t) for t in turns), CallMeta(direction="inbound", excerpt=True, from_start=False))
    lost = rewriter.verify(call, 2, "好的，我帮您转到【部门】，您看可以吗？")
    assert "原话要转给“苗青”，改写里没有" in lost.reasons
    kept = rewriter.verify(call, 2, "好的，我帮您转接给售后的苗青，您看可以吗？")
    assert not [reason for reason in kept.reasons if "苗青" in reason]
