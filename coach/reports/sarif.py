"""Critiques as SARIF 2.1.0, for code scanning and other CI: one run, however many calls, written as they are judged.

A region's line is the turn's number in its call, its columns count code points in what the turn says.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import regex

from coach import __version__
from coach.critique import Critique, Finding, Rule, Severity
from coach.knowledge import Standard

__all__ = ["FINGERPRINT", "sarif_report"]

FINGERPRINT = "sansheng/v1"
"""Name of the fingerprint: a change of how it is made gets a new number."""

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LANGUAGE = "zh-CN"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_PLACEHOLDER = regex.compile(r"（\{\w+\}）|\{\w+\}")

Data = dict[str, Any]


def sarif_report(critiques: Iterable[Critique], uri: str, rules: Sequence[Rule], standard: Standard) -> Iterator[str]:
    """The log file in parts, as `critiques` come in.

    Args:
        critiques: In the order of their calls.
        uri: The input, as a URI reference.
        rules: All that may be named, in the order they are listed.
        standard: What the calls are judged by; it sets the rules' levels.
    """
    places = {rule.id: i for i, rule in enumerate(rules)}
    warnings: dict[str, None] = {}
    run = {
        "tool": {"driver": _driver(rules, standard)},
        "language": _LANGUAGE,
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": uri}, "roles": ["analysisTarget"]}],
        "properties": {"standard": standard.name},
    }
    yield f'{{"$schema": {_json(_SCHEMA)}, "version": "2.1.0", "runs": [{_json(run)[:-1]}, "results": ['
    separator = "\n"
    for call, critique in enumerate(critiques, start=1):
        warnings.update(dict.fromkeys(critique.warnings))
        for result in _results(critique, call, uri, places):
            yield separator + _json(result)
            separator = ",\n"
    notes = [{"level": "note", "message": {"text": warning}} for warning in warnings]
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": notes}
    yield f'\n], "invocations": [{_json(invocation)}]}}]}}\n'


def _json(value: Data | str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _driver(rules: Iterable[Rule], standard: Standard) -> Data:
    return {
        "name": "三声",
        "fullName": "三声 · 电话礼仪教练（coach）",
        "version": __version__,
        "semanticVersion": __version__,
        "language": _LANGUAGE,
        "rules": [_descriptor(rule, standard) for rule in rules],
    }


def _descriptor(rule: Rule, standard: Standard) -> Data:
    data = rule.data
    meaning = _PLACEHOLDER.sub(lambda match: "" if match[0].startswith("（") else "…", data.message)
    chosen = standard.severities.get(rule.id, data.severity)
    off = chosen == "off"
    return {
        "id": rule.id,
        "name": data.name,
        "shortDescription": {"text": data.name},
        "fullDescription": {"text": f"{meaning}建议：{data.advice}"},
        "help": {"text": data.advice},
        "defaultConfiguration": {"enabled": not off, "level": _LEVELS[data.severity if off else chosen]},  # type: ignore[index]
        "properties": {"tags": [rule.group], "scope": data.scope, "clauses": list(data.clauses)},
    }


def _results(critique: Critique, call: int, uri: str, places: dict[str, int]) -> Iterator[Data]:
    again: Counter[tuple[str, str, str]] = Counter()
    for finding in critique.findings:
        said = critique.transcript.turns[finding.line - 1].text if finding.line else ""
        words = said[slice(*finding.span)] if finding.span else ""
        same = (finding.rule, said, words)
        again[same] += 1
        yield _result(finding, call, uri, said) | {
            "ruleIndex": places[finding.rule],
            "partialFingerprints": {FINGERPRINT: _fingerprint(call, *same, again[same])},
            "properties": {
                "call": call,
                "line": finding.line,
                "speaker": critique.transcript.turns[finding.line - 1].speaker if finding.line else None,
                "clauses": [citation.clause for citation in finding.citations],
                "confidence": finding.confidence,
                "detector": finding.detector,
            },
        }


def _fingerprint(*parts: str | int) -> str:
    """Of what the finding is about alone, so that it stays the same while other lines change, come and go."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _result(finding: Finding, call: int, uri: str, said: str) -> Data:
    """One result, less what needs the rest of its run; every one has `suppressions`, as the format asks for."""
    result: Data = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}建议：{finding.advice}"},
        "locations": [_location(finding, uri, finding.span, said) | {"logicalLocations": _parts(finding, call)}],
        "suppressions": [],
    }
    if finding.others:
        same = {"message": {"text": "同一句里还有"}}
        result["relatedLocations"] = [_location(finding, uri, span, said) | same for span in finding.others]
    if finding.dismissed:
        reason = finding.dismissed.reason
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _location(finding: Finding, uri: str, span: tuple[int, int] | None, said: str) -> Data:
    place: Data = {"artifactLocation": {"uri": uri, "index": 0}}
    if finding.line is not None:
        start, end = span or (0, len(said))
        place["region"] = {
            "startLine": finding.line,
            "startColumn": start + 1,
            "endColumn": end + 1,
            "snippet": {"text": said[start:end]},
        }
    return {"physicalLocation": place}


def _parts(finding: Finding, call: int) -> list[Data]:
    """The call, or the line in it."""
    name, path = f"第 {call} 通", f"call/{call}"
    if finding.line is None:
        return [{"name": name, "fullyQualifiedName": path, "kind": "call"}]
    line = finding.line
    return [{"name": f"{name}第 {line} 行", "fullyQualifiedName": f"{path}/line/{line}", "kind": "line"}]
