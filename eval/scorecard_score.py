"""Scores mock calls of scripted agents, and how far totals move with names, amounts and places.

    python -m eval.scorecard_score [--personas N] [--seeds N]

Good and bad agents stand in each scenario, the others are those of `roleplay_score`. Each call is scored as a mock call and, its
outcome left out, as a real one; `uncapped` leaves the cap of fatal items out too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from coach.assistant import Coach
from coach.facts import number_of
from coach.roleplay import MockCall, Persona, Scenario, Setup, load_personas, load_scenarios
from coach.scoring import Played, Scorecard, score
from coach.settings import Settings
from eval.roleplay_score import agents
from eval.scripted_agents import played

__all__ = ["Scored", "main", "other_scenario", "scored", "varied"]

_GOOD, _BAD = 85, 45
_NAMES = ("欧阳子涵", "李伟", "阿依努尔", "贾宝琴")
_SMALL, _LARGE = ("十一", "二十六", "9"), ("三百四十五", "一千零五", "86", "七万八千")
_PLACES = ("朝阳", "塔里木", "浦东", "呼兰")
_PLACE = regex.compile(r"^(\p{Han}{2,3})(?=小区|家园|花园|里|苑|路|厂宿舍)")
_FIGURE = regex.compile(r"[零一二两三四五六七八九十百千万\d.]+(?=元|块)")


@dataclass(frozen=True)
class Scored:
    """One call and its cards: as a mock call, and as a real one."""

    call: MockCall
    mock: Scorecard
    real: Scorecard


def scored(coach: Coach, setup: Setup, lines: Sequence[str]) -> Scored:
    """The call an agent plays with `lines`, scored."""
    call = played(coach.player, setup, lines)
    critique = coach.critique(call.transcript())
    return Scored(call, score(critique, coach.rubric, Played(call.outcome)), score(critique, coach.rubric))


def other_scenario(scenario: Scenario, scenarios: Sequence[Scenario]) -> Scenario:
    """One of another industry, for the agent who strays."""
    i = scenarios.index(scenario)
    return next(one for one in (*scenarios[i + 1 :], *scenarios) if one.industry != scenario.industry)


def varied(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """The scenario with another name, amount or place throughout, its agents' lines too; each with what was changed."""
    text = scenario.model_dump_json()
    caller = scenario.caller
    for name in _NAMES:
        if len(caller.name) > 1:
            surname = name[:2] if name.startswith("欧阳") else name[:1]
            changed = text.replace(caller.name, name)
            changed = regex.sub(
                rf"{caller.surname}(?=先生|女士|小姐|阿姨|叔叔|大爷)|(?<=姓){caller.surname}", surname, changed
            )
            yield f"name {name}", _read(changed)
    figures = {
        match.group() for fact in scenario.facts if fact.kind == "amount" if (match := _FIGURE.search(fact.value))
    }
    for figure in sorted(figures):
        for other in _SMALL if (number_of(figure) or 0) <= 31 else _LARGE:
            yield f"amount {figure} {other}", _read(text.replace(figure, other))
    places = {
        m.group() for fact in scenario.facts if fact.kind in {"address", "place"} if (m := _PLACE.search(fact.value))
    }
    for place in sorted(places):
        for other in _PLACES:
            yield f"place {place} {other}", _read(text.replace(place, other))


def _read(text: str) -> Scenario:
    return Scenario.model_validate(json.loads(text))


def _personas(coach: Coach, scenario: Scenario, most: int) -> list[Persona]:
    by_name = {persona.name: persona for persona in load_personas(coach.folder).values()}
    return [by_name[name] for name in scenario.personas if not by_name[name].procedure][:most]


def _table(coach: Coach, scenarios: Sequence[Scenario], personas: int, seeds: int) -> None:
    found: dict[str, list[Scored]] = defaultdict(list)
    for scenario in scenarios:
        for persona in _personas(coach, scenario, personas):
            for kind, lines in agents(scenario, other_scenario(scenario, scenarios)).items():
                for seed in range(seeds):
                    found[kind].append(scored(coach, Setup(persona, scenario, seed=seed), lines))
    for kind, calls in found.items():
        totals = {
            "mock": [one.mock.total for one in calls],
            "real": [one.real.total for one in calls],
            "uncapped": [one.real.weighed for one in calls],
        }
        for name, values in totals.items():
            good, bad = (sum(test(v) for v in values) / len(values) for test in (_GOOD.__le__, _BAD.__ge__))
            sys.stdout.write(
                f"{kind:8} {name:9} n {len(values):5} min {min(values):3} median {statistics.median(values):5.1f} "
                f"max {max(values):3}  >={_GOOD} {good:.3f}  <={_BAD} {bad:.3f}\n"
            )
        failed = Counter(checked.item.id for one in calls for checked in one.mock.failed)
        sys.stdout.write(f"  fails: {', '.join(f'{name} {n}' for name, n in failed.most_common(12))}\n")


def _moves(coach: Coach, scenarios: Sequence[Scenario], personas: int) -> None:
    moved: list[tuple[int, str]] = []
    for scenario in scenarios:
        for persona in _personas(coach, scenario, personas):
            for kind in ("good", "bad"):
                base = scored(coach, Setup(persona, scenario), getattr(scenario, f"example_{kind}"))
                for what, other in varied(scenario):
                    after = scored(coach, Setup(persona, other), getattr(other, f"example_{kind}"))
                    by = max(abs(after.mock.total - base.mock.total), abs(after.real.total - base.real.total))
                    moved.append((by, f"{scenario.id} {persona.name} {kind} {what}"))
    still = sum(by <= 2 for by, _ in moved)
    sys.stdout.write(f"moved by at most 2 points: {still}/{len(moved)}, most {max(by for by, _ in moved)}\n")
    for by, what in sorted(moved, reverse=True):
        if by > 2:
            sys.stdout.write(f"  {by:3} {what}\n")


def main() -> int:
    """Prints the table of totals by kind of agent, and how far they move."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--personas", type=int, default=20, help="personas a scenario, at most")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--moves", type=int, default=2, help="personas a scenario for names, amounts and places")
    options = parser.parse_args()
    coach = Coach.open(Settings(), use_model=False)
    scenarios = list(load_scenarios(coach.folder).values())
    _table(coach, scenarios, options.personas, options.seeds)
    _moves(coach, scenarios, options.moves)
    return 0


if __name__ == "__main__":
    sys.exit(main())
