"""A call in the middle, for tests of the words a model finds: a customer whose speeded-up line is no faster."""

from __future__ import annotations

from pathlib import Path

from coach.roleplay import CallTurn, MockCall, Scenario, Setup, find_persona, load_personas
from coach.roleplay.customer import Part, Plan
from coach.roleplay.state import CustomerState

FOLDER = Path(__file__).resolve().parents[3] / "knowledge"
STORY = ("上周五我办了宽带提速，网速一点没变快", "晚上看个视频都要卡好几回")
SCENARIO = Scenario.model_validate(
    {
        "id": "test-broadband",
        "title": "提速以后网没变快",
        "industry": "电信",
        "caller": {"name": "钱志远", "title": "先生"},
        "summary": "钱先生上周五办了提速，网速没有变快。",
        "story": STORY,
        "want": "把网速弄好",
        "problem": ("网速", "提速", "宽带"),
        "facts": [
            {"id": "phone", "kind": "phone", "value": "13900002101", "say": "电话是13900002101"},
            {"id": "name", "kind": "name", "value": "钱志远", "say": "我叫钱志远"},
            {"id": "since", "kind": "time", "value": "上周五", "say": "提速是上周五办的", "ask": ["什么时候办"]},
            {"id": "test", "kind": "other", "value": "只有二十兆", "say": "我测过，只有二十兆", "hidden": True},
            {"id": "router", "kind": "other", "value": "还是五年前那个", "say": "路由器还是五年前那个", "hidden": True},
            {"id": "guest", "kind": "other", "value": "楼上邻居也在蹭网", "say": "楼上邻居也在蹭网", "hidden": True},
        ],
    }
)
AGENT = "agent"


def call(*lines: tuple[str, str], persona: str = "普通咨询", told: str = "", story: int = 1) -> MockCall:
    """The call after `lines` (speaker, text), the agent's last; `told`: ids of facts, apart by blanks."""
    state = CustomerState(4.0, 5.0, 5.0, "understood", frozenset(told.split()), story, turns=len(lines))
    people = {one.name: one for one in load_personas(FOLDER).values()}
    setup = Setup(people[persona] if persona in people else find_persona(persona, FOLDER), SCENARIO, seed=1)
    return MockCall(setup, state, tuple(CallTurn(speaker, text, "", state) for speaker, text in lines))  # type: ignore[arg-type]


def plan(so_far: MockCall, *parts: Part) -> Plan:
    """The customer's next turn."""
    return Plan(parts, so_far.state)


def part(act: str, fact: str = "", **slots: str) -> Part:
    """An act; `fact`: id of the fact it tells, whose words fill its slot."""
    if fact:
        slots["fact"] = next(one.say for one in SCENARIO.facts if one.id == fact)
    return Part(act, slots, fact or None)
