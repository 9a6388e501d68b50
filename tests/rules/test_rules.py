"""Walks every rule: its examples, its words, its clauses. A rule that never fires fails here."""

from __future__ import annotations

import pytest

from coach.assistant import Coach
from coach.critique import Finding, RulePack, load_rules
from coach.critique.examples import example_line, example_transcript
from coach.critique.schema import CallExampleData, LineExampleData
from coach.settings import knowledge_dir

IDS = [
    "opening.banned-word",
    "opening.missing-greeting",
    "opening.missing-self-intro",
    "opening.missing-offer",
    "opening.late-answer-no-apology",
    "language.service-taboo",
    "language.casual-word",
    "language.missing-honorific",
    "language.internal-jargon",
    "language.rhetorical-challenge",
    "language.blame-customer",
    "language.pass-the-buck",
    "language.impatient",
    "language.flat-refusal",
    "language.over-familiar",
    "language.argue",
    "language.interrupt",
    "hold.missing-reason",
    "hold.missing-duration",
    "hold.missing-consent",
    "hold.missing-thanks-on-return",
    "hold.too-long",
    "transfer.missing-consent",
    "transfer.missing-target",
    "transfer.missing-contact",
    "proxy.privacy-leak",
    "proxy.curt-dismissal",
    "message.incomplete",
    "empathy.missing",
    "understanding.missing-confirmation",
    "understanding.missing-readback",
    "understanding.missing-form-of-address",
    "commitment.overpromise",
    "commitment.vague",
    "commitment.missing-timeframe",
    "closing.missing-further-help",
    "closing.missing-thanks",
    "closing.missing-next-step",
    "closing.agent-hung-up-first",
    "outbound.missing-identity",
    "outbound.missing-convenience-check",
    "outbound.missing-purpose",
    "outbound.bad-time",
    "timing.speech-rate",
    "timing.interruption",
    "timing.dead-air",
    "timing.call-too-long",
]
RULES: RulePack = load_rules(knowledge_dir())
BAD = [pytest.param(r.id, e, id=f"{r.id}-{i}") for r in RULES.rules.values() for i, e in enumerate(r.data.examples.bad)]
GOOD = [
    pytest.param(r.id, e, id=f"{r.id}-{i}") for r in RULES.rules.values() for i, e in enumerate(r.data.examples.good)
]


def found(coach: Coach, rule: str, example: LineExampleData | CallExampleData) -> list[Finding]:
    return [f for f in coach.critique(example_transcript(example)).findings if f.rule == rule]


def test_the_taxonomy_is_covered_whole() -> None:
    assert set(RULES.rules) == set(IDS)
    assert len(IDS) == 47


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_rule_fires_on_its_bad_example_with_the_exact_span(
    coach: Coach, rule: str, example: LineExampleData | CallExampleData
) -> None:
    line = example_line(example)
    transcript = example_transcript(example)
    findings = [f for f in found(coach, rule, example) if f.line == line]
    assert findings, [f"{f.rule}@{f.line}" for f in coach.critique(transcript).findings]
    if line is None:
        assert findings[0].span is None
        return
    text = transcript.turns[line - 1].text
    assert findings[0].span is not None
    start, end = findings[0].span
    assert text[start:end] == (example.span or text)


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_rule_stays_silent_on_its_good_example(
    coach: Coach, rule: str, example: LineExampleData | CallExampleData
) -> None:
    last = len(example_transcript(example).turns)
    findings = [f for f in found(coach, rule, example) if isinstance(example, CallExampleData) or f.line == last]
    assert [(f.line, f.message) for f in findings] == []


@pytest.mark.parametrize("rule", RULES.rules)
def test_a_rule_is_worded_for_people(rule: str) -> None:
    data = RULES.rules[rule].data
    for text in (data.name, data.message, data.advice):
        assert text.strip()
        assert (
            "你" not in text.replace("“你", "").replace("‘你", "").replace("“你们”", "")
            or rule == "language.missing-honorific"
        )
    assert data.message.endswith("。")
    assert data.advice.endswith("。")


def test_every_finding_cites_clauses_that_exist(coach: Coach) -> None:
    for rule in RULES.rules.values():
        for example in rule.data.examples.bad:
            for finding in coach.critique(example_transcript(example)).findings:
                assert finding.citations
                assert all(coach.knowledge.clauses[c.clause].text == c.text for c in finding.citations)
                assert "{" not in finding.message + finding.advice
