"""A call as the page shows it: its critique, its score and the rewrites of its faulty lines. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from coach.assistant import Coach
from coach.critique import Critique, Finding
from coach.knowledge import Standard
from coach.rewrite import Rewrite
from coach.scoring import Scorecard
from coach.transcripts import Transcript

__all__ = ["SHOWN_LINES", "Reviewed", "review", "rewrite_line"]

SHOWN_LINES = 200
"""Lines of a call that the page shows; the files hold them all."""


@dataclass(frozen=True)
class Reviewed:
    """One reviewed call.

    Attributes:
        critique: Every finding.
        card: Its score.
        names: Rule id → Chinese name.
        faulty: 1-based agent lines, among those shown, with a finding above info.
        rewrites: 1-based line → rewrite; empty for a call too long to rewrite at once.
        standard: What it was judged by.
    """

    critique: Critique
    card: Scorecard
    names: Mapping[str, str]
    faulty: tuple[int, ...]
    rewrites: Mapping[int, Rewrite]
    standard: Standard

    @property
    def transcript(self) -> Transcript:
        """The call."""
        return self.critique.transcript

    @property
    def single(self) -> bool:
        """Whether it is one line only."""
        return len(self.transcript.turns) == 1

    @property
    def hidden(self) -> int:
        """Lines the page leaves out."""
        return max(0, len(self.transcript.turns) - SHOWN_LINES)

    @property
    def counts(self) -> Mapping[str, int]:
        """Severity → findings, over the whole call."""
        return Counter(finding.severity for finding in self.critique.findings)

    @property
    def rewritable(self) -> tuple[int, ...]:
        """Lines to offer for rewriting: those that need it, as far as that is known."""
        return tuple(
            line for line in self.faulty if line not in self.rewrites or self.rewrites[line].status != "unchanged"
        )

    def by_line(self) -> Mapping[int | None, tuple[Finding, ...]]:
        """1-based line → its findings in order; None → those about the whole call."""
        lines: dict[int | None, list[Finding]] = {}
        for finding in self.critique.findings:
            lines.setdefault(finding.line, []).append(finding)
        return {line: tuple(found) for line, found in lines.items()}


def review(coach: Coach, transcript: Transcript) -> Reviewed:
    """`transcript` judged and, unless it is longer than the page shows, every faulty line rewritten."""
    critique = coach.critique(transcript)
    agent = {i + 1 for i in transcript.agent_lines()}
    above_info = {finding.line for finding in critique.findings if finding.counts and finding.line is not None}
    faulty = tuple(line for line in sorted(above_info & agent) if line <= SHOWN_LINES)
    short = len(transcript.turns) <= SHOWN_LINES
    rewrites = {line: rewrite_line(coach, transcript, line) for line in faulty} if short else {}
    names = {rule.id: rule.data.name for rule in coach.rules.rules.values()}
    return Reviewed(critique, coach.score(critique), names, faulty, rewrites, coach.standard)


def rewrite_line(coach: Coach, transcript: Transcript, line: int) -> Rewrite:
    """The rewrite of the 1-based `line`, without judging the whole call again for it.

    As an excerpt the call is not judged for what call-scope findings stay on the line: the critique beside the rewrite
    says that, and doing it for every line takes as many critiques as there are lines.
    """
    return coach.rewrite(replace(transcript, meta=replace(transcript.meta, excerpt=True)), line)
