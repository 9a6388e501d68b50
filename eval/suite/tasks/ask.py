"""Task ask: states the standard, cites it, no figure without its clause, refuses what the handbook doesn't say."""

from __future__ import annotations

from coach.assistant import replies
from coach.assistant.grounding import FIGURES
from coach.facts import extract, same_fact
from coach.reports.answers import answer_data
from coach.text import normalise
from eval.suite.case import AskCase, alternatives
from eval.suite.result import Check
from eval.suite.subject import Subject
from eval.suite.tasks.base import Answer, TaskDef, listed, model_counts, model_metrics
from eval.suite.tasks.sources import clause_texts

__all__ = ["TASK"]

_NO_NUMBER = frozenset({"address", "code", "product"})


def _answer(subject: Subject, case: AskCase) -> Answer:
    coach = subject.under(case.standard)
    *_, last = replies(coach, case.question)
    if last.answer is None:
        return {
            "status": last.kind,
            "text": "",
            "source": "builtin",
            "cited": [],
            "conflicts": [],
            "sides": 0,
            "note": "",
        }
    data = answer_data(last.answer, last.fluent, last.note)
    cited = [c["clause"] for point in data["points"] for c in point["citations"]]
    fluent = [c.clause for sentence in last.fluent.sentences for c in sentence.citations] if last.fluent else []
    return {
        "status": data["status"],
        "text": data["answer"],
        "points": [{"text": p["text"], "clauses": [c["clause"] for c in p["citations"]]} for p in data["points"]],
        "source": data["source"],
        "cited": list(dict.fromkeys([*cited, *fluent])),
        "conflicts": [c["question"] for c in data["conflicts"]],
        "sides": min((len(c["sides"]) for c in data["conflicts"]), default=0),
        "chosen": all(any(side["chosen"] for side in c["sides"]) for c in data["conflicts"]),
        "note": data["note"],
        "with_model": coach.model is not None,
    }


def _all_text(answer: Answer) -> str:
    return "\n".join([answer["text"], *(point["text"] for point in answer.get("points", ()))])


def _states(case: AskCase, answer: Answer) -> Check:
    if case.refuses or not case.states:
        return Check(met=None)
    text = normalise(_all_text(answer)).text
    missing = [w for w in case.states if not any(normalise(a).text in text for a in alternatives(w))]
    return Check(met=not missing, evidence=f"没说到：{listed(missing)}")


def _cites(case: AskCase, answer: Answer) -> Check:
    if case.refuses:
        return Check(met=None)
    right = [clause for clause in answer["cited"] if clause in case.clauses]
    return Check(met=bool(right), evidence=f"该引 {listed(case.clauses)} 之一；引了 {listed(answer['cited'])}")


def _resolves(_case: AskCase, answer: Answer) -> Check:
    unknown = [clause for clause in answer["cited"] if clause not in clause_texts()]
    return Check(met=not unknown, evidence=f"查不到的条款：{listed(unknown)}")


def _sourced(_case: AskCase, answer: Answer) -> Check:
    """Whatever is stated cites something."""
    if answer["status"] != "answered":
        return Check(met=None)
    bare = [point["text"] for point in answer.get("points", ()) if not point["clauses"]]
    return Check(met=bool(answer["cited"]) and not bare, evidence=f"没有出处的话：{listed(bare)}")


def _figures(_case: AskCase, answer: Answer) -> Check:
    """Every figure of the answer stands in a clause it cites."""
    if answer["status"] != "answered":
        return Check(met=None)
    text = normalise(answer["text"]).text
    sources = normalise("\n".join(clause_texts().get(clause, "") for clause in answer["cited"])).text
    known = extract(sources)
    figures = [fact for fact in extract(text) if fact.kind in FIGURES - _NO_NUMBER]
    loose = [f.text for f in figures if f.text not in sources and not any(same_fact(f, other) for other in known)]
    return Check(met=not loose, evidence=f"出处里没有的数字：{listed(loose)}")


def _refuses(case: AskCase, answer: Answer) -> Check:
    if not case.refuses:
        return Check(met=None)
    return Check(met=answer["status"] == "insufficient", evidence=f"状态：{answer['status']}")


def _answers(case: AskCase, answer: Answer) -> Check:
    if case.refuses:
        return Check(met=None)
    return Check(met=answer["status"] == "answered", evidence=f"状态：{answer['status']}")


def _both_sides(case: AskCase, answer: Answer) -> Check:
    if not case.conflict:
        return Check(met=None)
    shown = bool(answer["conflicts"]) and answer["sides"] >= 2 and answer["chosen"]
    return Check(met=shown, evidence=f"说出的分歧：{listed(answer['conflicts'])}；各方 {answer['sides']} 种")


TASK = TaskDef(
    title="问答",
    answer=_answer,
    asked=lambda case: case.question,
    said=lambda answer: f"{answer['text']}\n（依据：{listed(answer['cited'])}）",
    checks={
        "answers": _answers,
        "states": _states,
        "cites": _cites,
        "resolves": _resolves,
        "sourced": _sourced,
        "figures": _figures,
        "refuses": _refuses,
        "both-sides": _both_sides,
    },
    counts=lambda _case, answer: model_counts(bool(answer.get("with_model")), answer["source"]),
    metrics=model_metrics,
)
