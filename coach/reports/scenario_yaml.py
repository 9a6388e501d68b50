"""A scenario as a YAML file that explains itself: the template's comments with the scenario's values. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
import yaml

from coach.roleplay import Scenario

__all__ = ["scenario_yaml"]

_KEY = regex.compile(r"^'?(?P<key>\w+)'?:")
_ALWAYS = frozenset({"direction", "mood"})
_A_LINE_EACH = frozenset(
    {"story", "want_say", "example_good", "example_bad"}
)  # the rest of the lists stand on one line
_WIDE = 120


def scenario_yaml(scenario: Scenario, template: str) -> str:
    """`scenario` as YAML, each key below the comment `template` has for it.

    What the scenario leaves empty is shown as a comment, with what the template has there as an example.
    """
    said = scenario.model_dump(mode="json", exclude_defaults=True)
    whole = scenario.model_dump(mode="json")
    parts: list[str] = []
    explained = set()
    for key, comment, example in _blocks(template):
        explained.add(key)
        parts.append(comment)
        if key in said or key in _ALWAYS or example.rstrip() == _dumped(key, whole[key]).rstrip():
            parts.append(_dumped(key, whole[key] if key not in said else said[key]))
        else:
            parts += ["# （没有写，例如：）\n", *(f"# {line}\n" for line in example.splitlines())]
    parts += [f"\n{_dumped(key, value)}" for key, value in said.items() if key not in explained]
    return "".join(parts)


def _dumped(key: str, value: Any) -> str:  # noqa: ANN401 (YAML holds anything)
    flow = None if isinstance(value, list | dict) and key not in _A_LINE_EACH else False
    text: str = yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False, width=_WIDE, default_flow_style=flow)
    return text


def _blocks(template: str) -> Iterator[tuple[str, str, str]]:
    """Each key of the template, with the comment above it and the YAML it has there."""
    key, comment, example = "", "", ""
    above = ""
    for line in template.splitlines(keepends=True):
        if found := _KEY.match(line):
            if key:
                yield key, comment, example
            key, comment, example, above = found["key"], above, line, ""
        elif line.startswith("#") or not line.strip():
            above += line
        else:
            example += line
    yield key, comment, example
