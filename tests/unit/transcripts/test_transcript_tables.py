"""Calls in csv and xlsx: columns found by name, times as Excel and people write them, faults told by row."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from coach.errors import TranscriptError
from coach.transcripts import Transcript, Turn, parse_text, read_transcripts

HEADER = ("说话人", "内容", "开始", "结束")


def csv_call(text: str, name: str = "call.csv", agent: str | None = None) -> Transcript:
    (call,) = read_transcripts(text.encode(), name=name, agent_label=agent)
    return call


def xlsx(*rows: Sequence[object], change: Callable[[Worksheet], None] | None = None, **more: list[list[str]]) -> bytes:
    """A workbook of one sheet of `rows`, changed by `change`, and `more` sheets by title."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    for title, cells in more.items():
        other = book.create_sheet(title)
        for line in cells:
            other.append(line)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def xlsx_call(*rows: Sequence[object], change: Callable[[Worksheet], None] | None = None) -> Transcript:
    (call,) = read_transcripts(xlsx(*rows, change=change), name="call.xlsx")
    return call


def said(call: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in call.turns]


def refused(data: str | bytes, name: str) -> TranscriptError:
    with pytest.raises(TranscriptError) as caught:
        read_transcripts(data.encode() if isinstance(data, str) else data, name=name)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


@pytest.mark.parametrize("speaker", ["speaker", "说话人", "角色", "发言人", " Speaker ", "說話人", "ＳＰＥＡＫＥＲ"])
@pytest.mark.parametrize("text", ["text", "内容", "文本", "话术", "內容"])
def test_columns_go_by_either_language_and_in_any_order(speaker: str, text: str) -> None:
    call = csv_call(f"备注,{text},{speaker}\n好评,您好,坐席\n,你好,客户\n")
    assert said(call) == [("agent", "您好"), ("customer", "你好")]
    assert call.notes == ()


@pytest.mark.parametrize(
    ("start", "end"), [("start", "end"), ("开始", "结束"), ("开始时间", "结束时间"), ("开始（秒）", "End Time")]
)
def test_times_are_found_by_their_columns_names(start: str, end: str) -> None:
    call = csv_call(f"{end},speaker,{start},text\n3.5,agent,1,您好\n")
    assert call.turns == (Turn("agent", "您好", 1.0, 3.5),)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("12.5", 12.5),
        ("12", 12.0),
        ("12.5秒", 12.5),
        ("01:05", 65.0),
        ("75:10", 4510.0),
        ("01:05.25", 65.25),
        ("1:02:03", 3723.0),
        ("01:02:03.456", 3723.456),
        ("０１：０５", 65.0),
        ("", None),
        (" ", None),
    ],
)
def test_times_are_read_as_people_write_them(written: str, seconds: float | None) -> None:
    assert csv_call(f"开始,说话人,内容\n{written},坐席,您好\n").turns[0].start == seconds


def test_times_with_a_date_count_from_the_first_and_say_when_the_call_began() -> None:
    call = csv_call(
        "说话人,内容,开始,结束\n坐席,您好,2026/11/21 9:00:05,2026-11-21 09:00:07.5\n客户,嗯,2026-11-21T09:00:08,\n"
    )
    assert [(turn.start, turn.end) for turn in call.turns] == [(0.0, 2.5), (3.0, None)]
    assert call.meta.started_at == dt.datetime(2026, 11, 21, 9, 0, 5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_is_read_in_every_usual_encoding(encoding: str, line_end: str) -> None:
    data = f"说话人,内容{line_end}坐席,您好{line_end}客户,户名𠮷田{line_end}".encode(encoding)
    (call,) = read_transcripts(data, name="call.csv")
    assert said(call) == [("agent", "您好"), ("customer", "户名𠮷田")]


def test_quoted_commas_quotes_line_breaks_and_emoji_stay_in_their_cell() -> None:
    call = csv_call('说话人,内容,开始\n客户,"我说了,""马上""退\n款😡",1\n坐席,好的,2\n')
    assert said(call) == [("customer", '我说了,"马上"退\n款😡'), ("agent", "好的")]


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_tabs_and_semicolons_part_cells_as_well(mark: str) -> None:
    assert said(csv_call(f"说话人{mark}内容\n坐席{mark}您好，请讲\n")) == [("agent", "您好，请讲")]


def test_a_table_from_a_pipe_or_pasted_is_known_by_its_first_line() -> None:
    text = "speaker,text\nagent,您好\ncustomer,你好\n"
    assert said(csv_call(text, name="标准输入")) == said(parse_text(text)) == [("agent", "您好"), ("customer", "你好")]
    assert said(parse_text("您好，客户，内容")) == [("agent", "您好，客户，内容")]


def test_a_call_column_parts_the_calls_and_is_shown() -> None:
    text = "通话编号,说话人,内容\nA1,说话人1,您好，请问有什么可以帮您\nB2,说话人2,您好，请问有什么可以帮您\n,说话人1,我要投诉\nA1,说话人2,我想退\n"
    first, second = read_transcripts(text.encode(), name="calls.csv")
    assert said(first) == [("agent", "您好，请问有什么可以帮您"), ("customer", "我想退")]
    assert said(second) == [("agent", "您好，请问有什么可以帮您"), ("customer", "我要投诉")]
    assert first.notes == ("通话编号：A1", "按说话内容推断：说话人1 是坐席，如有误请用 --agent 指定")
    assert second.notes[0] == "通话编号：B2"


@pytest.mark.parametrize(
    "labels", [("王芳", "李雷"), ("0", "1"), ("坐席/小王", "客户"), ("A", "B"), ("说话人 1", "说话人2")]
)
def test_unknown_speakers_are_guessed_from_what_they_say_and_shown(labels: tuple[str, str]) -> None:
    agent, customer = labels
    call = csv_call(f"speaker,text\n{agent},您好，请问有什么可以帮您？\n{customer},我要投诉\n{agent},请您稍等\n")
    assert [turn.speaker for turn in call.turns] == ["agent", "customer", "agent"]
    assert agent in call.notes[0]


def test_the_user_may_name_the_agent() -> None:
    call = csv_call("speaker,text\n王芳,您好，请问有什么可以帮您？\n李雷,我要投诉\n", agent="李雷")
    assert [turn.speaker for turn in call.turns] == ["customer", "agent"]


def test_of_two_columns_that_could_be_meant_one_is_read_and_the_other_named() -> None:
    call = csv_call("发言人,角色,内容\n李雷,坐席,您好\n王芳,客户,你好\n")
    assert [turn.speaker for turn in call.turns] == ["agent", "customer"]
    assert call.notes == ("“说话人”用的是“角色”列，“发言人”列没有读",)


def test_a_start_before_the_line_above_is_noted() -> None:
    call = csv_call("说话人,内容,开始\n坐席,您好,5\n客户,你好,3\n")
    assert call.notes == ("第 3 行的开始时间（00:03）比前面的早；顺序仍按文件，请核对",)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("说话人,备注\n坐席,您好\n", "第 1 行", "缺少“内容”列"),
        ("坐席,您好\n客户,你好\n", "第 1 行", "缺少“说话人”和“内容”列"),
        ("说话人,内容\n", "", "表头下面没有内容"),
        ("说话人,内容\n坐席,您好\n客户,\n", "第 3 行", "没有说话内容"),
        ("说话人,内容\n坐席,您好\n,你好\n", "第 3 行", "没有说话人"),
        ("说话人,内容\n坐席,您好,请讲\n", "第 2 行", "这一行有 3 格，表头只有 2 格"),
        ("说话人,内容,开始\n坐席,您好,一会儿\n", "第 2 行", "开始时间“一会儿”读不懂"),
        ("说话人,内容,开始\n坐席,您好,1:75\n", "第 2 行", "开始时间“1:75”读不懂"),
        ("说话人,内容,开始\n坐席,您好,2026-02-30 10:00:00\n", "第 2 行", "读不懂"),
        ("说话人,内容,开始\n坐席,您好,9999999\n", "第 2 行", "超过一周"),
        ("说话人,内容,开始,结束\n坐席,您好,5,4\n", "第 2 行", "结束时间早于开始时间"),
        ("说话人,内容,开始\n坐席,您好,2026-11-21 10:00:00\n客户,好,3\n", "第 3 行", "有的时间带日期"),
        ('说话人,内容\n坐席,您好\n客户,"你好\n坐席,好\n', "第 3 行", "引号没有配对"),
        ('说话人,内容\n坐席,"您好"啊\n', "第 2 行", "引号没有配对"),
        ("call,说话人,内容\n,坐席,您好\nB,客户,好\n", "第 2 行", "没有通话编号"),
    ],
)
def test_a_fault_in_a_csv_is_told_with_its_row(text: str, where: str, what: str) -> None:
    error = refused(text, "bad.csv")
    assert error.where == f"bad.csv {where}".strip()
    assert what in error.what
    assert error.hint


def test_rows_are_counted_as_excel_counts_them() -> None:
    assert refused('说话人,内容\n\n坐席,"两\n行"\n客户,\n', "bad.csv").where == "bad.csv 第 4 行"


def test_excel_times_lengths_and_numbers_are_seconds() -> None:
    call = xlsx_call(
        HEADER,
        ("坐席", "您好", dt.time(0, 0, 12, 500000), dt.timedelta(seconds=14)),
        ("客户", 10086.0, "00:01:05.250", 70.5),
        ("坐席", "好的", dt.timedelta(hours=30), None),
    )
    assert call.turns == (
        Turn("agent", "您好", 12.5, 14.0),
        Turn("customer", "10086", 65.25, 70.5),
        Turn("agent", "好的", 108000.0),
    )


def test_an_excel_time_shown_without_seconds_is_read_as_it_is_shown() -> None:
    def shown_without_seconds(sheet: Worksheet) -> None:
        sheet["C2"].number_format = "h:mm"

    assert xlsx_call(HEADER, ("坐席", "您好", dt.time(1, 5)), change=shown_without_seconds).turns[0].start == 65.0


def test_excel_dates_say_when_the_call_began() -> None:
    began = dt.datetime(2026, 11, 21, 12, 5)
    call = xlsx_call(HEADER, ("坐席", "您好", began), ("客户", "你好", began + dt.timedelta(seconds=4)))
    assert [turn.start for turn in call.turns] == [0.0, 4.0]
    assert call.meta.started_at == began


def test_a_title_above_the_header_is_passed_over_and_noted_and_blank_rows_are_nothing() -> None:
    call = xlsx_call(("通话记录",), (), HEADER, ("坐席", "您好😊"), (), ("客户", "两\n行_x000D_\n话"))
    assert said(call) == [("agent", "您好😊"), ("customer", "两\n行\n话")]
    assert call.notes == ("表头上面的 1 行没有读",)


def test_each_sheet_is_a_call_and_one_without_the_columns_is_named() -> None:
    data = xlsx(
        HEADER, ("坐席", "您好"), 说明=[["请勿外传"]], 空表=[], 二=[["角色", "文本"], ["客服", "喂"], ["用户", "好"]]
    )
    first, second = read_transcripts(data, name="calls.xlsx")
    assert (said(first), said(second)) == ([("agent", "您好")], [("agent", "喂"), ("customer", "好")])
    assert "工作表“说明”没有“说话人”和“内容”列，没有读" in first.notes


def test_a_sheet_that_gives_a_wrong_size_is_still_read_whole() -> None:
    data = xlsx(HEADER, ("坐席", "您好"), ("客户", "你好"))
    shrunk = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(shrunk, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, old.read(entry).replace(b'ref="A1:D3"', b'ref="A1"'))
    (call,) = read_transcripts(shrunk.getvalue(), name="call.xlsx")
    assert len(call.turns) == 2


def test_a_workbook_is_known_by_its_content_whatever_its_name() -> None:
    data = xlsx(HEADER, ("坐席", "您好"))
    for name in ("call.csv", "call.xls", "标准输入", "call.XLSX"):
        assert said(read_transcripts(data, name=name)[0]) == [("agent", "您好")]


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        ([], "", "工作表是空的"),
        ([("编号", "备注"), (1, "好")], "第 1 行", "缺少“说话人”和“内容”列"),
        ([HEADER, ("坐席", "您好"), ("客户", None, 3)], "第 3 行", "没有说话内容"),
        ([HEADER, ("坐席", "您好"), (None, "你好")], "第 3 行", "没有说话人"),
        ([HEADER, ("坐席", "您好", -3)], "第 2 行", "小于 0"),
        ([HEADER, ("坐席", "您好", True)], "第 2 行", "读不懂"),
        ([HEADER, ("坐席", "您好", dt.time(0, 0, 5), dt.time(0, 0, 4))], "第 2 行", "结束时间早于开始时间"),
    ],
)
def test_a_fault_in_a_workbook_is_told_with_its_row(rows: list[Sequence[object]], where: str, what: str) -> None:
    error = refused(xlsx(*rows), "bad.xlsx")
    assert error.where == f"bad.xlsx {where}".strip()
    assert what in error.what


def test_among_several_sheets_the_faulty_one_is_named() -> None:
    data = xlsx(HEADER, ("坐席", "您好"), 二月=[["说话人", "内容"], ["坐席"]])
    assert refused(data, "bad.xlsx").where == "bad.xlsx 工作表“二月” 第 2 行"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (xlsx(HEADER, ("坐席", "您好"))[:-100], "文件坏了或不完整"),
        (xlsx(HEADER, ("坐席", "您好"))[:2000], "文件坏了或不完整"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
        (OLE, "旧版 Word 或 Excel"),
        ("<table><tr><td>坐席</td></tr></table>".encode(), "内容不是 xlsx 格式"),
        (b"", "文件是空的"),
    ],
    ids=["cut", "cut-short", "locked", "old", "html", "empty"],
)
def test_a_workbook_that_cannot_be_opened_says_why(data: bytes, what: str) -> None:
    error = refused(data, "bad.xlsx")
    assert what in error.what
    assert error.hint


def test_a_damaged_part_and_an_archive_of_something_else_are_refused() -> None:
    def archive(entry: str) -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as package:
            package.writestr(entry, "<broken")
        return data.getvalue()

    assert "文件坏了" in refused(archive("xl/workbook.xml"), "bad.xlsx").what
    assert "没有 Word 或 Excel 内容" in refused(archive("note.txt"), "bad.xlsx").what
    assert "读不了 .zip 文件" in refused(archive("note.txt"), "bad.zip").what


def test_a_workbook_far_larger_than_its_file_is_refused_before_it_is_read() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package, package.open("xl/workbook.xml", "w") as entry:
        for _ in range(301):
            entry.write(bytes(1024 * 1024))
    assert "文件解开后超过 300 MB" in refused(data.getvalue(), "bomb.xlsx").what
