"""Reading `--dismissals`: a list of dismissals, or a saved JSON report whose dismissed findings are taken over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from coach.cli.source import read_input
from coach.critique import PlacedDismissal
from coach.errors import InputError, TranscriptError
from coach.transcripts import MAX_BYTES, decode

__all__ = ["read_dismissals"]

_SHAPE = (
    '写成 [{"rule": "规则编号", "line": 3, "reason": "理由"}]，整通电话的问题 line 写 null；'
    "或者给出 coach critique --format json 存下的报告"
)
_SAYS = {
    "missing": "没有写",
    "extra_forbidden": "是不认识的字段",
    "string_type": "应是文字（加引号）",
    "string_too_short": "是空的",
    "int_type": "应是整数或 null",
    "int_from_float": "应是整数或 null",
    "greater_than_equal": "应从 1 数起",
    "list_type": "应是列表 […]",
    "model_type": "应是对象 {…}",
    "literal_error": "不是这个版本能读的",
}

_Rule = Annotated[str, Field(min_length=1)]
_Line = Annotated[int, Field(ge=1)] | None


class _Listed(BaseModel):
    """One dismissal, as a list has it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rule: _Rule
    line: _Line
    reason: str


class _Dismissed(BaseModel):
    model_config = ConfigDict(strict=True)

    reason: str


class _Reported(BaseModel):
    """One finding of a report, as far as it matters here."""

    model_config = ConfigDict(strict=True)

    rule: _Rule
    line: _Line
    dismissed: _Dismissed | None = None


class _Said(BaseModel):
    model_config = ConfigDict(strict=True)

    no: int
    text: str


class _Report(BaseModel):
    """A report of one call, as far as it matters here."""

    model_config = ConfigDict(strict=True)

    schema_version: Literal[1] = 1
    lines: list[_Said] = []
    findings: list[_Reported]


_LIST = TypeAdapter(list[_Listed])


def read_dismissals(file: str, calls: int) -> tuple[tuple[PlacedDismissal, ...], ...]:
    """The dismissals in `file`, for each of so many `calls` in order.

    A list is about the only call. Reports are as many as there are calls, one a line where there are several.

    Raises:
        InputError: The file can't be read, holds something else, or isn't about so many calls.
    """
    data, name = read_input(file)
    values = _values(_text(data, name), name)
    if len(values) == 1 and isinstance(values[0], list):
        if calls > 1:
            hint = "请给出这几通的 JSON 报告（一行一份），或一通一通地点评"
            raise InputError(f"清单没有说驳回的是 {calls} 通电话里的哪一通", where=name, hint=hint)
        return (_listed(values[0], name),)
    if not all(isinstance(value, dict) and "findings" in value for value in values):
        raise InputError("既不是驳回清单，也不是点评报告", where=name, hint=_SHAPE)
    if len(values) != calls:
        hint = "报告和通话要一一对应"
        raise InputError(f"里面有 {len(values)} 份报告，要点评的却有 {calls} 通电话", where=name, hint=hint)
    return tuple(
        _taken_over(value, name if calls == 1 else f"{name} 第 {number} 份报告")
        for number, value in enumerate(values, start=1)
    )


def _text(data: bytes, name: str) -> str:
    if not data.strip():
        raise InputError("文件是空的", where=name, hint=_SHAPE)
    if len(data) > MAX_BYTES:
        raise InputError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB 的上限", where=name, hint=_SHAPE)
    try:
        return decode(data, name=name)
    except TranscriptError as error:
        raise InputError(error.what, where=name, hint=_SHAPE) from error


def _values(text: str, name: str) -> list[object]:
    """The one JSON value in `text`, or one a line."""
    try:
        return [json.loads(text)]
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise _not_json(f"第 {error.lineno} 行第 {error.colno} 个字符附近", name) from error
    except (RecursionError, ValueError) as error:
        raise _not_json("括号嵌套太深，或数字太长", name) from error
    values: list[object] = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            values += [json.loads(line)] if line.strip() else []
        except (RecursionError, ValueError) as error:
            raise _not_json(f"第 {number} 行", name) from error
    return values


def _not_json(place: str, name: str) -> InputError:
    return InputError(f"不是合法的 JSON（{place}）", where=name, hint=_SHAPE)


def _listed(value: object, name: str) -> tuple[PlacedDismissal, ...]:
    try:
        records = _LIST.validate_python(value)
    except ValidationError as error:
        raise _wrong(error, name) from error
    return tuple(
        PlacedDismissal.of(one.rule, one.line, one.reason, where=f"{name} 第 {number} 项")
        for number, one in enumerate(records, start=1)
    )


def _taken_over(value: object, where: str) -> tuple[PlacedDismissal, ...]:
    try:
        report = _Report.model_validate(value)
    except ValidationError as error:
        raise _wrong(error, where) from error
    said = {line.no: line.text for line in report.lines}
    return tuple(
        PlacedDismissal.of(
            one.rule,
            one.line,
            one.dismissed.reason,
            said=None if one.line is None else said.get(one.line),
            where=f"{where} 第 {number} 个问题",
        )
        for number, one in enumerate(report.findings, start=1)
        if one.dismissed
    )


def _wrong(error: ValidationError, where: str) -> InputError:
    first = error.errors(include_url=False, include_input=False)[0]
    return InputError(f"{_place(first['loc'])}{_SAYS.get(first['type'], '的值不对')}", where=where, hint=_SHAPE)


def _place(loc: Sequence[int | str]) -> str:
    """Where in the file, in words: `第 2 项 reason `, `findings 第 3 项 line `."""
    return "".join(f"第 {part + 1} 项 " if isinstance(part, int) else f"{_shown(part)} " for part in loc)


def _shown(key: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in key)[:30]
