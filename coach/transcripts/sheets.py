"""Calls in csv and xlsx files: their cells, as tables. What the columns mean is told by `tables`."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time, timedelta
from io import BytesIO
from itertools import count, islice
from typing import Any

import regex

from coach.errors import TranscriptError
from coach.transcripts.columns import has_header
from coach.transcripts.model import Transcript
from coach.transcripts.packages import readable_package
from coach.transcripts.tables import Table, read_tables

__all__ = ["looks_like_csv", "parse_csv", "parse_xlsx"]

_DELIMITERS = ",\t;"
_FIRST_ROWS = 20
_PROBED = 100_000  # characters
_LONGEST_HEADER = 1000
_LITERAL = regex.compile(r'"[^"]*"|\[[^\]]*\]|\\.')  # parts of a number format that stand for themselves
_RETURN = regex.compile(r"_x000[dD]_\n?")


def parse_csv(text: str, *, name: str, agent_label: str | None = None) -> tuple[Transcript, ...]:
    r"""The calls in `text`, whose line ends are `\n`, parted by commas, tabs or semicolons.

    Raises:
        TranscriptError: Quotes don't close, a row has more cells than the header, or see `tables.read_tables`.
    """
    rows = list(_csv_rows(text, _delimiter(text) or ",", name))
    return read_tables([Table(name, rows, delimited=True)], name=name, agent_label=agent_label)


def looks_like_csv(text: str) -> bool:
    """Whether the first line with something in it names the columns of a call."""
    first = text.lstrip().split("\n", 1)[0]
    return len(first) < _LONGEST_HEADER and _delimiter(first) is not None


def _delimiter(text: str) -> str | None:
    """The delimiter under which the first rows have a header."""
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(csv.reader(_lines(text[:_PROBED]), delimiter=delimiter), _FIRST_ROWS))
        except csv.Error:
            continue
        if has_header(rows):
            return delimiter
    return None


def _csv_rows(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    rows = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    for number in count(1):
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise TranscriptError(
                "引号没有配对",
                where=f"{name} 第 {number} 行",
                hint="格子里有逗号、引号或换行时，整格用双引号括起，里面的引号写两遍",
            ) from error
        yield cells


def _lines(text: str) -> Iterator[str]:
    r"""Lines with their `\n`; `str.splitlines` would cut at other characters, too."""
    return (f"{line}\n" for line in text.split("\n"))


def parse_xlsx(data: bytes, *, name: str, agent_label: str | None = None) -> tuple[Transcript, ...]:
    """The calls in a workbook: one a sheet, or as a column of calls tells them apart.

    A sheet without the columns of a call isn't read where another has them, and is named in the notes.

    Raises:
        TranscriptError: The file is damaged, or see `tables.read_tables`.
    """
    sheets = _sheets(data, name)
    filled = {title: rows for title, rows in sheets.items() if any(cell is not None for row in rows for cell in row)}
    if not filled:
        raise TranscriptError(
            "工作表是空的，没有通话内容", where=name, hint="第一行写表头：说话人、内容、开始、结束，下面每轮话一行"
        )
    chosen = {title: rows for title, rows in filled.items() if has_header(rows)}
    left = [f"“{title}”" for title in filled if title not in chosen]
    notes = (f"工作表{'、'.join(left)}没有“说话人”和“内容”列，没有读",) if chosen and left else ()
    several = len(filled) > 1
    tables = [
        Table(f"{name} 工作表“{title}”" if several else name, rows)
        for title, rows in (chosen or dict([next(iter(filled.items()))])).items()
    ]
    if len(tables) > 1:
        notes = (*notes, f"{len(tables)} 个工作表各算一通电话")
    return read_tables(tables, name=name, agent_label=agent_label, notes=notes)


def _sheets(data: bytes, name: str) -> dict[str, list[list[object]]]:
    """Every sheet's cells by its title; what formulas gave is taken as Excel last saw it."""
    from openpyxl import load_workbook

    with readable_package(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions it passes over
        with closing(load_workbook(BytesIO(data), read_only=True, data_only=True)) as book:
            return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Any) -> list[list[object]]:  # noqa: ANN401 - openpyxl's stubs don't know read-only sheets
    sheet.reset_dimensions()  # what a file says about its size is often wrong, and would cut the sheet
    rows = [[_value(cell) for cell in row] for row in sheet.iter_rows()]
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    return rows


def _value(cell: Any) -> object:  # noqa: ANN401 - openpyxl has two kinds of cell
    """What a cell holds; a time shown without seconds is read as it is shown, 00:12 being twelve seconds."""
    value = cell.value
    if isinstance(value, str):
        return _RETURN.sub("\n", value).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, (time, timedelta)) and "s" not in _LITERAL.sub("", cell.number_format or "s").lower():
        length = value if isinstance(value, timedelta) else datetime.combine(datetime.min, value) - datetime.min
        return length / 60
    return value
