"""Calls in Word documents: labelled paragraphs, or tables with the columns of a call. What columns mean is told by `tables`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import regex

from coach.errors import TranscriptError
from coach.transcripts.columns import has_header
from coach.transcripts.decode import INVISIBLE
from coach.transcripts.labels import read_label
from coach.transcripts.model import Transcript
from coach.transcripts.packages import readable_package
from coach.transcripts.plain import parse_plain
from coach.transcripts.tables import Table, read_tables

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["parse_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLOCKS = "w:p | w:tbl | w:sdt/w:sdtContent/w:p | w:sdt/w:sdtContent/w:tbl"
_CELL = "w:p | w:sdt/w:sdtContent/w:p"
_BOXES = ".//w:txbxContent//w:t | .//w:tbl//w:tbl//w:t"
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Settings, revised-away text, text boxes (told of apart) and the small signs over a word: none of it is the paragraph's.
_PASSED_OVER = {f"{_W}{tag}" for tag in ("pPr", "rPr", "del", "moveFrom", "txbxContent", "rt")} | {_FALLBACK}
_TITLE = regex.compile(r"(?:sub)?title|heading|toc|副?标题|目录", regex.IGNORECASE)
_HOW_TO_WRITE = "每段写一轮，开头写明“坐席：”或“客户：”，或者用有“说话人”“内容”两列的表格"


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    title: bool
    centred: bool


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a document holds: its paragraphs outside tables, its tables that aren't empty, and whether it has text aside."""

    paragraphs: Sequence[_Paragraph]
    tables: Sequence[Table]
    aside: bool


def parse_docx(data: bytes, *, name: str, agent_label: str | None = None) -> tuple[Transcript, ...]:
    """The calls in a document: one a table with the columns of a call, or else the one in its paragraphs.

    Raises:
        TranscriptError: The file is damaged, holds no call, or see `tables.read_tables` and `plain.parse_plain`.
    """
    contents = _read(data, name)
    calls = [table for table in contents.tables if has_header(table.rows)]
    others = len(contents.tables) - len(calls)
    notes = []
    if contents.aside:
        notes.append("文本框和套在表格里的表格没有读")
    filled = [paragraph.text for paragraph in contents.paragraphs if paragraph.text.strip(INVISIBLE)]
    if calls or (contents.tables and not filled):
        notes += [f"表格以外的 {len(filled)} 段文字没有读，第一段是：“{_brief(filled[0])}”"] if filled else []
        notes += [f"{others} 个表格没有“说话人”和“内容”列，没有读"] if calls and others else []
        notes += [f"{len(calls)} 个表格各算一通电话"] if len(calls) > 1 else []
        return read_tables(calls or contents.tables[:1], name=name, agent_label=agent_label, notes=notes)
    if not filled:
        raise TranscriptError("文档里没有文字", where=name, hint=_HOW_TO_WRITE)
    notes += [f"{others} 个表格没有“说话人”和“内容”列，没有读"] if others else []
    return (_from_paragraphs(contents.paragraphs, name, agent_label, notes),)


def _from_paragraphs(
    paragraphs: Sequence[_Paragraph], name: str, agent_label: str | None, notes: Sequence[str]
) -> Transcript:
    """The call in the paragraphs; titles are left out, in a way that keeps the count of lines."""
    lines: list[str] = []
    titles: list[str] = []
    for paragraph in paragraphs:
        opening = all(not line for line in lines)
        if (paragraph.title or (paragraph.centred and opening)) and read_label(paragraph.text) is None:
            titles.append(paragraph.text)
            lines += [""] * (paragraph.text.count("\n") + 1)
        else:
            lines += paragraph.text.split("\n")
    if not any(lines):  # a document of nothing else is no title
        titles, lines = [], "\n".join(paragraph.text for paragraph in paragraphs).split("\n")
    said = [title for title in titles if title.strip(INVISIBLE)]
    skipped = (f"{len(said)} 段标题没有读，第一段是：“{_brief(said[0])}”",) if said else ()
    call = parse_plain("\n".join(lines), name=name, agent_label=agent_label)
    return replace(call, notes=(*notes, *skipped, *call.notes))


def _read(data: bytes, name: str) -> _Contents:
    import docx

    with readable_package(name):
        document = docx.Document(BytesIO(data))
        body = document.element.body
        titles = {style.style_id for style in document.styles if _TITLE.match(style.name or "")}
        paragraphs, tables = [], []
        for block in body.xpath(_BLOCKS):
            if block.tag == f"{_W}tbl":
                rows = list(_rows(block, document))
                if any(cell.strip(INVISIBLE) for row in rows for cell in row):
                    tables.append(rows)
            else:
                paragraphs.append(_paragraph(block, titles))
        aside = any(text.text and text.text.strip() for text in body.xpath(_BOXES))
    several = len(tables) > 1
    named = [Table(f"{name} 表格 {i}" if several else f"{name} 表格", rows) for i, rows in enumerate(tables, start=1)]
    return _Contents(paragraphs, named, aside)


def _paragraph(element: Any, titles: Collection[str]) -> _Paragraph:  # noqa: ANN401 - lxml's elements have no types
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    return _Paragraph(
        text=_text(element).strip(),
        title=element.style in titles,
        centred=element.alignment == WD_ALIGN_PARAGRAPH.CENTER,
    )


def _rows(element: Any, document: Document) -> Iterator[list[str]]:  # noqa: ANN401 - lxml's elements have no types
    from docx.table import Table as WordTable

    for row in WordTable(element, document).rows:
        before = [""] * row.grid_cols_before
        yield before + ["\n".join(_text(paragraph) for paragraph in cell._tc.xpath(_CELL)) for cell in row.cells]


def _text(element: Any) -> str:  # noqa: ANN401 - lxml's elements have no types
    """The words of `element` as Word shows them with every revision accepted; `Paragraph.text` leaves out revised ones."""
    if element.tag in _PASSED_OVER:
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    return _MARKS.get(element.tag) or "".join(_text(child) for child in element)


def _brief(text: str) -> str:
    flat = " ".join(text[:40].split())
    return flat if len(text) <= 20 else f"{flat[:20]}…"
