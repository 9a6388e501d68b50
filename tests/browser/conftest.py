"""The web app in a process of its own, and a real Chromium to open it with. Nothing here reaches past this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60
PATIENCE_MS = 30_000  # a slow machine is no fault; what is there already takes no longer

BAD_CALL = """坐席：您好，云桥通信，工号三零二六，请问有什么可以帮您？
客户：我这个月话费多扣了四十块，你们怎么收的？
坐席：等着啊。
客户：行，我等着。
坐席：这是公司规定，您跟我说也没用。
客户：你这是什么态度！"""


CONTRAST = """([root, selectors]) => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return selectors.flatMap((selector) => [...document.querySelectorAll(root + ' ' + selector)].map((element) => {
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    return [selector + ' ' + element.className, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  }));
}"""
"""Contrast of text, for a root and selectors below it: pairs of name and ratio."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the web app listens; what it saves goes to a folder of this run."""
    with serving(tmp_path_factory.mktemp("data")) as url:
        yield url


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[str]:
    """The web app in a process of its own, with further `settings` in its environment; where it listens."""
    with started(data, **settings) as (url, _):
        yield url


@contextmanager
def started(data: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `serving`, with the process, which a test may kill."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = (
        "from coach.assistant import Coach; from coach.settings import Settings; from coach.web import serve; "
        f"serve(Coach.open(Settings()), '127.0.0.1', {port})"
    )
    env = {**os.environ, "PYTHONUTF8": "1", "COACH_DATA_DIR": str(data), **settings}
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}/", server
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the web app ended with exit code {server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the web app did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here: run `make test-deps`")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=["desktop-light", "desktop-dark", "phone-light"])
def any_page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The page at each width and in each scheme that it is made for."""
    device, scheme = request.param.split("-")
    yield from open_page(browser, address, device, scheme)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page on a desktop."""
    yield from open_page(browser, address, "desktop", "light")


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """The page on a phone."""
    yield from open_page(browser, address, "phone", "light")


def open_page(browser: Browser, address: str, device: str, scheme: str) -> Iterator[Page]:
    """The page at `address`; at the end, nothing was fetched from elsewhere and no script failed."""
    size = {"width": 390, "height": 844} if device == "phone" else {"width": 1280, "height": 900}
    context = browser.new_context(
        viewport=size, color_scheme=scheme, locale="en-US", permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.locator("#ss-run").wait_for()
    yield page
    context.close()
    assert outside == []
    assert errors == []


def _is_outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:"))
