"""The data behind mock calls: enough different lines, no facts in them, personas and scenarios that fit together."""

from __future__ import annotations

import pytest
import regex

from coach.knowledge import load_knowledge
from coach.roleplay import Persona, Scenario, load_personas, load_scenarios
from coach.roleplay.state import load_moves
from coach.roleplay.voice import Voice, load_voices
from coach.settings import knowledge_dir

FOLDER = knowledge_dir()
VOICES = load_voices(FOLDER)
PERSONAS = load_personas(FOLDER)
SCENARIOS = load_scenarios(FOLDER)
FEWEST = 8
SLOTS = {"story", "want", "fact", "choice"}
INDUSTRIES = {"电信", "银行", "电商", "供暖维修", "照相馆", "汽车服务", "快递", "医院", "航空", "保险", "教育"}


def named(one: Voice | Persona | Scenario) -> str:
    return one.group if isinstance(one, Voice) else one.id


@pytest.mark.parametrize("voice", VOICES.values(), ids=named)
def test_every_act_and_mood_has_eight_different_lines_without_figures(voice: Voice) -> None:
    for act, moods in voice.lines.items():
        for mood, lines in moods.items():
            assert len(set(lines)) >= FEWEST, (act, mood)
            assert not [line for line in lines if regex.search(r"\d", line)]
            assert not [line for line in lines if set(regex.findall(r"\{(\w+)\}", line)) - SLOTS]


def test_no_line_stands_twice_in_a_voice() -> None:
    for voice in VOICES.values():
        said = [line for moods in voice.lines.values() for lines in moods.values() for line in lines]
        assert len(said) == len(set(said)), voice.group


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=named)
def test_a_persona_has_its_voice_and_clauses_that_exist(persona: Persona) -> None:
    clauses = load_knowledge(FOLDER).clauses
    assert persona.voice in VOICES
    assert [clause for clause in persona.clauses if clause not in clauses] == []


def test_there_are_the_personas_and_scenarios_that_were_asked_for() -> None:
    assert len(PERSONAS) == 18
    assert len(SCENARIOS) >= 40
    assert {scenario.direction for scenario in SCENARIOS.values()} == {"inbound", "outbound", "proxy", "message"}
    assert {scenario.industry for scenario in SCENARIOS.values()} >= INDUSTRIES


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=named)
def test_a_scenario_hides_something_and_can_be_settled_by_personas_that_exist(scenario: Scenario) -> None:
    names = {persona.name for persona in PERSONAS.values()}
    assert set(scenario.personas) <= names
    assert scenario.settle
    assert scenario.cannot
    hidden = [fact for fact in scenario.facts if fact.hidden]
    assert hidden
    assert not [fact.id for fact in hidden for told in scenario.story if fact.say in told]


def test_every_move_says_why() -> None:
    assert all(move.why for move in load_moves(FOLDER).moves)
