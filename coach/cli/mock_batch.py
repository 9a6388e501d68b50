"""What a mock call is asked for with, by options or by a line of a batch; what to tell where such a line doesn't fit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from coach.errors import InputError

if TYPE_CHECKING:
    from coach.roleplay import Level

__all__ = ["Request", "Wanted", "request_of"]

_SHAPE = '一行写一个 {"persona": "…", "scenario": "…", "seed": 1, "agent": ["您好……"]}'
_SAYS = {
    "missing": "没有写",
    "extra_forbidden": "是不认识的字段",
    "string_type": "应是文字（加引号）",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "list_type": "应是列表 […]",
    "too_short": "是空的",
    "literal_error": "应是 easy、normal 或 hard",
    "half_character": "里有不成字的代码（半个代理对）",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call is to be; None leaves it open.

    Attributes:
        persona: Id or Chinese name.
        scenario: Id, title, file, or one or two sentences.
        seed: Decides the words, and who is drawn.
        level: How hard.
    """

    persona: str | None = None
    scenario: str | None = None
    seed: int | None = None
    level: Level | None = None


def _whole(text: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise PydanticCustomError("half_character", "half a surrogate pair")
    return text


_Text = Annotated[str, AfterValidator(_whole)]


class Request(BaseModel):
    """A line of a batch: what is wanted, and the agent's lines; `id`, where there is one, is given back with the answer."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: _Text | int | None = None
    persona: _Text | None = None
    scenario: _Text | None = None
    seed: int | None = None
    level: Literal["easy", "normal", "hard"] | None = None
    agent: list[_Text] = Field(min_length=1)

    def wanted(self, otherwise: Wanted) -> Wanted:
        """What it asks for; what it leaves open is as in `otherwise`."""
        return Wanted(
            self.persona or otherwise.persona,
            self.scenario or otherwise.scenario,
            otherwise.seed if self.seed is None else self.seed,
            self.level or otherwise.level,
        )


def request_of(line: str, where: str) -> Request:
    """The request in a line; raises InputError, naming `where` and the field, where there is none."""
    try:
        value = json.loads(line)
    except (RecursionError, ValueError) as error:
        raise InputError("不是合法的 JSON", where=where, hint=_SHAPE) from error
    if not isinstance(value, dict):
        raise InputError("最外层应是一个对象 {…}", where=where, hint=_SHAPE)
    try:
        request = Request.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        said = _SAYS.get(first["type"], "的值不对")
        raise InputError(f"{_place(first['loc'])} {said}", where=where, hint=_SHAPE) from error
    if not any(text.strip() for text in request.agent):
        raise InputError("agent 里没有坐席的话", where=where, hint=_SHAPE)
    return request


def _place(loc: Sequence[int | str]) -> str:
    key = "".join(char if char.isprintable() else "?" for char in str(loc[0]))[:30]
    at = loc[1] if key == "agent" and len(loc) > 1 else None
    return f"{key} 第 {at + 1} 句" if isinstance(at, int) else key
