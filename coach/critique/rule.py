"""A rule ready to run: its data with every pattern compiled. Reading files is left to `load`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from coach.critique.judge import Judge
from coach.critique.patterns import NO_PATTERNS, Matcher
from coach.critique.schema import (
    AbsenceData,
    CheckData,
    LineExampleData,
    PatternData,
    PhraseData,
    RuleData,
    SemanticData,
    WhenData,
)
from coach.critique.screen import Screen
from coach.knowledge import Citation

__all__ = ["Check", "LineCheck", "Rule", "RulePack", "sample_of"]


@dataclass(frozen=True)
class Check:
    """One check with its patterns compiled, each under the name it has in the data (`items.<name>.agent` for a checklist)."""

    data: CheckData
    patterns: Mapping[str, Matcher]
    citations: tuple[Citation, ...]

    def __getitem__(self, name: str) -> Matcher:
        return self.patterns[name]

    @cached_property
    def primary(self) -> str:
        """Name of the patterns without which it can't fire on a line; empty where there are none."""
        match self.data:
            case PhraseData():
                return "phrases"
            case PatternData():
                return "patterns"
            case AbsenceData() if self.data.trigger:
                return "trigger"
            case _:
                return ""

    @property
    def when(self) -> WhenData:
        """The condition around the line."""
        return self.data.when


@dataclass(frozen=True)
class Rule:
    """One rule, compiled, with the citations its findings carry."""

    data: RuleData
    checks: tuple[Check, ...]

    @property
    def id(self) -> str:
        """Rule id of the taxonomy, or of a user's pack."""
        return self.data.id

    @cached_property
    def semantic(self) -> Check | None:
        """The check that leaves it to the judge, if it has one."""
        return next((check for check in self.checks if isinstance(check.data, SemanticData)), None)

    @property
    def group(self) -> str:
        """First part of the id."""
        return self.data.id.partition(".")[0]


def sample_of(rules: Iterable[Rule]) -> list[str]:
    """The example lines of `rules`: ordinary texts."""
    examples = (example for rule in rules for example in (*rule.data.examples.bad, *rule.data.examples.good))
    return [example.text for example in examples if isinstance(example, LineExampleData)]


class LineCheck(NamedTuple):
    """A check of a rule of line scope, and which alternatives of its primary patterns are worth searching."""

    rule: Rule
    check: Check
    among: tuple[int, ...] = ()


@dataclass(frozen=True)
class RulePack:
    """All rules by id, in file order.

    Attributes:
        rules: Id → rule.
        judge: Decides what patterns alone can't; without it, rules go by their patterns.
        called: What an agent says who has called the customer.
        offered: What an agent says who was called.
        warnings: What was left out of a user's packs.
    """

    rules: Mapping[str, Rule]
    judge: Judge | None = None
    called: Matcher = NO_PATTERNS
    offered: Matcher = NO_PATTERNS
    warnings: tuple[str, ...] = ()

    def of_scope(self, scope: str) -> tuple[Rule, ...]:
        """Rules of one scope: line or call."""
        return tuple(rule for rule in self.rules.values() if rule.data.scope == scope)

    @cached_property
    def _line_checks(self) -> tuple[LineCheck, ...]:
        """Checks of line scope that need no timestamps, in file order."""
        return tuple(
            LineCheck(rule, check)
            for rule in self.of_scope("line")
            if not rule.data.needs
            for check in rule.checks
            if check is not rule.semantic
        )

    @cached_property
    def _screen(self) -> tuple[Screen, tuple[tuple[int, int], ...]]:
        """A screen over the primary patterns of the line checks; each pattern's check and its number in it."""
        numbered = [
            (i, k, source)
            for i, (_, check, _) in enumerate(self._line_checks)
            if check.primary
            for k, source in enumerate(check[check.primary].alternatives)
        ]
        return Screen([s for _, _, s in numbered], sample_of(self.rules.values())), tuple(
            (i, k) for i, k, _ in numbered
        )

    def checks_for(self, text: str) -> tuple[LineCheck, ...]:
        """Checks of line scope that may fire on a line with the normalised `text`, in file order."""
        screen, places = self._screen
        among: dict[int, list[int]] = {i: [] for i, (_, check, _) in enumerate(self._line_checks) if not check.primary}
        for number in screen.candidates(text):
            i, k = places[number]
            among.setdefault(i, []).append(k)
        return tuple(self._line_checks[i]._replace(among=tuple(among[i])) for i in sorted(among))
