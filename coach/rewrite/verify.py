"""The verifier: decides whether a candidate may be shown. Source: design.md, Rewrite.

Verified means: critiqued again in its context no line-scope finding above info; every fact kept, none invented; yes
stays yes and no stays no; nothing new promised; sentences without a fault kept; the length in bounds; and it reads well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import regex

from coach.critique import Finding, RulePack, critique_line
from coach.critique.view import CallView
from coach.knowledge import SLOT, Standard
from coach.rewrite.answer import answer_of, asked_about, knows_not, leaves_open, promises_in, refuses
from coach.rewrite.faults import Alone, Faults
from coach.rewrite.kept import facts_kept, invented, parts_changed
from coach.rewrite.load import Mends
from coach.rewrite.model import Verdict
from coach.rewrite.reading import blunt_clauses, reads_badly, superfluous
from coach.rewrite.statements import statements_lost
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["Verifier"]

_MAX_GROWTH = 3.0
_SLACK = 70
_MANNER = frozenset(
    f"language.{name}" for name in ("impatient", "interrupt", "casual-word", "missing-honorific", "over-familiar")
)
"""Rules about how a thing is said: a line that breaks no others says no only where its words do."""


@dataclass(frozen=True)
class Verifier:
    """Checks candidates for one line of one call.

    Attributes:
        transcript: The call the line stands in.
        line: 1-based line.
        rules: The rules to critique by.
        standard: The standard to judge by.
        mends: What is rude or unfit in a mended line, and the last touches that sentences without a fault get too.
        given: What the agent filled in for slots: it may be stated.
    """

    transcript: Transcript
    line: int
    rules: RulePack
    standard: Standard
    mends: Mends
    given: tuple[str, ...] = ()

    @property
    def original(self) -> str:
        """The line as it was."""
        return self.transcript.turns[self.line - 1].text

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Line-scope findings of the line, were it `text`."""
        i = self.line - 1
        turns = (
            *self.transcript.turns[:i],
            replace(self.transcript.turns[i], text=text),
            *self.transcript.turns[i + 1 :],
        )
        return critique_line(replace(self.transcript, turns=turns), self.line, self.rules, self.standard)

    def verdict(self, candidate: str) -> Verdict:
        """What stands against showing `candidate`, and what became of findings and facts."""
        faults, after = Faults(self.original, self.findings(self.original), self.mends), self.findings(candidate)
        still = {finding.rule for finding in after}
        before = self.transcript.turns[: self.line]
        customer = [turn.text for turn in before if turn.speaker == "customer"]
        previous = customer[-1] if customer else ""
        kept, dropped, lost = facts_kept(faults, candidate, customer)
        reasons = [
            *(f"仍有问题：{finding.message}" for finding in after if finding.severity != "info"),
            *(f"丢了“{fact}”" for fact in lost),
            *(f"多出原话没有的“{fact.text}”" for fact in invented(candidate, [*(t.text for t in before), *self.given])),
            *_turned(faults, candidate),
            *(f"多出原话没有的承诺“{promise}”" for promise in _new_promises(faults, candidate, previous)),
            *_shape(faults, candidate, self._alone),
            *statements_lost(faults, candidate, previous, self._alone),
            *reads_badly(faults, candidate, previous, self._alone),
        ]
        return Verdict(
            reasons=tuple(reasons),
            resolved=tuple(dict.fromkeys(f.rule for f in faults.findings if f.rule not in still)),
            remaining=tuple(dict.fromkeys(f.rule for f in after if f.severity == "info")),
            open_rules=tuple(dict.fromkeys(f.rule for f in after if f.severity != "info")),
            kept_facts=kept,
            dropped_facts=dropped,
            lost_facts=lost,
            slots=tuple(dict.fromkeys(SLOT.findall(candidate))),
        )

    def blunt(self, candidate: str) -> list[str]:
        """Clauses of `candidate` that must not stay as they are, without their marks."""
        faults = Faults(self.original, self.findings(self.original), self.mends)
        return blunt_clauses(faults, candidate, self._alone) + superfluous(faults, candidate)

    def _alone(self, words: str) -> dict[str, float]:
        """How near each rule is to being broken by `words` if they are the whole line: 1 is broken."""
        if words not in self._judged:
            self._judged[words] = self._near(words)
        return self._judged[words]

    @cached_property
    def _judged(self) -> dict[str, dict[str, float]]:
        return {}

    def _near(self, words: str) -> dict[str, float]:
        found = {finding.rule: 1.0 for finding in self.findings(words) if finding.severity != "info"}
        if self.rules.judge is None:
            return found
        i = self.line - 1
        said = (*self.transcript.turns[:i], replace(self.transcript.turns[i], text=words))
        call = CallView(replace(self.transcript, turns=said), self.standard, self.transcript.meta.direction)
        near = {rule: verdict.share for rule, verdict in self.rules.judge.verdicts(call, i, ()).items()}
        return {**near, **found}


def _turned(faults: Faults, candidate: str) -> list[str]:
    """No stays no, yes stays yes, and what was left open isn't settled, but for words that are themselves the fault."""
    was, now = answer_of(faults.line), answer_of(candidate)
    if was == "no" and now == "yes":
        return ["原话说“不能”，改写成了“能”"]
    if was == "yes" and now == "no" and "commitment.overpromise" not in faults.rules:
        return ["原话说“能”，改写成了“不能”"]
    left_open = faults.rules & {
        "commitment.overpromise",
        "commitment.vague",
        "proxy.privacy-leak",
        "language.pass-the-buck",
    }
    if now == "no" and not refuses(faults.line) and faults.rules <= _MANNER:
        return ["原话没有说“不能”，改写说了"]
    said_no = refuses(faults.line) if not left_open else refuses(faults.faultless_text())
    if said_no and not refuses(candidate):
        return ["原话说“不能”，改写里没有说"]
    if not left_open and knows_not(faults.line) and not leaves_open(candidate):
        return ["原话说不知道，改写里没有说，也没有说要去核实"]
    if "commitment.vague" in faults.rules and now and not answer_of(faults.faultless_text()):
        return ["原话没有说定，改写说定了"]
    return []


def _new_promises(faults: Faults, candidate: str, previous: str) -> list[str]:
    """Promises the line doesn't make; what the customer asked about may be taken up as a question."""
    known = promises_in(faults.line)
    if "commitment.overpromise" in faults.rules:
        known -= {"保证"}
    asked = promises_in(previous)
    return sorted(
        promise
        for promise in promises_in(candidate) - known
        if not (promise in asked and asked_about(promise, candidate))
    )


def _shape(faults: Faults, candidate: str, alone: Alone) -> list[str]:
    if not regex.search(r"\p{Han}", normalise(candidate).text):
        return ["改写是空的"]
    if len(candidate) > len(faults.line) * _MAX_GROWTH + _SLACK:
        return ["改写太长"]
    return ["没有问题的句子也被改掉了"] if parts_changed(faults, candidate, alone) else []
