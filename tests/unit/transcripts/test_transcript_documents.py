"""Calls in Word documents: labelled paragraphs or tables, as Word shows them, and what isn't read is named."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from coach.errors import TranscriptError
from coach.transcripts import Transcript, Turn, read_transcripts

HEADER = ("角色", "内容", "开始", "结束")


def saved(document: Document) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def paragraphs(*texts: str) -> Document:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return document


def add_table(document: Document, *rows: Sequence[str]) -> None:
    table = document.add_table(len(rows), max(len(row) for row in rows))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text


def read(document: Document) -> Transcript:
    (call,) = read_transcripts(saved(document), name="call.docx")
    return call


def refused(document: Document) -> TranscriptError:
    with pytest.raises(TranscriptError) as caught:
        read(document)
    assert caught.value.hint
    return caught.value


def said(call: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in call.turns]


def test_labelled_paragraphs_and_lines_in_them_are_turns() -> None:
    call = read(paragraphs("坐席：您好，请讲", "", "[00:05] 客户：我的宽带断了😡\n坐席：您别急", "我来查"))
    assert said(call) == [("agent", "您好，请讲"), ("customer", "我的宽带断了😡"), ("agent", "您别急\n我来查")]
    assert call.turns[1].start == 5.0
    assert call.notes == ()


def test_unknown_speakers_in_paragraphs_are_guessed() -> None:
    call = read(paragraphs("说话人1：我要投诉", "说话人2：您好，请问有什么可以帮您？"))
    assert [turn.speaker for turn in call.turns] == ["customer", "agent"]
    assert "说话人2 是坐席" in call.notes[0]


def test_titles_are_left_out_and_noted() -> None:
    document = docx.Document()
    document.add_heading("通话记录", level=1)
    document.add_paragraph("二〇二六年十一月").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("坐席：您好")
    document.add_heading("第二段", level=2)
    document.add_paragraph("客户：你好")
    call = read(document)
    assert said(call) == [("agent", "您好"), ("customer", "你好")]
    assert call.notes == ("3 段标题没有读，第一段是：“通话记录”",)


def test_what_would_be_a_title_is_read_where_there_is_nothing_else() -> None:
    document = docx.Document()
    document.add_heading("您好，请讲", level=1)
    assert said(read(document)) == [("agent", "您好，请讲")]


def test_a_table_is_a_call_and_the_text_around_it_is_named() -> None:
    document = paragraphs("客户：张女士")
    add_table(document, HEADER, ("坐席", "您好", "00:01", "2.5"), ("客户", "两\n行😡", "", ""))
    call = read(document)
    assert call.turns == (Turn("agent", "您好", 1.0, 2.5), Turn("customer", "两\n行😡"))
    assert call.notes == ("表格以外的 1 段文字没有读，第一段是：“客户：张女士”",)


def test_each_table_with_the_columns_is_a_call() -> None:
    document = docx.Document()
    add_table(document, ("日期", "班次"), ("11 月", "早"))
    add_table(document, HEADER, ("坐席", "您好"))
    add_table(document, ("内容", "角色"), ("喂", "客服"), ("好", "用户"))
    first, second = read_transcripts(saved(document), name="calls.docx")
    assert (said(first), said(second)) == ([("agent", "您好")], [("agent", "喂"), ("customer", "好")])
    assert first.notes == ("1 个表格没有“说话人”和“内容”列，没有读", "2 个表格各算一通电话")


def test_revised_text_is_read_as_if_accepted() -> None:
    document = paragraphs("坐席：")
    runs = (
        '<w:ins {0} w:id="1" w:author="a"><w:r><w:t>您好</w:t></w:r></w:ins>',
        ('<w:del {0} w:id="2" w:author="a"><w:r><w:delText>喂</w:delText></w:r></w:del>'),
    )
    for run in runs:
        document.paragraphs[0]._p.append(parse_xml(run.format(nsdecls("w"))))
    assert said(read(document)) == [("agent", "您好")]


def test_a_text_box_that_is_not_read_is_noted() -> None:
    document = paragraphs("坐席：您好")
    box = "<w:r {0}><w:pict><w:txbxContent><w:p><w:r><w:t>旁注</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    document.paragraphs[0]._p.append(parse_xml(box.format(nsdecls("w"))))
    call = read(document)
    assert said(call) == [("agent", "您好")]
    assert call.notes == ("文本框和套在表格里的表格没有读",)


def test_a_fault_in_a_table_is_told_with_its_row() -> None:
    document = docx.Document()
    add_table(document, HEADER, ("坐席", "您好"), ("客户", ""))
    assert str(refused(document)).startswith("call.docx 表格 第 3 行：没有说话内容")


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (docx.Document(), "文档里没有文字"),
        (paragraphs("会议纪要", "坐席：您好"), "开头看不出是谁说的：“会议纪要”"),
        (paragraphs("[00:75] 坐席：您好"), "时间 [00:75] 不对"),
    ],
    ids=["empty", "no-label", "time"],
)
def test_a_document_without_a_call_is_refused(document: Document, what: str) -> None:
    assert what in refused(document).what


def test_a_document_with_nothing_but_another_table_names_what_it_lacks() -> None:
    document = docx.Document()
    add_table(document, ("坐席", "您好"), ("客户", "你好"))
    assert "缺少“说话人”和“内容”列" in refused(document).what


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (saved(paragraphs("坐席：您好"))[:-100], "文件坏了或不完整"),
        ("坐席：您好".encode(), "内容不是 docx 格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
    ],
    ids=["cut", "text", "locked"],
)
def test_a_document_that_cannot_be_opened_says_why(data: bytes, what: str) -> None:
    with pytest.raises(TranscriptError, match=what):
        read_transcripts(data, name="bad.docx")
