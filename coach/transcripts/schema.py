"""The shape of a call in JSON, and what to tell the user where something doesn't fit it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import regex
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

__all__ = ["CallRecord", "MetaRecord", "TurnRecord", "explain"]

_WEEK = 7 * 24 * 3600
_OURS = "sansheng"
_ISO = regex.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?", regex.ASCII)


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError(_OURS, "{message}", {"message": message})


def _said(text: str) -> str:
    if not text.strip():
        raise _wrong("是空的，请补上内容或删去")
    if "\0" in text:
        raise _wrong("里有空字符（NUL），请去掉")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise _wrong("里有不成字的代码（半个代理对），请去掉")
    return text


def _moment(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str) or _ISO.fullmatch(value) is None:
        raise _wrong("不是日期加时间，请写成 2026-11-21T12:05 这样")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise _wrong("不是真实的日期或时间，请写成 2026-11-21T12:05 这样") from error


_Text = Annotated[str, AfterValidator(_said)]
_Seconds = Annotated[float, Field(ge=0, le=_WEEK, allow_inf_nan=False)]
_Moment = Annotated[datetime, BeforeValidator(_moment)]
_Who = Literal["agent", "customer"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TurnRecord(_Record):
    """One turn; times in seconds from the start of the call."""

    speaker: _Who
    text: _Text
    start: _Seconds | None = None
    end: _Seconds | None = None

    @model_validator(mode="after")
    def _in_order(self) -> TurnRecord:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise _wrong("的 end 早于 start，请核对（单位是秒）")
        return self


class MetaRecord(_Record):
    """What is known about the call; None where the source doesn't say."""

    direction: Literal["inbound", "outbound"] | None = None
    rings: Annotated[int, Field(ge=0, le=1000)] | None = None
    hangup: _Who | None = None
    started_at: _Moment | None = None
    excerpt: bool | None = None
    from_start: bool | None = None
    scenario: _Text | None = None


class CallRecord(_Record):
    """One call; `line` is what a request is about, `id` is the sender's own and isn't kept."""

    turns: Annotated[list[TurnRecord], Field(min_length=1)]
    meta: MetaRecord | None = None
    line: Annotated[int, Field(ge=1)] | None = None
    id: str | None = None

    @model_validator(mode="after")
    def _line_exists(self) -> CallRecord:
        if self.line is not None and self.line > len(self.turns):
            raise _wrong(f"的 line 是 {self.line}，可是通话只有 {len(self.turns)} 轮")
        return self


_SAYS = {
    "missing": "没有写，请补上",
    "string_type": "应是文字（加引号）",
    "float_type": "应是数字，单位是秒",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "bool_type": "应是 true 或 false",
    "list_type": "应是列表 […]",
    "model_type": "应是对象 {…}",
    "model_attributes_type": "应是对象 {…}",
    "dict_type": "应是对象 {…}",
    "too_short": "是空的，至少要有一轮",
    "finite_number": "应是普通的数字",
}


def explain(error: ValidationError, record: type[BaseModel]) -> str:
    """One line of Chinese: which field, what is wrong with it, and how many more there are."""
    errors = error.errors(include_url=False, include_input=False)
    more = f"（另有 {len(errors) - 1} 处）" if len(errors) > 1 else ""
    return f"{_place(errors[0], record)}{_fault(errors[0])}{more}"


def _place(error: ErrorDetails, record: type[BaseModel]) -> str:
    parts = error["loc"]
    if parts and parts[0] == "turns" and len(parts) > 1:
        turn = f"第 {int(parts[1]) + 1} 轮"
        return f"{turn}的 {_field(parts[2])} " if len(parts) > 2 else turn
    if not parts:
        return "这一轮" if record is TurnRecord else "通话"
    return f"{'.'.join(_field(part) for part in parts)} "


def _field(part: int | str) -> str:
    text = "".join(char if char.isprintable() else "?" for char in str(part))
    return text if len(text) <= 30 else f"{text[:30]}…"


def _fault(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == _OURS:
        return error["msg"]
    if kind == "extra_forbidden":
        return "是不认识的字段，请删去或改名"
    if kind == "literal_error":
        return f"只能是 {str(context.get('expected', '')).replace(chr(39), '').replace(' or ', ' 或 ')}"
    if kind == "greater_than_equal":
        return f"不能小于 {context['ge']:g}"
    if kind == "less_than_equal":
        return f"不能大于 {context['le']:g}" + ("（单位是秒）" if context["le"] == _WEEK else "")
    return _SAYS.get(kind, "的值不对")
