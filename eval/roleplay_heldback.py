"""Plays the held-back mock calls in words and counts how they end, by kind of agent.

python -m eval.roleplay_heldback [--file FILE] [--seeds N] [--show ID]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from coach.assistant import Coach
from coach.roleplay import MockCall, Setup, find_persona
from coach.roleplay.from_text import scenario_from_text
from coach.settings import Settings
from eval.scripted_agents import played

__all__ = ["main"]

_FILE = Path(__file__).resolve().parent / "heldback" / "roleplay.jsonl"
_KINDS = ("good", "mixed", "bad", "polite", "strayed")


def main() -> int:
    """Prints the counts, the order of moods, and with --show the calls of one case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, default=_FILE)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--show", default="")
    options = parser.parse_args()
    coach = Coach.open(Settings(), use_model=False)
    cases = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    ended: dict[str, list[MockCall]] = {kind: [] for kind in _KINDS}
    odd: list[str] = []
    orders = 0
    for case in cases:
        persona = find_persona(case["persona"], coach.folder)
        scenario = scenario_from_text(case["scenario"])
        for seed in range(options.seeds):
            moods = {}
            for kind in _KINDS:
                call = played(coach.player, Setup(persona, scenario, seed=seed), case[kind])
                ended[kind].append(call)
                moods[kind] = call.state.emotion
                if kind != "mixed" and (kind == "good") != (call.outcome == "resolved"):
                    odd.append(f"{case['id']} {persona.name} {kind}: {call.outcome}, emotion {call.state.emotion}")
                if options.show == case["id"] and seed == 0:
                    _show(kind, call)
            orders += moods["good"] < moods["mixed"] < moods["bad"]
    for kind, calls in ended.items():
        outcomes = Counter(call.outcome for call in calls)
        share = outcomes["resolved"] / len(calls)
        mood = sum(call.state.emotion for call in calls) / len(calls)
        sys.stdout.write(f"{kind:8} n {len(calls):4} resolved {share:.3f} emotion {mood:.1f} {dict(outcomes)}\n")
    total = len(cases) * options.seeds
    sys.stdout.write(f"mood good < mixed < bad: {orders}/{total}\n" + "".join(f"  {one}\n" for one in sorted(set(odd))))
    return 0


def _show(kind: str, call: MockCall) -> None:
    scenario = call.setup.scenario
    sys.stdout.write(f"\n{kind}: {scenario.story} want {scenario.want} problem {scenario.problem}\n")
    for turn in call.turns:
        moves = " ".join(f"{t.cause}{t.emotion:+.1f}" for t in turn.transitions)
        sys.stdout.write(f"  {turn.speaker[:1]} {turn.text} [{turn.act}] {moves} {turn.state.stage}\n")


if __name__ == "__main__":
    sys.exit(main())
