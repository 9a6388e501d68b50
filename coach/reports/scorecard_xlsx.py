"""A scored call as an Excel workbook. Imported where it is used: the library it needs takes a moment to load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.chart import LineChart, RadarChart, Reference
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from coach.critique import Finding
from coach.reports.plain import SPEAKER_NAMES
from coach.reports.printable import printable
from coach.reports.scorecard import STATUS_NAMES, ScoredCall

__all__ = ["scorecard_xlsx"]

_MOST = 32_767
"""Characters a cell may hold."""

_FORMULA = ("=", "+", "-", "@", "\t")
"""What a cell begins with that a spreadsheet would compute."""


def scorecard_xlsx(scored: ScoredCall) -> bytes:
    """The workbook's bytes: summary, checks, replay, moods and clauses, a sheet each."""
    book = Workbook()
    book.properties.title, book.properties.creator = "通话成绩单", "三声"
    book.remove(book.worksheets[0])
    _summary(book.create_sheet("概况"), scored)
    _table(book.create_sheet("逐项检查"), _CHECKS, _check_rows(scored), (12, 26, 9, 7, 7, 60, 36, 60))
    _table(book.create_sheet("逐句回放"), _LINES, _line_rows(scored), (7, 9, 60, 60, 50))
    if scored.card.played.moods:
        _moods(book.create_sheet("客户情绪"), scored)
    clauses = [(c.clause, c.title, c.text) for c in scored.cited()]
    _table(book.create_sheet("条款"), ("编号", "标题", "内容"), clauses, (12, 30, 90))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


_CHECKS = ("方面", "项目", "结果", "分值", "要害", "依据的话", "说明", "条款")
_LINES = ("行", "说话人", "原话", "问题", "改写")


def _put(sheet: Worksheet, row: int, column: int, value: str | float) -> None:
    """Writes a cell; text stays text, whatever it begins with."""
    cell = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return
    text = printable(value)
    cell.value = text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if text.startswith(_FORMULA):
        cell.quotePrefix = True


def _table(
    sheet: Worksheet, head: Sequence[str], rows: Iterable[Sequence[str | float]], widths: Sequence[int], first: int = 1
) -> int:
    """Writes a table from row `first` on; gives its last row."""
    for column, text in enumerate(head, start=1):
        _put(sheet, first, column, text)
        sheet.cell(first, column).font = Font(bold=True)
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = max(widths[column - 1], sheet.column_dimensions[letter].width)
    last = first
    for last, row in enumerate(rows, start=first + 1):
        for column, value in enumerate(row, start=1):
            _put(sheet, last, column, value)
    if first == 1:
        sheet.freeze_panes = "A2"
    return last


def _summary(sheet: Worksheet, scored: ScoredCall) -> None:
    last = _table(sheet, ("项目", "内容"), scored.summary(), (16, 60))
    head = last + 2
    last = _table(sheet, ("方面", "得分"), list(scored.card.groups.items()), (16, 60), head)
    chart = RadarChart()
    chart.title = "五个方面"
    chart.add_data(Reference(sheet, min_col=2, min_row=head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 100
    sheet.add_chart(chart, "F2")
    rows = [
        (
            one.checked.item.title,
            one.advice,
            scored.to_practise_with(one),
            "、".join(f"{c.clause} {c.title}" for c in one.citations),
        )
        for one in scored.practice
    ]
    if rows:
        _table(sheet, ("接下来练什么", "怎么做", "练这一通", "条款"), rows, (16, 60, 30, 40), last + 2)


def _check_rows(scored: ScoredCall) -> Iterable[Sequence[str | float]]:
    for checked in scored.card.checks:
        item = checked.item
        yield (
            item.group,
            item.title,
            STATUS_NAMES[checked.status],
            item.weight,
            "是" if item.fatal else "",
            "\n".join(f"{where} {said}" for where, said in scored.evidence(checked)),
            checked.why,
            "\n".join(f"{c.clause} {c.title}：{c.text}" for c in checked.citations),
        )


def _line_rows(scored: ScoredCall) -> Iterable[Sequence[str | float]]:
    for no, turn in enumerate(scored.critique.transcript.turns, start=1):
        found = _told(scored, scored.critique.of_line(no))
        yield no, SPEAKER_NAMES[turn.speaker], turn.text, found, scored.rewritten(no)
    if scored.whole():
        yield "整通", "", "", _told(scored, scored.whole()), ""


def _told(scored: ScoredCall, findings: Iterable[Finding]) -> str:
    return "\n".join(f"{scored.told(f)}依据 {'、'.join(c.clause for c in f.citations)}。" for f in findings)


def _moods(sheet: Worksheet, scored: ScoredCall) -> None:
    rows = [(m.line, m.emotion, m.trust, m.patience) for m in scored.card.played.moods]
    last = _table(sheet, ("第几行之后", "情绪", "信任", "耐心"), rows, (12, 10, 10, 10))
    chart = LineChart()
    chart.title = "客户的情绪"
    chart.add_data(Reference(sheet, min_col=2, max_col=4, min_row=1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 10
    sheet.add_chart(chart, "F2")
