"""A model's words as a checked value: JSON found in them and validated, and what to say where it doesn't fit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from coach.llm.guard import as_data
from coach.llm.prompts import Messages

__all__ = ["as_shape", "schema_format", "with_fault"]

Shape = TypeVar("Shape", bound=BaseModel)
_SHOWN = 600


def schema_format(shape: type[BaseModel]) -> dict[str, Any]:
    """The `response_format` that asks for a `shape`."""
    schema = {"name": shape.__name__.strip("_"), "schema": shape.model_json_schema()}
    return {"type": "json_schema", "json_schema": schema}


def as_shape(text: str, shape: type[Shape]) -> tuple[Shape | None, str]:
    """The first JSON object in `text` that is a `shape`, or None and what was wrong."""
    fault = "没有找到 JSON 对象"
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            value, _ = decoder.raw_decode(text, at)
            return shape.model_validate(value), ""
        except json.JSONDecodeError as error:
            fault = f"JSON 在第 {error.pos} 个字符处断了"
        except RecursionError:
            return None, "JSON 嵌套太深"
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            fault = f"{'.'.join(map(str, first['loc']))}：{first['msg']}"
        except ValueError:  # Python reads no number of thousands of digits
            fault = "数字太长"
        at = text.find("{", at + 1)
    return None, fault


def with_fault(messages: Messages, said: str, fault: str) -> Messages:
    """`messages`, told what was wrong with the answer `said`."""
    told = f"\n\n你上次的回答用不了：{as_data(fault)}。上次的回答：\n{as_data(said[:_SHOWN])}\n\n请只输出一个符合要求的 JSON 对象。"
    return replace(messages, user=messages.user + told)
