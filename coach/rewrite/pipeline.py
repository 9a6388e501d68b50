"""From a line to its rewrite: propose, verify, feed the verdict back, and answer honestly when nothing passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coach.critique import Finding, RulePack, critique
from coach.critique.view import CallView
from coach.errors import InputError
from coach.knowledge import Citation, Standard
from coach.rewrite.load import Mends
from coach.rewrite.model import Rewrite, Verdict
from coach.rewrite.plan import Situation
from coach.rewrite.propose import Proposal, proposals
from coach.rewrite.rank import Considered
from coach.rewrite.verify import HEEDING, Verifier
from coach.transcripts import Transcript

__all__ = ["MAX_ATTEMPTS", "Rewriter"]

MAX_ATTEMPTS = 12
"""Candidates verified at most, the best first."""
_LATER = 0.12
"""What each further way of mending must do better than the one before it, in the ranker's score."""


@dataclass(frozen=True)
class Rewriter:
    """Rewrites lines with the built-in proposer.

    Attributes:
        rules: The rules to critique by.
        standard: The standard to judge by.
        mends: How faults are mended.
    """

    rules: RulePack
    standard: Standard
    mends: Mends

    def rewrite(self, transcript: Transcript, line: int | None = None) -> Rewrite:
        """The agent's 1-based `line` (the last agent line if None) made compliant.

        Raises:
            InputError: There is no such line, or it isn't the agent's.
        """
        line = self._line(transcript, line)
        verifier = self.verifier(transcript, line)
        faults = [finding for finding in verifier.findings(verifier.original) if finding.severity != "info"]
        if not faults:
            return Rewrite(
                line, verifier.original, "unchanged", None, verifier.verdict(verifier.original), "builtin", 0
            )
        result = self._best(verifier, _situation(transcript, line))
        return self.with_remaining(transcript, result)

    def verify(self, transcript: Transcript, line: int, text: str, given: Sequence[str] = ()) -> Verdict:
        """What the verifier says of `text` in place of the 1-based `line`; `given` is what was filled into its slots."""
        verifier = replace(self.verifier(transcript, line), given=tuple(given))
        verdicts = [replace(verifier, heeds=heeds).verdict(text) for heeds in HEEDING]
        return next((verdict for verdict in verdicts if verdict.verified), verdicts[0])

    def verifier(self, transcript: Transcript, line: int) -> Verifier:
        """What decides about candidates for the 1-based `line`."""
        return Verifier(transcript, line, self.rules, self.standard, self.mends)

    def _line(self, transcript: Transcript, line: int | None) -> int:
        agent = transcript.agent_lines()
        if not agent:
            raise InputError("这通电话里没有坐席的话", where="通话", hint="请检查说话人标签，或用 --agent 指定坐席")
        if line is None:
            return agent[-1] + 1
        if not 1 <= line <= len(transcript.turns):
            raise InputError(f"没有第 {line} 行", where="--line", hint=f"这通电话共 {len(transcript.turns)} 行")
        if line - 1 not in agent:
            raise InputError(f"第 {line} 行是客户说的", where="--line", hint="请指定坐席的一行")
        return line

    def _best(self, verifier: Verifier, situation: Situation) -> Rewrite:
        """The proposal that reads best of those that verify; advice on what goes is heeded less where nothing does."""
        verdict: Verdict | None = None
        attempts = 0
        for heeds in HEEDING:
            heeding = replace(verifier, heeds=heeds)
            for text in self._ranked(proposals(heeding, situation), verifier.considered)[:MAX_ATTEMPTS]:
                attempts += 1
                found = heeding.verdict(text)
                if found.verified:
                    return Rewrite(verifier.line, verifier.original, "verified", text, found, "builtin", attempts)
                verdict = verdict or found
        verdict = verdict or verifier.verdict(verifier.original)
        citations = _clauses(verifier.findings(verifier.original))
        return Rewrite(verifier.line, verifier.original, "rejected", None, verdict, "builtin", attempts, citations)

    def _ranked(self, proposed: Iterable[Proposal], considered: Considered) -> list[str]:
        """The texts, what reads best first, what mends in a likelier way counting more; as they come where nobody ranks them."""
        ranker = self.mends.ranker
        if ranker is None:
            return [proposal.text for proposal in proposed]
        scored = [(ranker.score(p.text, considered) - _LATER * p.tried, p.text) for p in proposed]
        return [text for _, text in sorted(scored, key=lambda pair: -pair[0])]

    def with_remaining(self, transcript: Transcript, result: Rewrite) -> Rewrite:
        """`result` with the findings about the whole call that stand on this line after the rewrite."""
        if result.rewrite is None or transcript.meta.excerpt:
            return result
        i = result.line - 1
        turns = (*transcript.turns[:i], replace(transcript.turns[i], text=result.rewrite), *transcript.turns[i + 1 :])
        findings = critique(replace(transcript, turns=turns), self.rules, self.standard).of_line(result.line)
        remaining = tuple(dict.fromkeys((*result.verdict.remaining, *(f.rule for f in findings))))
        return replace(result, verdict=replace(result.verdict, remaining=remaining))


def _situation(transcript: Transcript, line: int) -> Situation:
    i = line - 1
    call = CallView(transcript, _NO_STANDARD, transcript.meta.direction)
    return Situation(
        call.previous_customer(i), call.previous_agent(i), call.is_first_line(i), transcript.meta.direction or "inbound"
    )


_NO_STANDARD = Standard("", "", "", {})


def _clauses(findings: tuple[Finding, ...]) -> tuple[Citation, ...]:
    found = {citation.clause: citation for finding in findings for citation in finding.citations}
    return tuple(found.values())
