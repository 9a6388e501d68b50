"""Standards as data and text, one or several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.knowledge import Standard
from coach.knowledge.conflicts import Conflict

__all__ = ["PARAMETER_NAMES", "comparison_text", "standard_data", "standard_text"]

PARAMETER_NAMES = {
    "rings": "铃响几声内接（声）",
    "hold_seconds": "等候上限（秒）",
    "dead_air_seconds": "冷场上限（秒）",
    "outbound_call_seconds": "外呼时长上限（秒）",
    "speech_rate": "语速（字/分钟）",
    "speech_rate_min_chars": "判语速的最短一句（字）",
    "overlap_seconds": "抢话宽限（秒）",
    "bad_hours": "不宜外呼的时段",
}


def standard_data(standard: Standard, conflicts: Sequence[Conflict]) -> dict[str, Any]:
    """One standard with the side it takes in every conflict."""
    choices = []
    for conflict in conflicts:
        side, why = conflict.chosen(standard.name)
        choices.append({"conflict": conflict.id, "question": conflict.question, "side": side.title, "why": why})
    return {
        "name": standard.name,
        "title": standard.title,
        "why": standard.why,
        "parameters": {name: _plain(value) for name, value in standard.parameters.items()},
        "severities": dict(standard.severities),
        "choices": choices,
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        parts = [f"{part:g}" if isinstance(part, float | int) else str(part) for part in value]
        return ("、" if isinstance(value[0], str) else "—").join(parts) if value else "无"
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def standard_text(standard: Standard, conflicts: Sequence[Conflict]) -> str:
    """One standard: parameters, changed severities, and the sides it takes."""
    lines = [f"{standard.title}（{standard.name}）", standard.why, "", "参数"]
    lines += [f"  {PARAMETER_NAMES.get(name, name)}：{_shown(value)}" for name, value in standard.parameters.items()]
    if standard.severities:
        lines += ["轻重", *(f"  {rule}：{severity}" for rule, severity in standard.severities.items())]
    lines.append("资料说法不一时")
    for conflict in conflicts:
        side, why = conflict.chosen(standard.name)
        lines.append(f"  {conflict.question}：{side.title}。{why}")
    return "\n".join(lines)


def comparison_text(standards: Sequence[Standard], conflicts: Sequence[Conflict]) -> str:
    """What differs between `standards`."""
    lines = [" / ".join(f"{s.title}（{s.name}）" for s in standards), "", "参数"]
    for name in standards[0].parameters:
        values = [_shown(s.parameters[name]) for s in standards]
        if len(set(values)) > 1:
            lines.append(f"  {PARAMETER_NAMES.get(name, name)}：{' / '.join(values)}")
    rules = dict.fromkeys(rule for s in standards for rule in s.severities)
    changed = {rule: [s.severities.get(rule, "不变") for s in standards] for rule in rules}
    if changed:
        lines += ["轻重", *(f"  {rule}：{' / '.join(values)}" for rule, values in changed.items())]
    lines.append("资料说法不一时")
    for conflict in conflicts:
        chosen = [conflict.chosen(s.name) for s in standards]
        if len({side.id for side, _ in chosen}) > 1:
            lines.append(f"  {conflict.question}")
            lines += [f"    {s.title}：{side.title}。{why}" for s, (side, why) in zip(standards, chosen, strict=True)]
    return "\n".join(lines)
