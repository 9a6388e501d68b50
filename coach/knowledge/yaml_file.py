"""YAML files checked against a pydantic model, every fault told with file, line and reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from coach.errors import KnowledgeError

__all__ = ["Strict", "YamlFile", "read_yaml"]

Model = TypeVar("Model", bound=BaseModel)

_REASONS = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的键",
    "string_type": "应当是文字",
    "int_type": "应当是整数",
    "list_type": "应当是列表",
    "tuple_type": "应当是列表",
    "dict_type": "应当是键值表",
    "bool_type": "应当是 true 或 false",
    "float_type": "应当是数字",
    "literal_error": "不在允许的取值之内",
    "union_tag_invalid": "不认识的种类",
    "union_tag_not_found": "缺少种类（kind）",
    "too_short": "条目太少",
    "string_too_long": "文字太长",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "写法不合要求",
    "too_long": "条目太多",
    "model_type": "应当是键值表",
}


class Strict(BaseModel):
    """Base of every model read from a file: unknown keys refused, values frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class YamlFile:
    """A parsed YAML file: its plain data, and the line each part of it stands on.

    Attributes:
        path: Where it was read from.
        data: The parsed content.
    """

    def __init__(self, path: Path, node: yaml.Node, data: Any) -> None:  # noqa: ANN401 (YAML holds anything)
        self.path = path
        self.data = data
        self._node = node

    def line(self, *keys: str | int) -> int:
        """1-based line of the part reached by `keys`; of its nearest existing parent where it isn't there."""
        node = self._node
        for key in keys:
            child = _child(node, key)
            if child is None:
                break
            node = child
        return int(node.start_mark.line) + 1

    def error(self, reason: str, *keys: str | int, hint: str = "") -> KnowledgeError:
        """The error to raise for a fault at `keys`."""
        return KnowledgeError(reason, where=f"{self.path.name} 第 {self.line(*keys)} 行", hint=hint)

    def validate(self, model: type[Model], data: Any, *at: str | int) -> Model:  # noqa: ANN401
        """`data`, found at `at` in this file, as a `model`; raises KnowledgeError with the line of the first fault."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            keys = [key for key in first["loc"] if isinstance(key, str | int)]
            name = ".".join(str(key) for key in keys) or "内容"
            reason = _REASONS.get(first["type"], str(first["msg"]).removeprefix("Value error, "))
            raise self.error(f"{name}：{reason}", *at, *keys) from error


def _child(node: yaml.Node, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            if key_node.value == str(key):
                return value  # type: ignore[no-any-return]
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key]  # type: ignore[no-any-return]
    return None


def read_yaml(path: Path) -> YamlFile:
    """The YAML file at `path`; raises KnowledgeError where it can't be read, parsed, or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError("读不出这个文件", where=str(path), hint="请确认文件存在，并存为 UTF-8") from error
    loader = _loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise KnowledgeError("文件是空的", where=path.name, hint="请补上内容，或删掉它")
        _refuse_repeated_keys(node, path)
        data = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(
            "不是合法的 YAML", where=f"{path.name} 第 {line} 行", hint="请检查缩进、引号和冒号"
        ) from error
    finally:
        loader.dispose()
    return YamlFile(path, node, data)


def _loader(text: str) -> Any:  # noqa: ANN401 (the C loader has no stubs)
    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return kind(text)


def _refuse_repeated_keys(node: yaml.Node, path: Path) -> None:
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, yaml.SequenceNode):
            stack.extend(current.value)
        elif isinstance(current, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in current.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise KnowledgeError(f"键“{key.value}”重复", where=f"{path.name} 第 {line} 行", hint="请删掉一个")
                seen.add(key.value)
                stack.append(value)
