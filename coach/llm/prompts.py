"""Prompts are files: front matter, a system part that never changes, and a user part with variables.

The system part comes first and has no variables, so that a service's prompt cache hits. What fills a variable is data: it
goes in between delimiters, made inert. Source: style.md, habit 6.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import regex
import yaml
from pydantic import Field, ValidationError

from coach.errors import KnowledgeError, ModelFailure
from coach.knowledge.yaml_file import Strict
from coach.llm.guard import as_data
from coach.llm.tokens import count_tokens

__all__ = ["Messages", "Prompt", "load_prompt"]

_FILE = regex.compile(r"\A---\n(?P<head>.*?)\n---\n+# 系统\n(?P<system>.*?)\n# 用户\n(?P<user>.*)\Z", regex.DOTALL)
_VARIABLE = regex.compile(r"\{\{(\w+)\}\}")


class _Head(Strict):
    version: int = Field(ge=1)
    variables: tuple[str, ...]
    budget: int = Field(gt=0)
    answer: int = Field(gt=0)


@dataclass(frozen=True, slots=True)
class Messages:
    """A rendered prompt.

    Attributes:
        system: The part that never changes.
        user: The part filled in.
        hash: Of the prompt file, for records.
        most_tokens: What the answer may have.
    """

    system: str
    user: str
    hash: str
    most_tokens: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file.

    Attributes:
        name: File name without ending.
        version: Counts up with every change.
        variables: What rendering needs, no more and no less.
        budget: Tokens the rendered prompt may have.
        answer: Tokens the answer may have.
        system: First part, without variables.
        user: Second part.
        hash: First 16 hexadecimal digits of the file's SHA-256.
    """

    name: str
    version: int
    variables: tuple[str, ...]
    budget: int
    answer: int
    system: str
    user: str
    hash: str

    def render(self, **values: str) -> Messages:
        """The prompt with `values` filled in as data.

        Raises:
            KnowledgeError: A variable is missing or unknown.
            ModelFailure: The whole exceeds the budget (`over_budget`), though whoever calls trims what can be trimmed.
        """
        wanted, given = set(self.variables), set(values)
        if wanted != given:
            raise KnowledgeError(
                f"变量对不上：缺 {sorted(wanted - given)}，多 {sorted(given - wanted)}", where=f"prompts/{self.name}.md"
            )
        user = _VARIABLE.sub(lambda m: as_data(values[m[1]]), self.user)
        tokens = count_tokens(self.system) + count_tokens(user)
        if tokens > self.budget:
            raise ModelFailure("内容太长，放不进给模型的提示", kind="over_budget")
        return Messages(self.system, user, self.hash, self.answer)

    def room(self, values: Mapping[str, str]) -> int:
        """Tokens left of the budget once `values` are filled in (further variables blank)."""
        user = _VARIABLE.sub(lambda m: as_data(values.get(m[1], "")), self.user)
        return self.budget - count_tokens(self.system) - count_tokens(user)


def load_prompt(name: str, folder: Path) -> Prompt:
    """The prompt `folder`/`name`.md; raises KnowledgeError where it can't be used."""
    path = folder / f"{name}.md"
    where = f"prompts/{path.name}"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KnowledgeError("找不到这份提示词", where=where, hint="请检查安装是否完整") from error
    parts = _FILE.match(raw.decode("utf-8"))
    if parts is None:
        raise KnowledgeError("要有文件头、“# 系统”和“# 用户”三部分", where=where)
    try:
        head = _Head.model_validate(yaml.safe_load(parts["head"]))
    except (ValidationError, yaml.YAMLError) as error:
        raise KnowledgeError("文件头要写 version、variables、budget、answer", where=where) from error
    system, user = parts["system"].strip(), parts["user"].strip()
    if _VARIABLE.search(system):
        raise KnowledgeError("系统部分不能有变量", where=where)
    if set(_VARIABLE.findall(user)) != set(head.variables):
        raise KnowledgeError("variables 和正文里的变量不一致", where=where)
    digest = hashlib.sha256(raw).hexdigest()[:16]
    return Prompt(name, head.version, head.variables, head.budget, head.answer, system, user, digest)
