"""A finished mock call line by line: what was said, what it did to the customer, what was found, how it could be said. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from coach.critique import Finding
from coach.roleplay import CallTurn
from coach.web.call_judged import Judged
from coach.web.call_panel import finding_items, moves_list, rewrite_of
from coach.web.marks import escape, highlighted

__all__ = ["replay"]

_ACTS = {"hold": "请客户等候", "transfer": "转接", "hang_up": "挂机"}


def replay(judged: Judged, names: Mapping[str, str], *, again: bool) -> str:
    """Every line; `names` maps rule id → Chinese name, `again`: a line can be gone back to."""
    found = judged.reviewed.by_line()
    whole = found.get(None, ())
    head = (
        f'<article class="ss-card"><header><b>整通电话</b></header>'
        f'<ol class="ss-findings">{finding_items(whole, names)}</ol></article>'
        if whole
        else ""
    )
    lines = "".join(
        _customer(no, turn) if turn.speaker == "customer" else _agent(no, turn, found.get(no, ()), judged, names, again)
        for no, turn in enumerate(judged.attempt.call.turns, start=1)
    )
    return f'<section class="ss-replay"><h3>逐句回放</h3><div class="ss-cards">{head}{lines}</div></section>'


def _customer(no: int, turn: CallTurn) -> str:
    return (
        f'<article class="ss-card customer" id="ss-replay-{no}"><header><span class="ss-no">{no}</span><b>客户</b>'
        f'<span class="ss-mood">情绪 {turn.state.emotion:.1f}　信任 {turn.state.trust:.1f}　耐心 {turn.state.patience:.1f}</span>'
        f'</header><p class="ss-said">{escape(turn.text)}</p></article>'
    )


def _agent(
    no: int, turn: CallTurn, findings: tuple[Finding, ...], judged: Judged, names: Mapping[str, str], again: bool
) -> str:
    acts = [_ACTS[turn.act]] if turn.act in _ACTS else []
    if (to := judged.attempt.passed_to.get(no - 1)) is not None:
        acts = [f"转接给 {to}"]
    if (seconds := judged.attempt.held.get(no - 1)) is not None:
        acts.append(f"客户等了 {seconds:.0f} 秒之后")
    done = f'<span class="ss-flag">{escape("，".join(acts))}</span>' if acts else ""
    hinted = '<span class="ss-flag">用了提示</span>' if no - 1 in judged.attempt.hints else ""
    redo = (
        f'<button type="button" class="ss-redo" data-turn="{no - 1}" aria-label="从第 {no} 行重来">从这里重来</button>'
        if again
        else ""
    )
    listed = f'<ol class="ss-findings">{finding_items(findings, names)}</ol>' if findings else ""
    return (
        f'<article class="ss-card" id="ss-replay-{no}"><header><span class="ss-no">{no}</span><b>您</b>{done}{hinted}'
        f'{redo}</header><p class="ss-said">{highlighted(turn.text, findings)}</p>{moves_list(turn, names)}'
        f"{listed}{rewrite_of(judged.reviewed.wanted.get(no), names)}</article>"
    )
