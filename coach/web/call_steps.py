"""The steps a good agent takes in a call, ticked off as they are taken, and what to say for the next one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import regex

from coach.knowledge import Knowledge, Phrase
from coach.roleplay import CallTurn, MockCall
from coach.roleplay.hearing import Ears
from coach.text import normalise

__all__ = ["Hint", "StepTaken", "hint", "next_step", "steps_taken"]

_FEWEST_NOTES = 4
_FEWEST_FACTS = 3
_MOST_PHRASES = 2
_READ_BACK, _STATED = "read back", "stated"
"""Beside what the ears hear: the line states what the customer told and asks whether it is right; it tells him of his matter."""

_READ_BACK_KINDS = {"name", "phone", "address", "order", "account"}
_STATEMENT = regex.compile(r"(?:^|(?<=[。!?;]))[^。!?;]{12,}(?:[。!;]|$)")


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step.

    Attributes:
        id: Its id in the scenario or the persona's procedure.
        title: What it is.
        line: 1-based line that took it; None where it wasn't taken yet.
    """

    id: str
    title: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Hint:
    """What helps with a step: how to go about it, sentences to say, and how to handle such a caller."""

    title: str
    how: str
    phrases: tuple[Phrase, ...]
    handling: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _So:
    """A call up to one of the agent's lines."""

    acts: frozenset[str]
    turn: CallTurn
    noted: int

    def moved(self, cause: str) -> bool:
        return self.turn.state.counts.get(cause, 0) > 0


@dataclass(frozen=True, slots=True)
class _Step:
    """A step: its title, how to take it, situations of the phrase bank that help, and when it counts as taken."""

    title: str
    how: str
    situations: tuple[str, ...]
    taken: Callable[[_So], bool]


def _act(*names: str) -> Callable[[_So], bool]:
    return lambda so: bool(so.acts & set(names))


def _moved(*causes: str) -> Callable[[_So], bool]:
    return lambda so: any(so.moved(cause) for cause in causes)


_STEPS: Mapping[str, _Step] = {
    "greet": _Step("问好", "接起来先说“您好”。", ("answer",), _act("greet")),
    "introduce": _Step("报单位和身份", "报单位、姓名或工号，让对方知道找对了地方。", ("answer",), _act("introduce")),
    "offer_help": _Step("问需要什么帮助", "问一句“请问有什么可以帮您”。", ("answer",), _act("offer_help")),
    "identify": _Step(
        "报身份，确认对方是谁",
        "先说您是哪里、哪一位，再问对方是不是要找的人。",
        ("outbound-opening",),
        _act("introduce"),
    ),
    "convenience": _Step(
        "问现在方不方便", "说清要占用多久，问对方方便不方便。", ("outbound-opening",), _act("convenience")
    ),
    "purpose": _Step("说明来意", "一句话说清为什么打这个电话。", ("outbound-opening",), _act("purpose")),
    "ask_name": _Step("请教称呼", "问一声怎么称呼，后面就用这个称呼。", ("ask-name",), _act("ask_name")),
    "empathise": _Step(
        "先回应心情",
        "说出对方此刻的感受，再谈事情。",
        ("angry-customer", "anxious-customer"),
        _act("empathise", "apologise"),
    ),
    "restate": _Step(
        "复述问题，请对方确认",
        "用自己的话把对方的问题说一遍，问“对吗”。",
        ("confirm-understanding",),
        _moved("restated"),
    ),
    "ask_facts": _Step(
        "问清办事要用的信息",
        "只问用得上的，一次一两样；对方犹豫，就讲明问来做什么。",
        ("refuse-info", "repair-readback"),
        lambda so: bool(so.turn.state.asked) or so.moved("asked"),
    ),
    "explain": _Step(
        "讲清原因或规定",
        "直接回答对方的疑问，不绕弯。",
        ("fee-dispute",),
        lambda so: so.moved("answered") or bool(so.acts & {"explain", _STATED}),
    ),
    "offer": _Step(
        "给出办法",
        "说能怎么办，最好给两个办法让对方选。能给的办法在“业务资料”里。",
        ("cannot-help",),
        _moved("offered"),
    ),
    "confirm_choice": _Step(
        "确认选定的办法",
        "把对方选的办法说一遍，得到同意。",
        ("next-step",),
        lambda so: so.turn.state.stage in {"agreed", "closed"},
    ),
    "readback": _Step("跟读核对", "号码、姓名、地址念一遍，请对方核对。", ("readback",), _act(_READ_BACK)),
    "timeframe": _Step(
        "说好什么时候有结果", "给出日期、钟点或几小时之内，不说“尽快”。", ("next-step",), _moved("timeframe")
    ),
    "message_fields": _Step(
        "记全留言",
        "来电人、单位、电话、事由、时间、要不要回电，一项项问，记在留言单上。",
        ("take-message",),
        lambda so: so.noted >= _FEWEST_NOTES or len(so.turn.state.told) >= _FEWEST_FACTS,
    ),
    "hold": _Step(
        "请客户等候说清三件事",
        "说为什么要等、等多久，问对方愿不愿意等，再按“请客户等候”。",
        ("hold",),
        lambda so: so.turn.act == "hold" or "hold" in so.acts,
    ),
    "transfer": _Step(
        "征得同意再转接",
        "说明转给谁、为什么，问对方同不同意。",
        ("transfer",),
        lambda so: so.turn.act == "transfer" or "transfer" in so.acts,
    ),
    "further_help": _Step("问还有没有别的事", "收线前问一句还需要什么帮助。", ("further-help",), _act("further_help")),
    "farewell": _Step("致谢道别", "谢谢对方来电，说再见，等对方先挂。", ("closing",), _act("farewell")),
}

_PROCEDURES: Mapping[str, tuple[str, ...]] = {
    "silent": ("silent-line",),
    "harassing": ("harassment",),
    "abusive": ("abusive-customer",),
    "wrong_number": ("wrong-number",),
}


def steps_taken(call: MockCall, ears: Ears, noted: int = 0) -> tuple[StepTaken, ...]:
    """The steps of the call in order; `noted` is how many fields of the message pad are filled."""
    setup = call.setup
    if setup.persona.procedure is not None:
        return tuple(StepTaken(step.id, step.title, _first(call, step.id)) for step in setup.persona.procedure_steps)
    so_far = _lines(call, ears, noted)
    return tuple(
        StepTaken(id_, step.title, next((no for no, so in so_far if step.taken(so)), None))
        for id_ in _of_scenario(call)
        if (step := _STEPS.get(id_)) is not None
    )


def _of_scenario(call: MockCall) -> tuple[str, ...]:
    scenario = call.setup.scenario
    if scenario.steps:
        return scenario.steps
    upset = ("empathise",) if scenario.mood == "complaint" else ()
    opening = ("identify", "convenience") if scenario.direction == "outbound" else ("greet", "introduce")
    return (*opening, *upset, "restate", "ask_facts", "offer", "timeframe", "further_help")


def _lines(call: MockCall, ears: Ears, noted: int) -> list[tuple[int, _So]]:
    acts: frozenset[str] = frozenset()
    said: list[str] = []
    found: list[tuple[int, _So]] = []
    for no, turn in enumerate(call.turns, start=1):
        if turn.speaker == "customer":
            said.append(turn.text)
            continue
        heard = ears.hear(turn.text, call.setup.scenario, said)
        asks = {question.kind for question in heard.questions}
        acts |= heard.acts
        data = {fact.id for fact in call.setup.scenario.facts if fact.kind in _READ_BACK_KINDS}
        if (data & {*heard.stated} or len(heard.stated) > 1) and asks & {"confirm", "correct"}:
            acts |= {_READ_BACK}
        if found and heard.topic and _STATEMENT.search(normalise(turn.text).text):
            acts |= {_STATED}
        found.append((no, _So(acts, turn, noted)))
    return found


def _first(call: MockCall, step: str) -> int | None:
    """1-based line that took a step of the persona's procedure."""
    agent = ((no, turn) for no, turn in enumerate(call.turns, start=1) if turn.speaker == "agent")
    return next((no for no, turn in agent if _took(turn, step)), None)


def _took(turn: CallTurn, step: str) -> bool:
    return turn.state.counts.get(f"step:{step}", 0) > 0 or any(t.cause == f"step:{step}" for t in turn.transitions)


def next_step(steps: Sequence[StepTaken]) -> StepTaken | None:
    """The first step after the last one taken that is still open, else the first open one; None where all are taken."""
    last = max((i for i, step in enumerate(steps) if step.line is not None), default=-1)
    following = (step for step in (*steps[last + 1 :], *steps) if step.line is None)
    return next(following, None)


def hint(step: StepTaken, call: MockCall, knowledge: Knowledge) -> Hint:
    """What helps with `step` in this call."""
    persona = call.setup.persona
    known = _STEPS.get(step.id) if persona.procedure is None else None
    situations = known.situations if known else _PROCEDURES.get(persona.procedure or "", ())
    phrases = [phrase for phrase in knowledge.phrases.values() if phrase.situation in situations]
    return Hint(step.title, known.how if known else "", tuple(phrases[:_MOST_PHRASES]), persona.handling)
