"""Where the faults of a line stand, and which rules they belong to: what the verifier's checks look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from coach.critique import Finding
from coach.rewrite.load import Mends
from coach.text import normalise

__all__ = ["ATTITUDE", "BY_SENTENCE", "EXCUSED_ALL", "Alone", "Faults", "Span", "overlaps"]

Span = tuple[int, int]
Alone = Callable[[str], Mapping[str, float]]
"""How near each rule is to being broken by words if they are all that is said: 1 is broken."""

_BY_CLAUSE = frozenset({"proxy.privacy-leak", "commitment.overpromise", "commitment.vague"})
"""Rules whose fault takes in the whole clause: what is told, promised or guessed there."""
BY_SENTENCE = frozenset(
    {"proxy.privacy-leak", "commitment.overpromise", "commitment.vague", "language.pass-the-buck", "language.argue"}
    | {"language.rhetorical-challenge", "language.blame-customer", "language.service-taboo", "language.impatient"}
    | {"opening.banned-word", "language.interrupt", "proxy.curt-dismissal"}
)
"""Rules whose faulty words take the rest of their sentence with them where it makes no sense alone."""
EXCUSED_ALL = frozenset(
    {"proxy.privacy-leak", "proxy.curt-dismissal", "commitment.overpromise", "commitment.vague"}
    | {"language.internal-jargon", "language.pass-the-buck", "opening.banned-word"}
)
"""Rules whose mend may say the sentence they stand in quite anew."""
ATTITUDE = frozenset(
    {"language.argue", "language.blame-customer", "language.impatient", "language.rhetorical-challenge"}
    | {"language.service-taboo", "language.pass-the-buck", "language.interrupt"}
)
"""Rules that are about how something is said or meant, not about what is said."""


@dataclass(frozen=True)
class Faults:
    """A line and what is faulty in it.

    Attributes:
        line: The line as it was.
        findings: Its line-scope findings.
        mends: What is rude in itself, though no rule names it.
    """

    line: str
    findings: tuple[Finding, ...]
    mends: Mends

    @property
    def rules(self) -> frozenset[str]:
        """Ids of the rules the line breaks."""
        return frozenset(finding.rule for finding in self.findings)

    def is_whole(self, finding: Finding) -> bool:
        """Whether the finding is about the whole line."""
        return finding.span == (0, len(self.line))

    def touched(self, finding: Finding, widen: bool | None = None) -> list[Span]:
        """Spans of the finding, widened to their clauses if asked; if not said, where the rule's fault takes them in."""
        spans = [finding.span, *finding.others] if finding.span else []
        if not (finding.rule in _BY_CLAUSE if widen is None else widen):
            return spans
        turn = normalise(self.line)
        clauses = [turn.span(clause.start, clause.end) for clause in turn.clauses]
        return [*spans, *(c for c in clauses if overlaps(c, spans))]

    def reach(self, finding: Finding) -> list[Span]:
        """Spans of the finding and, for rules whose fault takes them in, of their sentences; none for the whole line."""
        if self.is_whole(finding):
            return []
        spans = self.touched(finding, widen=False)
        if finding.rule not in BY_SENTENCE:
            return spans
        turn = normalise(self.line)
        sentences = [turn.span(sentence.start, sentence.end) for sentence in turn.sentences]
        return [*spans, *(part for part in sentences if overlaps(part, spans))]

    def rude(self) -> list[Span]:
        """Clauses that are rude in themselves."""
        turn = normalise(self.line)
        return [turn.span(clause.start, clause.end) for clause in turn.clauses if self.mends.rude.found(clause.text)]

    def words(self) -> list[Span]:
        """Spans of faulty words; none where a fault takes in its whole sentence."""
        if self.rules & EXCUSED_ALL:
            return []
        return [span for f in self.findings if not self.is_whole(f) for span in self.touched(f, widen=False)]

    def faultless_text(self) -> str:
        """The line without the words found faulty; a refusal is not faulty in what it says."""
        spans = [
            span
            for f in self.findings
            if f.rule != "language.flat-refusal" and not self.is_whole(f)
            for span in self.touched(f)
        ]
        spans += self.rude()
        return "".join(" " if any(s <= i < e for s, e in spans) else c for i, c in enumerate(self.line))


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether `span` has a character in common with any of `others`."""
    return any(start < span[1] and span[0] < end for start, end in others)
