"""A model's rewrite beside the built-in's, which is known to be right: where it leaves, opens or drops what that one doesn't, it isn't shown."""

from __future__ import annotations

import pytest

from coach.rewrite.beside import falls_behind

LINE = "你自己去窗口改，系统里少填一项，明天十点前补。"
RIGHT = "给您添麻烦了，很抱歉。系统里少填一项，麻烦您明天十点前补一下。"


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        ("很抱歉，您自己去窗口改，系统里少填一项，明天十点前补一下。", "您自己去窗口改"),
        ("很抱歉，因为【原因】，系统里少填一项，麻烦您明天十点前补一下。", "【原因】"),
        ("很抱歉，麻烦您明天十点前补一下。", "系统里少填一项"),
        ("很抱歉，系统里少填一项，明天十点前要补，麻烦您明天十点前补一下。", "说了两遍"),
        ("系统里少填一项，麻烦您明天十点前补一下。", "体谅"),
    ],
)
def test_what_falls_behind_the_builtin_is_named(candidate: str, why: str) -> None:
    assert why in "；".join(falls_behind(LINE, RIGHT, candidate))


@pytest.mark.parametrize(
    "candidate",
    [
        "不好意思，系统里少填了一项，请您明天十点前补上，好吗？",
        "您先别着急，系统里少填一项，我【时限】内提醒您，麻烦您明天十点前补一下。",
    ],
)
def test_another_wording_of_the_same_is_no_worse(candidate: str) -> None:
    assert falls_behind(LINE, RIGHT, candidate) == ()


def test_thanks_for_waiting_may_be_worded_otherwise() -> None:
    assert falls_behind("查到了，周五到。", "让您久等了，谢谢您的等候。周五到。", "感谢您的等候，周五到。") == ()
