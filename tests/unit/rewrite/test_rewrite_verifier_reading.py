"""A mended line must read well: nothing blunt left, nothing said twice, no half sentence, nothing that goes against itself."""

from __future__ import annotations

import pytest
from one_line import reasons

from coach.rewrite import Rewriter


@pytest.mark.parametrize(
    ("customer", "original", "candidate", "reason"),
    [
        pytest.param(
            "能改签吗？",
            "改签不了，不好意思啊。",
            "很抱歉，改签不了，不好意思。我帮您问问有没有其他办法，【时限】内给您答复，您看可以吗？",
            "道歉说了两遍",
            id="two apologies",
        ),
        pytest.param(
            "帮我查查余额。",
            "等我一下可以吗",
            "等我一下可以吗，我需要为您核实一下【事项】，大约需要【时长】，请您稍等，可以吗？",
            "征求同意说了两遍",
            id="consent asked for twice",
        ),
        pytest.param(
            "能补办吗？",
            "补办没办法。",
            "很抱歉，补办没办法，我帮您问问有没有其他办法，【时限】内给您答复，您看可以吗？",
            "先说没办法",
            id="no way, then a search for a way",
        ),
        pytest.param(
            "我想问采购的事。",
            "采购归物资部，给您转过去了。",
            "采购归物资部，给您转过去了，您看可以吗？",
            "读起来不通顺",
            id="consent after the fact",
        ),
        pytest.param(
            "王经理在吗？",
            "他不在的。",
            "他不在，的。您看需要我帮您记下来转告，还是请同事在【时限】内给您回电？",
            "“的”读起来不通顺",
            id="a clause of one particle",
        ),
        pytest.param(
            "能退到我爸卡上吗？",
            "您好先生，退到别人卡上不可以。",
            "很抱歉，您好先生，退到别人卡上不可以。我再帮您看看有没有别的办法，【时限】内给您答复，您看可以吗？",
            "读起来不通顺",
            id="an apology before the greeting",
        ),
        pytest.param(
            "我没看到通知。",
            "公告栏贴了一个月，您眼睛长哪儿去了？",
            "公告栏贴了一个月。",
            "只剩半句",
            id="half a sentence",
        ),
        pytest.param(
            "面料掉色。",
            "掉色？您洗衣服从来不看说明的？面料是棉的。",
            "掉色？您洗衣服从来不看说明的？面料是棉的，我帮您登记，【时限】内给您答复，您看可以吗？",
            "还留着",
            id="a rhetorical question left standing",
        ),
        pytest.param(
            "那我再想想。",
            "想什么想，别磨磨唧唧的，优惠月底就没了。",
            "别磨磨唧唧的，优惠月底就没了。",
            "仍然生硬",
            id="a blunt clause left standing",
        ),
        pytest.param(
            "找一下小卢。",
            "小卢跟爱人吵架呢，没来。",
            "小卢现在不方便接电话，跟爱人吵架呢。请问需要我帮您转告，或者请同事在【时限】内给您回电吗？",
            "是同事的私事",
            id="a private matter left beside the excuse",
        ),
    ],
)
def test_a_line_that_reads_badly_is_refused_with_its_reason(
    rewriter: Rewriter, customer: str, original: str, candidate: str, reason: str
) -> None:
    assert reason in reasons(rewriter, customer, original, candidate)


@pytest.mark.parametrize(
    ("customer", "original", "candidate"),
    [
        (
            "能改签吗？",
            "改签不了。",
            "很抱歉，这张票改签不了。我帮您问问有没有其他办法，【时限】内给您答复，您看可以吗？",
        ),
        ("押金何时退？", "押金十天内退，您烦不烦啊。", "押金十天内退。"),
        ("我想问采购的事。", "采购归物资部，转了啊。", "采购归物资部，我帮您转接到物资部，您看可以吗？"),
        ("帮我查查余额。", "等一下。", "我帮您查一下余额，大约需要【时长】，请您稍等，可以吗？"),
        (
            "小卢下午来吗？",
            "小卢陪老婆产检去了，下午三点回来。",
            "小卢现在不方便接电话，下午三点回来，到时候我请他给您回电，您看可以吗？",
        ),
    ],
)
def test_a_good_line_is_let_through(rewriter: Rewriter, customer: str, original: str, candidate: str) -> None:
    assert reasons(rewriter, customer, original, candidate) == ""
