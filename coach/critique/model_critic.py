"""Findings that a language model adds: one request a call, every one checked, what fails dropped and counted.

A finding must name a rule that was offered, an agent's line that exists, and words that stand in it exactly; the built-in judge
must hold it at least possible. It weighs no more than a warning, and it never takes a built-in finding away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field

from coach.critique.direction import guessed_direction
from coach.critique.engine import finding_on_words, in_order, severity_of
from coach.critique.model import Critique, Finding, Severity
from coach.critique.rule import Rule, RulePack
from coach.critique.view import CallView
from coach.critique.words import applies
from coach.knowledge import Standard
from coach.llm import Model, Notify, Prompt
from coach.llm.guard import as_data
from coach.llm.tokens import latest_within
from coach.privacy import Masker

__all__ = ["Additions", "ModelCritic"]

_SHARE_OF_LIMIT = 0.25
"""A model's finding stands only where the judge gives its rule at least this share of the limit at which it would find it itself."""

_CONFIDENCE = 0.5
_MOST_FINDINGS = 40
_LONGEST_QUOTE = 200
_SHORTEST_QUOTE = 2


class _Claim(BaseModel):
    """One finding as a model states it; what else it says is passed over."""

    model_config = ConfigDict(extra="ignore")

    rule: str = Field(max_length=60)
    line: int
    quote: str = Field(max_length=_LONGEST_QUOTE)
    reason: str = Field(default="", max_length=400)


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore")

    findings: list[_Claim] = Field(max_length=_MOST_FINDINGS)


@dataclass(frozen=True, slots=True)
class Additions:
    """What a model added to a critique.

    Attributes:
        critique: The built-in findings and what the model added.
        added: How many it added.
        dropped: Why each of the others was dropped, in Chinese.
    """

    critique: Critique
    added: int
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class ModelCritic:
    """Asks a model for what the built-in critic missed.

    Attributes:
        model: The model.
        prompt: prompts/critic.md.
        rules: The rules it may name: those of single lines that a judge knows.
        standard: Severities.
    """

    model: Model
    prompt: Prompt
    rules: RulePack
    standard: Standard

    def add(self, critique: Critique, masker: Masker, notify: Notify) -> Additions:
        """`critique` with the model's findings; raises ModelFailure where it didn't answer."""
        offered = {rule.id: rule for rule in self.rules.of_scope("line") if rule.semantic is not None}
        listed = "\n".join(f"{rule.id}：{rule.data.name}。{rule.data.message}" for rule in offered.values())
        room = self.prompt.room({"rules": listed})
        turns = [
            f"{no}. {'坐席' if turn.speaker == 'agent' else '客户'}：{as_data(turn.text)}"
            for no, turn in enumerate(critique.transcript.turns, start=1)
        ]
        kept = max(1, latest_within([f"{turn}\n" for turn in turns], room))  # rendering tells of one too long by itself
        messages = self.prompt.render(rules=listed, call="\n".join(turns[len(turns) - kept :]))
        claims, _ = self.model.structured(messages, _Claims, masker, notify)
        return self._checked(critique, claims.findings, offered)

    def _checked(self, critique: Critique, claims: Sequence[_Claim], offered: dict[str, Rule]) -> Additions:
        transcript = critique.transcript
        direction = guessed_direction(transcript, self.rules.called, self.rules.offered)
        call = CallView(transcript, self.standard, direction)
        taken = {(finding.rule, finding.line) for finding in critique.findings}
        added: list[Finding] = []
        dropped: list[str] = []
        for claim in claims:
            rule = offered.get(claim.rule)
            found = "规则不在给它的表里" if rule is None else self._finding(call, rule, claim)
            if isinstance(found, str):
                dropped.append(found)
            elif (found.rule, found.line) in taken:
                dropped.append("内置教练已经指出")
            else:
                taken.add((found.rule, found.line))
                added.append(found)
        findings = tuple(sorted((*critique.findings, *added), key=in_order))
        return Additions(replace(critique, findings=findings), len(added), tuple(dropped))

    def _finding(self, call: CallView, rule: Rule, claim: _Claim) -> Finding | str:
        """The claim as a finding, or why it is none."""
        i = claim.line - 1
        if i not in call.agent:
            return "不是坐席的一行"
        severity = severity_of(rule, self.standard)
        if severity is None or rule.semantic is None:
            return "这条规则没有启用"
        words = _in_line(claim.quote, call.turns[i].original)
        found = finding_on_words(call, i, rule, severity, words) if words else None
        if found is None:
            return "引的话不在这一行里"
        if not applies(rule.semantic, call, i):
            return "这条规则不管这种情形"
        if not self._possible(call, i, rule):
            return "内置教练认为不成立"
        milder: Severity = "info" if severity == "info" else "warning"
        return replace(found, severity=milder, detector="model", confidence=_CONFIDENCE)

    def _possible(self, call: CallView, i: int, rule: Rule) -> bool:
        judge = self.rules.judge
        if judge is None:
            return True
        verdict = judge.verdicts(call, i, frozenset()).get(rule.id)
        return verdict is None or verdict.share >= _SHARE_OF_LIMIT


def _in_line(quote: str, line: str) -> str:
    """The words of `line` that `quote` gives, where the model saw them made inert; empty where it gives none."""
    if len(quote) < _SHORTEST_QUOTE:
        return ""
    if quote in line:
        return quote
    seen = as_data(line)
    at = seen.find(quote)
    return line[at : at + len(quote)] if at >= 0 and len(seen) == len(line) else ""
