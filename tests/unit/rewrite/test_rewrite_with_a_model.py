"""What a model proposes for a line: shown only where it says what the line says, and nothing and nobody besides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from one_line import call

from coach.assistant import Coach
from coach.llm import Model
from coach.llm.scripted import SCRIPTED, scripted
from coach.privacy import Masker
from coach.rewrite import Rewrite
from coach.transcripts import CallMeta, Transcript, Turn

CUSTOMER, AGENT = "请问韩会计在吗？", "韩会计不在，她陪孩子看牙去了。"
GOOD = "韩会计现在不方便接电话，请问需要我帮您转告吗？或者请韩会计【时限】内给您回电？"


def _proposed(coach: Coach, *said: str, customer: str = CUSTOMER, agent: str = AGENT) -> Rewrite:
    _, chat_of = scripted(*said)
    asking = replace(coach, model=Model((SCRIPTED,), chat_of=chat_of))
    assert asking.fluent is not None
    transcript = call(customer, agent)
    return asking.fluent.rewrite(transcript, coach.rewrite(transcript), Masker(), lambda _: None)


def test_a_good_proposal_is_shown_as_the_models(coach: Coach) -> None:
    rewrite = _proposed(coach, GOOD)
    assert (rewrite.status, rewrite.source, rewrite.rewrite, rewrite.attempts) == ("verified", "model", GOOD, 1)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("韩会计现在不方便接电话，我帮您转告经理，请经理【时限】内给您回电，可以吗？", "没有人提到过“经理”"),
        ("韩会计现在不方便接电话，我已经替您把合同寄出去了，请她【时限】内给您回电，可以吗？", "原话没有的意思"),
        (AGENT, "和已有的说法几乎一样"),
        ("韩会计现在不方便接电话，您能帮我转告一下吗？", "漏了该说的内容"),
    ],
)
def test_what_brings_in_anything_else_is_refused_with_the_reason(coach: Coach, said: str, why: str) -> None:
    rewrite = _proposed(coach, said, said)
    assert (rewrite.status, rewrite.rewrite) == ("rejected", None)
    assert why in "；".join(rewrite.verdict.reasons)


def test_the_reasons_go_back_and_the_next_proposal_may_be_shown(coach: Coach) -> None:
    rewrite = _proposed(coach, AGENT, GOOD)
    assert (rewrite.status, rewrite.attempts) == ("verified", 2)


def test_a_greeting_in_the_middle_goes_and_the_last_mark_is_put(coach: Coach) -> None:
    assert _proposed(coach, f"您好，{GOOD[:-1]}").rewrite == f"{GOOD[:-1]}。"


def test_what_was_said_earlier_in_the_call_is_not_said_again_as_the_lines(coach: Coach) -> None:
    _, chat_of = scripted(
        "这里是远达维修客服部八号小周，周三上午师傅上门。", "这里是远达维修客服部八号小周，周三上午师傅上门。"
    )
    asking = replace(coach, model=Model((SCRIPTED,), chat_of=chat_of))
    assert asking.fluent is not None
    turns = (
        Turn("agent", "您好，这里是远达维修客服部八号小周，请问有什么可以帮您？"),
        Turn("customer", "师傅哪天来？"),
        Turn("agent", "周三上午来，你别催。"),
    )
    transcript = Transcript(turns, CallMeta(direction="inbound", excerpt=True))
    rewrite = asking.fluent.rewrite(transcript, coach.rewrite(transcript), Masker(), lambda _: None)
    assert rewrite.status == "rejected"
    assert "原话没有的意思" in "；".join(rewrite.verdict.reasons)
