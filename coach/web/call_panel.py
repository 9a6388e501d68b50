"""What stands beside a mock call: the customer's state and what moved it, the steps, the last line's findings. Pure; all escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.critique import Finding
from coach.reports.plain import SEVERITY_NAMES
from coach.rewrite import Rewrite
from coach.roleplay import CallTurn, Scenario
from coach.roleplay.state import Transition
from coach.web.call_curves import mood_curve
from coach.web.call_session import Session
from coach.web.call_steps import Hint, StepTaken
from coach.web.clauses import clause, copy_button, phrase_list
from coach.web.marks import escape
from coach.web.rewritten import not_rewritten, rewritten

__all__ = ["business", "finding_items", "hint_card", "last_line", "moves_list", "panel", "rewrite_of", "step_list"]

_LEAST_SHOWN = 0.05


def panel(session: Session, steps: Sequence[StepTaken], names: Mapping[str, str]) -> str:
    """State and steps of the call as it stands, in an exam the state only; `names` maps rule id → Chinese name."""
    call = session.call
    last = next((turn for turn in reversed(call.turns) if turn.speaker == "agent"), None)
    why = moves_list(last, names) if last is not None and session.tells else ""
    shown = "" if session.terms.exam and not session.over else step_list(steps)
    return f'<section class="ss-panel"><h2>客户现在的状态</h2>{mood_curve(call)}{why}{shown}</section>'


def moves_list(turn: CallTurn, names: Mapping[str, str]) -> str:
    """What moved the state with the agent's line, and which way. A finding is named only: it is told elsewhere."""
    told = {finding.message: names.get(finding.rule, finding.rule) for finding in turn.findings}
    items = "".join(_move(one, told.get(one.why, one.why)) for one in turn.transitions if _changes(one))
    return f'<ul class="ss-moves" aria-label="这一句让客户怎么样了">{items}</ul>' if items else ""


def _changes(one: Transition) -> list[str]:
    named = (("情绪", one.emotion), ("信任", one.trust), ("耐心", one.patience))
    return [f"{name} {value:+.1f}".replace("-", "−") for name, value in named if abs(value) >= _LEAST_SHOWN]


def _move(one: Transition, why: str) -> str:
    worse = one.emotion > 0 or one.trust < 0 or one.patience < 0
    sign = "变差" if worse else "变好"
    return (
        f'<li class="{"worse" if worse else "better"}"><span class="ss-hidden">{sign}：</span>{escape(why)}'
        f"<small>{'　'.join(_changes(one))}</small></li>"
    )


def step_list(steps: Sequence[StepTaken]) -> str:
    """The steps, those taken ticked off with the line that took them."""
    items = "".join(
        f'<li class="{"done" if step.line else "open"}"><i aria-hidden="true">{"✓" if step.line else ""}</i>'
        f'<span class="ss-hidden">{"已做到：" if step.line else "还没做："}</span>{escape(step.title)}'
        f"{f'<small>第 {step.line} 行</small>' if step.line else ''}</li>"
        for step in steps
    )
    done = sum(step.line is not None for step in steps)
    return f'<h3>该走的步骤<span class="ss-count">{done}/{len(steps)}</span></h3><ol class="ss-steps">{items}</ol>'


def last_line(no: int, turn: CallTurn, rewrite: Rewrite | None, names: Mapping[str, str]) -> str:
    """What was found in the agent's line `no`, and how it could be said."""
    head = f'<h3>刚才那句（第 {no} 行）</h3><p class="ss-said">{escape(turn.text)}</p>'
    if not turn.findings:
        return f'<section class="ss-panel">{head}<p class="ss-note ss-clean">这一句没有要改的地方。</p></section>'
    return (
        f'<section class="ss-panel">{head}<ol class="ss-findings">{finding_items(turn.findings, names)}</ol>'
        f"{rewrite_of(rewrite, names)}</section>"
    )


def finding_items(findings: Sequence[Finding], names: Mapping[str, str]) -> str:
    """Findings as list items, each with its clause; `names` maps rule id → Chinese name."""
    return "".join(
        f'<li class="ss-finding {one.severity}"><p class="ss-finding-head">'
        f'<span class="ss-badge {one.severity}">{SEVERITY_NAMES[one.severity]}</span>'
        f"<b>{escape(names.get(one.rule, one.rule))}</b></p><p>{escape(one.message)}</p>"
        f'<p class="ss-advice">建议：{escape(one.advice)}</p>'
        f"{''.join(clause(citation) for citation in one.citations[:1])}</li>"
        for one in findings
    )


def rewrite_of(rewrite: Rewrite | None, names: Mapping[str, str]) -> str:
    """The verified rewrite with a copy button, or why there is none; nothing where none is needed."""
    if rewrite is None or rewrite.status == "unchanged":
        return ""
    if rewrite.status == "rejected" or rewrite.rewrite is None:
        return f'<div class="ss-rewrite"><p class="ss-rewrite-head">改写</p>{not_rewritten(rewrite)}</div>'
    hint = f"说之前先填上{'、'.join(rewrite.verdict.slots)}。"
    return (
        f'<div class="ss-rewrite"><p class="ss-rewrite-head">可以这样说（已核对）</p>'
        f"{rewritten(rewrite, names, hint)}<p>{copy_button(rewrite.rewrite)}</p></div>"
    )


def hint_card(hint: Hint, points: float) -> str:
    """A hint: the next step, how to take it, sentences, and how to handle such a caller."""
    how = f"<p>{escape(hint.how)}</p>" if hint.how else ""
    said = f"<h4>可以这样说</h4>{phrase_list(hint.phrases)}" if hint.phrases else ""
    items = "".join(f"<li>{escape(one)}</li>" for one in hint.handling)
    return (
        f'<section class="ss-hint" role="status"><h3>提示：{escape(hint.title)}'
        f'<span class="ss-count">扣 {points:g} 分</span></h3>{how}{said}'
        f"<h4>遇到这样的来电人</h4><ul>{items}</ul></section>"
    )


def business(scenario: Scenario, *, exam: bool) -> str:
    """What the agent has at hand: why he calls, what can be given, what can't; not in an exam, when the matter is done.

    Nothing the customer would have to tell.
    """
    rows = [("行业", scenario.industry)]
    if scenario.direction == "outbound":
        called = f"{scenario.caller.name}{scenario.caller.title}"
        rows += [("打给", called)] if called else []
        rows += [("为了", scenario.purpose)] if scenario.purpose else []
    rows += [("能给的办法", "；".join(one.title for one in scenario.settle))] if scenario.settle else []
    rows += [("不能答应", "；".join(one.title for one in scenario.cannot))] if scenario.cannot else []
    rows += [("怎样算办好", scenario.stop)] if scenario.stop and not exam else []
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows)
    return f'<dl class="ss-facts ss-business">{listed}</dl>'
