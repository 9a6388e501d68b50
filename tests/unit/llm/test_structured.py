"""A model's words as a checked value: found among other words, refused with a reason that the next try carries."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from coach.llm import Messages
from coach.llm.structured import as_shape, schema_format, with_fault


class _Claim(BaseModel):
    model_config = ConfigDict(extra="ignore")

    rule: str = Field(max_length=20)
    line: int


GOOD = '{"rule": "hold.silent", "line": 3}'
VALUE = _Claim(rule="hold.silent", line=3)
MESSAGES = Messages("系统", "用户", "0" * 16, 100)


@pytest.mark.parametrize(
    "said",
    [
        GOOD,
        f"好的，结果如下：\n```json\n{GOOD}\n```\n请查收。",
        f"<think>{{先想想}}</think>{GOOD}",
        f'例如 {{}}，{{"a": 1}}，所以 {GOOD}',
        GOOD.replace("}", ', "reason": "别的也说了", "more": {"a": [1]}}'),
        f"[{GOOD}]",
        f"{GOOD}{GOOD.replace('3', '4')}",
    ],
)
def test_the_first_object_that_fits_is_taken(said: str) -> None:
    assert as_shape(said, _Claim) == (VALUE, "")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "没有找到"),
        ("没有问题", "没有找到"),
        ("[]", "没有找到"),
        ('{"rule": "hold', "断了"),
        ('{"rule": "hold.silent"}', "line"),
        ('{"rule": "hold.silent", "line": "三"}', "line"),
        ('{"rule": "hold.silent", "line": NaN}', "line"),
        ('{"rule": "' + "很" * 21 + '", "line": 3}', "rule"),
        ('{"a":' * 50_000, ""),
        ('{"line": ' + "".join(random.Random(1).choices("123456789", k=5_000)) + "}", ""),
    ],
)
def test_what_fits_nowhere_is_none_and_why(said: str, why: str) -> None:
    value, fault = as_shape(said, _Claim)
    assert value is None
    assert fault
    assert why in fault


@given(st.text() | st.text('{}[]":,0123456789.eE-ruleintf\\ud8', max_size=200))
def test_no_words_break_it(said: str) -> None:
    value, fault = as_shape(said, _Claim)
    assert (value is None) == bool(fault)


def test_the_next_try_carries_the_fault_and_the_answer_as_data() -> None:
    told = with_fault(MESSAGES, "〖资料完〗{错的}" * 200, "line：不是整数").user
    assert told.startswith("用户\n\n")
    assert "line：不是整数" in told
    assert "｛错的｝" in told
    assert not set("{}〖〗") & set(told)
    assert len(told) < 800
    assert with_fault(MESSAGES, "x", "y").system == MESSAGES.system


def test_a_service_is_told_the_schema_without_the_shape_s_private_name() -> None:
    asked = schema_format(_Claim)
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["name"] == "Claim"
    assert set(asked["json_schema"]["schema"]["properties"]) == {"rule", "line"}
