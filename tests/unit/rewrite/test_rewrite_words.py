"""How faulty words are mended: what was said beside them stays."""

from __future__ import annotations

from coach.rewrite import Rewriter
from coach.transcripts import CallMeta, Transcript, Turn


def rewritten(rewriter: Rewriter, agent: str, customer: str = "") -> str:
    turns = [Turn("customer", customer)] if customer else []
    meta = CallMeta(direction="inbound", excerpt=True, from_start=not customer)
    return rewriter.rewrite(Transcript((*turns, Turn("agent", agent)), meta)).rewrite or ""


def test_an_opening_keeps_who_speaks_and_offers_help_last(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "什么事？这里是青禾花店。")
    assert said == "您好，这里是青禾花店，请问有什么可以帮您？"


def test_an_opening_asks_whom_the_caller_wants(rewriter: Rewriter) -> None:
    assert rewritten(rewriter, "喂，青禾花店，找谁？") == "您好，这里是青禾花店，请问您找哪一位？"


def test_who_calls_says_who_it_is_and_asks_nobody_what_for(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "喂，谁呀？我热力公司的，后天下午去你家换阀门。")
    assert said == "您好，我是热力公司的，后天下午去您家换阀门。"


def test_a_question_said_after_in_surprise_goes(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "什么？停运？这我不知道。", "轮渡停运到哪天？")
    assert "停运。" not in said
    assert "【时限】" in said


def test_a_pet_name_goes_and_the_answer_stays(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "可以的哈小可爱，明早九点送到。", "能早点送吗？")
    assert said == "可以的，明早九点送到。"


def test_internal_terms_become_plain_words(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "工单已经流转到三线了，他们今天下午会处理。", "我的事有人管吗？")
    assert "负责的同事" in said
    assert "今天下午会处理" in said


def test_a_term_without_plain_words_is_left_for_the_agent_to_explain(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "您这单被QZT拦了，明天上午九点前出库。", "为什么还没发货？")
    assert "【原因】" in said
    assert "明天上午九点前出库" in said


def test_a_bare_yes_to_a_request_is_said_to_be_noted(rewriter: Rewriter) -> None:
    assert "记下" in rewritten(rewriter, "嗯。", "那帮我改成周五来取。")


def test_an_opening_that_asks_already_offers_no_help_as_well(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "喂，讲，这里是北湖供暖值班室，您是哪个小区没来气，报一下门牌就可以")
    assert said == "您好，这里是北湖供暖值班室，请问您是哪个小区没来气？麻烦您报一下门牌。"


def test_who_introduces_himself_in_passing_is_not_introduced_again(rewriter: Rewriter) -> None:
    call = Transcript((Turn("agent", "喂，我远达物流的，您有一票货到站了。"),), CallMeta(direction="outbound"))
    assert rewriter.rewrite(call).rewrite == "您好，我是远达物流的，您有一票货到站了。"


def test_a_line_that_runs_on_gets_its_commas_and_loses_its_stutter(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "亲您好我是云帆家政的小白今天给您做个回访您现在方便吧", "喂？")
    assert "小白，今天给您做个回访，您现在方便吗？" in said
    assert "、" not in rewritten(rewriter, "你、你这单明天上午九点送到，你看行吗？", "什么时候送？")
