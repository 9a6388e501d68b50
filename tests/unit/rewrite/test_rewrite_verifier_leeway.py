"""What a mended line may leave out, and what it may not: guesses, boasts and reproaches go, facts stay."""

from __future__ import annotations

import pytest
from one_line import reasons

from coach.rewrite import Rewriter
from coach.rewrite.answer import answer_of, asked_about, refuses

CHECK = "这个问题我核实清楚，【时限】内给您准确的答复，您看可以吗？"


@pytest.mark.parametrize(
    ("customer", "original", "candidate"),
    [
        pytest.param("几号能到货？", "这可说不好，四五天，也兴许一个礼拜。", CHECK, id="a guess and its figures"),
        pytest.param("后天能装好吗？", "百分之百后天装好，您放心。", "我们会尽力，不过后天能不能装好，要以【依据】为准，【时限】内给您答复，您看可以吗？", id="an exaggeration"),
        pytest.param("还有两张票我想一起问。", "快点说，我都等您五分钟了。", "好的，您慢慢说，我在听。", id="a figure of reproach"),
        pytest.param("门锁的指纹……", "您先停下，我来说，重置要长按侧面的按钮。", "抱歉，重置要长按侧面的按钮。", id="a plain statement that only looks blunt alone"),
        pytest.param("退费要扣多少？", "估摸着扣个两三成。", "退费要扣多少，我帮您核实一下，【时限】内给您准确的答复，您看可以吗？", id="a promise the customer asked about"),
    ],
)  # fmt: skip
def test_what_is_the_fault_itself_may_go(rewriter: Rewriter, customer: str, original: str, candidate: str) -> None:
    assert reasons(rewriter, customer, original, candidate) == ""


@pytest.mark.parametrize(
    ("customer", "original", "candidate", "reason"),
    [
        pytest.param("净水机漏了。", "都是您滤芯三年没换闹的，明天上午有人来。", "明天上午有人来，麻烦您留意。", "三年", id="a figure of a reason"),
        pytest.param("方便，能换个人吗？", "别老催，周四给您换过来。", CHECK, "周四", id="a date beside impatience"),
        pytest.param("几点出发？", "这个没准，师傅姓董，电话一三五零零零零八八八八。", CHECK, "一三五", id="a number beside a guess"),
        pytest.param("我妈急着办，快点啊！", "凭户口本在二号窗口办，当天就能领。", "让您着急了，非常抱歉。当天就能领。", "丢了", id="a plain clause that a rude word seems to stand in"),
        pytest.param("借书能续几次？", "您的证都办了四年了，这还不知道？能续两次。", "您的证都办了四年了。能续两次。", "不通顺", id="a remark on the customer left alone"),
        pytest.param("卡被吞了。", "谁让您输错三次，明天带证件来取。", "谁让密码输错三次，明天带证件来取。", "不通顺", id="half a reproach"),
        pytest.param("条款在哪？", "合同第五条写着，您签字都不看的？", "合同第五条写着，没有提前提醒到您，很抱歉。", "不必为此道歉", id="an apology nobody asked for"),
        pytest.param("有消息吗？", "还在审，有消息通知您。", "还在审，有消息通知您。我会在【时限】内给您答复。", "不通顺", id="two ways on"),
        pytest.param("那个声音吧，嗡嗡的……", "别学了，机器买几年了？", "抱歉，想先跟您确认一个问题，再听您说，可以吗？", "却没有问", id="a question announced and not put"),
    ],
)  # fmt: skip
def test_what_must_stay_or_go(rewriter: Rewriter, customer: str, original: str, candidate: str, reason: str) -> None:
    assert reason in reasons(rewriter, customer, original, candidate)


@pytest.mark.parametrize("text", ["成不成，我问一下", "修不修得好，我看看", "暂停一下，我查查", "要是不满房，十点还在"])
def test_a_question_or_condition_is_no_refusal(text: str) -> None:
    assert not refuses(text)


@pytest.mark.parametrize("text", ["护士长现在不在", "这张票不能退", "没有名额，您可以换一天"])
def test_a_refusal_is_one(text: str) -> None:
    assert refuses(text)


def test_a_question_of_how_long_is_no_yes() -> None:
    assert answer_of("熬好的药能放几天，我核实清楚后【时限】内给您答复") is None
    assert answer_of("可以便宜几块钱") == "yes"


def test_a_promise_taken_up_as_a_question_is_none() -> None:
    assert asked_about("退款", "多久能退款，我帮您问清楚")
    assert not asked_about("退款", "多久到我不清楚，我给您退款")
