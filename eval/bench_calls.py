"""Prints how long a customer's turn takes, alone and with 100 calls open at once, each sending a line every 20 seconds.

    python -m eval.bench_calls [--calls N] [--seconds S]

Every turn is judged, played and written to a database of its own, as the app does it; the lines are the scenarios' good agents'.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

from coach.assistant import Coach
from coach.roleplay import MockCall, Setup, load_personas, load_scenarios
from coach.roleplay.saved import begun, saved_turns
from coach.settings import Settings
from coach.storage import Store

_EVERY = 20.0
_ALONE = 40
_WORKERS = 8


def _setups(coach: Coach, count: int) -> list[Setup]:
    personas = {persona.name: persona for persona in load_personas(coach.folder).values()}
    pairs = [
        (personas[name], scenario)
        for scenario in load_scenarios(coach.folder).values()
        for name in scenario.personas
        if personas[name].procedure is None
    ]
    return [Setup(*pair, seed=i) for i, pair in zip(range(count), cycle(pairs))]


class _OpenCall:
    """One call that goes on for as long as the run does, begun anew whenever it is over."""

    def __init__(self, coach: Coach, setup: Setup, store: Store) -> None:
        self._coach, self._setup, self._store = coach, setup, store
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._call: MockCall = self._coach.player.begin(self._setup)
        self._id = self._store.new_call(begun(self._call))
        if self._call.turns:
            self._store.append(self._id, saved_turns(self._call.turns))
        self._lines = iter(self._setup.scenario.example_good)

    def turn(self, due: float, took: list[float]) -> None:
        """The next line said and answered; seconds since it was due are added to `took`."""
        with self._lock:
            line = next(self._lines, None)
            if line is None or self._call.outcome is not None:
                self._begin()
                line = next(self._lines)
            before = len(self._call.turns)
            self._call = self._coach.player.say(self._call, line)
            self._store.append(self._id, saved_turns(self._call.turns[before:]))
            took.append(time.monotonic() - due)


def _load(coach: Coach, calls: int, seconds: float) -> tuple[list[float], int]:
    """Seconds each turn took from when its line was due, and how many were due."""
    with tempfile.TemporaryDirectory() as folder, Store.open(None, Path(folder)) as store:
        open_calls = [_OpenCall(coach, setup, store) for setup in _setups(coach, calls)]
        took: list[float] = []
        due = 0
        start = time.monotonic()
        with ThreadPoolExecutor(_WORKERS) as pool:
            for i in cycle(range(calls)):
                at = start + due * _EVERY / calls
                if at - start > seconds:
                    break
                time.sleep(max(0.0, at - time.monotonic()))
                pool.submit(open_calls[i].turn, at, took)
                due += 1
        return took, due


def main() -> int:
    """Prints medians and shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=40)
    options = parser.parse_args()
    coach = Coach.open(Settings(), use_model=False)
    alone = []
    for setup in _setups(coach, 6):
        call = coach.player.begin(setup)
        for line in setup.scenario.example_good[: _ALONE // 5]:
            at = time.perf_counter()
            if call.outcome is None:
                call = coach.player.say(call, line)
                alone.append(1000 * (time.perf_counter() - at))
    sys.stdout.write(f"a customer's turn: median {statistics.median(alone[5:]):.0f} ms, n {len(alone) - 5}\n")
    took, due = _load(coach, options.calls, options.seconds)
    ranked = sorted(took)
    share = sum(one < 1.5 for one in took) / max(1, due)
    sys.stdout.write(
        f"{options.calls} open calls: {due} lines due, {len(took)} answered, median {1000 * statistics.median(took):.0f} ms, "
        f"95th {1000 * ranked[int(len(ranked) * 0.95) - 1]:.0f} ms, under 1.5 s {share:.3f}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
