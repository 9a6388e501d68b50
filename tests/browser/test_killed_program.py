"""The program is killed in the middle of a mock call: no turn is lost."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from coach.roleplay import load_scenarios

from .conftest import ROOT, started
from .mock_call import TURN_MS, open_tab, pick_up, ring, say

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HELLO, *REST = load_scenarios(ROOT / "knowledge")["broadband-slow-after-upgrade"].example_good


def test_a_killed_program_loses_no_turn(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(TURN_MS)
    with started(tmp_path) as (address, server):
        page.goto(address)
        ring(page)
        pick_up(page)
        say(page, HELLO)
        say(page, REST[0])
        said = page.locator("#ss-mock-chat .ss-bubble p").all_inner_texts()
        server.send_signal(signal.SIGKILL)
    with started(tmp_path) as (address, _):
        page.goto(address)
        open_tab(page)
        page.locator("#ss-mock-go-on").click()
        expect(page.locator("#ss-mock-chat .ss-bubble")).to_have_count(4)
        assert page.locator("#ss-mock-chat .ss-bubble p").all_inner_texts() == said
        say(page, REST[1])
        context.close()
