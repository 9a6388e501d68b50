"""A rubric ready to score by: weighted binary checks in groups, patterns compiled, clauses resolved. Scoring is left to `scorecard`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from coach.critique.load import load_fragments
from coach.critique.patterns import Matcher, PatternError, matcher
from coach.knowledge import Citation, load_knowledge
from coach.knowledge.yaml_file import YamlFile, read_yaml
from coach.scoring.schema import Applies, Item, RubricFile, Shown

__all__ = ["Check", "Rubric", "load_rubric"]

_WHEN = ("customer", "customer_not", "agent", "anyone_not")
_SHOWN = ("patterns", "unless", "reply_to", "reply_to_not")


@dataclass(frozen=True, eq=False)
class Check:
    """One item with its patterns compiled, and the clauses it rests on.

    Attributes:
        item: What is checked.
        when: The patterns of each part of its `applies_when`, by name.
        shown: The patterns of its `shown_by`, by name.
        citations: Its clauses.
    """

    item: Item
    when: tuple[Mapping[str, Matcher], ...]
    shown: Mapping[str, Matcher]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, eq=False)
class Rubric:
    """A rubric.

    Attributes:
        data: The file's content.
        checks: Its items, in order.
        hash: SHA-256 of the file, in hexadecimal.
        called: What an agent says who has called the customer.
        offered: What an agent says who was called.
    """

    data: RubricFile
    checks: tuple[Check, ...]
    hash: str
    called: Matcher
    offered: Matcher

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in order."""
        return self.data.groups

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Items by id."""
        return {check.item.id: check.item for check in self.checks}


@lru_cache(maxsize=8)
def load_rubric(name: str, folder: Path, *, check: bool = False) -> Rubric:
    """The rubric called `name` below the knowledge `folder`.

    Args:
        name: Name of the file, without its ending.
        folder: The knowledge folder.
        check: Compile every pattern now; without it, at first use.

    Raises:
        KnowledgeError: It is faulty; says in which line.
    """
    path = folder / "rubrics" / f"{name}.yaml"
    file = read_yaml(path)
    data = file.validate(RubricFile, file.data)
    _refuse_faulty(file, data, name)
    shared = load_fragments(folder, check=False)
    own = {act: value if isinstance(value, str) else "|".join(value) for act, value in data.acts.items()}
    fragments = {**shared, **own}
    for act in own:
        if act in shared:
            raise file.error(f"acts 里的 {act} 和规则共用的片段重名", "acts", act, hint="请换一个名字")
        _compiled(file, (own[act],), fragments, check, "acts", act)
    known = load_knowledge(folder)
    checks = []
    for i, item in enumerate(data.items):
        for k, clause in enumerate(item.clauses):
            if clause not in known.clauses:
                raise file.error(f"手册里没有条款 {clause}", "items", i, "clauses", k, hint="请改成存在的条款编号")

        def compiled(given: Applies | Shown, fields: tuple[str, ...], *at: str | int) -> dict[str, Matcher]:
            return {one: _compiled(file, getattr(given, one), fragments, check, *at, one) for one in fields}

        when = tuple(compiled(one, _WHEN, "items", i, "applies_when", j) for j, one in enumerate(item.applies_when))
        shown = compiled(item.shown_by, _SHOWN, "items", i, "shown_by") if item.shown_by else {}
        checks.append(Check(item, when, shown, known.cite(item.clauses)))
    called, offered = (matcher(["{" + one + "}"], fragments, check=check) for one in ("outbound_opening", "call_offer"))
    return Rubric(data, tuple(checks), hashlib.sha256(path.read_bytes()).hexdigest(), called, offered)


def _compiled(
    file: YamlFile, patterns: tuple[str, ...], fragments: Mapping[str, str], check: bool, *at: str | int
) -> Matcher:
    try:
        return matcher(patterns, fragments, check=check)
    except PatternError as error:
        raise file.error(str(error), *at) from error


def _refuse_faulty(file: YamlFile, data: RubricFile, name: str) -> None:
    """Ids and groups fit together, and no group can be left without a check that applies."""
    if data.name != name:
        raise file.error(f"name 要和文件名一样：{name}", "name")
    seen: set[str] = set()
    for i, item in enumerate(data.items):
        if item.group not in data.groups:
            raise file.error(f"没有分组 {item.group}", "items", i, "group")
        if item.id in seen:
            raise file.error(f"项目编号 {item.id} 重复", "items", i, "id", hint="请换一个编号")
        seen.add(item.id)
    for i, group in enumerate(data.groups):
        if not any(item.group == group and not item.applies_when and item.otherwise == "fail" for item in data.items):
            raise file.error(
                f"分组 {group} 里没有一项是每通电话都看的", "groups", i, hint="至少写一项不带 applies_when 的"
            )
