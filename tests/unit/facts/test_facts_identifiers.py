"""Identifiers a customer gives: what counts, what doesn't, and when they were said back."""

from __future__ import annotations

import pytest

from coach.facts import identifiers, said_back
from coach.text import normalise

GIVEN = [
    ("我的电话是13****6708。", "", [("phone", "13****6708")]),
    ("幺三七，四四零二，九九幺八。", "请问您的电话是多少？", [("phone", "幺三七,四四零二,九九幺八")]),
    ("0571-88231234", "", [("phone", "0571-88231234")]),
    ("62093317。", "麻烦报一下订单号。", [("order", "62093317")]),
    ("运单号 SF1098 2231 4455", "", [("order", "SF109822314455")]),
    ("保单是二零二四零零八八一九三", "", [("order", "二零二四零零八八一九三")]),
    ("地址在东湖花园九栋二零三", "", [("address", "东湖花园九栋二零三")]),
    ("枫林苑3号楼2单元401。", "", [("address", "枫林苑3号楼2单元401")]),
    ("我住南湖新村6号楼", "", [("address", "南湖新村6号楼")]),
    ("我叫欧阳晓峰 欧阳修的欧阳", "", [("name", "欧阳晓峰")]),
    ("我叫沈丽华电话你知道的", "", [("name", "沈丽华")]),
    ("张伟", "请问您的姓名？", [("name", "张伟")]),
]

NOTHING = [
    ("多扣了三百二十块。", ""),
    ("我姓温。", "请问怎么称呼您？"),
    ("王先生", "请问怎么称呼您？"),
    ("我叫小王", ""),
    ("身份证号是110101199001011234", ""),
    ("卡号6222020200012345678", "请报一下卡号"),
    ("验证码是四零二九五六。", ""),
    ("家里二十八号报的修，今天有人来吗？", ""),
    ("你们店在南京路100号吗", ""),
    ("机器型号是KFR-35的。", ""),
    ("我户号是1200345678", ""),
    ("板材要符合GB18580-2017。", ""),
    ("按GB/T 9755-2014验收的", ""),
]


def _found(text: str, question: str) -> list[tuple[str, str]]:
    return [(item.kind, item.text) for item in identifiers(normalise(text).text, normalise(question).text)]


@pytest.mark.parametrize(("text", "question", "expected"), GIVEN)
def test_identifiers_finds_what_the_customer_gave(text: str, question: str, expected: list[tuple[str, str]]) -> None:
    assert _found(text, question) == expected


@pytest.mark.parametrize(("text", "question"), NOTHING)
def test_identifiers_leaves_other_numbers_and_names_alone(text: str, question: str) -> None:
    assert _found(text, question) == []


@pytest.mark.parametrize(
    ("given", "line", "expected"),
    [
        ("电话幺五九零零幺二三三四四", "15900123344，对吗？", True),
        ("我的电话是13900001234", "尾号1234，记下了。", True),
        ("我的电话是13900001234", "好的，记下了。", False),
        ("地址是桂花路十六号三栋五零二", "桂花路16号3栋502，对吧？", True),
        ("地址是桂花路十六号三栋五零二", "师傅15:00到。", False),
        ("青年路5号，我家住青年路5号", "改成青年路5号，对吗？", True),
        ("我叫林晓燕", "林晓燕女士您好。", True),
        ("我叫林晓燕", "林女士您好。", False),
    ],
)
def test_said_back_compares_digits_address_numbers_and_names(given: str, line: str, expected: bool) -> None:
    items = identifiers(normalise(given).text)
    assert items
    assert all(said_back(item, normalise(line).text) for item in items) is expected
