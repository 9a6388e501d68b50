"""The scorecard of a mock call as HTML: how it ended, total, groups, checks with evidence and clause, what to practise. Pure."""

from __future__ import annotations

import html
from collections.abc import Sequence

from coach.knowledge import Citation
from coach.reports.mock import OUTCOME_NAMES
from coach.scoring import Checked, Practice, Scorecard
from coach.web.call_bubbles import ending
from coach.web.call_curves import mood_curve, radar
from coach.web.call_judged import Judged, PadLine
from coach.web.call_session import Attempt, Session
from coach.web.clauses import clause
from coach.web.marks import escape

__all__ = ["checks", "headline", "pictures", "practise", "unspoken"]

_GOOD, _FAIR = 85, 60
_MOST_LINES = 4
_MARKS = {"passed": ("✓", "做到了"), "failed": ("✗", "没做到"), "not_applicable": ("–", "这通不判")}


def headline(session: Session, judged: Judged, standard: str) -> str:
    """How the call ended, what the customer said last, and the total."""
    call, card = session.call, judged.card
    last = next((turn.text for turn in reversed(call.turns) if turn.speaker == "customer"), "")
    quoted = f"<blockquote>客户最后说：“{escape(last)}”</blockquote>" if last else ""
    setup = call.setup
    about = "；".join(
        [
            *([session.terms.trainee] if session.terms.trainee else []),
            f"场景：{setup.scenario.title}",
            f"客户：{setup.persona.name}",
            f"规范：{standard}",
            f"题号：{setup.seed}",
            *(["考试"] if session.terms.exam else []),
        ]
    )
    good = "good" if call.outcome == "resolved" else "poor"
    return (
        '<section class="ss-summary"><h2 id="ss-mock-result" tabindex="-1">成绩单</h2>'
        f'<p class="ss-outcome {good}"><b>{OUTCOME_NAMES[call.outcome or "unresolved"]}</b>'
        f"<span>{escape(_who(judged.attempt))}</span></p>{quoted}{_total(card)}"
        f'<p class="ss-source">{escape(about)}</p></section>'
    )


def unspoken(session: Session) -> str:
    """What stands in the place of a scorecard where the agent said nothing."""
    return (
        '<section class="ss-summary"><h2 id="ss-mock-result" tabindex="-1">没有成绩</h2>'
        f"<p>{escape(_who(session.attempt))}，您一句话也没有说，这通不评分。</p></section>"
    )


def _who(attempt: Attempt) -> str:
    return ending(attempt).partition("，")[0]


def _total(card: Scorecard) -> str:
    notes = []
    if card.capped_by:
        notes.append(f"按各项算是 {card.weighed} 分；因为“{'”“'.join(card.capped_by)}”没做到，封顶")
    if card.hints_off:
        notes.append(f"用了 {card.played.hints} 次提示，扣 {card.hints_off} 分")
    said = f'<p class="ss-note">{escape("；".join(notes))}。</p>' if notes else ""
    return (
        f'<p class="ss-total {_level(card.total)}"><b>{card.total}</b><span>分（满分 100）</span></p>'
        f'<ul class="ss-bars">{"".join(_bar(name, value) for name, value in card.groups.items())}</ul>{said}'
    )


def _bar(name: str, value: int) -> str:
    return (
        f'<li><span class="ss-group">{escape(name)}</span><span class="ss-bar" aria-hidden="true">'
        f'<i class="{_level(value)}" style="width:{value}%"></i></span><span class="ss-value">{value}</span></li>'
    )


def _level(value: float) -> str:
    return "good" if value >= _GOOD else "fair" if value >= _FAIR else "poor"


def pictures(judged: Judged) -> str:
    """Radar and mood curve."""
    return (
        f'<div class="ss-pictures"><section><h3>五个方面</h3>{radar(judged.card.groups)}</section>'
        f"<section><h3>客户的情绪怎么走的</h3>{mood_curve(judged.attempt.call)}</section></div>"
    )


def checks(card: Scorecard, pad: Sequence[PadLine] = ()) -> str:
    """Every check by group: those failed open to the eye, with lines and clause; and the message pad held against what was said."""
    groups = "".join(_group(name, [c for c in card.checks if c.item.group == name]) for name in card.groups)
    return f'<section class="ss-checks"><h3>逐项检查</h3>{groups}{_pad(pad)}</section>'


def _group(name: str, found: Sequence[Checked]) -> str:
    passed = sum(one.status == "passed" for one in found)
    counted = sum(one.status != "not_applicable" for one in found)
    opened = " open" if any(one.status == "failed" for one in found) else ""
    items = "".join(_check(one) for one in sorted(found, key=lambda one: list(_MARKS).index(_order(one))))
    return (
        f'<details class="ss-check-group"{opened}><summary>{escape(name)}'
        f'<span class="ss-count">{passed}/{counted} 项做到</span></summary><ul>{items}</ul></details>'
    )


def _order(one: Checked) -> str:
    return {"failed": "passed", "passed": "failed"}.get(one.status, one.status)


def _check(one: Checked) -> str:
    mark, said = _MARKS[one.status]
    fatal = '<span class="ss-flag">要害</span>' if one.item.fatal else ""
    evidence = _lines(one.lines)
    why = f"<p>{escape(one.why)}</p>" if one.why else ""
    cited = "".join(_cited(citation) for citation in one.citations[:1]) if one.status == "failed" else ""
    return (
        f'<li class="{one.status.replace("_", "-")}"><p><i aria-hidden="true">{mark}</i>'
        f'<span class="ss-hidden">{said}：</span><b>{escape(one.item.title)}</b>{fatal}{evidence}</p>{why}{cited}</li>'
    )


def _cited(citation: Citation) -> str:
    return clause(citation)


def _lines(lines: Sequence[int | None]) -> str:
    numbers = [line for line in lines if line is not None]
    if not numbers:
        return ""
    links = "、".join(f'<a href="#ss-replay-{line}">{line}</a>' for line in numbers[:_MOST_LINES])
    more = " 等" if len(numbers) > _MOST_LINES else ""
    return f'<span class="ss-evidence">第 {links}{more} 行</span>'


def _pad(pad: Sequence[PadLine]) -> str:
    if not pad:
        return ""
    items = "".join(
        f'<li class="{"passed" if one.noted else "failed"}"><p><i aria-hidden="true">{"✓" if one.noted else "✗"}</i>'
        f"<b>{escape(one.value)}</b>{'记对了' if one.noted else '留言单上没有，或写得不一样'}</p>"
        f"<p>客户说的是：{escape(one.said)}</p></li>"
        for one in pad
    )
    done = sum(one.noted for one in pad)
    return (
        f'<details class="ss-check-group" open><summary>留言单'
        f'<span class="ss-count">{done}/{len(pad)} 项记对</span></summary><ul>{items}</ul></details>'
    )


def practise(chosen: Sequence[Practice], titles: dict[str, str]) -> str:
    """What to practise next, each with a button to its scenario; `titles` maps a scenario's id → its title."""
    if not chosen:
        return (
            '<section class="ss-next"><h3>接下来练什么</h3><p>没有失分的项目。换个更难的客户再来一通吧。</p></section>'
        )
    items = "".join(_practice(one, titles) for one in chosen)
    return f'<section class="ss-next"><h3>接下来练这几样</h3><ol>{items}</ol></section>'


def _practice(one: Practice, titles: dict[str, str]) -> str:
    button = ""
    if one.drill is not None and one.drill.scenario in titles:
        scenario, persona = html.escape(one.drill.scenario), html.escape(one.drill.persona)
        button = (
            f'<button type="button" class="ss-go ss-practise" data-scenario="{scenario}" data-persona="{persona}">'
            f"练这通：{escape(titles[one.drill.scenario])}（{persona}）</button>"
        )
    return (
        f"<li><p><b>{escape(one.checked.item.title)}</b>{_lines(one.checked.lines)}</p>"
        f"<p>{escape(one.advice)}</p>{''.join(_cited(c) for c in one.citations[:1])}{button}</li>"
    )
