"""The words of a mock call as chat bubbles, with what happened besides: rings, holds, transfers, the end. Pure; all escaped."""

from __future__ import annotations

from coach.critique import Finding
from coach.reports.mock import OUTCOME_NAMES
from coach.roleplay import CallTurn
from coach.web.call_session import Attempt, Session
from coach.web.marks import escape, highlighted

__all__ = ["bubbles", "ending", "spoken_seconds", "try_names"]

_MINUTE = 60


def bubbles(session: Session, saying: str = "") -> str:
    """Every turn of the try that is shown, a bubble each; an agent's bubble can be gone back to, but not in an exam.

    `saying` is what the agent says now, while the customer's answer is still being worded.
    """
    attempt, call = session.attempt, session.call
    shown = [_event(_picked_up(attempt))]
    for i, turn in enumerate(call.turns):
        if attempt.parent is not None and i == attempt.from_turn:
            shown.append(_event("从这里重来"))
        if i in attempt.held:
            shown.append(_event(f"客户等了{spoken_seconds(attempt.held[i])}，您回到线上"))
        shown.append(_bubble(i, turn, session))
        if turn.act == "hold":
            shown.append(_event("您请客户等候"))
        if i in attempt.passed_to:
            shown.append(_event(f"您转接给：{attempt.passed_to[i]}"))
    if attempt.parent is not None and attempt.from_turn == len(call.turns):
        shown.append(_event("从这里重来"))
    if saying:
        shown.append(f'<div class="ss-bubble agent saying"><p>{escape(saying)}</p></div>')
    if call.outcome is not None:
        shown.append(_event(ending(attempt)))
    return f'<div class="ss-call" role="log" aria-live="polite" aria-label="通话内容">{"".join(shown)}</div>'


def _event(text: str) -> str:
    return f'<p class="ss-event"><span>{escape(text)}</span></p>' if text else ""


def _picked_up(attempt: Attempt) -> str:
    setup = attempt.call.setup
    if setup.scenario.direction == "outbound":
        return "电话拨通了，对方接了起来"
    if setup.rings is None:
        return "您接起了电话，请先开口"
    waiting = "，请先开口" if not attempt.call.turns else ""
    return f"铃响 {setup.rings} 声，您接起了电话{waiting}"


def ending(attempt: Attempt) -> str:
    """How the call ended, in a few words."""
    call = attempt.call
    if call.outcome == "hung_up":
        return "客户挂了电话"
    who = "您挂了电话" if call.hung_up_by == "agent" else "客户挂了电话"
    return f"{who}，{OUTCOME_NAMES[call.outcome or 'unresolved']}"


def spoken_seconds(seconds: float) -> str:
    """A time as people say it."""
    whole = round(seconds)
    minutes, rest = divmod(whole, _MINUTE)
    if not minutes:
        return f" {rest} 秒"
    return f" {minutes} 分 {rest} 秒" if rest else f" {minutes} 分钟"


def _bubble(i: int, turn: CallTurn, session: Session) -> str:
    if turn.speaker == "customer":
        return (
            f'<div class="ss-bubble customer"><span class="ss-hidden">客户：</span>'
            f'<p>{escape(turn.text)}</p><span class="ss-no">{i + 1}</span></div>'
        )
    found = turn.findings if session.tells else ()
    redo = (
        ""
        if session.terms.exam
        else f'<button type="button" class="ss-redo" data-turn="{i}" aria-label="从第 {i + 1} 行重来">从这里重来</button>'
    )
    return (
        f'<div class="ss-bubble agent"><span class="ss-hidden">您：</span>'
        f'<p>{highlighted(turn.text, found)}</p><span class="ss-no">{i + 1}</span>'
        f'<div class="ss-foot">{_count(found)}{redo}</div></div>'
    )


def _count(findings: tuple[Finding, ...]) -> str:
    counted = [finding for finding in findings if finding.counts]
    if not counted:
        return ""
    kind = "error" if any(finding.severity == "error" for finding in counted) else "warning"
    return f'<span class="ss-badge {kind}">{len(counted)} 处要改</span>'


def try_names(session: Session) -> list[tuple[str, int]]:
    """What each try is called in a list, with its place."""
    return [(_try_name(i, attempt), i) for i, attempt in enumerate(session.attempts)]


def _try_name(i: int, attempt: Attempt) -> str:
    start = "" if attempt.parent is None else f"从第 {attempt.from_turn + 1} 行重来，"
    end = OUTCOME_NAMES[attempt.call.outcome] if attempt.call.outcome else "还没打完"
    return f"第 {i + 1} 遍（{start}{end}）"
