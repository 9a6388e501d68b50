"""Runs every rule over a call and gathers findings. Pure: what it needs is passed in, and it reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

import regex

from coach.critique.direction import NOTE, guessed_direction
from coach.critique.echo import echo
from coach.critique.judge import Judge, Verdict
from coach.critique.measures import has_timestamps, threshold
from coach.critique.model import Critique, Finding, Severity
from coach.critique.rule import Check, Rule, RulePack
from coach.critique.schema import (
    AbsenceData,
    ChecklistData,
    EchoData,
    SemanticData,
    SequenceData,
    ThresholdData,
)
from coach.critique.view import CallView, Hit
from coach.critique.words import (
    absence_in_call,
    absence_in_line,
    applies,
    applies_to_call,
    checklist,
    hit_at,
    sequence,
    words,
)
from coach.knowledge import Standard
from coach.transcripts import Transcript

__all__ = ["critique", "critique_line", "finding_on_words", "in_order", "severity_of"]

_WORDS = regex.compile(r"\p{Han}")


def critique(transcript: Transcript, rules: RulePack, standard: Standard) -> Critique:
    """Every finding in `transcript`, judged by `standard`."""
    direction = guessed_direction(transcript, rules.called, rules.offered)
    call = CallView(transcript, standard, direction)
    findings: list[Finding] = []
    for i in call.agent:
        findings += _of_line(call, i, rules)
    if not transcript.meta.excerpt:
        for rule in rules.of_scope("call"):
            findings += _of_call(call, rule)
    for rule in rules.of_scope("line"):
        if rule.data.needs:
            findings += _of_call(call, rule)
    findings.sort(key=in_order)
    guessed = () if direction == transcript.meta.direction else (NOTE,)
    return Critique(transcript, standard.name, tuple(findings), (*transcript.notes, *guessed, *rules.warnings))


def critique_line(transcript: Transcript, line: int, rules: RulePack, standard: Standard) -> tuple[Finding, ...]:
    """Findings of line scope about the 1-based `line` in its context, rules that need timestamps left out."""
    call = CallView(transcript, standard, guessed_direction(transcript, rules.called, rules.offered))
    return tuple(sorted(_of_line(call, line - 1, rules), key=in_order))


def in_order(finding: Finding) -> tuple[float, float, str]:
    """Sorts findings: by line (whole-call findings last), then by place."""
    line = float("inf") if finding.line is None else finding.line
    return line, finding.span[0] if finding.span else -1, finding.rule


def severity_of(rule: Rule, standard: Standard) -> Severity | None:
    """Severity under the standard; None where it switches the rule off."""
    chosen = standard.severities.get(rule.id, rule.data.severity)
    return None if chosen == "off" else chosen  # type: ignore[return-value]


def _of_line(call: CallView, i: int, rules: RulePack) -> list[Finding]:
    """Findings about the agent's turn `i`, one a rule, those that yield to another on the same words dropped."""
    hits: dict[str, list[tuple[Check, Hit]]] = {}
    for rule, check, among in rules.checks_for(call.turns[i].text):
        hit = _line_hit(check, call, i, among)
        if hit is not None and applies(check, call, i):
            hits.setdefault(rule.id, []).append((check, hit))
    found = {
        name: _merged(call, rules.rules[name], severity, fired)
        for name, fired in hits.items()
        if (severity := severity_of(rules.rules[name], call.standard)) is not None
    }
    kept = {name: f for name, f in found.items() if not _yields(f, rules.rules[name], found)}
    if rules.judge is None or not _WORDS.search(call.turns[i].text):
        return list(kept.values())
    return _judged(call, i, rules, rules.judge, kept)


def _judged(call: CallView, i: int, rules: RulePack, judge: Judge, found: dict[str, Finding]) -> list[Finding]:
    """What patterns `found` in turn `i`, less what the judge holds unlikely, and what it holds likely besides."""
    verdicts = judge.verdicts(call, i, found.keys())
    findings = []
    for rule in rules.of_scope("line"):
        verdict = verdicts.get(rule.id) if rule.semantic is not None else None
        finding = found.get(rule.id)
        if rule.semantic is None or verdict is None:
            findings += [finding] if finding else []
        elif finding and (verdict.broken or (alone := _on_its_words(call, i, rule, judge, finding)).broken):
            surest = verdict if verdict.broken else alone
            findings.append(replace(finding, confidence=round(surest.probability, 2)))
        elif verdict.broken and applies(rule.semantic, call, i):
            severity = severity_of(rule, call.standard)
            findings += [_semantic(call, i, rule, severity, judge, verdict)] if severity else []
    return findings


def _on_its_words(call: CallView, i: int, rule: Rule, judge: Judge, finding: Finding) -> Verdict:
    """The verdict on the clauses that a pattern's words stand in, without the rest of the turn: good words don't mend bad ones."""
    turn = call.turns[i]
    if cast("SemanticData", cast("Check", rule.semantic).data).at == "line" or finding.span is None:
        return Verdict(0.0, broken=False)
    start, end = finding.span
    parts = [p for p in turn.phrases if turn.starts[p.start] < end and start < turn.ends[p.end - 1]]
    span = turn.starts[parts[0].start], turn.ends[parts[-1].end - 1]
    return judge.verdicts_on(call, i, span, (rule.id,))[rule.id]


def _semantic(call: CallView, i: int, rule: Rule, severity: Severity, judge: Judge, verdict: Verdict) -> Finding:
    check = cast("Check", rule.semantic)
    part = cast("SemanticData", check.data).at == "part"
    spans = (judge.evidence(call, i, rule.id),) if part else ()
    finding = _finding(call, rule, severity, check, hit_at(call, i, spans))
    return replace(finding, detector="semantic", confidence=round(verdict.probability, 2))


def finding_on_words(call: CallView, i: int, rule: Rule, severity: Severity, words: str) -> Finding | None:
    """A finding of `rule` on `words` of turn `i`; None where they don't stand there or the rule isn't judged by meaning."""
    at = call.turns[i].original.find(words)
    if at < 0 or rule.semantic is None:
        return None
    hit = Hit(i, ((at, at + len(words)),), (("words", f"“{words}”"),))
    return _finding(call, rule, severity, rule.semantic, hit)


def _line_hit(check: Check, call: CallView, i: int, among: Sequence[int] | None = None) -> Hit | None:
    match check.data:
        case AbsenceData():
            return absence_in_line(check, call, i, among)
        case SequenceData():
            return sequence(check, call, i)
        case EchoData():
            return echo(check, call, i)
        case ChecklistData() | SemanticData() | ThresholdData():
            return None
        case _:
            return words(check, call, i, among)


def _merged(call: CallView, rule: Rule, severity: Severity, hits: list[tuple[Check, Hit]]) -> Finding:
    """One finding from every check of `rule` that fired on a line: the surest speaks, the others' places are kept."""
    check, hit = max(hits, key=lambda pair: pair[0].data.confidence)
    finding = _finding(call, rule, severity, check, hit)
    spans = sorted({span for _, other in hits for span in other.spans})
    if not spans:
        return finding
    return replace(finding, span=spans[0], others=tuple(_apart(spans)))


def _apart(spans: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """All but the first of `spans` that overlap none before them."""
    end = spans[0][1]
    for span in spans[1:]:
        if span[0] >= end:
            yield span
            end = span[1]


def _yields(finding: Finding, rule: Rule, found: dict[str, Finding]) -> bool:
    return any(other in found and _touch(finding.span, found[other].span) for other in rule.data.yields_to)


def _touch(one: tuple[int, int] | None, two: tuple[int, int] | None) -> bool:
    return one is not None and two is not None and one[0] < two[1] and two[0] < one[1]


def _of_call(call: CallView, rule: Rule) -> list[Finding]:
    severity = severity_of(rule, call.standard)
    if severity is None or not call.agent or not _has_what_it_needs(call, rule):
        return []
    for check in rule.checks:
        if applies_to_call(check, call) and (hits := _call_hits(check, call)):
            told = hits if rule.data.scope == "line" else hits[:1]
            return [_finding(call, rule, severity, check, _placed(call, rule, hit)) for hit in told]
    return []


def _call_hits(check: Check, call: CallView) -> tuple[Hit, ...]:
    if isinstance(check.data, ThresholdData):
        return threshold(check, call)
    hit = _call_hit(check, call)
    return (hit,) if hit else ()


def _call_hit(check: Check, call: CallView) -> Hit | None:
    match check.data:
        case AbsenceData():
            return absence_in_call(check, call)
        case ChecklistData():
            return checklist(check, call)
        case _:
            return next(
                (hit for i in call.agent if applies(check, call, i) and (hit := _line_hit(check, call, i))), None
            )


def _has_what_it_needs(call: CallView, rule: Rule) -> bool:
    meta = call.transcript.meta
    given = {
        "rings": meta.rings is not None,
        "hangup": meta.hangup is not None,
        "started_at": meta.started_at is not None,
        "timestamps": has_timestamps(call),
    }
    return all(given[need] for need in rule.data.needs)


def _placed(call: CallView, rule: Rule, hit: Hit) -> Hit:
    match rule.data.report:
        case "first":
            return replace(hit, line=call.agent[0], spans=())
        case "last":
            return replace(hit, line=call.agent[-1], spans=())
        case "call":
            return replace(hit, line=None, spans=())
        case _:
            return hit


def _finding(call: CallView, rule: Rule, severity: Severity, check: Check, hit: Hit) -> Finding:
    spans = hit.spans
    if hit.line is not None and not spans:
        spans = ((0, len(call.turns[hit.line].original)),)
    return Finding(
        rule=rule.id,
        severity=severity,
        line=None if hit.line is None else hit.line + 1,
        span=spans[0] if spans else None,
        others=spans[1:],
        message=_filled(check.data.message or rule.data.message, hit),
        advice=_filled(check.data.advice or rule.data.advice, hit),
        detector="pattern",
        confidence=check.data.confidence,
        citations=check.citations,
    )


def _filled(text: str, hit: Hit) -> str:
    for name, value in hit.values:
        text = text.replace("{" + name + "}", value)
    return text
