"""Critiques as JUnit XML, for CI servers: a suite a call, a case an agent's line, one more for the call as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from junitparser import Failure, Skipped, SystemOut, TestCase, TestSuite

from coach.critique import SEVERITIES, Critique, Finding
from coach.reports.plain import SEVERITY_NAMES, SPEAKER_NAMES
from coach.reports.printable import printable
from coach.scoring import Scorecard

__all__ = ["junit_report"]

_NAME_LENGTH = 40


def junit_report(
    judged: Iterable[tuple[Critique, Scorecard]], source: str, names: dict[str, str], *, many: bool
) -> Iterator[str]:
    """The document in parts, as calls are `judged`.

    A case fails on any finding above info that isn't dismissed, with all of them in its one failure, since some readers
    take only the first. A case whose findings above info are all dismissed is skipped. Info stands in its output.

    Args:
        judged: In the order of their calls.
        source: Name of the input.
        names: Rule id → its Chinese name.
        many: Whether there are several calls: then each suite is numbered.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="三声">\n'
    for call, (critique, card) in enumerate(judged, start=1):
        suite = _suite(critique, card, f"{source} 第 {call} 通" if many else source, names)
        yield suite.tostring().decode("utf-8") + "\n"
    yield "</testsuites>\n"


def _suite(critique: Critique, card: Scorecard, name: str, names: dict[str, str]) -> TestSuite:
    title = printable(name)
    suite = TestSuite(title)
    suite.add_property("standard", printable(critique.standard))
    suite.add_property("score", str(card.total))
    for line, turn in enumerate(critique.transcript.turns, start=1):
        findings = critique.of_line(line)
        if turn.speaker == "agent" or findings:
            said = f"{SPEAKER_NAMES[turn.speaker]}：{turn.text}"
            suite.append(_case(f"第 {line} 行 {said}", title, findings, names))
    whole = [finding for finding in critique.findings if finding.line is None]
    if whole or not critique.transcript.meta.excerpt:
        suite.append(_case("整通电话", title, whole, names))
    if critique.warnings:
        suite.append(SystemOut(printable("\n".join(f"说明：{warning}" for warning in critique.warnings))))
    suite.update_statistics()
    return suite


def _case(what: str, suite: str, findings: Sequence[Finding], names: dict[str, str]) -> TestCase:
    case = TestCase(printable(_brief(what)), suite)
    failing = sorted((f for f in findings if f.counts), key=lambda f: SEVERITIES.index(f.severity))
    dismissed = [f for f in findings if f.severity != "info" and f.dismissed]
    rest = [f for f in findings if f.severity == "info"]
    if failing:
        more = f"（另有 {len(failing) - 1} 个问题）" if len(failing) > 1 else ""
        result = Failure(printable(failing[0].message + more), failing[0].rule)
        told, rest = failing, [*rest, *dismissed]
    elif dismissed:
        result = Skipped(printable("；".join(f"已驳回：{f.dismissed.reason}" for f in dismissed if f.dismissed)))
        told = dismissed
    else:
        result = None
    if result is not None:
        result.text = printable("\n\n".join([what, *(_told(f, names) for f in told)]))
        case.result = [result]
    if rest:
        case.system_out = printable("\n\n".join([what, *(_told(f, names) for f in rest)]))
    return case


def _told(finding: Finding, names: dict[str, str]) -> str:
    clauses = "、".join(f"{c.clause} {c.title}" for c in finding.citations)
    name = names.get(finding.rule, finding.rule)
    lines = [
        f"[{SEVERITY_NAMES[finding.severity]}] {name}（{finding.rule}）：{finding.message}",
        f"建议：{finding.advice}",
        f"依据：{clauses}",
    ]
    return "\n".join([*lines, f"已驳回：{finding.dismissed.reason}"] if finding.dismissed else lines)


def _brief(text: str) -> str:
    flat = " ".join(text.split("\n"))
    return flat if len(flat) <= _NAME_LENGTH else f"{flat[: _NAME_LENGTH - 1]}…"
