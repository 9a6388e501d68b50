"""Screening by characters never hides a match, and alternatives searched apart find what they find together."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from coach.critique import RulePack, load_rules
from coach.critique.patterns import matcher, split
from coach.critique.schema import LineExampleData
from coach.critique.screen import Screen, needed
from coach.settings import knowledge_dir
from coach.text import normalise

PATTERNS = ("不(?:行|成|准)", "[您你]们?先等(?=一)", "(?<!别)等着|稍后", "\\d{2,}元?", "ok+", "[\\p{Han}a-z]{0,2}好了")


@pytest.fixture(scope="module")
def rules() -> RulePack:
    return load_rules(knowledge_dir())


def _examples(rules: RulePack) -> list[str]:
    every = (e for rule in rules.rules.values() for e in (*rule.data.examples.bad, *rule.data.examples.good))
    return [normalise(example.text).text for example in every if isinstance(example, LineExampleData)]


def test_shipped_patterns_find_the_same_words_screened_and_all_together(rules: RulePack) -> None:
    texts = _examples(rules)
    assert len(texts) > 100
    for text in texts:
        candidates = {id(found.check): found.among for found in rules.checks_for(text)}
        for rule in rules.of_scope("line"):
            for check in (c for c in rule.checks if c.primary and not rule.data.needs):
                patterns = check[check.primary]
                assert patterns.spans(text, candidates.get(id(check), ())) == patterns.spans(text), (rule.id, text)


@given(st.text(alphabet="您你先等着一下稍后不行成好了OKok12元别,。a", max_size=12))
def test_a_pattern_that_matches_is_a_candidate(text: str) -> None:
    candidates = Screen(PATTERNS, ["您好", "请您稍等"]).candidates(text)
    matching = [i for i, pattern in enumerate(PATTERNS) if regex.search(pattern, text, regex.IGNORECASE)]
    assert set(matching) <= set(candidates)


@given(st.text(alphabet="甲乙丙丁", max_size=10))
def test_alternatives_searched_apart_find_what_one_pattern_finds(text: str) -> None:
    patterns = matcher(["甲乙|乙丙(?P<hit>丁)?", "(?:丙|丙丁)甲?", "乙+"], {})
    assert patterns.spans(text, range(len(patterns.alternatives))) == patterns.spans(text)


@pytest.mark.parametrize(
    ("pattern", "chars"),
    [
        ("等[着我]", [{"等"}, {"着", "我"}]),
        ("(?:不|没)行", [{"不", "没"}, {"行"}]),
        ("(?:很)?好*", []),
        ("(?!不)行", [{"行"}]),
    ],
)
def test_needed_characters_are_told_from_the_pattern(pattern: str, chars: list[set[str]]) -> None:
    assert [set(one) for one in needed(pattern)] == chars


@pytest.mark.parametrize(
    ("source", "parts"),
    [("甲|乙", ("甲", "乙")), ("(?:甲|(?:乙|丙))", ("甲", "乙", "丙")), ("(?:甲|乙)丙", ("(?:甲|乙)丙",)),
     ("[|]甲", ("[|]甲",)), (r"\|甲", (r"\|甲",)), ("(?:甲)|(?:乙)", ("甲", "乙")), ("(?:甲|乙)(?:丙|丁)", ("(?:甲|乙)(?:丙|丁)",))],
)  # fmt: skip
def test_a_source_is_cut_at_its_outermost_bars(source: str, parts: tuple[str, ...]) -> None:
    assert split(source) == parts
