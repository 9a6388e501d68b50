"""The SARIF log: valid by its schema, exact in its places, its fingerprints steady."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from coach.assistant import Coach
from coach.critique import Critique, Dismissal
from coach.reports import FINGERPRINT, sarif_report
from coach.transcripts import parse_text

CALL = "坐席：喂😊，谁啊？\n客户：我家断网三天了！\n坐席：你等一下，你别急。\n坐席：你好。\n坐席：你好。"


def log(coach: Coach, *critiques: Critique, uri: str = "calls/%E4%B8%80.txt") -> dict[str, Any]:
    text = "".join(sarif_report(critiques, uri, tuple(coach.rules.rules.values()), coach.standard))
    value: dict[str, Any] = json.loads(text)
    return value


def results(coach: Coach, *critiques: Critique) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log(coach, *critiques)["runs"][0]["results"]
    return found


@pytest.fixture(scope="module")
def critique(coach: Coach) -> Critique:
    return coach.critique(parse_text(CALL))


@pytest.fixture(scope="module")
def schema(root: Path) -> Draft4Validator:
    return Draft4Validator(json.loads((root / "tests" / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8")))


def test_the_log_is_valid_with_findings_of_several_calls_and_with_none(
    coach: Coach, critique: Critique, schema: Draft4Validator
) -> None:
    dismissed = replace(critique, findings=(replace(critique.findings[0], dismissed=Dismissal("转写有误")),))
    warned = replace(critique, warnings=("说话人是猜的",))
    for critiques in ((), (critique,), (critique, dismissed, warned)):
        assert [error.message for error in schema.iter_errors(log(coach, *critiques))] == []


def test_every_rule_is_listed_with_its_level_under_the_standard(coach: Coach) -> None:
    standard = replace(coach.standard, severities={"opening.banned-word": "info", "language.argue": "off"})
    text = "".join(sarif_report((), "x", tuple(coach.rules.rules.values()), standard))
    driver = json.loads(text)["runs"][0]["tool"]["driver"]
    rules = {rule["id"]: rule for rule in driver["rules"]}
    assert set(rules) == set(coach.rules.rules)
    assert rules["opening.banned-word"]["name"] == "非规范开头语"
    assert rules["opening.banned-word"]["defaultConfiguration"] == {"enabled": True, "level": "note"}
    assert rules["language.argue"]["defaultConfiguration"]["enabled"] is False
    assert rules["proxy.privacy-leak"]["defaultConfiguration"] == {"enabled": True, "level": "error"}
    assert not any("{" in rule["fullDescription"]["text"] for rule in driver["rules"])


def test_a_result_stands_on_its_words_counted_in_code_points(coach: Coach, critique: Critique) -> None:
    run = log(coach, critique)["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    for result, finding in zip(run["results"], critique.findings, strict=True):
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "calls/%E4%B8%80.txt"
        if finding.line is None or finding.span is None:
            assert "region" not in place
            continue
        said = critique.transcript.turns[finding.line - 1].text
        region = place["region"]
        assert region["startLine"] == finding.line
        assert said[region["startColumn"] - 1 : region["endColumn"] - 1] == region["snippet"]["text"]
    first = next(r for r in run["results"] if r["ruleId"] == "opening.banned-word")
    assert first["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] == "喂"
    twice = next(r for r in run["results"] if r["ruleId"] == "language.missing-honorific" and "relatedLocations" in r)
    assert twice["relatedLocations"][0]["physicalLocation"]["region"]["startColumn"] == 6


def test_a_result_names_its_clauses_detector_and_call(coach: Coach, critique: Critique) -> None:
    second = results(coach, critique, critique)[-1]
    finding = critique.findings[-1]
    assert second["properties"] == {
        "call": 2,
        "line": finding.line,
        "speaker": "agent" if finding.line else None,
        "clauses": [citation.clause for citation in finding.citations],
        "confidence": finding.confidence,
        "detector": finding.detector,
    }
    assert second["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].startswith("call/2")


def test_info_is_a_note_and_other_levels_keep_their_name(coach: Coach, critique: Critique) -> None:
    levels = {(f.severity, r["level"]) for f, r in zip(critique.findings, results(coach, critique), strict=True)}
    assert levels <= {("error", "error"), ("warning", "warning"), ("info", "note")}


def test_a_dismissed_finding_is_suppressed_for_the_reason_given(coach: Coach, critique: Critique) -> None:
    first, *rest = critique.findings
    told = results(coach, replace(critique, findings=(replace(first, dismissed=Dismissal("转写有误")), *rest)))
    assert told[0]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "转写有误"}]
    assert all(result["suppressions"] == [] for result in told[1:])


def test_fingerprints_differ_and_stay_while_other_lines_change(coach: Coach, critique: Critique) -> None:
    def prints(text: str) -> set[tuple[str, str]]:
        found = results(coach, coach.critique(parse_text(text)))
        return {(r["ruleId"], r["partialFingerprints"][FINGERPRINT]) for r in found if r["properties"]["line"]}

    before = prints(CALL)
    assert len({fingerprint for _, fingerprint in before}) == len([f for f in critique.findings if f.line])
    longer = prints(
        CALL.replace("\n坐席：你好。", "\n客户：我等了很久。\n坐席：实在抱歉，我马上为您查。\n坐席：你好。", 1)
    )
    changed = prints(CALL.replace("喂😊，谁啊？", "喂，哪位？"))
    for rule in ("language.missing-honorific", "opening.banned-word"):
        assert {p for p in before if p[0] == rule} == {p for p in longer if p[0] == rule}
    assert {p for p in before if p[0] == "opening.banned-word"}.isdisjoint(changed)
    assert {p for p in before if p[0] == "language.missing-honorific"} <= changed


def test_warnings_are_told_once(coach: Coach, critique: Critique) -> None:
    warned = replace(critique, warnings=("说话人是猜的",))
    (invocation,) = log(coach, warned, warned)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"]
    assert [note["message"]["text"] for note in invocation["toolExecutionNotifications"]] == ["说话人是猜的"]
