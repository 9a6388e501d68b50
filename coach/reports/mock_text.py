"""A mock call as text for a terminal: its lines with findings, its end, the mood, what moved the customer, the scorecard. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from coach.critique import Finding
from coach.reports.casting import LEVEL_NAMES, STATE_NAMES
from coach.reports.mock import OUTCOME_NAMES, changes, numbers
from coach.reports.plain import SEVERITY_NAMES, SPEAKER_NAMES
from coach.roleplay import MockCall, Scenario
from coach.roleplay.state import CustomerState, Transition
from coach.scoring import Practice, Scorecard

__all__ = [
    "bars",
    "business_text",
    "card_lines",
    "failed_line",
    "finding_lines",
    "mock_text",
    "mood_text",
    "total_line",
]

_BARS = "▁▂▃▄▅▆▇█"
_MOST = 10.0
_ACTS = {"hold": "请客户等候", "transfer": "转接", "hang_up": "挂机"}


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
    return "　".join(f"{STATE_NAMES[name]} {value:.1f}" for name, value in numbers(state).items())


def mock_text(call: MockCall, findings: Sequence[Finding], card: Iterable[str], names: Mapping[str, str]) -> str:
    """The whole call.

    Args:
        call: The call.
        findings: What was found in it.
        card: The scorecard, line by line; empty where there is none.
        names: Rule id → its Chinese name.
    """
    setup = call.setup
    moved = list(_moved(call))
    out = [
        f"人设：{setup.persona.name}（{setup.persona.id}，{LEVEL_NAMES[setup.level]}）",
        f"场景：{setup.scenario.title}（{setup.scenario.id}）",
        f"种子：{setup.seed}　规范：{setup.standard}",
        "",
        *_lines(call, findings, names),
        "",
        f"结果：{_ending(call)}",
        *_curves(call),
        *(["", "什么影响了客户", *moved] if moved else []),
        "",
        *(list(card) or ["没有评分。"]),
    ]
    return "\n".join(out)


def _lines(call: MockCall, findings: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    """Every line, each finding under its line; those about the call as a whole last."""
    for no, turn in enumerate(call.turns, start=1):
        did = f"（{_ACTS[turn.act]}）" if turn.speaker == "agent" and turn.act in _ACTS else ""
        body = turn.text.replace("\n", "\n      ")
        yield f"{no:>3}  {SPEAKER_NAMES[turn.speaker]}：{did}{body}"
        yield from finding_lines([one for one in findings if one.line == no], names)
    whole = [one for one in findings if one.line is None]
    if whole:
        yield "整通电话"
        yield from finding_lines(whole, names)


def finding_lines(findings: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    """Findings in two lines each: what is wrong, and what to do instead by which clauses."""
    for finding in findings:
        clauses = "、".join(f"{one.clause} {one.title}" for one in finding.citations)
        kind = SEVERITY_NAMES[finding.severity] + ("，已驳回" if finding.dismissed else "")
        yield f"     [{kind}] {names.get(finding.rule, finding.rule)}：{finding.message}"
        yield f"       建议：{finding.advice}（{clauses}）"


def _ending(call: MockCall) -> str:
    if call.outcome is None:
        return "还没打完"
    outcome = OUTCOME_NAMES[call.outcome]
    if call.outcome == "hung_up" or call.hung_up_by is None:
        return outcome
    return f"{outcome}，{SPEAKER_NAMES[call.hung_up_by]}挂的电话"


def _curves(call: MockCall) -> Iterator[str]:
    """Each part of the state before the first line and after each of the agent's, as a row of bars."""
    states = [call.start, *(turn.state for turn in call.turns if turn.speaker == "agent")]
    for name, title in STATE_NAMES.items():
        values = [float(getattr(state, name)) for state in states]
        note = "（10 是最生气）" if name == "emotion" else ""
        yield f"  {title} {bars(values, _MOST)}  {values[0]:.1f} → {values[-1]:.1f}{note}"


def bars(values: Iterable[float], most: float) -> str:
    """Values from 0 to `most` as a row of bars."""
    top = len(_BARS) - 1
    return "".join(_BARS[min(top, int(value / most * len(_BARS)))] for value in values)


def _moved(call: MockCall) -> Iterator[str]:
    for no, turn in enumerate(call.turns, start=1):
        if told := "；".join(_move(one) for one in turn.transitions if changes(one)):
            yield f"  第 {no} 行　{told}"


def _move(one: Transition) -> str:
    moved = "、".join(f"{STATE_NAMES[name]} {value:+.1f}" for name, value in numbers(one).items() if value)
    return f"{one.why.rstrip('。')}（{moved}）"


def card_lines(card: Scorecard, practise: Sequence[Practice] = ()) -> Iterator[str]:
    """A scorecard: total, groups, what failed with its evidence, what to practise next."""
    yield total_line(card.total, card.groups)
    if card.capped_by:
        yield f"  按各项算是 {card.weighed} 分；因为没做到“{'”“'.join(card.capped_by)}”，封顶"
    if card.hints_off:
        yield f"  用了提示，扣 {card.hints_off} 分"
    for one in card.failed:
        clauses = [citation.clause for citation in one.citations]
        yield failed_line(one.item.title, one.item.group, one.lines, one.why, clauses)
    if practise:
        yield "接下来先练"
    for number, practice in enumerate(practise, start=1):
        yield f"  {number}. {practice.checked.item.title}：{practice.advice}"
        if practice.drill is not None:
            yield f"     coach mock --scenario {practice.drill.scenario} --persona {practice.drill.persona}"


def total_line(total: float, groups: Mapping[str, float]) -> str:
    """The total and those of the groups."""
    return f"得分 {total:.0f}（{'　'.join(f'{group} {value:.0f}' for group, value in groups.items())}）"


def failed_line(title: str, group: str, lines: Sequence[int | None], why: str, clauses: Sequence[str]) -> str:
    """One failed check, where it shows, why, and the clauses it rests on."""
    shown = "、".join(str(line) for line in lines if line is not None)
    return f"  ✗ {title}（{group}）：{f'第 {shown} 行，' if shown else ''}{why.rstrip('。')}（{'、'.join(clauses)}）"
