"""What a masker hides and leaves, that placeholders are stable, and that every text comes back as it was."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mask_cases import FRESH_KEPT, FRESH_MASKED, KEPT, MASKED, NOT_YET

from coach.privacy import Masker

CALL = "".join(
    f"坐席：您好{surname}先生，跟您核对：电话{number}，住{street}路{i + 1}号{i + 2}栋502，订单SF10982{i:06d}，金额{i + 80}元，对吗？\n"
    f"客户：对的，我等了{i + 3}天了，上次的{surname}师傅说{i + 1}点到，结果没来，你们工号{1000 + i}的同事也没回我，我已经打了好几次电话了，这次无论如何给我一个说法。\n"
    for i, (surname, street, number) in enumerate(
        (surname, street, f"138001380{i:02d}")
        for i, (surname, street) in enumerate(zip("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "文新建和平桂清长安宁丰海江河山湖松竹梅兰", strict=True))
    )
)  # fmt: skip
"""A call of 40 turns."""


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_data_becomes_a_placeholder_and_comes_back(text: str, masked: str) -> None:
    masker = Masker()
    assert masker.mask(text) == masked
    assert masker.unmask(masked) == text


@pytest.mark.parametrize("text", KEPT)
def test_what_is_nobodys_is_left_alone(text: str) -> None:
    masker = Masker()
    assert masker.mask(text) == text
    assert masker.count == 0


@pytest.mark.parametrize(("text", "masked"), [case for case in FRESH_MASKED if case[0] not in NOT_YET])
def test_lines_written_after_the_code_are_masked(text: str, masked: str) -> None:
    assert Masker().mask(text) == masked


@pytest.mark.parametrize("text", [text for text in FRESH_KEPT if text not in NOT_YET])
def test_lines_written_after_the_code_are_left_alone(text: str) -> None:
    assert Masker().mask(text) == text


@pytest.mark.parametrize("text", sorted(NOT_YET))
def test_what_the_masker_still_gets_wrong_is_known(text: str) -> None:
    wanted = {**dict(FRESH_MASKED), **{kept: kept for kept in FRESH_KEPT}}
    assert Masker().mask(text) == NOT_YET[text] != wanted[text]


def test_the_same_value_keeps_its_placeholder_and_another_gets_its_own() -> None:
    masker = Masker()
    assert masker.mask("电话13800138000") == "电话〔手机号1〕"
    assert masker.mask("换成13912345678") == "换成〔手机号2〕"
    assert masker.mask("还是138-0013-8000吧") == "还是〔手机号1〕吧"
    assert masker.mask("幺三八零零幺三八零零零") == "〔手机号1〕"
    assert masker.count == 2


def test_a_value_comes_back_in_the_form_first_seen() -> None:
    masker = Masker()
    masker.mask("138-0013-8000")
    masker.mask("13800138000")
    assert masker.unmask("请拨〔手机号1〕") == "请拨138-0013-8000"


def test_a_value_once_known_is_masked_without_a_cue() -> None:
    masker = Masker()
    masker.mask("我叫沈丽华，户号1200345678")
    assert masker.mask("沈丽华的1200345678查到了") == "〔姓名1〕的〔编号1〕查到了"


def test_a_number_written_with_marks_is_known_again() -> None:
    masker = Masker()
    first = masker.mask("订单号是QH-88213-04。")
    assert "QH-88213-04" not in first
    assert "QH-88213-04" not in masker.mask("遥控器两节电池，QH-88213-04，就这些。")


def test_a_value_named_later_in_the_same_text_is_masked_where_it_came_first() -> None:
    assert Masker().mask("沈丽华来过。\n我叫沈丽华。") == "〔姓名1〕来过。\n我叫〔姓名1〕。"
    assert Masker().mask("880213到了吗。\n工单号880213") == "〔订单号1〕到了吗。\n工单号〔订单号1〕"


@pytest.mark.parametrize(
    ("question", "answer", "masked"),
    [
        ("请问您贵姓？", "王。", "〔姓名1〕。"),
        ("请问怎么称呼您？", "张伟", "〔姓名1〕"),
        ("坐席：麻烦报一下姓名", "客户：沈佩瑶。", "客户：〔姓名1〕。"),
        ("麻烦报一下订单号", "62093317。", "〔订单号1〕。"),
        ("请问您贵姓？", "对，是我。", "对，是我。"),
        ("请问有什么可以帮您？", "高兴。", "高兴。"),
    ],
)
def test_a_bare_answer_is_read_by_its_question(question: str, answer: str, masked: str) -> None:
    assert Masker().mask(f"{question}\n{answer}") == f"{question}\n{masked}"
    masker = Masker()
    masker.mask(question)
    assert masker.mask(answer) == masked


@pytest.mark.parametrize(
    "written",
    [
        "〔姓名1〕",
        "[姓名1]",
        "【姓名1】",
        "（姓名1）",
        "(姓名 1)",
        "〔 姓名1 〕",
        "［姓名１］",
        "〔姓名 01〕",
        "{姓名1}",
    ],
)
def test_a_placeholder_is_known_however_a_model_writes_it(written: str) -> None:
    masker = Masker()
    masker.mask("我叫沈丽华")
    assert masker.unmask(f"好的 {written} 女士") == "好的 沈丽华 女士"


def test_a_placeholder_that_is_not_this_maskers_stays() -> None:
    masker = Masker()
    masker.mask("我叫沈丽华")
    assert masker.unmask("〔姓名2〕和〔手机号1〕") == "〔姓名2〕和〔手机号1〕"


def test_a_placeholder_someone_typed_is_not_taken_for_a_real_one() -> None:
    masker = Masker()
    text = "〔手机号1〕是什么？我的是13800138000，[手机号1]也一样"
    masked = masker.mask(text)
    assert masked == "〔原文1〕是什么？我的是〔手机号1〕，〔原文2〕也一样"
    assert masker.unmask(masked) == text
    assert masker.count == 1


def test_nothing_of_the_values_shows_in_repr() -> None:
    masker = Masker()
    masker.mask("我叫沈丽华，13800138000")
    assert repr(masker) == "Masker(count=2)"


PIECES = [
    "13800138000", "幺三九零零幺三八零零零", "11010519491231002X", "4111111111111111", "京A12345", "a.b@example.com", "我叫沈丽华",
    "欧阳先生", "人民路18号3栋502", "订单号20260911223344", "021-54470012", "〔手机号1〕", "[姓名 2]", "（地址１）", "〔原文1〕", "〔", "〕",
    "\n", "\r\n", "，", "。", " ", "👍🏽", "𠮷", "½", "①", "\u200b", "㈱", "1", "86元", "姓", "-", "叉", "*",
]  # fmt: skip


@given(st.text(max_size=80))
def test_any_text_comes_back(text: str) -> None:
    masker = Masker()
    assert masker.unmask(masker.mask(text)) == text


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14))
@settings(max_examples=300)
def test_any_text_of_personal_data_and_placeholders_comes_back(pieces: list[str]) -> None:
    masker = Masker()
    text = "".join(pieces)
    masked = masker.mask(text)
    assert masker.unmask(masked) == text
    assert masker.unmask(masker.mask(text)) == text


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "三", "我", "人民路", "小区3栋", "一栋-", "a1", "a@", "〔手机号", "张", "姓名是"]
)
def test_a_long_text_of_one_thing_is_not_slow(piece: str) -> None:
    text = piece * (6000 // len(piece))
    began = time.process_time()
    masker = Masker()
    assert masker.unmask(masker.mask(text)) == text
    assert time.process_time() - began < 5


def test_a_call_of_forty_turns_takes_less_than_50_ms() -> None:
    assert CALL.count("\n") == 40
    assert len(CALL) > 2700
    Masker().mask("您好，张先生，13800138000")
    began = time.process_time()
    masker = Masker()
    masked = masker.mask(CALL)
    took = time.process_time() - began
    assert "1380013" not in masked
    assert masker.unmask(masked) == CALL
    assert took < 0.05
