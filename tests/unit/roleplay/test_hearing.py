"""What the customer hears: his matter told back in other words, who is to come and when, which of his facts is asked for."""

from __future__ import annotations

import pytest

from coach.roleplay import load_scenarios
from coach.roleplay.from_text import scenario_from_text
from coach.roleplay.hearing import Heard, load_ears
from coach.roleplay.progress import causes
from coach.roleplay.scenario import Scenario
from coach.roleplay.state import CustomerState
from coach.settings import knowledge_dir

FOLDER = knowledge_dir()
EARS = load_ears(FOLDER)
TAP = "尹奶奶住在南湖新村6号楼，厨房的水龙头漏了两天，地板都泡了。她想找人把水龙头修好，电话13900007783。"

TOLD_BACK = (
    ("transfer-not-arrived", "刚才是我怠慢了，对不起。您是说您这边钱已经扣了，对方账户里没有，对吗？"),
    ("transfer-not-arrived", "真抱歉。您是说那边等着这笔钱交押金，钱却没影了，对吗？"),
    ("noise-after-service", "实在对不起。您是说一上高速就咯噔响，不敢再开了，对吗？"),
    ("parcel-lost", "很抱歉，让您担心了。您是说给老人寄的东西没有下落，对吗？"),
    ("piano-teacher-changed", "对不起。您是说当初定好的老师走了，剩下的钱想退，对吗？"),
)
ANOTHER = (
    ("transfer-not-arrived", "真对不起。您是说家里的暖气一直不热，想请人来看，对吗？"),
    ("noise-after-service", "很抱歉。您是说孩子的照片修得不自然，想重修，对吗？"),
    ("parcel-lost", "对不起。您是说孩子在学校磕了下巴，家里没接到电话，对吗？"),
)
OFFERS = (
    "我安排电工今天晚上七点前过去。",
    "维修队明天上午十点前把水龙头换好。",
    "今天下午五点会有师傅上门修水龙头。",
    "两个小时之内，物业的水电工就到您家。",
)
NO_OFFERS = ("师傅昨天没修好吗？", "电工今天不上班。", "师傅明天去不去修，还说不准。", "同事今天没给您打电话吗？")


def heard(line: str, scenario: Scenario) -> Heard:
    return EARS.hear(line, scenario)


def caused(line: str, scenario: Scenario) -> tuple[str, ...]:
    return causes(heard(line, scenario), CustomerState(5, 5, 5, "told", turns=2), scenario)


@pytest.mark.parametrize(("scenario", "line"), TOLD_BACK)
def test_his_matter_told_back_in_other_words_is_his(scenario: str, line: str) -> None:
    found = caused(line, load_scenarios(FOLDER)[scenario])
    assert "restated" in found
    assert "off_topic" not in found


@pytest.mark.parametrize(("scenario", "line"), ANOTHER)
def test_another_matter_put_to_him_as_his_is_off_the_topic(scenario: str, line: str) -> None:
    found = caused(line, load_scenarios(FOLDER)[scenario])
    assert "off_topic" in found
    assert "restated" not in found


@pytest.mark.parametrize("line", OFFERS)
def test_somebody_else_coming_at_a_time_is_an_offer(line: str) -> None:
    assert "offer" in heard(line, scenario_from_text(TAP)).acts


@pytest.mark.parametrize("line", NO_OFFERS)
def test_somebody_else_not_coming_is_none(line: str) -> None:
    assert "offer" not in heard(line, scenario_from_text(TAP)).acts


@pytest.mark.parametrize(
    "line", ["请问您住几号楼？", "您家是几栋几单元？", "请问您住的是哪个小区？", "麻烦说一下住址。"]
)
def test_where_he_lives_is_asked_in_many_ways(line: str) -> None:
    scenario = scenario_from_text(TAP)
    asked = next(question.fact for question in heard(line, scenario).questions)
    assert next(fact.value for fact in scenario.facts if fact.id == asked) == "南湖新村6号楼"


def test_what_he_chose_then_is_a_fact_and_what_he_may_choose_now_is_a_choice() -> None:
    scenario = load_scenarios(FOLDER)["transfer-not-arrived"]
    then = heard("您那天选的是实时到账，还是次日到账？", scenario).questions
    now = heard("您看是我登记查询，还是把这笔转账撤销？", scenario).questions
    assert [(one.kind, one.fact) for one in then] == [("fact", "way")]
    assert [one.kind for one in now] == ["choice"]
