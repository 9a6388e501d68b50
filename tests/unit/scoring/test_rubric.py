"""The shipped rubric is whole, and a faulty one is refused with its line."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from coach.assistant import Coach
from coach.errors import KnowledgeError
from coach.roleplay import load_personas, load_scenarios
from coach.scoring import load_rubric

GROUPS = ("礼貌程度", "沟通能力", "耐心程度", "流程", "投诉处理")


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A copy of what a rubric is checked against, to be spoilt."""
    for name in ("handbook", "rules", "phrases", "rubrics"):
        shutil.copytree(root / "knowledge" / name, tmp_path / name)
    return tmp_path


def spoilt(folder: Path, old: str, new: str) -> KnowledgeError:
    path = folder / "rubrics" / "review.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_rubric("review", folder)
    assert "review.yaml 第 " in str(caught.value)
    return caught.value


def test_every_pattern_compiles_and_the_groups_are_the_five(root: Path) -> None:
    rubric = load_rubric("review", root / "knowledge", check=True)
    assert rubric.groups == GROUPS
    assert rubric.data.version == 2
    assert rubric.hash == hashlib.sha256((root / "knowledge" / "rubrics" / "review.yaml").read_bytes()).hexdigest()


def test_every_rule_an_item_names_exists_and_every_rule_above_info_is_named(coach: Coach) -> None:
    named = {rule for item in coach.rubric.items.values() for rule in item.rules}
    assert named <= set(coach.rules.rules)
    assert set(coach.rules.rules) == named


def test_the_scenarios_and_personas_to_practise_with_exist_and_suit_each_other(coach: Coach) -> None:
    scenarios, personas = load_scenarios(coach.folder), load_personas(coach.folder)
    names = {persona.name for persona in personas.values()}
    for item in coach.rubric.items.values():
        for drill in item.practise:
            assert drill.persona in names, item.id
            assert drill.persona in scenarios[drill.scenario].personas, item.id


def test_every_item_cites_clauses_with_text(coach: Coach) -> None:
    for check in coach.rubric.checks:
        assert [citation.clause for citation in check.citations] == list(check.item.clauses)
        assert all(citation.text for citation in check.citations)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("clauses: [ANS-03, ANS-05]", "clauses: [ANS-03, ANS-99]", "ANS-99"),
        ("group: 沟通能力", "group: 沟通", "没有分组 沟通"),
        ("id: honorific", "id: greeting", "greeting 重复"),
        ("'{call_greeting}'", "'{call_gretting}'", "call_gretting"),
        ("version: 2", "version: 1", "version"),
        ("name: review", "name: other", "review"),
        ("acts:\n", "acts:\n  apology: 抱歉\n", "重名"),
        ("advice: 接起来", "advise: 接起来", "缺少这一项"),
        ("outcome: resolved\n    applies_when: [{say: 只看模拟通话, needs: [outcome]}]", "outcome: resolved", "needs"),
        ("    rules: [language.casual-word]\n", "", "永远不会扣分"),
    ],
)
def test_a_faulty_rubric_is_refused(folder: Path, old: str, new: str, words: str) -> None:
    assert words in str(spoilt(folder, old, new))


def test_a_group_that_may_be_left_without_a_check_is_refused(folder: Path) -> None:
    when = "applies_when: [{say: 没有转接, agent: ['转接']}]"
    old = "rules: [proxy.privacy-leak]\n"
    assert "流程" in str(spoilt(folder, old, f"{old}    {when}\n"))
