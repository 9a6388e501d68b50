"""The heading: which model is in use, and what leaves this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.assistant import Coach
from coach.llm import Model
from coach.llm.endpoint import Endpoint
from coach.web.page import in_use

HERE = Endpoint("http://127.0.0.1:8081/v1", "qwen", "", 30, "127.0.0.1")
AWAY = Endpoint("https://api.example.com/v1", "big<b>", "sk-1", 30, "api.example.com")


def _heading(coach: Coach, *endpoints: Endpoint, mask: bool = True) -> str:
    return in_use(replace(coach, model=Model(endpoints, mask)))


def test_without_a_model_the_built_in_coach_is_named(coach: Coach) -> None:
    assert in_use(coach) == "正在用内置教练，您输入的内容只在这台电脑上处理。"


def test_of_a_model_on_this_machine_nothing_leaves(coach: Coach) -> None:
    assert _heading(coach, HERE) == "语言模型：qwen（127.0.0.1，本机）。您输入的内容只在这台电脑上处理。"


@pytest.mark.parametrize(
    ("mask", "said"),
    [(True, "手机号、姓名、地址等会先隐去"), (False, "没有打开隐去个人信息（COACH_MASK）")],
)
def test_of_a_model_elsewhere_it_is_said_what_leaves(coach: Coach, mask: bool, said: str) -> None:
    heading = _heading(coach, AWAY, mask=mask)
    assert heading == f"语言模型：big&lt;b&gt;（api.example.com）。您输入的内容会发给它，{said}。"
    assert "sk-1" not in heading


def test_one_of_two_elsewhere_is_enough(coach: Coach) -> None:
    heading = _heading(coach, HERE, AWAY)
    assert "qwen（127.0.0.1，本机），备用 big&lt;b&gt;（api.example.com）" in heading
    assert "会发给它" in heading
