"""Plays mock calls with scripted agents and counts how they end.

    python -m eval.roleplay_score [--seeds N] [--show ID]

Good and bad agents stand in each scenario; the mixed one takes turns with both, the polite one never touches the problem, the
strayed one solves another scenario's. ../shared/dev/roleplay.jsonl is played too, where it is there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.assistant import Coach
from coach.roleplay import MockCall, Persona, Player, Scenario, Setup, find_persona, load_personas, load_scenarios
from coach.roleplay.from_text import scenario_from_text
from coach.settings import Settings
from eval.scripted_agents import mixed, played

__all__ = ["agents", "main"]

_SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "dev" / "roleplay.jsonl"
_POLITE = (
    "您好，客户服务中心，工号1024，很高兴为您服务，请问有什么可以帮您？",
    "我非常理解您的心情，给您带来不便，真的很抱歉。",
    "感谢您的理解和支持，您的每一句话我们都很重视。",
    "请您放心，我们一直把客户放在第一位。",
    "再次向您表示歉意，也谢谢您对我们的信任。",
    "请问还有其他需要帮您的吗？",
    "感谢您的来电，祝您生活愉快，再见。",
)


@dataclass(frozen=True)
class Ended:
    """How one call ended."""

    kind: str
    scenario: str
    persona: str
    seed: int
    call: MockCall


def agents(scenario: Scenario, other: Scenario) -> dict[str, Sequence[str]]:
    """The scripted agents that play `scenario`; the strayed one plays `other`."""
    good, bad = scenario.example_good, scenario.example_bad
    return {
        "good": good,
        "mixed": mixed(good, bad),
        "bad": bad,
        "polite": _POLITE,
        "strayed": (good[0], *other.example_good[1:]),
    }


def _all(player: Player, coach: Coach, seeds: int) -> Iterator[Ended]:
    personas = load_personas(coach.folder)
    scenarios = list(load_scenarios(coach.folder).values())
    by_name = {persona.name: persona for persona in personas.values()}
    for i, scenario in enumerate(scenarios):
        other = next(one for one in (*scenarios[i + 1 :], *scenarios) if one.industry != scenario.industry)
        for name in scenario.personas:
            persona = by_name[name]
            if persona.procedure:
                continue
            for kind, lines in agents(scenario, other).items():
                for seed in range(seeds):
                    yield Ended(
                        kind, scenario.id, name, seed, played(player, Setup(persona, scenario, seed=seed), lines)
                    )


def _shared(player: Player, folder: Path) -> Iterator[Ended]:
    if not _SHARED.is_file():
        sys.stdout.write("skipped: shared/dev/roleplay.jsonl is not here\n")
        return
    for line in _SHARED.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        persona: Persona = find_persona(case["persona"], folder)
        for kind in ("good", "bad"):
            setup = Setup(persona, scenario_from_text(case["scenario"]), seed=1)
            call = played(player, setup, case[f"{kind}_agent"])
            yield Ended(f"dev {kind}", case["id"], persona.name, 1, call)


def main() -> int:
    """Prints how the calls ended, by kind of agent, and how often moods are out of order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--show", default="")
    options = parser.parse_args()
    coach = Coach.open(Settings(), use_model=False)
    ended = [*_shared(coach.player, coach.folder), *_all(coach.player, coach, options.seeds)]
    for kind in dict.fromkeys(one.kind for one in ended):
        of_kind = [one for one in ended if one.kind == kind]
        outcomes = Counter(one.call.outcome for one in of_kind)
        mood = sum(one.call.state.emotion for one in of_kind) / len(of_kind)
        share = outcomes["resolved"] / len(of_kind)
        sys.stdout.write(f"{kind:10} n {len(of_kind):5} resolved {share:.3f} emotion {mood:.1f} {dict(outcomes)}\n")
    moods: dict[tuple[str, str, int], dict[str, float]] = {}
    for one in ended:
        moods.setdefault((one.scenario, one.persona, one.seed), {})[one.kind] = one.call.state.emotion
    triples = [m for m in moods.values() if {"good", "mixed", "bad"} <= set(m)]
    wrong = [m for m in triples if not m["good"] < m["mixed"] < m["bad"]]
    sys.stdout.write(f"mood good < mixed < bad: {len(triples) - len(wrong)}/{len(triples)}\n")
    for key, m in moods.items():
        if m in wrong:
            sys.stdout.write(f"  out of order: {key} {m}\n")
    for one in ended:
        odd = (one.kind.endswith("good")) != (one.call.outcome == "resolved") and one.kind != "mixed"
        if odd or options.show in {one.scenario}:
            sys.stdout.write(f"\n{one.kind} {one.scenario} {one.persona} -> {one.call.outcome}\n")
            if options.show:
                for turn in one.call.turns:
                    moves = " ".join(f"{t.cause}{t.emotion:+.1f}" for t in turn.transitions)
                    sys.stdout.write(f"  {turn.speaker[:1]} {turn.text} [{turn.act}] {moves} {turn.state.stage}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
