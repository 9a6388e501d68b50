"""A call as drawings: the mood over its lines, the groups of a scorecard, totals over time. Inline SVG, pure, read out as text."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence

from coach.roleplay import MockCall

__all__ = ["mood_curve", "radar", "trend"]

_WIDE, _HIGH = 340.0, 132.0
_LEFT, _RIGHT, _TOP, _FOOT = 24.0, 8.0, 8.0, 18.0
_MOST = 10.0
_MOODS = (("emotion", "情绪"), ("trust", "信任"), ("patience", "耐心"))
_MOST_MARKS = 10

_Point = tuple[float, float]


def mood_curve(call: MockCall) -> str:
    """Emotion, trust and patience (0 to 10) before the first line and after each; 10 of emotion is furious."""
    states = [call.start, *(turn.state for turn in call.turns if turn.speaker == "agent")]
    lines = {title: [float(getattr(state, name)) for state in states] for name, title in _MOODS}
    said = "；".join(f"{title}从 {values[0]:.1f} 到 {values[-1]:.1f}" for title, values in lines.items())
    drawn = "".join(
        _line(name, [(_x(i, len(states)), _y(value, _MOST)) for i, value in enumerate(lines[title])])
        for name, title in _MOODS
    )
    keys = "".join(
        f'<li class="{name}"><i aria-hidden="true"></i>{title} <b>{lines[title][-1]:.1f}</b></li>'
        for name, title in _MOODS
    )
    marks = _numbers(len(states) - 1, "句")
    return (
        f'<figure class="ss-curve"><svg viewBox="0 0 {_WIDE:g} {_HIGH:g}" role="img" aria-label="客户状态：{said}">'
        f"{_grid(_MOST, (0, 5, 10))}{marks}{drawn}</svg><figcaption><ul>{keys}</ul></figcaption></figure>"
    )


def _x(i: int, count: int) -> float:
    return _LEFT + (_WIDE - _LEFT - _RIGHT) * (i / (count - 1) if count > 1 else 0)


def _y(value: float, most: float) -> float:
    return _TOP + (_HIGH - _TOP - _FOOT) * (1 - value / most)


def _grid(most: float, at: Sequence[int]) -> str:
    return "".join(
        f'<line class="grid" x1="{_LEFT:g}" x2="{_WIDE - _RIGHT:g}" y1="{_y(v, most):.1f}" y2="{_y(v, most):.1f}"/>'
        f'<text x="{_LEFT - 5:g}" y="{_y(v, most) + 3.5:.1f}" text-anchor="end">{v}</text>'
        for v in at
    )


def _numbers(count: int, unit: str) -> str:
    """Numbers below the curve, thinned out where there are many."""
    step = max(1, math.ceil(count / _MOST_MARKS))
    numbers = range(step, count + 1, step)
    return "".join(
        f'<text x="{_x(i, count + 1):.1f}" y="{_HIGH - 4:g}" text-anchor="{"end" if i == count else "middle"}">'
        f"{i}{unit if i + step > count else ''}</text>"
        for i in numbers
    )


def _line(name: str, points: Sequence[_Point]) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return f'<polyline class="{name}" points="{path}"/><circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def radar(groups: Mapping[str, float]) -> str:
    """The groups of a scorecard (0 to 100) as a star; a group each corner, at least three."""
    names = list(groups)
    said = "；".join(f"{name} {groups[name]:.0f} 分" for name in names)
    rings = "".join(f'<polygon class="grid" points="{_star([share] * len(names))}"/>' for share in (0.25, 0.5, 0.75, 1))
    spokes = "".join(
        f'<line class="grid" x1="130" y1="112" x2="{x:.1f}" y2="{y:.1f}"/>' for x, y in _corners([1.0] * len(names))
    )
    labels = "".join(
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{_anchor(x)}">{html.escape(name)} {groups[name]:.0f}</text>'
        for name, (x, y) in zip(names, _corners([1.17] * len(names)), strict=True)
    )
    own = _star([max(0.0, min(100.0, groups[name])) / 100 for name in names])
    return (
        f'<figure class="ss-radar"><svg viewBox="-70 0 400 220" role="img" aria-label="{html.escape(said)}">'
        f'{rings}{spokes}<polygon class="own" points="{own}"/>{labels}</svg></figure>'
    )


def _corners(shares: Sequence[float]) -> list[_Point]:
    turn = 2 * math.pi / len(shares)
    return [
        (130 + 82 * share * math.sin(i * turn), 112 - 82 * share * math.cos(i * turn)) for i, share in enumerate(shares)
    ]


def _star(shares: Sequence[float]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in _corners(shares))


def _anchor(x: float) -> str:
    return "middle" if abs(x - 130) < 12 else "start" if x > 130 else "end"


def trend(totals: Sequence[float], groups: Mapping[str, Sequence[float]]) -> str:
    """Totals (0 to 100) of calls in order of time as a line, and each group's as a small one; nothing for fewer than two."""
    if len(totals) < 2:
        return ""
    points = [(_x(i, len(totals)), _y(value, 100)) for i, value in enumerate(totals)]
    small = "".join(_small(name, values) for name, values in groups.items() if len(values) > 1)
    said = f"总分走势：{len(totals)} 通，从 {totals[0]:.0f} 到 {totals[-1]:.0f}"
    return (
        f'<figure class="ss-curve ss-trend"><svg viewBox="0 0 {_WIDE:g} {_HIGH:g}" role="img" aria-label="{said}">'
        f"{_grid(100, (0, 60, 100))}{_numbers_of_calls(len(totals))}{_line('total', points)}</svg>"
        f"<figcaption><ul>{small}</ul></figcaption></figure>"
    )


def _numbers_of_calls(count: int) -> str:
    return (
        f'<text x="{_LEFT:g}" y="{_HIGH - 4:g}" text-anchor="start">最早</text>'
        f'<text x="{_WIDE - _RIGHT:g}" y="{_HIGH - 4:g}" text-anchor="end">最近（共 {count} 通）</text>'
    )


def _small(name: str, values: Sequence[float]) -> str:
    high = 18.0
    points = " ".join(
        f"{2 + 66 * i / (len(values) - 1):.1f},{2 + (high - 4) * (1 - v / 100):.1f}" for i, v in enumerate(values)
    )
    return (
        f'<li><span>{html.escape(name)}</span><svg viewBox="0 0 70 {high:g}" aria-hidden="true">'
        f'<polyline class="total" points="{points}"/></svg><b>{values[-1]:.0f}</b></li>'
    )
