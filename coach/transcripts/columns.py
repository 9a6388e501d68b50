"""Which row of a table names its columns, and which column is which. Reading the rows under it is left to `tables`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

import regex

from coach.text import simplify
from coach.transcripts.decode import INVISIBLE

__all__ = [
    "COLUMN_NAMES",
    "Cells",
    "Column",
    "Header",
    "cell_text",
    "find_header",
    "has_header",
    "is_filled",
    "lacking",
]

Cells = Sequence[object]
Column = Literal["speaker", "text", "start", "end", "call"]

COLUMN_NAMES: Mapping[Column, str] = {
    "speaker": "说话人",
    "text": "内容",
    "start": "开始",
    "end": "结束",
    "call": "通话编号",
}
# The first name found counts: 角色 tells agent from customer where 发言人 may be anyone's name.
_KNOWN: Mapping[Column, tuple[str, ...]] = {
    "speaker": ("角色", "role", "说话人角色", "说话人", "speaker", "发言人", "发言者", "说话者", "讲话人"),
    "text": ("text", "内容", "文本", "话术", "说话内容", "对话内容", "通话内容", "发言内容", "转写文本", "content"),
    "start": ("start", "开始", "开始时间", "起始时间", "起始", "starttime", "begin", "begintime"),
    "end": ("end", "结束", "结束时间", "终止时间", "终止", "endtime"),
    "call": ("call", "通话", "通话编号", "通话id", "通话号", "callid", "会话编号", "会话id", "录音编号"),
}
_NEEDED: tuple[Column, ...] = ("speaker", "text")
_UNIT = regex.compile(r"\((?:秒|s|sec|seconds)\)$")
_WITHIN = 10  # rows with something in them, from the top


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns.

    Attributes:
        number: Its number, from 1.
        width: How many cells it has.
        columns: Each known column's 0-based place.
        notes: What wasn't read because of it, in Chinese.
    """

    number: int
    width: int
    columns: Mapping[Column, int]
    notes: tuple[str, ...]


def find_header(rows: Sequence[Cells]) -> Header | None:
    """The first of the top rows that names a column of speakers and one of what they say."""
    above = 0
    for number, row in enumerate(rows, start=1):
        if not is_filled(row):
            continue
        columns, notes = _columns(row)
        if all(column in columns for column in _NEEDED):
            skipped = (f"表头上面的 {above} 行没有读",) if above else ()
            return Header(number, len(row), columns, (*skipped, *notes))
        above += 1
        if above == _WITHIN:
            break
    return None


def has_header(rows: Sequence[Cells]) -> bool:
    """Whether one of the top rows names a column of speakers and one of what they say."""
    return find_header(rows) is not None


def lacking(rows: Sequence[Cells]) -> tuple[int, Cells, tuple[str, ...]] | None:
    """The top row most like a header, by number, and the names of the columns it lacks; None where every row is blank."""
    filled = [(number, row) for number, row in enumerate(rows, start=1) if is_filled(row)][:_WITHIN]
    if not filled:
        return None
    number, row = max(filled, key=lambda item: len(_columns(item[1])[0]))
    columns, _ = _columns(row)
    return number, row, tuple(COLUMN_NAMES[column] for column in _NEEDED if column not in columns)


def _columns(row: Cells) -> tuple[dict[Column, int], list[str]]:
    """Each known column's place, and a note for every other column that could have been meant."""
    names = [_key(cell) for cell in row]
    columns: dict[Column, int] = {}
    notes = []
    for column, known in _KNOWN.items():
        found = sorted((known.index(name), i) for i, name in enumerate(names) if name in known)
        if found:
            columns[column] = found[0][1]
            used, *others = (cell_text(row[i]) for _, i in found)
            notes += [f"“{COLUMN_NAMES[column]}”用的是“{used}”列，“{other}”列没有读" for other in others]
    return columns, notes


def _key(cell: object) -> str:
    """What the spellings of a column's name share: Start time, start_time and 开始时间（秒）."""
    if not isinstance(cell, str):
        return ""
    folded = simplify(unicodedata.normalize("NFKC", cell)).casefold().strip(INVISIBLE)
    return _UNIT.sub("", regex.sub(r"[\s_\-*:]", "", folded))


def is_filled(row: Cells) -> bool:
    """Whether any cell holds something."""
    return any(cell_text(cell) for cell in row)


def cell_text(value: object) -> str:
    """What a cell says, without blanks around it; whole numbers as such."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, time, timedelta)):
        return str(value)
    return str(value).strip(INVISIBLE)
