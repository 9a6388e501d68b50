"""The program is killed in the middle of a mock call: no turn is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from coach.roleplay import load_scenarios

from .conftest import ROOT
from .mock_call import TURN_MS, open_tab, pick_up, ring, say

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HELLO, *REST = load_scenarios(ROOT / "knowledge")["broadband-slow-after-upgrade"].example_good


@contextmanager
def _server(data: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = (
        "from coach.assistant import Coach; from coach.settings import Settings; from coach.web import serve; "
        f"serve(Coach.open(Settings()), '127.0.0.1', {port})"
    )
    env = {**os.environ, "PYTHONUTF8": "1", "COACH_DATA_DIR": str(data)}
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/", server
    finally:
        if server.poll() is None:
            server.terminate()
        server.wait(timeout=20)


def test_a_killed_program_loses_no_turn(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(TURN_MS)
    with _server(tmp_path) as (address, server):
        page.goto(address)
        ring(page)
        pick_up(page)
        say(page, HELLO)
        say(page, REST[0])
        said = page.locator("#ss-mock-chat .ss-bubble p").all_inner_texts()
        server.send_signal(signal.SIGKILL)
    with _server(tmp_path) as (address, _):
        page.goto(address)
        open_tab(page)
        page.locator("#ss-mock-go-on").click()
        expect(page.locator("#ss-mock-chat .ss-bubble")).to_have_count(4)
        assert page.locator("#ss-mock-chat .ss-bubble p").all_inner_texts() == said
        say(page, REST[1])
        context.close()
