"""Task roleplay: scripted agents against how the call must end, how moods are ordered, and what the customer may say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from coach.assistant import Coach
from coach.errors import InputError
from coach.roleplay import Scenario, Setup, find_persona, load_scenarios
from coach.roleplay.from_text import scenario_from_text
from coach.text import normalise
from eval.scripted_agents import mixed, played
from eval.suite.case import RoleplayCase, alternatives
from eval.suite.result import Check
from eval.suite.subject import Subject
from eval.suite.tasks.base import Answer, TaskDef, listed

__all__ = ["TASK"]

_AGENTS_WORDS = regex.compile(
    r"(?:有什么|什么)可以帮(?:您|到您|助您)|很高兴为您(?:服务|解答)|感谢您的(?:来电|等候|耐心)|请您稍等，?我(?:帮|为)您|给您带来(?:的)?不便|工号\d+|我(?:这边)?帮您查"
)
"""What a service's agent says and a customer doesn't."""


def _scenario(coach: Coach, case: RoleplayCase) -> Scenario:
    shipped = load_scenarios(coach.folder)
    if case.scenario in shipped:
        return shipped[case.scenario]
    return scenario_from_text(case.scenario)


def _lines(case: RoleplayCase, scenario: Scenario) -> dict[str, Sequence[str]]:
    """Kind of agent → what it says."""
    good = case.good or scenario.example_good
    bad = case.bad or scenario.example_bad
    if case.agent == "order":
        if not good or not bad:
            raise InputError(f"案例 {case.id} 没有好坏两种坐席的话", where="评测", hint="请写 good 和 bad")
        return {"good": good, "mixed": mixed(good, bad), "bad": bad}
    if isinstance(case.agent, str):
        return {case.agent: good if case.agent == "good" else bad}
    return {"script": case.agent}


def _answer(subject: Subject, case: RoleplayCase) -> Answer:
    coach = subject.coach
    scenario = _scenario(coach, case)
    persona = find_persona(case.persona, coach.folder)
    setup = Setup(persona, scenario, level=case.level, seed=case.seed)
    calls = {kind: played(coach.player, setup, lines) for kind, lines in _lines(case, scenario).items()}
    again = {kind: played(coach.player, setup, lines) for kind, lines in _lines(case, scenario).items()}
    return {
        "calls": {
            kind: {
                "outcome": call.outcome,
                "emotion": round(call.state.emotion, 3),
                "turns": [
                    {"speaker": t.speaker, "text": t.text, "emotion": round(t.state.emotion, 2)} for t in call.turns
                ],
            }
            for kind, call in calls.items()
        },
        "repeatable": all(
            [t.text for t in calls[kind].turns] == [t.text for t in again[kind].turns]
            and calls[kind].state == again[kind].state
            for kind in calls
        ),
    }


def _customer(answer: Answer) -> list[str]:
    return [t["text"] for call in answer["calls"].values() for t in call["turns"] if t["speaker"] == "customer"]


def _one(answer: Answer) -> dict[str, object]:
    (call,) = answer["calls"].values()
    return dict(call)


def _outcome(case: RoleplayCase, answer: Answer) -> Check:
    if case.agent == "order" or not case.outcome:
        return Check(met=None)
    got = str(_one(answer)["outcome"])
    return Check(met=got in case.outcome, evidence=f"该是 {listed(case.outcome)}，结果 {got}")


def _emotion(case: RoleplayCase, answer: Answer) -> Check:
    if case.agent == "order":
        return Check(met=None)
    got = float(str(_one(answer)["emotion"]))
    low, high = case.emotion
    return Check(met=low <= got <= high, evidence=f"情绪 {got:g}，该在 {low:g} 到 {high:g} 之间")


def _order(case: RoleplayCase, answer: Answer) -> Check:
    if case.agent != "order":
        return Check(met=None)
    moods = {kind: call["emotion"] for kind, call in answer["calls"].items()}
    met = moods["good"] < moods["mixed"] < moods["bad"]
    return Check(met=met, evidence="、".join(f"{kind} {mood:g}" for kind, mood in moods.items()))


def _in_role(_case: RoleplayCase, answer: Answer) -> Check:
    wrong = [text for text in _customer(answer) if _AGENTS_WORDS.search(text)]
    return Check(met=not wrong, evidence=f"说了坐席的话：{listed(wrong)}")


def _fresh(_case: RoleplayCase, answer: Answer) -> Check:
    """Within one call he never says the same twice, short answers aside."""
    again = []
    for call in answer["calls"].values():
        said = [normalise(t["text"]).text for t in call["turns"] if t["speaker"] == "customer"]
        again += [text for i, text in enumerate(said) if len(text) > 6 and text in said[:i]]
    return Check(met=not again, evidence=f"重复：{listed(again)}")


def _says(case: RoleplayCase, answer: Answer) -> Check:
    if not case.says:
        return Check(met=None)
    told = normalise("\n".join(_customer(answer))).text
    missing = [w for w in case.says if not any(normalise(a).text in told for a in alternatives(w))]
    return Check(met=not missing, evidence=f"没说：{listed(missing)}")


def _never(case: RoleplayCase, answer: Answer) -> Check:
    if not case.never:
        return Check(met=None)
    told = normalise("\n".join(_customer(answer))).text
    said = [w for w in case.never if any(normalise(a).text in told for a in alternatives(w))]
    return Check(met=not said, evidence=f"说了：{listed(said)}")


def _hidden(case: RoleplayCase, answer: Answer) -> Check:
    if not case.hidden:
        return Check(met=None)
    early = []
    for call in answer["calls"].values():
        lines = 0
        for turn in call["turns"]:
            lines += turn["speaker"] == "agent"
            if turn["speaker"] == "customer":
                early += [w for w, since in case.hidden.items() if lines < since and w in turn["text"]]
    return Check(met=not early, evidence=f"没问就说了：{listed(early)}")


def _repeatable(_case: RoleplayCase, answer: Answer) -> Check:
    return Check(
        met=bool(answer["repeatable"]), evidence="同样的话再打一遍，结果一样" if answer["repeatable"] else "两遍不一样"
    )


def _counts(case: RoleplayCase, answer: Answer) -> dict[str, float]:
    if case.agent == "order":
        return {"orders": 1.0, "in_order": float(bool(_order(case, answer).met))}
    if not case.outcome:
        return {}
    return {"ends": 1.0, "ended_right": float(bool(_outcome(case, answer).met))}


def _metrics(counts: Mapping[str, float]) -> dict[str, float]:
    metrics = {}
    if counts.get("orders"):
        metrics["in_order"] = counts["in_order"] / counts["orders"]
    if counts.get("ends"):
        metrics["ended_right"] = counts["ended_right"] / counts["ends"]
    return metrics


def _said(answer: Answer) -> str:
    parts = []
    for kind, call in answer["calls"].items():
        lines = [f"{'坐席' if t['speaker'] == 'agent' else '客户'}：{t['text']}" for t in call["turns"]]
        parts.append("\n".join([f"〔{kind}〕{call['outcome']}，情绪 {call['emotion']:g}", *lines]))
    return "\n\n".join(parts)


TASK = TaskDef(
    title="模拟通话",
    answer=_answer,
    asked=lambda case: f"{case.persona}｜{case.scenario}｜{case.agent if isinstance(case.agent, str) else '指定的话'}",
    said=_said,
    checks={
        "outcome": _outcome,
        "emotion": _emotion,
        "order": _order,
        "in-role": _in_role,
        "fresh": _fresh,
        "says": _says,
        "never": _never,
        "hidden": _hidden,
        "repeatable": _repeatable,
    },
    counts=_counts,
    metrics=_metrics,
)
