"""Reads rule packs: the shipped ones, where any fault is fatal, and a user's, where the bad rule alone is left out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import regex
from pydantic import BaseModel

from coach.critique.features import Signs, Views
from coach.critique.judge import JUDGE, Judge
from coach.critique.patterns import Matcher, PatternError, matcher
from coach.critique.rule import Check, Rule, RulePack, sample_of
from coach.critique.schema import CheckData, RuleData, RuleFile, WhenData
from coach.errors import KnowledgeError
from coach.knowledge import Citation, Knowledge, load_knowledge
from coach.knowledge.yaml_file import Strict, YamlFile, read_yaml

__all__ = ["load_fragments", "load_rules"]

_FRAGMENTS = "fragments.yaml"
_NOT_PATTERNS = frozenset({"clauses", "fields", "scenario"})


@lru_cache(maxsize=8)
def load_rules(folder: Path, own: Path | None = None, *, check: bool = True) -> RulePack:
    """The shipped rules below the knowledge `folder`, then those of the user's pack folder `own`.

    Args:
        folder: The knowledge folder.
        own: Folder of the user's own packs.
        check: Compile every shipped pattern now; without it, at first use (for commands that only read what rules say).

    Raises:
        KnowledgeError: A shipped file is faulty, or `own` isn't a folder.
    """
    knowledge = load_knowledge(folder)
    fragments = load_fragments(folder, check=check)
    rules: dict[str, Rule] = {}
    for path in sorted((folder / "rules").glob("*.yaml")):
        if path.name != _FRAGMENTS:
            file = read_yaml(path)
            file.validate(RuleFile, file.data)
            for i, data in enumerate(file.data["rules"]):
                _add(rules, _rule(file, data, i, fragments, knowledge, check=check), file, i)
    _check_yields(rules, folder)
    warnings = _add_own(rules, own, fragments, knowledge) if own else ()
    judge = judge_of(folder, rules, fragments) if (folder / JUDGE).is_file() else None
    called, offered = (
        matcher(["{" + name + "}"], fragments, check=False) for name in ("outbound_opening", "call_offer")
    )
    return RulePack(rules, judge, called, offered, warnings)


class SignsFile(Strict):
    """knowledge/signs.yaml: names of shared patterns, by where the judge looks for them."""

    version: Literal[1]
    line: tuple[str, ...]
    customer: tuple[str, ...]
    agent: tuple[str, ...]


def judge_of(folder: Path, rules: Mapping[str, Rule], fragments: Mapping[str, str]) -> Judge:
    """The judge below the knowledge `folder`; raises KnowledgeError where signs.yaml names an unknown pattern."""
    file = read_yaml(folder / "signs.yaml")
    data = file.validate(SignsFile, file.data)
    for where in ("line", "customer", "agent"):
        for i, name in enumerate(getattr(data, where)):
            if name not in fragments:
                raise file.error(f"没有名为 {name} 的片段", where, i)

    def signs(names: tuple[str, ...]) -> Signs:
        patterns = {name: matcher(["{" + name + "}"], fragments, check=False) for name in names}
        return Signs(patterns, sample_of(rules.values()))

    return Judge(folder, lambda: Views(signs(data.line), signs(data.customer), signs(data.agent)))


@lru_cache(maxsize=4)
def load_fragments(folder: Path, *, check: bool = True) -> dict[str, str]:
    """Patterns shared by the packs below the knowledge `folder`: name → regex source; compiled to `check` them."""
    file = read_yaml(folder / "rules" / _FRAGMENTS)
    fragments: dict[str, str] = {}
    for name, value in file.data.items():
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str) for part in parts):
            raise file.error(f"片段 {name} 应当是文字或文字列表", name)
        fragments[name] = "|".join(parts)
    for name in fragments:
        try:
            matcher(["{" + name + "}"], fragments, check=check)
        except PatternError as error:
            raise file.error(str(error), name) from error
    return fragments


def _add(rules: dict[str, Rule], rule: Rule, file: YamlFile, i: int) -> None:
    if rule.id in rules:
        raise file.error(f"规则编号 {rule.id} 重复", "rules", i, "id", hint="请换一个编号")
    rules[rule.id] = rule


def _add_own(rules: dict[str, Rule], own: Path, fragments: Mapping[str, str], knowledge: Knowledge) -> tuple[str, ...]:
    if not own.is_dir():
        raise KnowledgeError("找不到自带规则的文件夹", where=str(own), hint="请检查 COACH_RULES")
    warnings: list[str] = []
    for path in sorted(own.glob("*.yaml")):
        try:
            file = read_yaml(path)
            entries = file.data["rules"] if isinstance(file.data, dict) and file.data.get("rules") else None
            if not isinstance(entries, list):
                raise file.error("缺少 rules 列表")
        except KnowledgeError as error:
            warnings.append(f"未载入这个规则文件：{error}")
            continue
        for i, data in enumerate(entries):
            try:
                _add(rules, _rule(file, data, i, fragments, knowledge), file, i)
            except KnowledgeError as error:
                warnings.append(f"未载入这条规则：{error}")
    return tuple(warnings)


def _rule(
    file: YamlFile,
    raw: Any,  # noqa: ANN401 (YAML holds anything)
    i: int,
    fragments: Mapping[str, str],
    knowledge: Knowledge,
    *,
    check: bool = True,
) -> Rule:
    data = file.validate(RuleData, raw, "rules", i)
    citations = _cite(file, data.clauses, knowledge, "rules", i, "clauses")
    checks = []
    for j, one in enumerate(data.checks):
        at = ("rules", i, "checks", j)
        own = _cite(file, one.clauses, knowledge, *at, "clauses")
        try:
            checks.append(Check(one, _compiled(one, fragments, check), own or citations))
        except PatternError as error:
            raise file.error(str(error), *at) from error
    return Rule(data, tuple(checks))


def _cite(file: YamlFile, ids: tuple[str, ...], knowledge: Knowledge, *at: str | int) -> tuple[Citation, ...]:
    for k, clause in enumerate(ids):
        if clause not in knowledge.clauses:
            raise file.error(f"手册里没有条款 {clause}", *at, k, hint="请改成存在的条款编号")
    return knowledge.cite(ids)


def _compiled(data: CheckData, fragments: Mapping[str, str], check: bool) -> dict[str, Matcher]:
    """Every tuple of patterns in `data` under its dotted name, compiled now if `check`."""
    compiled: dict[str, Matcher] = {}

    def walk(model: BaseModel, prefix: str) -> None:
        for name in type(model).model_fields:
            value = getattr(model, name)
            if name in _NOT_PATTERNS:
                continue
            if isinstance(value, tuple):
                literal = name == "phrases"
                sources = [regex.escape(part) if literal else part for part in value]
                compiled[prefix + name] = matcher(sources, fragments, check=check)
            elif isinstance(value, WhenData):
                walk(value, f"{name}.")
            elif isinstance(value, dict):
                for key, item in value.items():
                    walk(item, f"{name}.{key}.")

    walk(data, "")
    return compiled


def _check_yields(rules: Mapping[str, Rule], folder: Path) -> None:
    for rule in rules.values():
        for other in rule.data.yields_to:
            if other not in rules:
                raise KnowledgeError(f"规则 {rule.id} 让位于不存在的规则 {other}", where=str(folder / "rules"))
