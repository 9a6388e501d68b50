"""Personas and scenarios as text, for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coach.knowledge import Clause
from coach.roleplay import Persona, Scenario
from coach.roleplay.persona import Reaction

__all__ = [
    "DIRECTION_NAMES",
    "LEVEL_NAMES",
    "STATE_NAMES",
    "persona_line",
    "persona_text",
    "scenario_line",
    "scenario_text",
]

DIRECTION_NAMES = {"inbound": "呼入", "outbound": "外呼", "proxy": "代接", "message": "留言"}
LEVEL_NAMES = {"easy": "容易", "normal": "普通", "hard": "难"}
STATE_NAMES = {"emotion": "情绪", "trust": "信任", "patience": "耐心"}
_MOODS = {"complaint": "投诉", "enquiry": "咨询", "request": "办事"}


def persona_line(persona: Persona) -> str:
    """One line of the list."""
    return f"{persona.id:<20} {persona.name}：{persona.summary}"


def persona_text(persona: Persona, clauses: Mapping[str, Clause]) -> str:
    """One persona: how he speaks, what sets him off and calms him, how to handle him and by which clauses."""
    return "\n".join(_persona_lines(persona, clauses))


def _persona_lines(persona: Persona, clauses: Mapping[str, Clause]) -> Iterator[str]:
    yield persona_line(persona)
    yield f"  说话：{persona.manner}"
    start = persona.state
    yield f"  开始时：情绪 {start.emotion:g}、信任 {start.trust:g}、耐心 {start.patience:g}（情绪 10 是最生气）"
    for level, name in LEVEL_NAMES.items():
        change = persona.levels[level]  # type: ignore[index]
        moved = _moves((change.emotion, change.trust, change.patience)) or "同上"
        yield f"  {name}（{level}）：{moved}；变坏 ×{change.worse:g}，变好 ×{change.better:g}"
    yield from _listed("会激怒他的", _reactions(persona.triggers))
    yield from _listed("能让他平静的", _reactions(persona.calms))
    yield from _listed("怎么应对", persona.handling)
    yield from _listed("处理的步骤", [step.title for step in persona.procedure_steps])
    cited = [f"{id_} {clauses[id_].title}" if id_ in clauses else id_ for id_ in persona.clauses]
    yield from _listed("依据", cited)


def _reactions(reactions: Sequence[Reaction]) -> list[str]:
    return [
        f"{one.why}（{one.cause}：{_moves((one.emotion, one.trust, one.patience)) or '不变'}）" for one in reactions
    ]


def _moves(changes: Sequence[float]) -> str:
    named = zip(STATE_NAMES.values(), changes, strict=True)
    return "、".join(f"{name} {change:+g}" for name, change in named if change)


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"  {title}："
        yield from (f"    · {item}" for item in items)


def scenario_line(scenario: Scenario) -> str:
    """One line of the list."""
    kind = f"{scenario.industry}，{DIRECTION_NAMES[scenario.direction]}，{_MOODS[scenario.mood]}"
    return f"{scenario.id:<32} {scenario.title}（{kind}）"


def scenario_text(scenario: Scenario) -> str:
    """One scenario: what happened, what the customer knows and wants, what settles it and what can't be given."""
    return "\n".join(_scenario_lines(scenario))


def _scenario_lines(scenario: Scenario) -> Iterator[str]:
    yield scenario_line(scenario)
    yield f"  {scenario.summary}"
    if scenario.purpose:
        yield f"  坐席打这个电话：{scenario.purpose}"
    yield from _listed("客户会说", scenario.story)
    yield f"  客户想要：{scenario.want}"
    yield from _listed("客户知道", [f"{one.say}{'（问到才说）' if one.hidden else ''}" for one in scenario.facts])
    yield from _listed("客户不知道", scenario.unknown)
    preferred = {scenario.prefers: "（更愿意）"}
    yield from _listed("怎样算解决", [f"{one.title}{preferred.get(one.id, '')}" for one in scenario.settle])
    yield from _listed("给不了的", [one.title for one in scenario.cannot])
    if scenario.stop:
        yield f"  收线：{scenario.stop}"
    if scenario.personas:
        yield f"  适合：{'、'.join(scenario.personas)}"
