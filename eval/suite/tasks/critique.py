"""Task critique: lines and calls against their labels; a finding counts by line and rule, info aside."""

from __future__ import annotations

from collections.abc import Mapping

from coach.reports.data import critique_data
from eval.suite.case import CritiqueCase
from eval.suite.result import Check
from eval.suite.subject import Subject, transcript_of
from eval.suite.tasks.base import Answer, TaskDef, listed
from eval.suite.tasks.calls import call_text
from eval.suite.tasks.sources import call_rules, rule_clauses

__all__ = ["TASK"]

Key = tuple[int | None, str]


def _answer(subject: Subject, case: CritiqueCase) -> Answer:
    from coach.assistant.with_model import critiqued

    coach = subject.under(case.standard)
    critique = coach.critique(transcript_of(case))
    critique, added = critiqued(coach, critique, lambda _: None)
    data = critique_data(critique, coach.score(critique))
    known = set(coach.knowledge.clauses)
    return {
        "findings": data["findings"],
        "clauses_unknown": sorted(
            {c["clause"] for f in data["findings"] for c in f["citations"] if c["clause"] not in known}
        ),
        "note": added.note,
        "dropped": list(added.dropped),
    }


def _expected(case: CritiqueCase) -> set[Key]:
    lines: set[Key] = {(line, rule) for line, rules in case.findings.items() for rule in rules}
    return lines | {(None, rule) for rule in case.call_findings}


def _found(case: CritiqueCase, answer: Answer) -> set[Key]:
    judged = set(case.judged())
    counted = [f for f in answer["findings"] if f["severity"] != "info" and f["rule"] not in case.open]
    return {
        (None if f["rule"] in call_rules() else f["line"], f["rule"])
        for f in counted
        if f["line"] in judged or (f["rule"] in call_rules() and case.whole)
    }


def _named(keys: set[Key]) -> list[str]:
    return [f"{'全程' if line is None else f'第 {line} 行'} {rule}" for line, rule in sorted(keys, key=str)]


def _complete(case: CritiqueCase, answer: Answer) -> Check:
    expected = _expected(case) - {(line, rule) for line, rule in _expected(case) if rule in case.open}
    if not expected:
        return Check(met=None)
    missed = expected - _found(case, answer)
    return Check(met=not missed, evidence=f"该找到：{listed(_named(expected))}；没找到：{listed(_named(missed))}")


def _nothing_more(case: CritiqueCase, answer: Answer) -> Check:
    extra = _found(case, answer) - _expected(case)
    return Check(met=not extra, evidence=f"多报：{listed(_named(extra))}")


def _spans(case: CritiqueCase, answer: Answer) -> Check:
    wrong = []
    for finding in answer["findings"]:
        if finding["line"] is None:
            continue
        text = case.turns[finding["line"] - 1].text
        for start, end in [span for span in (finding["span"], *finding["other_spans"]) if span]:
            if not 0 <= start < end <= len(text):
                wrong.append(f"第 {finding['line']} 行 {finding['rule']} [{start}, {end})")
    return Check(met=not wrong, evidence=f"不在原句里的位置：{listed(wrong)}")


def _cited(_case: CritiqueCase, answer: Answer) -> Check:
    if not answer["findings"]:
        return Check(met=None)
    bare = [f["rule"] for f in answer["findings"] if not f["citations"]]
    unknown = answer["clauses_unknown"]
    return Check(met=not bare and not unknown, evidence=f"没有依据：{listed(bare)}；查不到的条款：{listed(unknown)}")


def _about_rule(_case: CritiqueCase, answer: Answer) -> Check:
    """The clauses cited are those the rule names, so that a swapped citation shows."""
    if not answer["findings"]:
        return Check(met=None)
    wrong = [
        f"{f['rule']}→{c['clause']}"
        for f in answer["findings"]
        for c in f["citations"]
        if f["detector"] != "model" and f["rule"] in rule_clauses() and c["clause"] not in rule_clauses()[f["rule"]]
    ]
    return Check(met=not wrong, evidence=f"依据与规则对不上：{listed(wrong)}")


def _counts(case: CritiqueCase, answer: Answer) -> dict[str, float]:
    expected = {key for key in _expected(case) if key[1] not in case.open}
    found = _found(case, answer)
    clean = not expected
    return {
        "tp": len(expected & found),
        "fp": len(found - expected),
        "fn": len(expected - found),
        "clean": float(clean),
        "left_clean": float(clean and not found),
    }


def _metrics(counts: Mapping[str, float]) -> dict[str, float]:
    tp, fp, fn = counts.get("tp", 0), counts.get("fp", 0), counts.get("fn", 0)
    metrics = {}
    if tp + fp:
        metrics["precision"] = tp / (tp + fp)
    if tp + fn:
        metrics["recall"] = tp / (tp + fn)
    if tp:
        metrics["f1"] = 2 * tp / (2 * tp + fp + fn)
    if counts.get("clean"):
        metrics["left_clean"] = counts["left_clean"] / counts["clean"]
    return metrics


def _said(answer: Answer) -> str:
    lines = [
        f"{'全程' if f['line'] is None else '第 ' + str(f['line']) + ' 行'} {f['rule']}：{f['message']}"
        f"（{listed([c['clause'] for c in f['citations']])}）"
        for f in answer["findings"]
    ]
    return "\n".join(lines) or "没有发现问题"


TASK = TaskDef(
    title="点评",
    answer=_answer,
    asked=lambda case: call_text(case.turns),
    said=_said,
    checks={
        "complete": _complete,
        "nothing-more": _nothing_more,
        "spans": _spans,
        "cited": _cited,
        "about-rule": _about_rule,
    },
    counts=_counts,
    metrics=_metrics,
)
