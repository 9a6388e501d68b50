"""Task rewrite: facts kept, findings gone, nothing invented. The rewrite is critiqued again in its context, apart from the verifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coach.critique import critique_line
from coach.facts import extract, same_fact
from coach.reports.data import rewrite_data
from coach.text import normalise
from eval.suite.case import RewriteCase, alternatives
from eval.suite.result import Check
from eval.suite.subject import Subject, transcript_of
from eval.suite.tasks.base import Answer, TaskDef, listed, model_counts, model_metrics
from eval.suite.tasks.calls import call_text

__all__ = ["TASK"]


def _answer(subject: Subject, case: RewriteCase) -> Answer:
    from coach.assistant.with_model import rewritten

    coach = subject.under(case.standard)
    call = transcript_of(case)
    builtin = coach.rewrite(call)
    other, added = rewritten(coach, call, builtin, None, lambda _: None)
    shown = other if other is not None and other.rewrite else builtin
    after: list[str] = []
    if shown.rewrite:
        turns = (*call.turns[:-1], replace(call.turns[-1], text=shown.rewrite))
        again = critique_line(replace(call, turns=turns), len(turns), coach.rules, coach.standard)
        after = sorted({f.rule for f in again if f.severity != "info"})
    data = rewrite_data(shown, note=added.note)
    return {
        **{key: data[key] for key in _KEPT},
        "citations": [c["clause"] for c in data["citations"]],
        "after": after,
        "with_model": coach.model is not None,
    }


_KEPT = ("status", "rewrite", "kept_facts", "dropped_facts", "slots", "source", "reasons", "note")


def _shown(case: RewriteCase, answer: Answer) -> Check:
    status = answer["status"]
    if case.may_reject and status == "rejected":
        return Check(met=True, evidence="如实说改不了")
    return Check(met=status == "verified", evidence=f"状态：{status}；{listed(answer['reasons'])}")


def _gone(case: RewriteCase, answer: Answer) -> Check:
    if not answer["rewrite"]:
        return Check(met=None)
    left = [rule for rule in case.faults if rule in answer["after"]]
    return Check(met=not left, evidence=f"还在的问题：{listed(left)}")


def _no_new(case: RewriteCase, answer: Answer) -> Check:
    if not answer["rewrite"]:
        return Check(met=None)
    new = [rule for rule in answer["after"] if rule not in case.faults]
    return Check(met=not new, evidence=f"新添的问题：{listed(new)}")


def _kept(case: RewriteCase, answer: Answer) -> Check:
    if not answer["rewrite"] or not case.must_keep:
        return Check(met=None)
    text = normalise(answer["rewrite"]).text
    lost = [w for w in case.must_keep if not any(normalise(a).text in text for a in alternatives(w))]
    return Check(met=not lost, evidence=f"丢了：{listed(lost)}")


def _unsaid(case: RewriteCase, answer: Answer) -> Check:
    if not answer["rewrite"] or not case.must_not:
        return Check(met=None)
    text = normalise(answer["rewrite"]).text
    said = [w for w in case.must_not if any(normalise(a).text in text for a in alternatives(w))]
    return Check(met=not said, evidence=f"还在说：{listed(said)}")


def _nothing_invented(case: RewriteCase, answer: Answer) -> Check:
    if not answer["rewrite"]:
        return Check(met=None)
    known = [fact for turn in case.turns for fact in extract(turn.text)]
    said = "\n".join(turn.text for turn in case.turns)
    new = [
        fact.text
        for fact in extract(answer["rewrite"])
        if not any(same_fact(fact, other) for other in known) and fact.text not in said
    ]
    return Check(met=not new, evidence=f"多出来的事实：{listed(new)}")


def _honest(_case: RewriteCase, answer: Answer) -> Check:
    """A rejection shows no line, and says why and what to follow."""
    if answer["status"] != "rejected":
        return Check(met=None)
    bare = [
        name
        for name, there in (("理由", answer["reasons"]), ("条款", answer["citations"]), ("空行", not answer["rewrite"]))
        if not there
    ]
    return Check(met=not bare, evidence=f"缺：{listed(bare)}")


def _counts(_case: RewriteCase, answer: Answer) -> dict[str, float]:
    return {
        "n": 1.0,
        "verified": float(answer["status"] == "verified"),
        **model_counts(answer["with_model"], answer["source"]),
    }


def _metrics(counts: Mapping[str, float]) -> dict[str, float]:
    return {"verified": counts["verified"] / counts["n"], **model_metrics(counts)} if counts.get("n") else {}


def _said(answer: Answer) -> str:
    return answer["rewrite"] or f"（{answer['status']}：{listed(answer['reasons'])}）"


TASK = TaskDef(
    title="改写",
    answer=_answer,
    asked=lambda case: call_text(case.turns),
    said=_said,
    checks={
        "shown": _shown,
        "faults-gone": _gone,
        "no-new-fault": _no_new,
        "kept": _kept,
        "unsaid": _unsaid,
        "nothing-invented": _nothing_invented,
        "honest-rejection": _honest,
    },
    counts=_counts,
    metrics=_metrics,
)
