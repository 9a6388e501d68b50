"""What a small model gets wrong in a line that is close to what was said is told as a reason, so that it isn't shown."""

from __future__ import annotations

import pytest

from coach.rewrite.misspoken import misspoken


@pytest.mark.parametrize(
    ("original", "previous", "candidate", "reason"),
    [
        (
            "等会儿。",
            "我胸口闷，我喘不上气",
            "我胸口闷，我喘不上气。我查一下，大约需要【时长】，请您稍等，好吗？",
            "是客户的话",
        ),
        ("蒋工在二号楼。", "蒋工呢？", "很抱歉，蒋工不在二号楼，我帮您转告，好吗？", "这个意思"),
        ("您要哪种，快说。", "有几种卡？", "麻烦您先告诉我单号，我帮您查。", "没有问客户要“单号”"),
        ("谁？", "", "您好，我是XXX，请问您找哪一位？", "“XXX”不能这样说"),
        ("到了告诉您。", "几时到？", "到了告诉您，时间是【时限】内给您答复。", "不能这样说"),
        ("门修好了。", "门坏了三天了！", "抱歉听到您遇到的问题，门修好了。", "不能这样说"),
        ("明天到账。", "几时到账？", "您的钱明天到账哈。", "语气词"),
        ("好像是十点半吧。", "末班车几点？", "末班车是十点半，请您提前到站。", "说定了"),
        ("温顾问离职了，您的保单归周顾问。", "温顾问呢？", "温顾问目前不在座位上，您的保单归周顾问。", "没有人说过"),
    ],
)
def test_what_goes_wrong_is_told(original: str, previous: str, candidate: str, reason: str) -> None:
    assert reason in "；".join(misspoken(original, None, previous, candidate))


@pytest.mark.parametrize(
    ("original", "reference", "previous", "candidate"),
    [
        ("等会儿。", None, "我胸口闷", "您胸口闷，我马上帮您联系医生，请您不要挂电话，好吗？"),
        ("蒋工开会去了。", "蒋工现在不在座位上。", "蒋工呢？", "蒋工现在不在座位上，我帮您转告，好吗？"),
        ("好像是十点半吧。", None, "末班车几点？", "末班车大概是十点半，我再核实一下。"),
        ("单号报一下。", None, "帮我查查", "麻烦您告诉我单号，我帮您查。"),
        ("蒋工不在。", None, "蒋工呢？", "蒋工现在不在，麻烦您留个电话，我请他【时限】内给您回电，好吗？"),
        ("到了告诉您。", None, "几时到？", "到了我们将于【时限】内告诉您。"),
        ("我查查。", None, "我的押金呢？", "我查一下押金，大约需要【时长】，请您稍等，好吗？"),
        ("修好了告诉您。", None, "几时修好？", "修好后我【时限】内告诉您，您看可以吗？"),
    ],
)
def test_what_is_right_passes(original: str, reference: str | None, previous: str, candidate: str) -> None:
    assert misspoken(original, reference, previous, candidate) == ()
