"""Prints times: the start of the page beside a bare Gradio page, a call critiqued, a rewrite, a search, a cold `coach ask`.

    python -m eval.bench

Medians of several runs; no thresholds here and none in the tests.
"""

from __future__ import annotations

import os
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
from coach.settings import Settings
from coach.transcripts import Transcript, read_transcripts

_ROOT = Path(__file__).resolve().parent.parent
_BARE = """
import gradio as gr, sys
with gr.Blocks(analytics_enabled=False) as page:
    gr.Textbox()
page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
"""
_RUNS = 5


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
    for name, value in rows:
        sys.stdout.write(f"{name:<36} {value:8.0f} ms\n")
    sys.stdout.write(f"{'first page, ratio':<36} {rows[-1][1] / rows[-2][1]:8.2f}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
