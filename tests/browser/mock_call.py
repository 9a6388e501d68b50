"""What a person does in 模拟通话: sets a call up, picks up, talks, fills the message pad; for tests in a real browser."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

__all__ = ["TURN_MS", "choose", "open_tab", "pad_field", "pick_up", "ring", "say", "say_last", "type_in"]

TURN_MS = 20_000


def open_tab(page: Page) -> None:
    page.get_by_role("tab", name="模拟通话").click()
    expect(page.locator("#ss-mock-start")).to_be_visible()


TRY_MS = 3_000
_OPENED_AGAIN = 4
SETTLED_MS = 150
_TYPED_AGAIN = 20
_GONE = "text => document.querySelector('#ss-mock-line textarea')?.value !== text"


def choose(page: Page, field: str, option: str) -> None:
    """Chooses an option; a list that new choices close while it is open is opened again."""
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(_OPENED_AGAIN):
        page.locator(f"#ss-mock-{field} input").click()
        try:
            wanted.click(timeout=TRY_MS)
        except PlaywrightTimeout:
            page.keyboard.press("Escape")
            page.locator("#ss-mock-seed input, #ss-mock-seed textarea").first.focus()
            continue
        return
    wanted.click()


def ring(
    page: Page,
    scenario: str = "电信 · 提速以后网没变快",
    seed: str = "3",
    exam: bool = False,
    persona: str = "抱怨成癖（合适）",
) -> None:
    """Set the call up and let the telephone ring."""
    open_tab(page)
    choose(page, "scenario", scenario)
    expect(page.locator("#ss-mock-brief")).to_contain_text(scenario.split(" · ")[0])
    choose(page, "persona", persona)
    page.locator("#ss-mock-seed input, #ss-mock-seed textarea").first.fill(seed)
    if exam:
        page.locator("#ss-mock-exam input").check()
    page.locator("#ss-mock-start").click()
    expect(page.locator("#ss-mock-rings")).to_contain_text("电话响了")


def pick_up(page: Page) -> Locator:
    page.locator("#ss-mock-pick-up").click()
    line = page.locator("#ss-mock-line textarea")
    expect(line).to_be_visible()
    return line


def type_in(field: Locator, text: str) -> None:
    """Types `text`; again where an update of the step before came between, as it can for fingers faster than a person's."""
    for _ in range(_TYPED_AGAIN):
        field.fill(text)
        field.page.wait_for_timeout(SETTLED_MS)
        if field.input_value() == text:
            return
    expect(field).to_have_value(text)


def send(line: Locator, text: str) -> None:
    """Types `text` and sends it; Enter again where the step before hadn't ended yet, which sends nothing twice."""
    type_in(line, text)
    for _ in range(_TYPED_AGAIN):
        line.press("Enter")
        try:
            line.page.wait_for_function(_GONE, arg=text, timeout=TRY_MS)
        except PlaywrightTimeout:
            continue
        return


def say(page: Page, text: str) -> None:
    """Say `text` and wait for the customer's answer."""
    bubbles = page.locator("#ss-mock-chat .ss-bubble")
    before = bubbles.count()
    line = page.locator("#ss-mock-line textarea")
    send(line, text)
    expect(bubbles).to_have_count(before + 2, timeout=TURN_MS)
    expect(line).to_have_value("")


def say_last(page: Page, text: str) -> None:
    """Say `text`, with which the call ends."""
    line = page.locator("#ss-mock-line textarea")
    send(line, text)
    expect(page.locator("#ss-mock-result")).to_be_focused(timeout=TURN_MS)


def pad_field(page: Page, label: str) -> Locator:
    return page.locator("#ss-mock-pad").get_by_label(label)
