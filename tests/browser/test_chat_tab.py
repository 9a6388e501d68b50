"""话术求助 in a real browser: questions, follow-ups, lines to rewrite, and what the handbook doesn't say."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import CONTRAST, SCREENSHOTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOLD = "让客户等候之前要说什么？"
FOREIGN = "红烧肉怎么做才好吃？"
OPENING_MS = 60_000


def _chat(page: Page) -> Locator:
    page.get_by_role("tab", name="话术求助").click()
    field = page.locator("#ss-message-text textarea")
    expect(field).to_be_visible()
    return field


def _say(page: Page, text: str) -> Locator:
    """Send `text`; the exchange it leads to."""
    turns = page.locator("#ss-chat .ss-turn")
    before = turns.count()
    field = page.locator("#ss-message-text textarea")
    field.fill(text)
    field.press("Enter")
    expect(turns).to_have_count(before + 1, timeout=OPENING_MS)
    return turns.nth(before)


def _fits(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def _shot(page: Page, kind: str, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENSHOTS / f"test-{kind}-chat-{name}.png")


def test_a_question_is_answered_with_clauses_that_open_and_phrases_that_copy(
    any_page: Page, request: pytest.FixtureRequest
) -> None:
    page, kind = any_page, request.node.callspec.params["any_page"]
    field = _chat(page)
    turn = _say(page, HOLD)
    expect(field).to_have_value("")
    expect(turn.locator(".ss-asked")).to_contain_text(HOLD)
    expect(turn.locator(".ss-points > li").first).to_contain_text("等")
    clause = turn.locator(".ss-points details").first
    expect(clause.locator("blockquote")).to_be_hidden()
    clause.locator("summary").click()
    expect(clause.locator("summary")).to_contain_text("HLD-")
    expect(clause.locator("blockquote")).to_be_visible()
    expect(clause).to_contain_text("出处：《")
    _shot(page, kind, "1-citation")

    phrase = turn.locator(".ss-phrase").first
    expect(phrase.locator(".ss-slot").first).to_contain_text("【")
    said = phrase.locator("p").inner_text()
    phrase.get_by_role("button", name="复制").click()
    expect(phrase.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == said
    assert _fits(page)


def test_a_follow_up_takes_the_topic_and_leaves_what_was_opened(page: Page) -> None:
    _chat(page)
    first = _say(page, HOLD)
    first.locator(".ss-points summary").first.click()
    second = _say(page, "那外呼呢？")
    expect(second).to_contain_text(f"按“外呼：{HOLD}”查的")
    expect(first.locator(".ss-points details").first).to_have_attribute("open", "")
    page.locator("#ss-clear").click()
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(0)
    expect(_say(page, "那外呼呢？")).not_to_contain_text(HOLD)


def test_a_pasted_line_is_made_compliant(page: Page) -> None:
    _chat(page)
    turn = _say(page, "你等一下，我查查")
    expect(turn.locator(".ss-said mark").first).to_be_visible()
    assert turn.locator(".ss-finding").count() > 0
    expect(turn.locator(".ss-change ins").first).to_be_visible()
    expect(turn.locator(".ss-change del").first).to_be_visible()
    turn.get_by_role("button", name="复制").click()
    expect(turn.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "您" in copied
    assert "你等一下" not in copied
    _shot(page, "desktop-light", "3-rewrite")


def test_what_the_handbook_does_not_say_is_not_made_up(page: Page) -> None:
    _chat(page)
    turn = _say(page, FOREIGN)
    expect(turn.locator(".ss-insufficient")).to_contain_text("没有说到")
    expect(turn.locator(".ss-points")).to_have_count(0)
    nearest = turn.locator("details").first
    nearest.locator("summary").click()
    expect(nearest.locator("blockquote")).to_be_visible()


def test_a_conflict_shows_its_sides_and_what_the_chosen_standard_takes(
    any_page: Page, request: pytest.FixtureRequest
) -> None:
    page, kind = any_page, request.node.callspec.params["any_page"]
    _chat(page)
    conflict = _say(page, "谁先挂电话？").locator(".ss-disagreement").first
    expect(conflict).to_contain_text("通用规范取“")
    assert conflict.locator(".ss-sides > li").count() >= 2
    expect(conflict.locator(".ss-chosen")).to_have_count(1)
    conflict.locator(".ss-sides summary").last.click()
    expect(conflict.locator(".ss-sides blockquote").last).to_be_visible()
    conflict.scroll_into_view_if_needed()
    _shot(page, kind, "2-conflict")
    shown = ["p", "h3", "summary", "b", ".ss-taken", ".ss-copy", ".ss-source", "blockquote"]
    ratios = page.evaluate(CONTRAST, ["#ss-chat", shown])
    assert ratios
    assert {name: ratio for name, ratio in ratios if ratio < 4.5} == {}
    assert _fits(page)

    page.locator("#ss-standard input").click()
    page.get_by_role("option", name="物业报修规范").click()
    expect(_say(page, "谁先挂电话？").locator(".ss-disagreement").first).to_contain_text("物业报修规范取“")


def test_a_sample_question_is_asked_by_one_click_and_leaves_what_was_typed(page: Page) -> None:
    field = _chat(page)
    field.fill("还没写完的话")
    page.locator("#ss-samples button").first.dblclick()
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(1, timeout=OPENING_MS)
    expect(field).to_have_value("还没写完的话")
    page.wait_for_timeout(1000)
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(1)


def test_sending_twice_asks_once_and_shift_enter_is_a_new_line(page: Page) -> None:
    field = _chat(page)
    field.fill("谁先挂")
    field.press("Shift+Enter")
    field.type("电话？")
    expect(field).to_have_value("谁先挂\n电话？")
    field.press("Enter")
    page.locator("#ss-send").click()
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(1, timeout=OPENING_MS)
    page.wait_for_timeout(1000)
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(1)


@pytest.mark.parametrize("text", ["", "  ", "没有标签\n坐席"])
def test_what_cannot_be_answered_gets_one_line_or_an_answer_but_never_a_trace(page: Page, text: str) -> None:
    field = _chat(page)
    field.fill(text)
    page.locator("#ss-send").click()
    if text.strip():
        expect(page.locator("#ss-chat .ss-turn")).to_have_count(1, timeout=OPENING_MS)
    else:
        expect(page.locator("#ss-chat-status .ss-message")).to_contain_text("还没有写内容")
        expect(field).to_have_value(text)
    assert "Traceback" not in page.locator("body").inner_text()


def test_an_error_leaves_what_was_typed(page: Page) -> None:
    field = _chat(page)
    said = "坐席：\n客户："
    field.fill(said)
    page.locator("#ss-send").click()
    expect(page.locator("#ss-chat-status .ss-message")).to_be_visible(timeout=OPENING_MS)
    expect(field).to_have_value(said)


def test_what_is_said_is_shown_as_text(page: Page) -> None:
    _chat(page)
    said = '<img src=x onerror="window.hit=1"><b>粗</b> **粗** ${1+1} {{value}} <script>window.hit=1</script>怎么说？'
    turn = _say(page, said)
    expect(turn.locator(".ss-asked")).to_contain_text(said)
    line = _say(page, f"坐席：{said}你等着")
    expect(line.locator(".ss-said")).to_contain_text("<img")
    assert page.locator("#ss-chat :is(img, script)").count() == 0
    assert page.evaluate("window.hit") is None


def test_the_keyboard_alone_asks_and_opens(page: Page) -> None:
    field = _chat(page)
    field.focus()
    page.keyboard.type(HOLD)
    page.keyboard.press("Enter")
    expect(page.locator("#ss-chat .ss-turn")).to_have_count(1, timeout=OPENING_MS)
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    clause = page.locator("#ss-chat .ss-points details").first
    clause.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(clause).to_have_attribute("open", "")
