"""A scored call as a Word document. Imported where it is used: the library it needs takes a moment to load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from coach.critique import Finding
from coach.reports.plain import SPEAKER_NAMES
from coach.reports.printable import printable
from coach.reports.scorecard import STATUS_NAMES, ScoredCall
from coach.scoring import Checked

__all__ = ["scorecard_docx"]

_FONT = "Microsoft YaHei"
_TABLE = "Table Grid"
_RED, _GREEN, _GREY = RGBColor(0xB4, 0x23, 0x18), RGBColor(0x1B, 0x7F, 0x3B), RGBColor(0x6B, 0x6B, 0x6B)
_COLOURS = {"passed": _GREEN, "failed": _RED, "not_applicable": _GREY}


def scorecard_docx(scored: ScoredCall) -> bytes:
    """The document's bytes."""
    document = docx.Document()
    _set_font(document)
    document.core_properties.title = "通话成绩单"
    document.core_properties.author = "三声"
    document.add_heading("通话成绩单", level=0)
    _table(document, ("项目", "内容"), scored.summary())
    document.add_heading("五个方面", level=1)
    _table(document, ("方面", "得分"), [(group, str(value)) for group, value in scored.card.groups.items()])
    for warning in scored.critique.warnings:
        _paragraph(document, f"说明：{warning}", colour=_GREY)
    _practice(document, scored)
    document.add_heading("逐项检查", level=1)
    for group in scored.card.groups:
        document.add_heading(printable(group), level=2)
        for checked in scored.card.checks:
            if checked.item.group == group:
                _check(document, scored, checked)
    _replay(document, scored)
    _moods(document, scored)
    document.add_heading("依据的条款", level=1)
    for citation in scored.cited():
        _paragraph(document, f"{citation.clause} {citation.title}", citation.text, style="List Bullet")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_font(document: Document) -> None:
    """A font that has Chinese characters, for Latin and Chinese text."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        font = document.styles[name].font
        font.name = _FONT
        fonts = font.element.rPr.rFonts
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        fonts.set(qn("w:eastAsia"), _FONT)
    document.styles["Normal"].font.size = Pt(10.5)


def _paragraph(
    document: Document, bold: str, text: str = "", *, style: str | None = None, colour: RGBColor | None = None
) -> None:
    paragraph = document.add_paragraph(style=style)
    start = paragraph.add_run(printable(f"{bold}：" if text else bold))
    start.bold = bool(text)
    if colour is not None:
        start.font.color.rgb = colour
    if text:
        paragraph.add_run(printable(text))


def _table(document: Document, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(head), style=_TABLE)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = printable(text)
    document.add_paragraph()


def _practice(document: Document, scored: ScoredCall) -> None:
    if not scored.practice:
        return
    document.add_heading("接下来练什么", level=1)
    for one in scored.practice:
        drill = scored.to_practise_with(one)
        with_ = f"练这一通：{drill}。" if drill else ""
        clauses = "、".join(f"{c.clause} {c.title}" for c in one.citations)
        _paragraph(document, one.checked.item.title, f"{one.advice}{with_}依据 {clauses}。", style="List Number")


def _check(document: Document, scored: ScoredCall, checked: Checked) -> None:
    item = checked.item
    clauses = "、".join(c.clause for c in checked.citations)
    fatal = "，要害项" if item.fatal else ""
    _paragraph(
        document,
        f"{STATUS_NAMES[checked.status]}　{item.title}",
        f"{item.weight:g} 分{fatal}；依据 {clauses}。{checked.why}",
        style="List Bullet",
        colour=_COLOURS[checked.status],
    )
    for where, said in scored.evidence(checked):
        _paragraph(document, f"{where} {said}", style="List Bullet 2")


def _replay(document: Document, scored: ScoredCall) -> None:
    document.add_heading("逐句回放", level=1)
    for no, turn in enumerate(scored.critique.transcript.turns, start=1):
        _paragraph(document, f"{no}. {SPEAKER_NAMES[turn.speaker]}", turn.text)
        _findings(document, scored, scored.critique.of_line(no))
        if rewritten := scored.rewritten(no):
            _paragraph(document, "改写", rewritten, style="List Bullet", colour=_GREEN)
    if scored.whole():
        _paragraph(document, "整通电话", "下面几项说的是整通电话。")
        _findings(document, scored, scored.whole())


def _findings(document: Document, scored: ScoredCall, findings: Iterable[Finding]) -> None:
    for finding in findings:
        clauses = "、".join(c.clause for c in finding.citations)
        _paragraph(document, f"{scored.told(finding)}依据 {clauses}。", style="List Bullet", colour=_RED)


def _moods(document: Document, scored: ScoredCall) -> None:
    moods = scored.card.played.moods
    if not moods:
        return
    document.add_heading("客户的情绪", level=1)
    document.add_paragraph("情绪 0 是平静，10 是暴怒。")
    rows = [(str(m.line), f"{m.emotion:g}", f"{m.trust:g}", f"{m.patience:g}") for m in moods]
    _table(document, ("第几行之后", "情绪", "信任", "耐心"), rows)
