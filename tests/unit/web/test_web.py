"""What stands behind the page: reading fields, marking text, filling slots, telling errors, and where it listens."""

from __future__ import annotations

import asyncio
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from coach.assistant import Coach
from coach.critique import Finding
from coach.errors import InputError, TranscriptError
from coach.transcripts import parse_text
from coach.web import serve
from coach.web.boundary import Updates, for_browser, guarded
from coach.web.calls import CallInput, example_files, read_calls
from coach.web.cards import cards
from coach.web.downloads import ReportFiles
from coach.web.marks import change, highlighted
from coach.web.reviewed import SHOWN_LINES, review, rewrite_line
from coach.web.shell import PageShell
from coach.web.slots import fill, missing, objections
from coach.web.summary import summary

CALL = "坐席：您好，云桥通信，工号三零二六。\n客户：我的话费不对。\n坐席：等着啊。\n客户：行。"


def _given(text: str | None = CALL, path: Path | None = None, rings: str = "", label: str = "") -> CallInput:
    return CallInput(text, str(path) if path else None, "呼入", rings, "客户", label)


def _finding(severity: str, span: tuple[int, int], *others: tuple[int, int]) -> Finding:
    return Finding("a.b", severity, 1, span, "", "", "pattern", 0.9, (), others)  # type: ignore[arg-type]


def test_fields_say_what_the_text_does_not() -> None:
    (call,) = read_calls(_given(rings="４"))
    meta = call.transcript.meta
    assert (meta.direction, meta.rings, meta.hangup) == ("inbound", 4, "customer")


@pytest.mark.parametrize("rings", ["-1", "2.5", "三", "100"])
def test_a_ring_count_that_is_none_names_its_field(rings: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        read_calls(_given(rings=rings))
    assert caught.value.where == "铃响次数"


def test_a_file_goes_before_text_and_may_hold_several_calls(tmp_path: Path) -> None:
    file = tmp_path / "两通.jsonl"
    turn = {"speaker": "agent", "text": "您好"}
    file.write_text("\n".join(json.dumps({"turns": [turn] * n}) for n in (1, 2)), encoding="utf-8")
    assert [call.title for call in read_calls(_given(path=file))] == ["第 1 通：您好（1 行）", "第 2 通：您好（2 行）"]


def test_a_file_that_went_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="读不出来"):
        read_calls(_given(path=tmp_path / "没有.txt"))


def test_examples_are_called_by_the_readme_beside_them(tmp_path: Path) -> None:
    (tmp_path / "01-a.txt").write_text("您好", encoding="utf-8")
    (tmp_path / "02-b.json").write_text("{}", encoding="utf-8")
    (tmp_path / "README.md").write_text("| 文件 | 内容 |\n| `01-a.txt` | 话费投诉，呼入。 |\n", encoding="utf-8")
    assert list(example_files(tmp_path)) == ["话费投诉", "02-b"]
    assert example_files(tmp_path / "没有") == {}


def test_marks_overlap_by_the_gravest_and_count_code_points() -> None:
    text = "😀<b>等着</b>"
    found = (_finding("warning", (1, 6)), _finding("error", (4, 6)))
    assert highlighted(text, found) == (
        '😀<mark class="warning">&lt;b&gt;</mark><mark class="error" data-n="1、2">等着</mark>&lt;/b&gt;'
    )


def test_a_finding_about_the_whole_line_marks_it_lightly() -> None:
    assert highlighted("您好", (_finding("info", (0, 2)),)) == '<mark class="info whole" data-n="1">您好</mark>'


def test_a_change_is_marked_in_whole_words_and_slots() -> None:
    assert change("你等一下", "您等一下，大约【时长】") == (
        '<del>你</del><ins>您</ins>等一下<ins>，大约<span class="ss-slot">【时长】</span></ins>'
    )
    assert change("<i>", "好") == "<del>&lt;i&gt;</del><ins>好</ins>"


def test_a_slot_filled_with_blanks_or_a_slot_is_missing() -> None:
    assert missing(("时限", "部门", "事项"), {"时限": " ", "部门": "【部门】", "事项": "话费"}) == ("时限", "部门")


def test_filling_keeps_places_and_says_no_ending_twice() -> None:
    filled = fill("请在【时限】内等【人】，【时限】内。", {"时限": "三天内", "人": "我"})
    assert filled.text == "请在三天内等我，三天内。"
    assert [filled.text[slice(*span)] for span in filled.spans] == ["三天", "我", "三天"]


def test_what_the_agent_fills_in_is_no_invention_but_a_promise_is(coach: Coach) -> None:
    call = parse_text(CALL)
    rewrite = rewrite_line(coach, call, 3)
    assert rewrite.rewrite is not None
    good = fill(rewrite.rewrite, dict.fromkeys(rewrite.verdict.slots, "3分钟"))
    bad = fill(rewrite.rewrite, dict.fromkeys(rewrite.verdict.slots, "全额退款"))
    assert objections(coach, call, rewrite, good) == ()
    assert any("退款" in reason for reason in objections(coach, call, rewrite, bad))


def test_a_long_call_shows_its_first_lines_and_says_so(coach: Coach) -> None:
    lines = SHOWN_LINES + 10
    reviewed = review(coach, parse_text("\n".join(["坐席：好的。", "客户：嗯。"] * (lines // 2))))
    shown = cards(reviewed)
    assert f'id="ss-line-{SHOWN_LINES}"' in shown
    assert f'id="ss-line-{SHOWN_LINES + 1}"' not in shown
    assert "其余 10 行" in shown
    assert reviewed.rewrites == {}


def test_reports_hold_the_whole_call_and_its_rewrites(coach: Coach, tmp_path: Path) -> None:
    reviewed = review(coach, parse_text(CALL))
    markdown, data = ReportFiles(tmp_path).write(reviewed)
    assert "等着啊" in markdown.read_text(encoding="utf-8")
    report = json.loads(data.read_text(encoding="utf-8"))
    assert report["schema_version"] == 1
    assert 3 in [rewrite["line"] for rewrite in report["rewrites"]]


def test_a_summary_escapes_the_files_name(coach: Coach) -> None:
    assert "<img" not in summary(review(coach, parse_text(CALL)), "<img>.txt", "通用规范")


def test_an_expected_error_is_told_beside_its_field_and_an_unexpected_one_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @guarded("main", lambda: {"box": "hidden"}, {"铃响次数": "rings"})
    def handler(error: Exception) -> Updates:
        raise error

    assert "&lt;b&gt;" in handler(InputError("<b>"))["main"]
    assert set(handler(InputError("不对", where="铃响次数"))) == {"box", "rings"}
    assert "客户的话" not in handler(ValueError("客户的话"))["main"]
    assert "ValueError" in caplog.text
    assert "客户的话" not in caplog.text


def test_the_command_lines_options_are_named_as_fields() -> None:
    assert for_browser("如有误请用 --agent 指定") == "如有误请用“坐席标签”指定"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.com"])
def test_another_host_is_refused(coach: Coach, host: str) -> None:
    with pytest.raises(InputError, match="账号") as caught:
        serve(coach, host, 7860)
    assert caught.value.where == "--host"


def test_a_taken_port_is_named(coach: Coach) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"端口 {port} 已被") as caught:
            serve(coach, "127.0.0.1", port)
    assert "--port" in str(caught.value)


@pytest.mark.parametrize("port", [0, -1, 70000])
def test_an_impossible_port_is_refused(coach: Coach, port: int) -> None:
    with pytest.raises(InputError, match="端口"):
        serve(coach, "localhost", port)


def test_the_page_is_chinese_and_may_fetch_from_here_only() -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        body = b'<html lang="en"><head></head></html>'
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"36")]})
        await send({"type": "http.response.body", "body": body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": body[9:]})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    def ask() -> None:
        with asyncio.Runner() as loop:  # closes its loop, which asyncio.run no longer does once Inspect AI has run here
            loop.run(PageShell(page)({"type": "http", "path": "/", "method": "GET", "headers": []}, receive, send))

    with ThreadPoolExecutor() as thread:  # Playwright's loop runs in this one
        thread.submit(ask).result()
    headers = dict(sent[0]["headers"])
    assert b'lang="zh-CN"' in sent[1]["body"]
    assert headers[b"content-length"] == str(len(sent[1]["body"])).encode()
    assert b"connect-src 'self'" in headers[b"content-security-policy"]
