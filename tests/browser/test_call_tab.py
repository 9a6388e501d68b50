"""模拟通话 in a real browser: a call from the first ring to the scorecard, gone back in, in an exam, after a reload and a crash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coach.roleplay import load_scenarios

from .conftest import CONTRAST, ROOT, SCREENSHOTS
from .mock_call import TURN_MS, choose, open_tab, pad_field, pick_up, ring, say, say_last, type_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLOW = load_scenarios(ROOT / "knowledge")["broadband-slow-after-upgrade"]
MEETING = load_scenarios(ROOT / "knowledge")["message-meeting-moved"]
HELLO, *REST = SLOW.example_good
BAD = "你等一下，我看看，这是公司规定。"
OWN = "钱先生，宽带用户，上周五办了提速却没变快，电话是13900002101，路由器还是五年前的。他想把网速弄好。"


def _fits(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def _shot(page: Page, kind: str, name: str, *, whole: bool = False) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENSHOTS / f"test-{kind}-mock-{name}.png", full_page=whole)


def _readable(page: Page, root: str, selectors: list[str]) -> None:
    ratios = page.evaluate(CONTRAST, [root, selectors])
    assert ratios
    assert {name: ratio for name, ratio in ratios if ratio < 4.5} == {}


def test_a_good_call_is_resolved_and_scored(any_page: Page, request: pytest.FixtureRequest) -> None:
    page, kind = any_page, request.node.callspec.params["any_page"]
    ring(page)
    pick_up(page)
    say(page, HELLO)
    say(page, REST[0])
    steps = page.locator("#ss-mock-panel .ss-steps")
    expect(steps.locator("li.done").filter(has_text="复述问题")).to_have_count(1)
    expect(page.locator("#ss-mock-panel .ss-curve svg")).to_have_attribute("aria-label", re.compile("情绪从"))
    expect(page.locator("#ss-mock-last")).to_contain_text("没有要改的地方")
    say(page, REST[1])
    _shot(page, kind, "1-call", whole=kind.startswith("phone"))
    _readable(
        page,
        "#ss-mock",
        [".ss-bubble p", ".ss-event span", ".ss-steps li", ".ss-moves li", ".ss-moves small", "h2", "h3"],
    )
    assert _fits(page)
    for line in REST[2:-1]:
        say(page, line)
    say_last(page, REST[-1])

    expect(page.locator("#ss-mock-total")).to_contain_text("问题解决了")
    assert int(page.locator("#ss-mock-total .ss-total b").inner_text()) >= 85
    expect(page.locator("#ss-mock-pictures .ss-radar svg")).to_be_visible()
    expect(page.locator("#ss-mock-checks .ss-check-group")).to_have_count(5)
    expect(page.locator("#ss-mock-replay .ss-card")).to_have_count(len(SLOW.example_good) * 2)
    for file, start in (("md", b"# "), ("docx", b"PK"), ("xlsx", b"PK"), ("json", b"{")):
        with page.expect_download() as download:
            page.locator(f"#ss-mock-{file}").click()
        assert download.value.suggested_filename == f"三声成绩单.{file}"
        assert Path(download.value.path()).read_bytes().startswith(start)
    _shot(page, kind, "3-scorecard", whole=True)
    _readable(
        page,
        "#ss-mock",
        ["#ss-mock-checks li b", "#ss-mock-checks summary", ".ss-next p", ".ss-mood", ".ss-redo", ".ss-outcome span"],
    )
    assert _fits(page)


def test_going_back_to_a_line_keeps_both_tries(any_page: Page, request: pytest.FixtureRequest) -> None:
    page, kind = any_page, request.node.callspec.params["any_page"]
    ring(page)
    line = pick_up(page)
    say(page, HELLO)
    say(page, BAD)
    expect(page.locator("#ss-mock-last .ss-finding").first).to_be_visible()
    expect(page.locator("#ss-mock-last .ss-rewrite")).to_contain_text("已核对")
    clause = page.locator("#ss-mock-last details").first
    clause.locator("summary").click()
    expect(clause.locator("blockquote")).to_be_visible()

    bubble = page.locator("#ss-mock-chat .ss-bubble.agent").last
    bubble.click()
    bubble.get_by_role("button", name="从第 3 行重来").click()
    expect(page.locator("#ss-mock-chat .ss-bubble")).to_have_count(2)
    expect(line).to_have_value(BAD)
    say(page, REST[0])
    expect(page.locator("#ss-mock-chat .ss-event").filter(has_text="从这里重来")).to_have_count(1)
    _shot(page, kind, "2-rewind")
    assert _fits(page)

    choose(page, "tries", "第 1 遍（还没打完）")
    expect(page.locator("#ss-mock-chat")).to_contain_text(BAD)
    expect(page.locator("#ss-mock-send")).to_be_disabled()
    expect(page.locator("#ss-mock-status")).to_contain_text("留作对照")
    choose(page, "tries", "第 2 遍（从第 3 行重来，还没打完）")
    expect(page.locator("#ss-mock-chat")).not_to_contain_text(BAD)
    page.locator("#ss-mock-hang-up").click()
    expect(page.locator("#ss-mock-result")).to_be_focused(timeout=TURN_MS)
    expect(page.locator("#ss-mock-total")).to_contain_text("问题没有解决")
    page.locator("#ss-mock-replay .ss-redo").first.click()
    expect(line).to_be_visible()
    expect(page.locator("#ss-mock-chat .ss-bubble")).to_have_count(0)


def test_an_exam_has_no_hints_no_findings_and_one_try(page: Page) -> None:
    ring(page, seed="", exam=True)
    pick_up(page)
    say(page, HELLO)
    say(page, BAD)
    expect(page.locator("#ss-mock-head")).to_contain_text("考试")
    expect(page.locator("#ss-mock-last")).to_be_hidden()
    expect(page.locator("#ss-mock-help")).to_be_hidden()
    expect(page.locator("#ss-mock-panel .ss-steps")).to_have_count(0)
    expect(page.locator("#ss-mock .ss-redo")).to_have_count(0)
    _shot(page, "desktop-light", "4-exam")
    page.locator("#ss-mock-hang-up").click()
    expect(page.locator("#ss-mock-result")).to_be_focused(timeout=TURN_MS)
    expect(page.locator("#ss-mock-total")).to_contain_text("题号：1")
    expect(page.locator("#ss-mock-again")).to_be_hidden()
    expect(page.locator("#ss-mock-replay .ss-finding").first).to_be_visible()
    expect(page.locator("#ss-mock .ss-redo")).to_have_count(0)


def test_findings_may_wait_for_the_end_and_hints_cost_points(page: Page) -> None:
    open_tab(page)
    page.locator("#ss-mock-at-once").get_by_label("打完再看").check()
    ring(page)
    pick_up(page)
    say(page, HELLO)
    say(page, BAD)
    expect(page.locator("#ss-mock-last")).to_be_hidden()
    expect(page.locator("#ss-mock-chat mark")).to_have_count(0)
    page.locator("#ss-mock-help").click()
    expect(page.locator("#ss-mock-hint")).to_contain_text("提示：先回应心情")
    expect(page.locator("#ss-mock-hint .ss-phrase").first).to_be_visible()
    _shot(page, "desktop-light", "5-hint", whole=True)
    page.locator("#ss-mock-hang-up").click()
    expect(page.locator("#ss-mock-total")).to_contain_text("用了 1 次提示", timeout=TURN_MS)


def test_picking_up_late_counts(page: Page) -> None:
    ring(page)
    expect(page.locator("#ss-mock-rings .ss-rings b")).to_have_text("2")
    expect(page.locator("#ss-mock-rings .ss-rings b")).to_have_text("4")
    expect(page.locator("#ss-mock-rings")).to_contain_text("先致歉")
    _shot(page, "desktop-light", "6-ring")
    pick_up(page)
    expect(page.locator("#ss-mock-chat")).to_contain_text(re.compile("铃响 [45] 声"))
    say(page, HELLO)
    page.locator("#ss-mock-hang-up").click()
    expect(page.locator("#ss-mock-replay")).to_contain_text("迟接未致歉", timeout=TURN_MS)


def test_a_held_customer_is_counted_and_taken_back(page: Page) -> None:
    ring(page)
    line = pick_up(page)
    say(page, HELLO)
    line.fill("我查一下测速记录，大约需要一分钟，请您稍等，可以吗？")
    page.locator("#ss-mock-hold").click()
    expect(page.locator("#ss-mock-waiting")).to_contain_text("不超过 90 秒")
    expect(page.locator("#ss-mock-waiting b")).to_have_text("2 秒")
    expect(page.locator("#ss-mock-send")).to_have_text("回到线上")
    expect(page.locator("#ss-mock-hold")).to_be_hidden()
    say(page, "感谢您的等候，查到了。")
    expect(page.locator("#ss-mock-waiting")).to_be_hidden()
    expect(page.locator("#ss-mock-chat")).to_contain_text("您回到线上")


def test_a_transfer_needs_a_name_and_what_was_typed_stays(page: Page) -> None:
    ring(page)
    line = pick_up(page)
    say(page, HELLO)
    said = "这件事由技术部处理，我帮您转过去，可以吗？"
    line.fill(said)
    page.locator("#ss-mock-transfer button").first.click()
    page.locator("#ss-mock-pass-on").click()
    expect(page.locator("#ss-mock-status .ss-message")).to_contain_text("转给谁")
    expect(line).to_have_value(said)
    page.locator("#ss-mock-to").get_by_role("textbox").fill("技术部 <b>赵工</b>")
    page.locator("#ss-mock-pass-on").click()
    expect(page.locator("#ss-mock-chat")).to_contain_text("您转接给：技术部 <b>赵工</b>")
    expect(page.locator("#ss-mock-status .ss-message")).to_have_count(0)
    line.fill("  ")
    page.locator("#ss-mock-send").click()
    expect(page.locator("#ss-mock-status .ss-message")).to_contain_text("还没有说话")


def test_the_message_pad_is_held_against_what_was_told(page: Page) -> None:
    ring(page, "公司总机 · 留言改约会面，请回电", persona="普通咨询（合适）")
    pick_up(page)
    page.locator("#ss-mock-pad button").first.click()
    type_in(pad_field(page, "来电人"), "彭建华先生")
    type_in(pad_field(page, "电话"), "1390000212")
    page.locator("#ss-mock-keep-pad").click()
    expect(page.locator("#ss-mock-pad-said")).to_contain_text("记下了")
    for line in MEETING.example_good[:-1]:
        say(page, line)
    say_last(page, MEETING.example_good[-1])
    pad = page.locator("#ss-mock-checks .ss-check-group").last
    expect(pad.locator("li.passed").filter(has_text="彭建华")).to_have_count(1)
    expect(pad.locator("li.failed").filter(has_text="13900002121")).to_contain_text("写得不一样")


def test_a_reload_goes_on_where_it_was(page: Page) -> None:
    ring(page)
    pick_up(page)
    say(page, HELLO)
    answer = page.locator("#ss-mock-chat .ss-bubble.customer p").inner_text()
    page.reload()
    open_tab(page)
    expect(page.locator("#ss-mock-offer")).to_contain_text("提速以后网没变快")
    expect(page.locator("#ss-mock-offer")).to_contain_text("说到第 2 行")
    page.locator("#ss-mock-go-on").click()
    expect(page.locator("#ss-mock-chat .ss-bubble.customer p")).to_have_text(answer)
    say(page, REST[0])
    page.locator("#ss-mock-later").click()
    expect(page.locator("#ss-mock-offer")).to_contain_text("说到第 4 行")
    page.locator("#ss-mock-past button").first.click()
    rows = page.locator("#ss-mock-history .ss-history > li")
    expect(rows.first).to_be_visible()
    before = rows.count()
    page.locator("#ss-mock-drop").click()
    expect(rows).to_have_count(before - 1)


def test_one_s_own_scenario_is_written_changed_played_and_saved(page: Page) -> None:
    open_tab(page)
    page.locator("#ss-mock-own button").first.click()
    text = page.locator("#ss-mock-own-text textarea")
    text.fill("不行")
    page.locator("#ss-mock-own-make").click()
    expect(page.locator("#ss-mock-own-message .ss-message")).to_contain_text("8 到 1000 个字")
    expect(text).to_have_value("不行")
    text.fill(OWN)
    page.locator("#ss-mock-own-make").click()
    form = page.locator("#ss-mock-own-form")
    expect(form.get_by_label("知道的信息")).to_have_value(re.compile("电话｜13900002101"))
    form.get_by_label("场景名").fill("")
    page.locator("#ss-mock-own-use").click()
    expect(page.locator("#ss-mock-own-message .ss-message")).to_contain_text("“场景名”还空着")
    form.get_by_label("场景名").fill("提速没用<i>")
    _shot(page, "desktop-light", "7-own", whole=True)
    page.locator("#ss-mock-own-save").click()
    expect(page.locator("#ss-mock-own-message")).to_contain_text("已存为“我的 · 提速没用<i>”")
    expect(page.locator("#ss-mock-scenario input")).to_have_value("我的 · 提速没用<i>")
    page.locator("#ss-mock-start").click()
    pick_up(page)
    say(page, HELLO)
    expect(page.locator("#ss-mock-head")).to_contain_text("提速没用<i>")
    page.reload()
    open_tab(page)
    choose(page, "scenario", "我的 · 提速没用<i>")


def test_a_real_call_becomes_a_scenario(page: Page, tmp_path: Path) -> None:
    open_tab(page)
    page.locator("#ss-mock-own button").first.click()
    page.locator("#ss-mock-own-text textarea").fill(
        "坐席：您好，请问有什么可以帮您？\n客户：我姓陈，我家宽带昨晚断了，怎么还没人来修？\n坐席：我帮您登记报修，师傅明天上门。"
    )
    page.locator("#ss-mock-own-make").click()
    form = page.locator("#ss-mock-own-form")
    expect(form.get_by_label("事情经过")).to_have_value(re.compile("宽带"))
    expect(page.locator("#ss-mock-own-message")).to_contain_text("整理出来")
    file = tmp_path / "通话.txt"
    file.write_text("坐席：您好。\n客户：我买的茶壶摔碎了，我要退货。\n坐席：我帮您登记退货。", encoding="utf-8")
    page.locator("#ss-mock-own input[type=file]").set_input_files(file)
    expect(form.get_by_label("事情经过")).to_have_value(re.compile("茶壶"))


def test_drawing_chooses_another_scenario_with_somebody_who_suits_it(page: Page) -> None:
    open_tab(page)
    before = page.locator("#ss-mock-scenario input").input_value()
    page.locator("#ss-mock-draw").click()
    expect(page.locator("#ss-mock-scenario input")).not_to_have_value(before)
    expect(page.locator("#ss-mock-persona input")).to_have_value(re.compile("（合适）"))


def test_what_to_practise_next_is_one_click_away_and_the_history_can_be_cleared(page: Page) -> None:
    ring(page)
    pick_up(page)
    say(page, HELLO)
    say(page, BAD)
    page.locator("#ss-mock-hang-up").click()
    expect(page.locator("#ss-mock-next li")).to_have_count(3, timeout=TURN_MS)
    chosen = page.locator("#ss-mock-next .ss-practise").first
    title = (chosen.get_attribute("data-scenario") or "", chosen.inner_text())
    chosen.click()
    expect(page.locator("#ss-mock-start")).to_be_visible()
    shown = page.locator("#ss-mock-scenario input").input_value()
    assert shown.split(" · ")[-1] in title[1]

    page.locator("#ss-mock-past button").first.click()
    rows = page.locator("#ss-mock-history .ss-history > li")
    expect(rows.first).to_contain_text("提速以后网没变快")
    rows.first.get_by_role("button", name="看").click()
    expect(page.locator("#ss-mock-result")).to_be_visible()
    page.locator("#ss-mock-other").click()
    expect(rows.first).to_be_visible()
    count = rows.count()
    page.once("dialog", lambda dialog: dialog.dismiss())
    rows.first.locator("[data-act=remove]").click()
    page.wait_for_timeout(500)
    expect(rows).to_have_count(count)
    page.once("dialog", lambda dialog: dialog.accept())
    rows.first.locator("[data-act=remove]").click()
    expect(rows).to_have_count(count - 1)
    page.locator("#ss-mock-clear input").fill("0")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删掉更早的").click()
    expect(page.locator("#ss-mock-history")).to_contain_text("还没有练过")


def test_hanging_up_without_a_word_gives_no_score_and_the_same_call_rings_again(page: Page) -> None:
    ring(page)
    pick_up(page)
    page.locator("#ss-mock-hang-up").click()
    expect(page.locator("#ss-mock-total")).to_contain_text("一句话也没有说", timeout=TURN_MS)
    expect(page.locator("#ss-mock-md")).to_be_hidden()
    page.locator("#ss-mock-again").click()
    pick_up(page)
    say(page, HELLO)


def test_an_outbound_call_is_answered_at_once_and_judged_by_the_standard_it_was_begun_with(page: Page) -> None:
    page.locator("#ss-standard input").click()
    page.get_by_role("option", name="电话销售规范").click()
    open_tab(page)
    choose(page, "scenario", "银行 · 到期换卡的预约确认（外呼）")
    page.locator("#ss-mock-start").click()
    expect(page.locator("#ss-mock-chat")).to_contain_text("电话拨通了")
    expect(page.locator("#ss-mock-chat .ss-bubble.customer")).to_have_count(1)
    page.locator("#ss-mock-business button").first.click()
    expect(page.locator("#ss-mock-business")).to_contain_text("徐志明先生")
    page.locator("#ss-standard input").click()
    page.get_by_role("option", name="通用规范").click()
    say(page, "您好，这里是安禾银行枣园路网点，工号5107，请问是徐志明先生吗？")
    expect(page.locator("#ss-mock-head")).to_contain_text("规范：电话销售规范")


def test_what_is_said_is_shown_as_text(page: Page) -> None:
    ring(page)
    pick_up(page)
    said = '<img src=x onerror="window.hit=1"><b>粗</b> ${1+1} {{value}} <script>window.hit=1</script>你等着'
    say(page, said)
    expect(page.locator("#ss-mock-chat .ss-bubble.agent p")).to_contain_text("<img")
    page.locator("#ss-mock-hang-up").click()
    expect(page.locator("#ss-mock-replay")).to_contain_text("<script>", timeout=TURN_MS)
    assert page.locator("#ss-mock :is(img, script)").count() == 0
    assert page.evaluate("window.hit") is None


def test_the_keyboard_alone_picks_up_speaks_and_goes_back(page: Page) -> None:
    open_tab(page)
    page.locator("#ss-mock-start").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ss-mock-pick-up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#ss-mock-line textarea")).to_be_focused()
    page.keyboard.type(HELLO)
    page.keyboard.press("Enter")
    expect(page.locator("#ss-mock-chat .ss-bubble")).to_have_count(2, timeout=TURN_MS)
    page.locator("#ss-mock-chat .ss-redo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ss-mock-chat .ss-bubble")).to_have_count(0)
