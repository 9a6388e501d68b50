"""The score of a call as HTML: total, the five groups, findings by severity with a filter that needs no script. Pure."""

from __future__ import annotations

from coach.critique import SEVERITIES
from coach.reports.plain import SEVERITY_NAMES
from coach.web.boundary import for_browser
from coach.web.marks import escape
from coach.web.reviewed import Reviewed

__all__ = ["summary"]

_GOOD = 90
_FAIR = 70


def summary(reviewed: Reviewed, title: str, standard: str) -> str:
    """What stands beside the cards; `title` names the call, `standard` what it was judged by."""
    notes = "".join(f'<p class="ss-note">{escape(for_browser(text))}</p>' for text in reviewed.critique.warnings)
    return (
        '<section class="ss-summary"><h2 id="ss-result" tabindex="-1">点评结果</h2>'
        f'<p class="ss-source">{escape(title)}，共 {len(reviewed.transcript.turns)} 行；规范：{escape(standard)}</p>'
        f"{_score(reviewed)}{notes}{_filter(reviewed)}</section>"
    )


def _score(reviewed: Reviewed) -> str:
    if reviewed.single:
        return '<p class="ss-note">按单句点评：只看这一句本身，不打总分；开场、结束等整通电话的要求也不判。</p>'
    partial = (
        '<p class="ss-note">这是通话的一部分：开场、结束等整通电话的要求没有判。</p>'
        if reviewed.transcript.meta.excerpt
        else ""
    )
    bars = "".join(
        f'<li><span class="ss-group">{escape(group)}</span>'
        f'<span class="ss-bar" aria-hidden="true"><i class="{_level(value)}" style="width:{value}%"></i></span>'
        f'<span class="ss-value">{value}</span></li>'
        for group, value in reviewed.card.groups.items()
    )
    total = reviewed.card.total
    return (
        f'<p class="ss-total {_level(total)}" aria-live="polite"><b>{total}</b><span>分（满分 100）</span></p>'
        f'<ul class="ss-bars">{bars}</ul>{partial}'
    )


def _level(value: int) -> str:
    return "good" if value >= _GOOD else "fair" if value >= _FAIR else "poor"


def _filter(reviewed: Reviewed) -> str:
    counts = reviewed.counts
    total = sum(counts.values())
    dismissed = len(reviewed.critique.dismissed)
    if not total and not dismissed:
        return '<p class="ss-note ss-clean">没有发现问题。</p>'
    choices = [("all", "全部", total)]
    choices += [(severity, SEVERITY_NAMES[severity], counts.get(severity, 0)) for severity in SEVERITIES]
    choices += [("dismissed", "已驳回", dismissed)] if dismissed else []
    items = "".join(
        f'<label class="ss-choice {value}"><input type="radio" name="ss-filter" value="{value}"'
        f"{' checked' if value == 'all' else ''}>{name} {count}</label>"
        for value, name, count in choices
    )
    return f'<fieldset class="ss-filter"><legend>只看哪一类</legend>{items}</fieldset>'
