"""A rule ready to run: its data with every pattern compiled. Reading files is left to `load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.critique.patterns import Matcher
from coach.critique.schema import CheckData, RuleData, WhenData
from coach.knowledge import Citation

__all__ = ["Check", "Rule", "RulePack"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its patterns compiled, each under the name it has in the data (`items.<name>.agent` for a checklist)."""

    data: CheckData
    patterns: Mapping[str, Matcher]
    citations: tuple[Citation, ...]

    def __getitem__(self, name: str) -> Matcher:
        return self.patterns[name]

    @property
    def when(self) -> WhenData:
        """The condition around the line."""
        return self.data.when


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, compiled, with the citations its findings carry."""

    data: RuleData
    checks: tuple[Check, ...]

    @property
    def id(self) -> str:
        """Rule id of the taxonomy, or of a user's pack."""
        return self.data.id

    @property
    def group(self) -> str:
        """First part of the id."""
        return self.data.id.partition(".")[0]


@dataclass(frozen=True)
class RulePack:
    """All rules by id, in file order, and what was left out of a user's packs."""

    rules: Mapping[str, Rule]
    warnings: tuple[str, ...] = ()

    def of_scope(self, scope: str) -> tuple[Rule, ...]:
        """Rules of one scope: line or call."""
        return tuple(rule for rule in self.rules.values() if rule.data.scope == scope)
