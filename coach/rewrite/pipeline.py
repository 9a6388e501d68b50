"""From a line to its rewrite: propose, verify, feed the verdict back, and answer honestly when nothing passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.critique import Finding, RulePack, critique
from coach.critique.view import CallView
from coach.errors import InputError
from coach.knowledge import Citation, Standard
from coach.rewrite.load import Mends
from coach.rewrite.model import Rewrite, Verdict
from coach.rewrite.plan import Situation
from coach.rewrite.propose import Proposal, proposals
from coach.rewrite.rank import untold
from coach.rewrite.verify import HEEDING, Verifier
from coach.transcripts import Transcript

__all__ = ["MAX_ATTEMPTS", "Rewriter"]

MAX_ATTEMPTS = 12
"""Candidates verified at most, the best first."""
_LATER = 0.15
"""What each further way of mending must do better than the one before it, in the ranker's score."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text to say instead, and what the verifier said of it."""

    text: str
    verdict: Verdict


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
        """The proposal that reads best of those that verify and tell no less than the likeliest of them; advice on what goes is heeded less where nothing verifies."""
        refused: Verdict | None = None
        attempts = 0
        for heeds in HEEDING:
            heeding = replace(verifier, heeds=heeds)
            proposed = list(proposals(heeding, situation))
            for i, proposal in enumerate(proposed[:MAX_ATTEMPTS]):
                attempts += 1
                verdict = heeding.verdict(proposal.text)
                if verdict.verified:
                    first = Candidate(proposal.text, verdict)
                    best, tried = self._better(heeding, first, proposed[i:])
                    return Rewrite(
                        verifier.line,
                        verifier.original,
                        "verified",
                        best.text,
                        best.verdict,
                        "builtin",
                        attempts + tried,
                    )
                refused = refused or verdict
        refused = refused or verifier.verdict(verifier.original)
        citations = _clauses(verifier.findings(verifier.original))
        return Rewrite(verifier.line, verifier.original, "rejected", None, refused, "builtin", attempts, citations)

    def _better(self, verifier: Verifier, first: Candidate, proposed: Sequence[Proposal]) -> tuple[Candidate, int]:
        """Of `proposed`, whose first is the verified `first`, what reads best, verifies and tells no less; and how many more were verified."""
        ranker = self.mends.ranker
        if ranker is None:
            return first, 0
        considered = verifier.considered
        silent = untold(considered, first.text)
        score = {
            p.text: ranker.score(p.text, considered) - _LATER * p.tried
            for p in proposed
            if not p.spare or p.text == first.text
        }
        for tried, text in enumerate(sorted(score, key=lambda text: -score[text])[:MAX_ATTEMPTS]):
            if text == first.text:
                return first, tried
            if untold(considered, text) <= silent and (verdict := verifier.verdict(text)).verified:
                return Candidate(text, verdict), tried + 1
        return first, min(len(score), MAX_ATTEMPTS)

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
