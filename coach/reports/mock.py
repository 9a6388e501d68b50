"""A mock call as JSON-ready data and as text for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coach.critique import Critique, Finding
from coach.reports.casting import LEVEL_NAMES, STATE_NAMES
from coach.reports.data import Data, finding_data
from coach.reports.plain import SEVERITY_NAMES, SPEAKER_NAMES
from coach.roleplay import CallTurn, MockCall, Scenario
from coach.roleplay.state import CustomerState, Transition
from coach.scoring import Scorecard

__all__ = ["OUTCOME_NAMES", "business_text", "call_text", "card_data", "mock_data", "mock_text", "mood_text"]

OUTCOME_NAMES = {
    "resolved": "问题解决了",
    "unresolved": "问题没有解决",
    "escalated": "客户要求升级投诉",
    "hung_up": "客户挂了电话",
}
_SCHEMA_VERSION = 1
_BARS = "▁▂▃▄▅▆▇█"
_MOST = 10.0
_ACTS = {"hold": "请客户等候", "transfer": "转接", "hang_up": "挂机"}


def mock_data(call: MockCall, critique: Critique | None, card: Scorecard | None, unused: int = 0) -> Data:
    """The call, how it ended and its scorecard; `unused` is how many of the agent's lines came after its end.

    A call in which the agent said nothing has neither critique nor scorecard.
    """
    setup = call.setup
    return {
        "schema_version": _SCHEMA_VERSION,
        "persona": {"id": setup.persona.id, "name": setup.persona.name},
        "scenario": {
            "id": setup.scenario.id,
            "title": setup.scenario.title,
            "direction": setup.scenario.direction,
        },
        "level": setup.level,
        "seed": setup.seed,
        "standard": setup.standard,
        "start": _state_data(call.start),
        "turns": [_turn_data(turn) for turn in call.turns],
        "outcome": call.outcome,
        "hung_up_by": call.hung_up_by,
        "unused_lines": unused,
        "scorecard": card_data(card) if card is not None else None,
        "findings": [finding_data(finding) for finding in critique.findings] if critique is not None else [],
    }


def _turn_data(turn: CallTurn) -> Data:
    return {
        "speaker": turn.speaker,
        "text": turn.text,
        "act": turn.act,
        "state": _state_data(turn.state),
        "transitions": [
            {"cause": one.cause, "why": one.why, **_numbers(one)} for one in turn.transitions if _changes(one)
        ],
        "source": turn.source,
    }


def _state_data(state: CustomerState) -> dict[str, float]:
    return _numbers(state)


def _numbers(of: CustomerState | Transition) -> dict[str, float]:
    """Emotion, trust and patience to one decimal; never minus nought."""
    return {name: round(getattr(of, name), 1) + 0.0 for name in STATE_NAMES}


def _changes(one: Transition) -> bool:
    return any(_numbers(one).values())


def card_data(card: Scorecard) -> Data:
    """A scorecard: total, groups, and what failed with its evidence."""
    return {
        "total": card.total,
        "groups": dict(card.groups),
        "failed": [
            {
                "id": checked.item.id,
                "group": checked.item.group,
                "title": checked.item.title,
                "weight": checked.item.weight,
                "fatal": checked.item.fatal,
                "lines": list(checked.lines),
                "why": checked.why,
                "clauses": [citation.clause for citation in checked.citations],
            }
            for checked in card.failed
        ],
    }


def business_text(scenario: Scenario) -> str:
    """What the agent has at hand before the call: why he calls, what can be given and what can't. Nothing the customer tells."""
    rows = [f"您是{scenario.industry}的坐席。"]
    if scenario.direction == "outbound":
        called = f"{scenario.caller.name}{scenario.caller.title}" or "客户"
        rows.append(f"您打给{called}{f'：{scenario.purpose}' if scenario.purpose else ''}。")
    if scenario.settle:
        rows.append(f"能给的办法：{'；'.join(one.title for one in scenario.settle)}")
    if scenario.cannot:
        rows.append(f"不能答应的：{'；'.join(one.title for one in scenario.cannot)}")
    return "\n".join(rows)


def mood_text(state: CustomerState) -> str:
    """The state on one line."""
    return "　".join(f"{STATE_NAMES[name]} {value:.1f}" for name, value in _numbers(state).items())


def mock_text(call: MockCall, critique: Critique | None, card: Scorecard | None, names: Mapping[str, str]) -> str:
    """The call line by line with findings, how it ended, the mood, what moved the customer, the scorecard.

    `names` maps rule id → its Chinese name.
    """
    setup = call.setup
    out = [
        f"人设：{setup.persona.name}（{setup.persona.id}，{LEVEL_NAMES[setup.level]}）",
        f"场景：{setup.scenario.title}（{setup.scenario.id}）",
        f"种子：{setup.seed}　规范：{setup.standard}",
        "",
        *call_text(call, critique, names),
        "",
        f"结果：{_ending(call)}",
        *_curves(call),
    ]
    moved = list(_moved(call))
    out += ["", "什么影响了客户", *moved] if moved else []
    if card is None:
        return "\n".join([*out, "", "坐席一句也没有说，不评分。"])
    return "\n".join([*out, "", *_card_lines(card)])


def call_text(call: MockCall, critique: Critique | None, names: Mapping[str, str]) -> Iterator[str]:
    """Every line, each finding under its line; those about the call as a whole last."""
    for no, turn in enumerate(call.turns, start=1):
        did = f"（{_ACTS[turn.act]}）" if turn.speaker == "agent" and turn.act in _ACTS else ""
        body = turn.text.replace("\n", "\n      ")
        yield f"{no:>3}  {SPEAKER_NAMES[turn.speaker]}：{did}{body}"
        if critique is not None:
            yield from finding_lines(critique.of_line(no), names)
    whole = [one for one in critique.findings if one.line is None] if critique is not None else []
    if whole:
        yield "整通电话"
        yield from finding_lines(whole, names)


def finding_lines(findings: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    """Findings in two lines each: what is wrong, and what to do instead by which clauses."""
    for finding in findings:
        clauses = "、".join(f"{one.clause} {one.title}" for one in finding.citations)
        kind = SEVERITY_NAMES[finding.severity]
        yield f"     [{kind}] {names.get(finding.rule, finding.rule)}：{finding.message}"
        yield f"       建议：{finding.advice}（{clauses}）"


def _ending(call: MockCall) -> str:
    outcome = OUTCOME_NAMES[call.outcome or "unresolved"]
    if call.outcome == "hung_up" or call.hung_up_by is None:
        return outcome
    return f"{outcome}，{'坐席' if call.hung_up_by == 'agent' else '客户'}挂的电话"


def _curves(call: MockCall) -> Iterator[str]:
    """Each part of the state before the first line and after each of the agent's, as a row of bars."""
    states = [call.start, *(turn.state for turn in call.turns if turn.speaker == "agent")]
    for name, title in STATE_NAMES.items():
        values = [float(getattr(state, name)) for state in states]
        bars = "".join(_BARS[min(len(_BARS) - 1, int(value / _MOST * len(_BARS)))] for value in values)
        note = "（10 是最生气）" if name == "emotion" else ""
        yield f"  {title} {bars}  {values[0]:.1f} → {values[-1]:.1f}{note}"


def _moved(call: MockCall) -> Iterator[str]:
    for no, turn in enumerate(call.turns, start=1):
        if told := "；".join(_move(one) for one in turn.transitions if _changes(one)):
            yield f"  第 {no} 行　{told}"


def _move(one: Transition) -> str:
    changes = "、".join(f"{STATE_NAMES[name]} {value:+.1f}" for name, value in _numbers(one).items() if value)
    return f"{one.why}（{changes}）"


def _card_lines(card: Scorecard) -> Iterator[str]:
    groups = "　".join(f"{group} {value}" for group, value in card.groups.items())
    yield f"得分 {card.total}（{groups}）"
    for checked in card.failed:
        lines = "、".join(str(line) for line in checked.lines if line is not None)
        where = f"第 {lines} 行：" if lines else ""
        clauses = "、".join(citation.clause for citation in checked.citations)
        yield f"  ✗ {checked.item.title}（{checked.item.group}{'，一票' if checked.item.fatal else ''}）{where}{checked.why}（{clauses}）"
