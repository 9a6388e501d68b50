"""Calls in tables: a turn a row, several calls told apart. Which column is which is told by `columns`, cells by the readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from coach.errors import TranscriptError
from coach.transcripts.clock import read_time
from coach.transcripts.columns import COLUMN_NAMES, Cells, Column, Header, cell_text, find_header, is_filled, lacking
from coach.transcripts.model import CallMeta, Transcript
from coach.transcripts.utterances import Utterance, heads_of, to_transcript

__all__ = ["Table", "read_tables"]

_Moment = float | datetime | None

_WEEK = 7 * 24 * 3600
_HOW_TO_WRITE_TIMES = "时间写成秒（12.5）、分:秒 或 时:分:秒"
_HOW_TO_NAME_COLUMNS = "表头要有“说话人”和“内容”两列（或 speaker、text），时间列叫“开始”“结束”"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first being row 1.

    Attributes:
        place: Where the table is: a file's name, or a sheet in it.
        rows: Its cells.
        delimited: Marks part the cells, so that a row longer than the header was cut in the wrong place.
    """

    place: str
    rows: Sequence[Cells]
    delimited: bool = False

    def row(self, number: int) -> str:
        """Where row `number` is."""
        return f"{self.place} 第 {number} 行"


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: who says what, and when."""

    number: int
    speaker: str
    text: str
    start: _Moment
    end: _Moment


def read_tables(
    tables: Sequence[Table], *, name: str, agent_label: str | None = None, notes: Sequence[str] = ()
) -> tuple[Transcript, ...]:
    """The calls in `tables`, at least one: one a table, or as a column of calls tells them apart.

    Times with a date count from the first of their call, which is when it began.

    Args:
        tables: At least one.
        name: The file, for messages.
        agent_label: The agent's label, where the user named it.
        notes: What to tell the user of every call.

    Raises:
        TranscriptError: A column or a row lacks what it needs, or a time can't be; the message names table and row.
    """
    return tuple(call for table in tables for call in _calls(table, name, agent_label, notes))


def _calls(table: Table, name: str, agent_label: str | None, notes: Sequence[str]) -> list[Transcript]:
    header = find_header(table.rows)
    if header is None:
        raise _without_header(table)
    groups = _grouped(table, header)
    if not groups:
        raise TranscriptError("表头下面没有内容", where=table.place, hint="每轮话写一行：说话人、内容")
    calls = []
    for number, rows in groups.items():
        where = f"{name} 通话 {number}" if len(groups) > 1 else name
        call_notes = [f"通话编号：{number}", *notes] if number else notes
        calls.append(_call(rows, table, where, agent_label, (*call_notes, *header.notes)))
    return calls


def _without_header(table: Table) -> TranscriptError:
    best = lacking(table.rows)
    if best is None:
        return TranscriptError("表格是空的", where=table.place, hint=_HOW_TO_NAME_COLUMNS)
    number, row, missing = best
    found = "、".join(_brief(cell_text(cell)) for cell in row if cell_text(cell))
    return TranscriptError(
        f"缺少{'和'.join(f'“{column}”' for column in missing)}列",
        where=table.row(number),
        hint=f"{_HOW_TO_NAME_COLUMNS}；这一行是：{_brief(found, 60)}",
    )


def _grouped(table: Table, header: Header) -> dict[str, list[_Row]]:
    """The rows of each call, by its number; a row without one belongs to the call above it."""
    calls: dict[str, list[_Row]] = {}
    call = ""
    for number, cells in enumerate(table.rows[header.number :], start=header.number + 1):
        if table.delimited and is_filled(cells[header.width :]):
            what = f"这一行有 {len(cells)} 格，表头只有 {header.width} 格"
            raise TranscriptError(what, where=table.row(number), hint="内容里有逗号时，请用双引号把整格括起")
        values = {column: cells[i] if i < len(cells) else None for column, i in header.columns.items()}
        if is_filled(tuple(values.values())):
            call = _on_one_line(values.get("call")) or call
            calls.setdefault(call, []).append(_row(values, number, table))
    if "" in calls and len(calls) > 1:
        raise TranscriptError("没有通话编号", where=table.row(calls[""][0].number), hint="请补上它属于哪一通电话")
    return calls


def _row(values: Mapping[Column, object], number: int, table: Table) -> _Row:
    speaker, text = _on_one_line(values["speaker"]), cell_text(values["text"])
    if not text:
        raise TranscriptError("没有说话内容", where=table.row(number), hint="请补上内容，或删去这一行")
    if not speaker:
        hint = "每行都要写明是谁说的，例如 坐席、客户；合并的单元格请先拆开"
        raise TranscriptError("没有说话人", where=table.row(number), hint=hint)
    start, end = _time("start", values, number, table), _time("end", values, number, table)
    return _Row(number, speaker, text, start, end)


def _time(column: Literal["start", "end"], values: Mapping[Column, object], number: int, table: Table) -> _Moment:
    value = values.get(column)
    try:
        moment = read_time(value)
    except ValueError as error:
        what = f"{COLUMN_NAMES[column]}时间“{_brief(cell_text(value))}”读不懂"
        raise TranscriptError(what, where=table.row(number), hint=_HOW_TO_WRITE_TIMES) from error
    if isinstance(moment, float) and not 0 <= moment <= _WEEK:
        what = f"{COLUMN_NAMES[column]}时间“{_brief(cell_text(value))}”{'小于 0' if moment < 0 else '超过一周'}"
        hint = f"{_HOW_TO_WRITE_TIMES}，从通话开头算起"
        raise TranscriptError(what, where=table.row(number), hint=hint)
    return moment


def _call(rows: Sequence[_Row], table: Table, name: str, agent_label: str | None, notes: Sequence[str]) -> Transcript:
    zero = _zero(rows, table)
    heads = heads_of([row.speaker for row in rows])
    said = []
    for row, head in zip(rows, heads, strict=True):
        start, end = _since(zero, row.start), _since(zero, row.end)
        if start is not None and end is not None and end < start:
            hint = "请核对这两格，看看是不是填反了"
            raise TranscriptError("结束时间早于开始时间", where=table.row(row.number), hint=hint)
        said.append(Utterance(head, row.text, start, end, f"第 {row.number} 行"))
    known = None if zero is None else CallMeta(started_at=zero)
    return to_transcript(said, name=name, agent_label=agent_label, known=known, notes=notes)


def _zero(rows: Sequence[_Row], table: Table) -> datetime | None:
    """The moment the call's times count from, where they are written as dates; None where they are not."""
    moments = [(moment, row.number) for row in rows for moment in (row.start, row.end) if moment is not None]
    dated = [moment for moment, _ in moments if isinstance(moment, datetime)]
    if dated and len(dated) < len(moments):
        first = isinstance(moments[0][0], datetime)
        number = next(number for moment, number in moments if isinstance(moment, datetime) != first)
        what = "同一通电话里，有的时间带日期，有的不带"
        raise TranscriptError(what, where=table.row(number), hint="请统一成一种写法")
    return min(dated, default=None)


def _since(zero: datetime | None, moment: _Moment) -> float | None:
    if isinstance(moment, datetime):
        return None if zero is None else round((moment - zero).total_seconds(), 3)
    return moment


def _on_one_line(value: object) -> str:
    return " ".join(cell_text(value).split())


def _brief(text: str, most: int = 20) -> str:
    flat = " ".join(text[: most * 2].split())
    return flat if len(text) <= most else f"{flat[:most]}…"
