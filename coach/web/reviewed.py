"""A call as the page shows it: its critique, its score and the rewrites of its faulty lines. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from coach.assistant import Coach
from coach.critique import Critique, Finding, PlacedDismissal, with_dismissals
from coach.knowledge import Standard
from coach.rewrite import Rewrite
from coach.scoring import Scorecard
from coach.transcripts import Transcript

__all__ = ["SHOWN_LINES", "Reviewed", "review", "rewrite_line", "with_findings", "with_rulings"]

SHOWN_LINES = 200
"""Lines of a call that the page shows; the files hold them all."""


@dataclass(frozen=True)
class Reviewed:
    """One reviewed call.

    Attributes:
        critique: Every finding, dismissed ones too.
        card: Its score.
        names: Rule id → Chinese name.
        rewrites: 1-based line → rewrite, of every line that was faulty before any finding was dismissed; empty for a
            call too long to rewrite at once.
        standard: What it was judged by.
    """

    critique: Critique
    card: Scorecard
    names: Mapping[str, str]
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
        """Severity → findings that stand, over the whole call."""
        return Counter(finding.severity for finding in self.critique.findings if not finding.dismissed)

    @cached_property
    def faulty(self) -> tuple[int, ...]:
        """1-based agent lines, among those shown, with a finding above info that stands."""
        agent = {i + 1 for i in self.transcript.agent_lines()}
        counted = {finding.line for finding in self.critique.findings if finding.counts and finding.line is not None}
        return tuple(line for line in sorted(counted & agent) if line <= SHOWN_LINES)

    @property
    def wanted(self) -> Mapping[int, Rewrite]:
        """1-based line → rewrite, of the lines that are faulty as it stands."""
        return {line: self.rewrites[line] for line in self.faulty if line in self.rewrites}

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


def review(coach: Coach, transcript: Transcript, dismissals: Sequence[PlacedDismissal] = ()) -> Reviewed:
    """`transcript` judged and, unless it is longer than the page shows, every faulty line rewritten."""
    critique = coach.critique(transcript)
    names = {rule.id: rule.data.name for rule in coach.rules.rules.values()}
    judged = Reviewed(critique, coach.score(critique), names, {}, coach.standard)
    short = len(transcript.turns) <= SHOWN_LINES
    rewrites = {line: rewrite_line(coach, transcript, line) for line in judged.faulty} if short else {}
    return with_rulings(coach, replace(judged, rewrites=rewrites), dismissals)


def with_findings(coach: Coach, reviewed: Reviewed, critique: Critique) -> Reviewed:
    """`reviewed` with the findings of `critique`, of the same call: lines that became faulty are rewritten, the score is anew."""
    after = replace(reviewed, critique=critique, card=coach.score(critique))
    if not reviewed.rewrites:
        return after
    new = {
        line: rewrite_line(coach, critique.transcript, line) for line in after.faulty if line not in reviewed.rewrites
    }
    return replace(after, rewrites={**reviewed.rewrites, **new})


def with_rulings(coach: Coach, reviewed: Reviewed, dismissals: Sequence[PlacedDismissal]) -> Reviewed:
    """`reviewed` with exactly these dismissals, scored by them; those that this standard finds nothing for wait unseen."""
    found = {(finding.rule, finding.line) for finding in reviewed.critique.findings}
    critique = with_dismissals(reviewed.critique, [one for one in dismissals if one.place in found])
    return replace(reviewed, critique=critique, card=coach.score(critique))


def rewrite_line(coach: Coach, transcript: Transcript, line: int) -> Rewrite:
    """The rewrite of the 1-based `line`, without judging the whole call again for it.

    As an excerpt the call is not judged for what call-scope findings stay on the line: the critique beside the rewrite
    says that, and doing it for every line takes as many critiques as there are lines.
    """
    return coach.rewrite(replace(transcript, meta=replace(transcript.meta, excerpt=True)), line)
