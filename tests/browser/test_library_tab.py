"""知识库 in a real browser: chapters, search, clauses by their ids, phrases, conflicts, and standards compared."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import BAD_CALL, CONTRAST, SCREENSHOTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPENING_MS = 60_000


def _library(page: Page, part: str = "手册条款") -> None:
    page.get_by_role("tab", name="知识库").click()
    page.get_by_role("tab", name=part).click()


def _fits(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def _shot(page: Page, kind: str, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENSHOTS / f"test-{kind}-library-{name}.png")


def _find(page: Page, text: str) -> None:
    page.locator("#ss-query input, #ss-query textarea").fill(text)
    page.locator("#ss-query input, #ss-query textarea").press("Enter")


def _choose(page: Page, dropdown: str, title: str) -> None:
    page.locator(f"#{dropdown} input").click()
    page.get_by_role("option", name=title).click()


def test_a_chapter_is_opened(any_page: Page, request: pytest.FixtureRequest) -> None:
    _library(any_page)
    cards = any_page.locator("#ss-clauses .ss-entry")
    expect(cards.first).to_contain_text("PRP-")
    any_page.get_by_label("让客户等候").check()
    expect(cards.first).to_contain_text("HLD-01")
    expect(cards.first).to_contain_text("出处：《")
    cards.first.locator("summary").click()
    expect(cards.first.locator("li").first).to_be_visible()
    assert _fits(any_page)
    _shot(any_page, request.node.callspec.params["any_page"], "1-chapter")


@pytest.mark.parametrize("typed", ["HLD-04", "hld 04", "ＨＬＤ－４"])
def test_a_clause_is_opened_by_its_id(page: Page, typed: str) -> None:
    _library(page)
    _find(page, typed)
    expect(page.locator("#ss-clauses .ss-entry")).to_have_count(1)
    expect(page.locator("#ss-clauses .ss-entry")).to_contain_text("HLD-04")


def test_an_id_that_is_none_and_a_blank_search_are_told(page: Page) -> None:
    _library(page)
    _find(page, "HLD-99")
    expect(page.locator("#ss-find-status .ss-message")).to_contain_text("没有编号 HLD-99")
    _find(page, "  ")
    expect(page.locator("#ss-find-status .ss-message")).to_contain_text("还没有写要找什么")
    expect(page.locator("#ss-clauses .ss-entry").first).to_be_visible()


def test_a_search_finds_clauses_and_shows_what_was_typed_as_text(page: Page) -> None:
    _library(page)
    _find(page, "让客户等多久<b onclick=1>")
    heading = page.locator("#ss-clauses h3")
    expect(heading).to_contain_text("查“让客户等多久<b onclick=1>”", timeout=OPENING_MS)
    assert page.locator("#ss-clauses .ss-entry").count() == 8
    expect(page.locator("#ss-clauses")).to_contain_text("HLD-")
    page.get_by_label("接听（").first.check()
    expect(heading).to_contain_text("接听")


def test_phrases_of_a_situation_are_copied(any_page: Page) -> None:
    _library(any_page, "常用话术")
    any_page.get_by_label("请客户等候").check()
    expect(any_page.locator("#ss-phrases h3")).to_contain_text("请客户等候")
    phrase = any_page.locator("#ss-phrases .ss-phrase").first
    said = phrase.locator("p").first.inner_text()
    phrase.get_by_role("button", name="复制").click()
    expect(phrase.get_by_role("button", name="已复制")).to_be_visible()
    assert any_page.evaluate("navigator.clipboard.readText()") == said
    phrase.locator("summary").click()
    expect(phrase.locator("blockquote").first).to_be_visible()
    assert _fits(any_page)


def test_conflicts_follow_the_standard_chosen_above(any_page: Page, request: pytest.FixtureRequest) -> None:
    _library(any_page, "资料分歧")
    conflicts = any_page.locator("#ss-conflicts .ss-conflict")
    expect(conflicts.first).to_be_visible()
    assert conflicts.count() > 20
    conflicts.first.locator("summary").first.click()
    expect(conflicts.first.locator(".ss-chosen")).to_be_visible()
    expect(conflicts.first.locator(".ss-why")).to_contain_text("通用规范取“")
    _shot(any_page, request.node.callspec.params["any_page"], "2-conflicts")
    _choose(any_page, "ss-standard", "办公室电话规范")
    expect(conflicts.first).to_contain_text("办公室电话规范：")
    assert _fits(any_page)


def test_two_standards_are_compared(any_page: Page, request: pytest.FixtureRequest) -> None:
    _library(any_page, "对照规范")
    _choose(any_page, "ss-right", "通信热线规范")
    shown = any_page.locator("#ss-compared")
    hold = shown.locator("tr", has_text="等候上限（秒）")
    expect(hold.locator("td").nth(0)).to_have_text("90")
    expect(hold.locator("td").nth(1)).to_have_text("30")
    expect(hold).to_contain_text("不同")
    expect(shown.locator("tr", has_text="铃响几声内接（声）")).to_have_count(0)
    _shot(any_page, request.node.callspec.params["any_page"], "3-compared")
    ratios = any_page.evaluate(CONTRAST, ["#ss-compared", ["td p", "th", ".ss-flag", ".ss-source", ".ss-count"]])
    assert {name: ratio for name, ratio in ratios if ratio < 4.5} == {}
    any_page.get_by_label("只看不同").uncheck()
    expect(shown.locator("tr", has_text="铃响几声内接（声）")).to_be_visible()
    assert shown.locator("tr").count() > 50
    assert _fits(any_page)


def test_a_call_is_judged_again_by_the_standard_chosen(page: Page) -> None:
    page.get_by_label("通话或单句").fill(BAD_CALL)
    page.locator("#ss-run").click()
    expect(page.locator(".ss-summary")).to_contain_text("规范：通用规范")
    expect(page.locator("#ss-result")).to_be_focused()
    page.wait_for_timeout(800)  # the page is still scrolling there
    _choose(page, "ss-standard", "物业报修规范")
    expect(page.locator(".ss-summary")).to_contain_text("规范：物业报修规范")
