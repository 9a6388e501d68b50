"""Saved mock calls as data and text: the list with its trend, and the scorecard that was kept of one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from coach.reports.casting import LEVEL_NAMES
from coach.reports.mock import OUTCOME_NAMES
from coach.reports.mock_text import bars, failed_line, total_line
from coach.storage import CallSummary, SavedCall, SavedScorecard, TrendPoint

__all__ = ["calls_data", "calls_text", "saved_card_data", "saved_card_lines", "saved_head"]

Data = dict[str, Any]
_MOST = 100.0
_LAST = 40
_GOING_ON = "还没打完"


def calls_data(calls: Sequence[CallSummary], trend: Sequence[TrendPoint]) -> Data:
    """The list, the newest first, and the trend, the oldest first; times are UTC."""
    return {
        "schema_version": 1,
        "calls": [
            {
                "id": one.id,
                "created_at": one.created_at.isoformat(),
                "updated_at": one.updated_at.isoformat(),
                "trainee": one.trainee,
                "persona": one.persona,
                "scenario": {"id": one.scenario_id, "title": one.title},
                "level": one.level,
                "standard": one.standard,
                "exam": one.exam,
                "tries": one.tries,
                "turns": one.turns,
                "outcome": one.outcome,
                "total": one.total,
            }
            for one in calls
        ],
        "trend": [
            {"id": point.call_id, "at": point.at.isoformat(), "total": point.total, "groups": dict(point.groups)}
            for point in trend
        ],
    }


def calls_text(
    calls: Sequence[CallSummary],
    trend: Sequence[TrendPoint],
    names: Mapping[str, str],
    zone: tzinfo | None,
    short: int,
) -> str:
    """A line a call, and the trend of totals and groups.

    Args:
        calls: The newest first.
        trend: The oldest first.
        names: Persona id → its Chinese name.
        zone: Times are told in it; None: in this machine's.
        short: How many characters of an id are shown.
    """
    if not calls:
        return "还没有存下的通话。coach mock 打完一通，这里就有。"
    rows = [_row(one, names.get(one.persona, one.persona), zone, short) for one in calls]
    return "\n".join([*rows, *_trend(trend)])


def _row(one: CallSummary, persona: str, zone: tzinfo | None, short: int) -> str:
    total = "    –" if one.total is None else f"{one.total:>3.0f}分"
    outcome = OUTCOME_NAMES[one.outcome] if one.outcome else _GOING_ON
    tries = f"，练了 {one.tries} 遍" if one.tries > 1 else ""
    who = f"　{one.trainee}" if one.trainee else ""
    exam = "，考试" if one.exam else ""
    level = LEVEL_NAMES.get(one.level, one.level)
    return f"{one.id[:short]}  {_when(one.created_at, zone)}  {total}  {one.title} · {persona}（{level}{exam}，{outcome}{tries}）{who}"


def _when(moment: datetime, zone: tzinfo | None) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _trend(trend: Sequence[TrendPoint]) -> Iterator[str]:
    if len(trend) < 2:
        return
    last = trend[-_LAST:]
    yield ""
    yield f"走势（最近 {len(last)} 通）"
    yield _curve("总分", [point.total for point in last])
    for group in last[-1].groups:
        yield _curve(group, [point.groups[group] for point in last if group in point.groups])


def _curve(title: str, values: Sequence[float]) -> str:
    return f"  {title.ljust(4, '　')} {bars(values, _MOST)}  {values[0]:.0f} → {values[-1]:.0f}"


def saved_head(saved: SavedCall, zone: tzinfo | None) -> str:
    """When the call was made, by whom, and which try is shown of how many."""
    who = f"　{saved.setup.trainee}" if saved.setup.trainee else ""
    tries = f"　第 {saved.played.no} 遍，共 {len(saved.tries)} 遍" if len(saved.tries) > 1 else ""
    return f"{saved.id}　{_when(saved.created_at, zone)}{who}{tries}"


def saved_card_data(card: SavedScorecard) -> Data:
    """The scorecard as it was kept."""
    return {
        "rubric": {"name": card.rubric, "version": card.rubric_version, "hash": card.rubric_hash},
        "total": card.total,
        "groups": dict(card.groups),
        "checks": [dict(item) for item in card.items],
    }


def saved_card_lines(card: SavedScorecard) -> Iterator[str]:
    """The scorecard as it was kept, line by line."""
    yield total_line(card.total, card.groups)
    for item in card.items:
        if item["status"] == "failed":
            yield failed_line(item["title"], item["group"], item["lines"], item["why"], item["clauses"])
