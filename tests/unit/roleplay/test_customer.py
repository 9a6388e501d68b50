"""The customer: whatever agent he meets, he keeps to his role and his facts, and his state moves fairly and repeatably."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import pytest
import regex

from coach.critique import critique_line, load_rules
from coach.facts import extract, same_fact
from coach.knowledge import load_standard
from coach.roleplay import MockCall, Persona, Player, Scenario, Setup, load_personas, load_scenarios, open_player
from coach.settings import knowledge_dir

FOLDER = knowledge_dir()
PERSONAS = {persona.name: persona for persona in load_personas(FOLDER).values()}
SCENARIOS = load_scenarios(FOLDER)
ORDINARY = [persona for persona in PERSONAS.values() if persona.procedure is None]

POLITE = (
    "您好，客户服务中心，工号1024，请问有什么可以帮您？",
    "我非常理解您的心情，给您带来不便，真的很抱歉。",
    "感谢您的理解，您的每一句话我们都很重视。",
    "请您放心，我们一直把客户放在第一位。",
    "请问还有其他需要帮您的吗？",
    "感谢您的来电，再见。",
)
IDIOMS = {"一点", "半点", "一天", "一秒", "一分", "两天"}
AS_AGENT = regex.compile("为您服务|请您稍等|有什么可以帮您|感谢您的来电|工号|很高兴为您")
AS_PROGRAM = regex.compile("人工智能|AI|语言模型|程序|提示词|扮演|系统设定")


@lru_cache(maxsize=1)
def player() -> Player:
    rules, standard = load_rules(FOLDER, None), load_standard("default", FOLDER)
    return open_player(FOLDER, lambda call, line: critique_line(call, line, rules, standard))


def played(persona: Persona, scenario: Scenario, lines: Sequence[str], seed: int = 0) -> MockCall:
    call = player().begin(Setup(persona, scenario, seed=seed))
    for line in lines:
        if call.outcome is not None:
            break
        call = player().say(call, line)
    return player().finish(call)


def mixed(scenario: Scenario) -> list[str]:
    pairs = zip(scenario.example_good, scenario.example_bad, strict=False)
    return [line for pair in pairs for line in pair][: len(scenario.example_good)]


def agents(scenario: Scenario) -> Mapping[str, Sequence[str]]:
    return {"good": scenario.example_good, "mixed": mixed(scenario), "bad": scenario.example_bad, "polite": POLITE}


def every_call(seed: int) -> Iterator[tuple[str, MockCall]]:
    """Each scenario once with each kind of agent, its personas in turn."""
    for i, scenario in enumerate(SCENARIOS.values()):
        fitting = [PERSONAS[name] for name in scenario.personas if PERSONAS[name].procedure is None]
        for kind, lines in agents(scenario).items():
            yield kind, played(fitting[(i + seed) % len(fitting)], scenario, lines, seed)


@lru_cache(maxsize=1)
def calls() -> tuple[tuple[str, MockCall], ...]:
    return tuple(call for seed in range(3) for call in every_call(seed))


def customer_lines(call: MockCall) -> list[str]:
    return [turn.text for turn in call.turns if turn.speaker == "customer"]


def test_there_are_enough_turns_to_judge_by() -> None:
    assert sum(len(customer_lines(call)) for _, call in calls()) >= 1000


def test_the_customer_never_speaks_as_the_agent_nor_as_a_program() -> None:
    said = [line for _, call in calls() for line in customer_lines(call)]
    assert not [line for line in said if AS_AGENT.search(line) or AS_PROGRAM.search(line)]


def test_a_hidden_fact_is_told_only_when_asked_for() -> None:
    for _, call in calls():
        scenario = call.setup.scenario
        for i, turn in enumerate(call.turns):
            if turn.speaker != "customer":
                continue
            for fact in scenario.facts:
                if fact.hidden and fact.say in turn.text:
                    heard = player().ears.hear(call.turns[i - 1].text, scenario)
                    assert fact.id in {question.fact for question in heard.questions}, (scenario.id, turn.text)


def test_he_states_no_fact_that_is_neither_his_nor_the_agents() -> None:
    for _, call in calls():
        scenario = call.setup.scenario
        own = [*(fact.say for fact in scenario.facts), *scenario.story, scenario.want, scenario.summary]
        for i, turn in enumerate(call.turns):
            if turn.speaker != "customer":
                continue
            known = [fact for text in (*own, *(t.text for t in call.turns[:i])) for fact in extract(text)]
            strange = [
                fact.text
                for fact in extract(turn.text)
                if fact.kind in {"amount", "number", "code", "date", "time", "duration", "percent"}
                and fact.text not in IDIOMS
                and not any(same_fact(fact, other) for other in known)
            ]
            assert not strange, (scenario.id, call.setup.persona.name, turn.text, strange)


def test_he_says_nothing_twice() -> None:
    for _, call in calls():
        said = [line for line in customer_lines(call) if len(line) > 8]
        assert len(said) == len(set(said)), call.setup.scenario.id


def test_he_never_ends_content_before_his_problem_was_touched() -> None:
    for kind, call in calls():
        if call.outcome == "resolved":
            assert call.state.counts.get("touched", 0) > 0, (kind, call.setup.scenario.id)
            assert call.state.counts.get("offered", 0) > 0, (kind, call.setup.scenario.id)


def test_good_agents_resolve_bad_and_empty_ones_do_not() -> None:
    ended: dict[str, list[bool]] = {}
    for kind, call in calls():
        ended.setdefault(kind, []).append(call.outcome == "resolved")
    share = {kind: sum(all_) / len(all_) for kind, all_ in ended.items()}
    assert share["good"] >= 0.95
    assert share["bad"] <= 0.05
    assert share["polite"] <= 0.05
    assert share["bad"] < share["mixed"] < share["good"] or share["mixed"] <= 0.05


@pytest.mark.parametrize("persona", ORDINARY, ids=lambda persona: persona.id)
def test_mood_at_the_end_orders_good_mixed_bad(persona: Persona) -> None:
    fitting = [scenario for scenario in SCENARIOS.values() if persona.name in scenario.personas][:3]
    assert fitting
    for scenario in fitting:
        moods = [played(persona, scenario, agents(scenario)[k]).state.emotion for k in ("good", "mixed", "bad")]
        assert moods[0] < moods[1] < moods[2], scenario.id


def test_the_same_seed_and_lines_give_the_same_call_and_another_seed_other_words() -> None:
    scenario = next(iter(SCENARIOS.values()))
    persona = PERSONAS[scenario.personas[0]]
    one, again, other = (played(persona, scenario, scenario.example_good, seed) for seed in (5, 5, 6))
    assert customer_lines(one) == customer_lines(again)
    assert customer_lines(one) != customer_lines(other)
    assert one.state.emotion == again.state.emotion


def test_going_back_to_a_line_and_saying_it_otherwise_goes_on_from_there() -> None:
    scenario = next(iter(SCENARIOS.values()))
    persona = PERSONAS[scenario.personas[0]]
    whole = played(persona, scenario, scenario.example_good)
    back = whole.back_to(4)
    assert back.turns == whole.turns[:4]
    assert back.outcome is None
    assert back.state == whole.turns[3].state
    better = player().say(back, whole.turns[4].text)
    assert better.turns[5].text == whole.turns[5].text
    worse = player().say(back, "你烦不烦，等着吧。")
    assert worse.state.emotion > better.state.emotion


def test_every_change_of_state_has_a_reason() -> None:
    for _, call in calls()[:20]:
        for turn in call.turns:
            assert all(change.why for change in turn.transitions)


def test_a_harder_level_starts_worse_and_hurts_more() -> None:
    persona = PERSONAS["抱怨成癖"]
    scenario = next(s for s in SCENARIOS.values() if persona.name in s.personas)
    moods = []
    for level in ("easy", "normal", "hard"):
        call = player().begin(Setup(persona, scenario, level))  # type: ignore[arg-type]
        call = player().say(call, "您好，客服中心，请问有什么可以帮您？")
        moods.append(player().say(call, "你怎么又打来了，烦不烦？").state.emotion)
    assert moods[0] < moods[1] < moods[2]
