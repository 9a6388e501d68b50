"""驳回 and 恢复 in a real browser: a reason is asked for, everything shown follows, and nothing else moves."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import BAD_CALL, CONTRAST, SCREENSHOTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RESULT_MS = 20_000


def _reviewed(page: Page, text: str = BAD_CALL) -> None:
    page.get_by_label("通话或单句").fill(text)
    page.get_by_role("button", name="开始点评").click()
    expect(page.locator("#ss-result")).to_be_focused(timeout=RESULT_MS)


def _finding(page: Page) -> Locator:
    return page.locator('#ss-line-3 [data-rule="language.impatient"]')  # “等着啊”: on its own it costs points


def _dismiss(page: Page, reason: str) -> None:
    _finding(page).get_by_role("button", name="驳回").click()
    page.get_by_label("理由").fill(reason)
    page.locator("#ss-dismissing .ss-rule").click()
    expect(_finding(page)).to_contain_text(f"已驳回：{reason}")


def test_a_finding_is_dismissed_with_a_reason_the_score_follows_and_it_is_restored(
    any_page: Page, request: pytest.FixtureRequest
) -> None:
    page = any_page
    _reviewed(page)
    score, everything = page.locator(".ss-total b"), page.locator(".ss-choice.all")
    before, found = int(score.inner_text()), everything.inner_text()
    page.locator("#ss-line-5 summary").first.click()

    _finding(page).get_by_role("button", name="驳回").click()
    reason = page.get_by_label("理由")
    expect(reason).to_be_focused()
    page.locator("#ss-dismissing .ss-rule").click()
    expect(page.locator("#ss-dismissing .ss-message")).to_be_visible()
    reason.fill("录音里语气平和，<b>不算</b>")
    page.keyboard.press("Escape")
    _finding(page).get_by_role("button", name="驳回").click()
    expect(reason).to_have_value("录音里语气平和，<b>不算</b>")
    reason.press("Enter")

    expect(_finding(page)).to_contain_text("已驳回：录音里语气平和，<b>不算</b>")
    expect(_finding(page).get_by_role("button", name="恢复")).to_be_focused()
    assert int(score.inner_text()) > before
    expect(everything).not_to_have_text(found)
    expect(page.locator(".ss-choice.dismissed")).to_have_text("已驳回 1")
    expect(page.locator("#ss-line-5 details[open]")).to_have_count(1)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"test-{request.node.callspec.params['any_page']}-dismissed.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    ratios = page.evaluate(CONTRAST, [".ss-finding.dismissed", ["s", ".ss-badge", ".ss-ruling", ".ss-restore"]])
    assert {name: ratio for name, ratio in ratios if ratio < 4.5} == {}

    _finding(page).get_by_role("button", name="恢复").click()
    expect(score).to_have_text(str(before))
    expect(everything).to_have_text(found)
    expect(_finding(page).get_by_role("button", name="驳回")).to_be_focused()
    expect(page.locator("#ss-cards s")).to_have_count(0)


def test_the_files_follow_and_the_filter_and_what_was_typed_stay(page: Page) -> None:
    _reviewed(page)
    page.locator("#ss-line-3 .ss-go").click()
    slot = page.locator("[id^=ss-slot-]:visible textarea, [id^=ss-slot-]:visible input").first
    slot.fill("一分钟")
    page.locator(".ss-choice.error").click()
    _dismiss(page, "演练")
    expect(slot).to_have_value("一分钟")
    expect(page.locator(".ss-choice.error input")).to_be_checked()
    with page.expect_download() as data:
        page.locator("#ss-json").click()
    report = json.loads(data.value.path().read_text(encoding="utf-8"))
    assert [finding["dismissed"] for finding in report["findings"] if finding["dismissed"]] == [{"reason": "演练"}]
    with page.expect_download() as markdown:
        page.locator("#ss-markdown").click()
    assert "**已驳回**：演练" in markdown.value.path().read_text(encoding="utf-8")


def test_a_line_with_nothing_left_standing_is_no_longer_offered_for_rewriting(page: Page) -> None:
    _reviewed(page)
    buttons = page.locator("#ss-line-3 .ss-dismiss")
    for left in reversed(range(buttons.count())):
        buttons.first.click()
        page.get_by_label("理由").fill("演练")
        page.get_by_label("理由").press("Enter")
        expect(buttons).to_have_count(left)
    expect(page.locator("#ss-line-3 .ss-rewrite")).to_have_count(0)
    expect(page.locator("#ss-rewriting .ss-change")).to_contain_text("这是公司规定")
    page.locator("#ss-line-3 .ss-restore").last.click()
    expect(page.locator("#ss-line-3 .ss-rewrite")).to_have_count(1)


def test_dismissals_last_while_the_call_stays_and_go_with_another(page: Page) -> None:
    _reviewed(page)
    _dismiss(page, "演练")
    page.get_by_label("铃响次数").fill("9")
    page.get_by_role("button", name="开始点评").click()
    expect(page.locator("#ss-cards")).to_contain_text("9 声", timeout=RESULT_MS)
    expect(page.locator("#ss-result")).to_be_focused()
    page.wait_for_timeout(1000)  # the page scrolls to the result, which closes menus
    expect(_finding(page)).to_contain_text("已驳回：演练")
    page.locator("#ss-standard input").click()
    page.get_by_role("option", name="通信热线").click()
    expect(page.locator(".ss-summary .ss-source")).to_contain_text("通信热线", timeout=RESULT_MS)
    expect(_finding(page)).to_contain_text("已驳回：演练")
    _reviewed(page, BAD_CALL + "\n坐席：再见。")
    expect(page.locator("#ss-line-7")).to_be_visible()
    expect(page.locator("#ss-cards s")).to_have_count(0)
