"""Words taken from the customer's question, and what is left of a line once its fault is gone: no residue, nothing said twice."""

from __future__ import annotations

import pytest
from one_line import rewritten

from coach.rewrite import Rewriter
from coach.rewrite.topic import topic_of


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("我驾照想换证,什么时候能拿到", "驾照换证,什么时候拿到"),
        ("我想开户,要带什么证件?", "开户,要带什么证件"),
        ("这份保险能赔多少", "这份保险赔多少"),
    ],
)
def test_a_topic_says_no_more_that_the_customer_wants_something(asked: str, topic: str) -> None:
    assert topic_of(asked) == topic


@pytest.mark.parametrize(
    ("customer", "line", "gone"),
    [
        ("办好要几天", "没个准，五六天也许，十来天也说不定", ("没个准", "也。", "也,")),
        ("能帮我看下货到了没有？", "查着呢查着呢，老实等着，别老问。", ("查着呢", "老实")),
        ("水费不对", "让您稍微等一下，您看成不", ("让您",)),
        ("你们修不修手表", "能不能麻烦您先别挂，我很快回来，行吗", ("能不能",)),
        ("缴费短信我没注意", "短信发给您了 您自己不看 才会被停的", ("才会",)),
        ("我那个车位的事儿……", "行了行了，打这儿掐了，先说您欠费。", ("打这", "一下一下")),
    ],
)
def test_nothing_is_left_over_of_words_taken_out(
    rewriter: Rewriter, customer: str, line: str, gone: tuple[str, ...]
) -> None:
    text = rewritten(rewriter, customer, line)
    assert not [words for words in gone if words in text], text


def test_who_puts_through_says_so_once(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我想问加盟", "这个归招商组的小童，给您切过去了哈，拜。小童做了五年招商，您尽管问他。")
    assert text.count("转接") == 1
    assert "拜" not in text


def test_a_death_gets_condolence_and_no_service_apology(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我奶奶昨晚走了，我脑子一片空白，呜呜", "先报逝者姓名和身份证号。")
    assert "节哀" in text or "保重" in text
    assert "麻烦" not in text


@pytest.mark.parametrize(
    ("customer", "line", "kept"),
    [
        ("你们收旧空调吗", "不收", "不收旧空调"),
        ("谁呀？", "姐 是我呀 上回给您装净水器那个小钱", "我是上回给您装净水器的小钱"),
        ("他当时就说，爱坐不坐，然后我就", "录音我听过了，您不必复述，您直接回答我，有没有受伤？", "有没有受伤"),
        ("我找质检的老冯", "老冯住院做手术了，咋也得半个月", "老冯现在不方便接电话"),
    ],
)
def test_what_is_refused_asked_or_who_speaks_stays_said(
    rewriter: Rewriter, customer: str, line: str, kept: str
) -> None:
    assert kept in rewritten(rewriter, customer, line)


def test_asked_when_there_will_be_an_answer_the_time_is_given(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "那你们什么时候能给我回话", "可能过两天吧 有信儿了就说")
    assert "【时限】内给您答复" in text
    assert "什么时候" not in text
