"""What a line states, in canonical form, and when two statements are the same."""

from __future__ import annotations

import pytest

from coach.facts import extract, number_of, same_fact


def facts(text: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.value) for fact in extract(text)]


def same(one: str, two: str) -> bool:
    """Whether every fact of one stands in the other, both ways."""
    left, right = extract(one), extract(two)
    assert left
    assert right
    return all(any(same_fact(a, b) for b in right) for a in left) and all(
        any(same_fact(a, b) for a in left) for b in right
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今晚8点", [("date", "今天"), ("time", "20:00")]),
        ("明早九点", [("date", "明天"), ("time", "09:00")]),
        ("两点半下午", [("time", "14:30")]),
        ("八十六块", [("amount", "86元")]),
        ("半小时", [("duration", "1800秒")]),
        ("一分半钟", [("duration", "90秒")]),
        ("三四天", [("duration", "3-4天")]),
        ("3-5个工作日", [("duration", "3-5工作日")]),
        ("138****2211", [("number", "138****2211")]),
        ("幺八六", [("number", "186")]),
        ("电话幺三七，四四零二，九九幺八", [("number", "13744029918")]),
        ("修下来一千八", [("number", "1800")]),
        ("好像是十点半吧", [("time", "?10:30")]),
        ("您住人民路", [("address", "人民路")]),
        ("送到人民路18号", [("address", "人民路"), ("quantity", "18号")]),
        ("百分百看得到", [("percent", "100%")]),
        ("李女士", [("name", "李女士")]),
    ],
)
def test_a_fact_is_found_in_canonical_form(text: str, expected: list[tuple[str, str]]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    "text",
    ["麻烦您说一下", "我们一起看", "再说一遍", "有一点慢", "一直没好", "哪天", "几天", "几百块钱", "万一", "千万别", "放一百个心",
     "这属于街道的事", "走这条路", "【时限】内答复您", "您二位", "说一千道一万", "大家体面一点,别吵", "一块儿来",
     "六十岁的人没见过", "这三个字", "三番五次", "关总阀", "快一点吧", "便宜一点就行吧"],
)  # fmt: skip
def test_turns_of_phrase_are_no_facts(text: str) -> None:
    assert facts(text) == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("今晚8点", "今天晚上八点"),
        ("今晚8点", "今天20:00"),
        ("八十六块", "86元"),
        ("半小时", "30分钟"),
        ("礼拜四", "周四"),
        ("本周五", "周五"),
        ("次月", "下个月"),
        ("两点半下午", "14:30"),
        ("幺八六零零五二", "1860052"),
        ("六百八", "680元"),
    ],
)
def test_the_same_value_in_other_words_is_the_same_fact(one: str, two: str) -> None:
    assert same(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [("今晚8点", "明晚8点"), ("86元", "68元"), ("周四", "周五"), ("三天", "三个月"), ("上午四点", "下午四点")],
)
def test_other_values_are_other_facts(one: str, two: str) -> None:
    assert not same(one, two)


def test_spans_are_of_the_original() -> None:
    text = "😀您好，  金额是８６元"
    (fact,) = extract(text)
    assert text[slice(*fact.span)] == "８６元"
    assert fact.value == "86元"


@pytest.mark.parametrize(
    ("text", "value"), [("两千四", 2400), ("三点五", 3.5), ("1,200", 1200), ("半", 0.5), ("一万二", 12000)]
)
def test_numerals_are_read(text: str, value: float) -> None:
    assert number_of(text) == value


@pytest.mark.parametrize(("said", "once"), [("五百 五百 五百", "五百"), ("九点九点", "九点"), ("两百两百块", "两百块")])
def test_what_is_said_several_times_in_a_row_is_one_fact(said: str, once: str) -> None:
    (fact,), (other,) = extract(said), extract(once)
    assert same_fact(fact, other)


@pytest.mark.parametrize(
    "text", ["您慢一点", "晚一点再打", "时间让师傅跟您定", "关于师傅", "安排给师傅", "年费这一块嘛"]
)
def test_words_that_look_like_a_time_a_name_or_an_amount(text: str) -> None:
    assert not extract(text)
