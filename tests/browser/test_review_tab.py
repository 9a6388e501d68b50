"""The main job, in a real browser: a call goes in; findings, clauses, rewrites and files come out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import BAD_CALL, CONTRAST, SCREENSHOTS

RESULT_MS = 20_000

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _text(page: Page) -> Locator:
    return page.get_by_label("通话或单句")


def _review(page: Page, text: str) -> None:
    _text(page).fill(text)
    page.get_by_role("button", name="开始点评").click()


def _reviewed(page: Page, text: str) -> None:
    """Review `text` and wait until the page has come to the result."""
    _review(page, text)
    expect(page.locator("#ss-result")).to_be_focused(timeout=RESULT_MS)


def _shot(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    kind = re.sub(r"\W+", "-", request.node.name.partition("[")[2].rstrip("]")) or "desktop-light"
    page.screenshot(path=SCREENSHOTS / f"test-{kind}-{name}.png")


def _slots(page: Page) -> list[Locator]:
    fields = page.locator("[id^=ss-slot-]:visible textarea, [id^=ss-slot-]:visible input")
    return [fields.nth(i) for i in range(fields.count())]


def _go_to_line_3(page: Page) -> None:
    page.locator("#ss-line-3 .ss-go").click()
    expect(page.locator("#ss-rewriting-title")).to_be_focused()
    expect(page.locator("#ss-check")).to_be_visible()
    expect(page.locator("#ss-rewriting .ss-change")).to_contain_text("【")


def test_a_bad_call_is_reviewed_and_a_rewrite_is_filled_in_verified_and_copied(
    any_page: Page, request: pytest.FixtureRequest
) -> None:
    page = any_page
    _reviewed(page, BAD_CALL)
    line = page.locator("#ss-line-3")
    expect(line.locator("mark").first).to_contain_text("等着")
    expect(line.locator(".ss-finding").first).to_be_visible()
    expect(page.locator(".ss-bars li")).to_have_count(5)
    _shot(page, "1-result", request)

    clause = line.locator("details").first
    clause.locator("summary").click()
    expect(clause.locator("blockquote")).to_be_visible()
    expect(clause).to_contain_text("出处：《")
    expect(line.locator(".ss-change ins").first).to_be_visible()
    expect(line.locator(".ss-change del").first).to_contain_text("等着")

    _go_to_line_3(page)
    first, *rest = _slots(page)
    first.fill("一分钟")
    if rest:
        page.locator("#ss-check").click()
        expect(page.locator("#ss-said")).to_contain_text("还有没填的")
        expect(first).to_have_value("一分钟")
        _shot(page, "2-blank", request)
    for field in rest:
        field.fill("两分钟")
    page.locator("#ss-check").click()
    expect(page.locator("#ss-said")).to_contain_text("核对通过")
    final = page.get_by_label("可以直接说的话").input_value()
    assert "一分钟" in final
    assert "【" not in final
    page.get_by_role("button", name="复制", exact=True).click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == final
    _shot(page, "3-filled", request)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_a_filled_slot_that_brings_in_a_fault_is_refused_and_what_was_typed_stays(page: Page) -> None:
    _reviewed(page, BAD_CALL)
    _go_to_line_3(page)
    for field in _slots(page):
        field.fill("你自己看不懂的规定，保证全额退款")
    page.locator("#ss-check").click()
    expect(page.locator("#ss-said .ss-message")).to_contain_text("没有通过核对")
    expect(page.locator("#ss-final")).to_be_hidden()
    for field in _slots(page):
        expect(field).to_have_value("你自己看不懂的规定，保证全额退款")


def test_the_panel_comes_to_the_line_asked_for_and_the_call_stays_where_it_is(page: Page) -> None:
    _reviewed(page, BAD_CALL)
    button = page.locator("#ss-line-5 .ss-go")
    page.wait_for_timeout(1000)
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    button.click()
    expect(page.locator("#ss-line input")).to_have_value(re.compile("^第 5 行"))
    page.wait_for_timeout(800)
    assert page.evaluate("scrollY") == before
    assert page.evaluate("document.activeElement.id") == "ss-rewriting-title"


def test_a_filter_shows_one_severity_only(page: Page) -> None:
    _reviewed(page, BAD_CALL)
    page.locator(".ss-choice.error").click()
    assert page.locator(".ss-finding.error:visible").count() > 0
    expect(page.locator(".ss-finding.warning:visible")).to_have_count(0)
    expect(page.locator("#ss-line-2")).to_be_hidden()
    _reviewed(page, BAD_CALL + "\n坐席：再见。")
    expect(page.locator("#ss-line-2")).to_be_visible()


def test_a_single_line_is_reviewed_as_such(page: Page) -> None:
    _reviewed(page, "你等一下，我看看。")
    expect(page.locator(".ss-summary")).to_contain_text("按单句点评")
    expect(page.locator(".ss-card")).to_have_count(1)
    assert page.locator("#ss-line-1 mark").count() > 0


def test_several_calls_in_a_file_are_chosen_from_and_reports_download(page: Page, tmp_path: Path) -> None:
    calls = [
        {"turns": [{"speaker": "agent", "text": "您好。"}, {"speaker": "customer", "text": "第一通。"}]},
        {"turns": [{"speaker": "customer", "text": "第二通。"}, {"speaker": "agent", "text": "这是公司规定。"}]},
    ]
    file = tmp_path / "两通.jsonl"
    file.write_text("\n".join(json.dumps(call, ensure_ascii=False) for call in calls), encoding="utf-8")
    _text(page).fill("先写的一句话还在。")
    page.locator("#ss-file input[type=file]").set_input_files(file)
    expect(page.locator("#ss-file")).to_contain_text(".jsonl")
    page.get_by_role("button", name="开始点评").click()
    expect(page.locator("#ss-line-2 .ss-said")).to_have_text("第一通。")
    expect(_text(page)).to_have_value("先写的一句话还在。")
    expect(page.locator("#ss-result")).to_be_focused(timeout=RESULT_MS)
    page.locator("#ss-call input").click()
    page.get_by_role("option", name=re.compile("第 2 通")).click()
    expect(page.locator("#ss-line-1 .ss-said")).to_have_text("第二通。")
    with page.expect_download() as markdown:
        page.locator("#ss-markdown").click()
    with page.expect_download() as data:
        page.locator("#ss-json").click()
    assert "# 通话点评" in markdown.value.path().read_text(encoding="utf-8")
    assert json.loads(data.value.path().read_text(encoding="utf-8"))["lines"][0]["text"] == "第二通。"


@pytest.mark.parametrize("text", ["", "   \n  ", "没有标签\n坐席：您好"])
def test_bad_text_gets_one_line_beside_the_field_and_stays(page: Page, text: str) -> None:
    _review(page, text)
    expect(page.locator("#ss-input-message .ss-message")).to_be_visible()
    message = page.locator("#ss-input-message").inner_text()
    assert "Traceback" not in message
    assert "--" not in message
    expect(_text(page)).to_have_value(text)
    expect(page.locator("#ss-results")).to_be_hidden()
    _review(page, BAD_CALL)
    expect(page.locator("#ss-line-3")).to_be_visible()
    expect(page.locator("#ss-input-message .ss-message")).to_have_count(0)


def test_a_binary_file_gets_a_message_and_the_text_stays(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "录音.txt"
    file.write_bytes(b"RIFF\x00\x00\x01\x02" * 40)
    _text(page).fill("坐席：您好")
    page.locator("#ss-file input[type=file]").set_input_files(file)
    expect(page.locator("#ss-file")).to_contain_text(".txt")
    page.get_by_role("button", name="开始点评").click()
    expect(page.locator("#ss-input-message .ss-message")).to_contain_text("录音文件")
    expect(_text(page)).to_have_value("坐席：您好")


def test_a_wrong_ring_count_is_told_beside_its_field(page: Page) -> None:
    page.get_by_label("铃响次数").fill("三四声")
    _review(page, BAD_CALL)
    expect(page.locator("#ss-rings-message .ss-message")).to_contain_text("铃响次数")
    expect(page.get_by_label("铃响次数")).to_have_value("三四声")


def test_what_a_call_says_is_shown_as_text(page: Page) -> None:
    said = '<img src=x onerror="window.hit=1"><b>粗</b> **粗** ${1+1} {{value}} `x` <script>window.hit=1</script>你等着'
    _reviewed(page, f"坐席：{said}\n客户：<h1>大</h1>")
    expect(page.locator("#ss-line-1 .ss-said")).to_have_text(said)
    expect(page.locator("#ss-line-2 .ss-said")).to_have_text("<h1>大</h1>")
    assert page.locator("#ss-cards :is(img, h1, script)").count() == 0
    assert page.locator("#ss-rewriting :is(img, h1, script)").count() == 0
    assert page.evaluate("window.hit") is None


def test_the_keyboard_alone_does_the_job(page: Page) -> None:
    _text(page).fill(BAD_CALL)
    _text(page).focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "ss-run":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#ss-result")).to_be_focused(timeout=RESULT_MS)
    clause = page.locator("#ss-line-3 details").first
    clause.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(clause).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    expect(clause).not_to_have_attribute("open", "")
    page.locator("#ss-line-3 .ss-go").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ss-rewriting-title")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('ss-rewriting').contains(document.activeElement)")


def test_a_phone_never_scrolls_sideways(phone: Page) -> None:
    phone.get_by_label("通话或单句").fill(BAD_CALL + "\n坐席：" + "A1" * 300)
    phone.get_by_role("button", name="开始点评").click()
    phone.locator("#ss-line-7").wait_for()
    for details in phone.locator("details").all()[:4]:
        details.locator("summary").click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_marks_and_labels_have_contrast_in_both_schemes(any_page: Page) -> None:
    _reviewed(any_page, BAD_CALL)
    any_page.locator("#ss-line-3 mark").first.wait_for()
    ratios = any_page.evaluate(
        CONTRAST,
        ["#ss-results", ["mark", ".ss-badge", ".ss-advice", "summary", "ins", "del", ".ss-said", ".ss-go"]],
    )
    assert ratios
    assert {name: ratio for name, ratio in ratios if ratio < 4.5} == {}


def test_the_page_speaks_chinese_to_any_browser(page: Page) -> None:
    _reviewed(page, BAD_CALL)
    page.locator("#ss-result").wait_for()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    shown = page.evaluate("document.body.innerText")
    words = set(re.findall(r"[A-Za-z]{2,}", shown)) - {
        "Markdown",
        "JSON",
        "txt",
        "json",
        "jsonl",
        "csv",
        "xlsx",
        "docx",
        "srt",
        "vtt",
    }
    assert {word for word in words if not word.isupper()} == set()
