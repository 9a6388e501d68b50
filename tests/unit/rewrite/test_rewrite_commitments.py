"""Guesses, promises too large and promises without a time: what of them stays, and what the customer asked is named."""

from __future__ import annotations

import pytest
from one_line import rewritten

from coach.rewrite import Rewriter
from coach.rewrite.topic import topic_of


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("请问你们店里能寄存行李吗?", "我们店里能不能寄存行李"),
        ("我妈的拐杖是铝的不?", "您母亲的拐杖是不是铝的"),
        ("游泳馆几点关门呀", "游泳馆几点关门"),
        ("我叫沈怀舟,订的蛋糕做好了没有?", "订的蛋糕做好了没有"),
        ("司机会等我吗", "司机会不会等您"),
        ("你们到底管不管,我急死了!", ""),
        ("好的,麻烦你。", ""),
    ],
)
def test_what_was_asked_is_said_from_the_agents_side(asked: str, topic: str) -> None:
    assert topic_of(asked) == topic


def test_a_guess_names_what_was_asked_and_settles_nothing(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "自行车能带上地铁吗？", "应该能带吧，好像也有人被拦过。")
    assert "自行车能不能带上地铁" in text
    assert "【时限】内" in text
    assert "拦过" not in text


def test_what_is_known_beside_a_guess_stays(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "宿舍几点熄灯？", "宿舍楼的大门晚上十一点关。熄灯嘛，好像差不多也是那会儿吧。")
    assert text.startswith("跟您说明一下，宿舍楼的大门晚上十一点关。")
    assert "宿舍几点熄灯" in text


def test_a_plan_promised_too_surely_stays_as_an_effort(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "护照能补办下来吗？", "包在我身上，百分百给您办下来。")
    assert "我们会尽力" in text
    assert "护照能不能补办下来" in text
    assert "看【依据】" in text


@pytest.mark.parametrize(
    ("line", "better"),
    [
        ("好的，木工得空了就去您家看。", "好的，木工会在【时限】内去您家看。"),
        ("窗帘做好了喊您。", "好的，窗帘做好后会在【时限】内通知您。"),
        ("我先登记，过两天有人上门。", "好的，我先登记，【时限】内会有人上门。"),
    ],
)
def test_a_promise_gets_its_time_where_it_is_made(rewriter: Rewriter, line: str, better: str) -> None:
    assert rewritten(rewriter, "那我等你们安排。", line) == better


def test_what_is_told_beside_a_boast_stays(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "这批门窗会不会漏风？", "百分之百不漏，密封条是三元乙丙的，整窗质保五年。")
    assert "质保五年" in said
    assert "百分之百" not in said
    assert "【依据】" in said
