"""Prints times and memory.

The start of the page beside a bare Gradio page, a call critiqued, a rewrite, a search, a cold `coach ask`, 20,000 short lines with
everything on and with patterns alone, and the memory they took.

    python -m eval.bench

Medians of several runs; no thresholds here and none in the tests.
"""

from __future__ import annotations

import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from coach.assistant import Coach
from coach.critique import RulePack, critique
from coach.settings import Settings
from coach.transcripts import CallMeta, Transcript, read_transcripts
from eval.labelled import read_lines

_ROOT = Path(__file__).resolve().parent.parent
_BARE = """
import gradio as gr, sys
with gr.Blocks(analytics_enabled=False) as page:
    gr.Textbox()
page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
"""
_RUNS = 5
_TRAINING = _ROOT / "eval" / "training"
_SHORT = 25
_BULK = 20_000


def _median_ms(action: Callable[[], object], runs: int = _RUNS) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _first_page(command: list[str], port: int) -> None:
    """Starts `command`, waits until its page answers, stops it."""
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                    answer.read()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.02)
    finally:
        process.kill()
        process.wait()


def _bare() -> None:
    port = _free_port()
    _first_page([sys.executable, "-c", _BARE, str(port)], port)


def _own() -> None:
    port = _free_port()
    _first_page([sys.executable, "-m", "coach", "serve", "--port", str(port)], port)


def _short_lines(count: int) -> list[Transcript]:
    """`count` agent lines of at most 25 characters from the training lines, each after its customer's turn, 20 a call."""
    lines = [line for path in sorted(_TRAINING.glob("lines-*.jsonl")) for line in read_lines(path)]
    short = [line.transcript.turns[-2:] for line in lines if len(line.transcript.turns[-1].text) <= _SHORT]
    turns = [turn for i in range(count) for turn in short[i % len(short)]]
    return [Transcript(tuple(turns[i : i + 40]), CallMeta(excerpt=True)) for i in range(0, len(turns), 40)]


def _bulk(coach: Coach) -> list[tuple[str, float]]:
    """Seconds for 20,000 short lines in one process; each text seen for the first time only once more than a cache holds."""
    calls = _short_lines(_BULK)
    rows = []
    for name, rules in (("everything on", coach.rules), ("patterns alone", RulePack(coach.rules.rules))):
        critique(calls[0], rules, coach.standard)
        begun = time.perf_counter()
        for call in calls:
            critique(call, rules, coach.standard)
        rows.append((f"20,000 short lines, {name}", 1000 * (time.perf_counter() - begun)))
    return rows


def main() -> int:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as data:
        os.environ["COACH_DATA_DIR"] = data
        coach = Coach.open(Settings())
        (call,) = read_transcripts((_ROOT / "examples" / "01-telecom-complaint.txt").read_bytes(), name="call.txt")
        forty = Transcript(tuple(call.turns[i % len(call.turns)] for i in range(40)))
        coach.critique(forty)
        coach.search("您好")
        ask = [sys.executable, "-m", "coach", "ask", "最多能让客户等多久"]
        subprocess.run(ask, check=True, stdout=subprocess.DEVNULL)
        rows = [
            ("a 40-turn call critiqued, warm", _median_ms(lambda: coach.critique(forty))),
            ("a line rewritten, warm", _median_ms(lambda: coach.rewrite(call, 5))),
            ("a search, warm", _median_ms(lambda: coach.search("晾着人家最多能晾多久"), 20)),
            ("coach ask, cold process", _median_ms(lambda: subprocess.run(ask, check=True, stdout=subprocess.DEVNULL))),
            ("first page, bare Gradio", _median_ms(_bare)),
            ("first page, this app", _median_ms(_own)),
        ]
        bulk = _bulk(coach)
    for name, value in [*rows, *bulk]:
        sys.stdout.write(f"{name:<36} {value:8.0f} ms\n")
    sys.stdout.write(f"{'first page, ratio':<36} {rows[-1][1] / rows[-2][1]:8.2f}\n")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{'peak memory of this process':<36} {memory:8.0f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
