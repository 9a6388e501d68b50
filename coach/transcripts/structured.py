"""Calls as JSON (one call, or one turn) and as JSONL (one call, or one turn, a line). The shape itself is in `schema`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NoReturn

from pydantic import ValidationError

from coach.errors import TranscriptError
from coach.transcripts.meta import fill_meta
from coach.transcripts.model import CallMeta, Transcript, Turn
from coach.transcripts.schema import CallRecord, MetaRecord, TurnRecord, explain

__all__ = ["from_dict", "parse_json", "parse_jsonl"]

_SHAPE = '一通电话写成 {"turns": [{"speaker": "agent", "text": "您好"}]}'


class _NotJsonError(ValueError):
    """Text that isn't JSON: a reason in Chinese, with a place where there is one."""


def parse_json(text: str, *, name: str) -> Transcript:
    """The one call in `text`.

    Raises:
        TranscriptError: `text` isn't JSON, or isn't a call.
    """
    try:
        value = _load(text)
    except _NotJsonError as error:
        raise TranscriptError(f"不是完整的 JSON：{error}", where=name, hint=_SHAPE) from error
    return from_dict(value, where=name)


def parse_jsonl(lines: Iterable[str], *, name: str) -> Iterator[Transcript]:
    """The calls in `lines`, one a line, each read when it is asked for; or their only call, one turn a line.

    Raises:
        TranscriptError: A line isn't JSON, isn't a call or a turn, or the lines are of both sorts.
    """
    items = _values(lines, name)
    first = next(items, None)
    if first is None:
        raise TranscriptError("没有通话内容", where=name, hint=f"每行写一通电话或一轮话；{_SHAPE}")
    turns = _is_turn(first[1])
    alike = _alike(chain((first,), items), turns)
    if turns:
        yield _transcript([_turn(value, where) for where, value in alike])
        return
    for where, value in alike:
        yield from_dict(value, where=where)


def _alike(items: Iterable[tuple[str, object]], turns: bool) -> Iterator[tuple[str, object]]:
    """`items` as long as they are all `turns`, or all calls."""
    for where, value in items:
        if _is_turn(value) != turns:
            one, other = ("一轮话", "一通电话") if turns else ("一通电话", "一轮话")
            raise TranscriptError(f"前面每行是{one}，这一行却是{other}", where=where, hint="请分成两个文件")
        yield where, value


def from_dict(value: object, *, where: str) -> Transcript:
    """The call, or the lone turn, that `value` (parsed JSON) describes.

    Raises:
        TranscriptError: It describes neither; the message names `where` and the field.
    """
    if _is_turn(value):
        return _transcript([_turn(value, where)])
    if not isinstance(value, dict):
        raise TranscriptError("最外层应是一个对象 {…}", where=where, hint=_SHAPE)
    try:
        record = CallRecord.model_validate(value)
    except ValidationError as error:
        raise TranscriptError(explain(error, CallRecord), where=where, hint=_hint(value, CallRecord)) from error
    return _transcript(record.turns, record.meta, record.line)


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and "turns" not in value and bool({"speaker", "text"} & value.keys())


def _turn(value: object, where: str) -> TurnRecord:
    try:
        return TurnRecord.model_validate(value)
    except ValidationError as error:
        hint = _hint(value if isinstance(value, dict) else {}, TurnRecord)
        raise TranscriptError(explain(error, TurnRecord), where=where, hint=hint) from error


def _hint(value: Mapping[str, object], record: type[CallRecord] | type[TurnRecord]) -> str:
    """How to put it right, where what fails is the fields themselves."""
    known = record.model_fields.keys()
    if record is CallRecord and "turns" not in value:
        return _SHAPE
    return f"可用的字段：{'、'.join(known)}" if value.keys() - known else ""


def _transcript(turns: Sequence[TurnRecord], meta: MetaRecord | None = None, line: int | None = None) -> Transcript:
    said = tuple(Turn(turn.speaker, turn.text, turn.start, turn.end) for turn in turns)
    if meta is None:
        return Transcript(said, fill_meta(len(said)), line=line)
    known = CallMeta(
        direction=meta.direction,
        rings=meta.rings,
        hangup=meta.hangup,
        started_at=meta.started_at,
        scenario=meta.scenario,
    )
    filled = fill_meta(len(said), known, excerpt=meta.excerpt, from_start=meta.from_start)
    return Transcript(said, filled, line=line)


def _values(lines: Iterable[str], name: str) -> Iterator[tuple[str, object]]:
    """Each line's value and its place, blank lines left out."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{name} 第 {number} 行"
        try:
            yield where, _load(line)
        except _NotJsonError as error:
            raise TranscriptError(f"不是完整的 JSON：{error}", where=where, hint=f"每行一个对象；{_SHAPE}") from error


def _load(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise _NotJsonError(f"第 {error.lineno} 行第 {error.colno} 个字符起是多出来的内容") from error
        raise _NotJsonError(f"第 {error.lineno} 行第 {error.colno} 个字符附近写法有误") from error
    except RecursionError as error:
        raise _NotJsonError("括号嵌套太深") from error
    except _NotJsonError:
        raise
    except ValueError as error:
        raise _NotJsonError("有一个数字太长") from error


def _refuse_constant(constant: str) -> NoReturn:
    raise _NotJsonError(f"{constant} 不是数字")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        again = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _NotJsonError(f"字段 {again[:30]!r} 写了两次")
    return value
