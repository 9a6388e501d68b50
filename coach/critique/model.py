"""What a critique yields: findings, each about one line, under one rule, with the clauses it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.knowledge import Citation
from coach.transcripts import Transcript

__all__ = ["SEVERITIES", "Critique", "Detector", "Dismissal", "Finding", "Severity"]

Severity = Literal["error", "warning", "info"]
Detector = Literal["pattern", "semantic", "model"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From the gravest to the mildest."""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A reviewer's word that a finding doesn't stand; the finding stays visible."""

    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault.

    Attributes:
        rule: Rule id of the taxonomy.
        severity: error, warning or info, after the standard.
        line: 1-based line; None for a finding about the call as a whole.
        span: Code-point offsets `[start, end)` in the line's original text; None where there is no line.
        others: Further places of the same fault in the same line.
        message: What is wrong, naming the words.
        advice: What to do instead.
        detector: What found it.
        confidence: 0 to 1.
        citations: The clauses it rests on, at least one.
        dismissed: A reviewer's dismissal, if any.
    """

    rule: str
    severity: Severity
    line: int | None
    span: tuple[int, int] | None
    message: str
    advice: str
    detector: Detector
    confidence: float
    citations: tuple[Citation, ...]
    others: tuple[tuple[int, int], ...] = ()
    dismissed: Dismissal | None = None

    @property
    def counts(self) -> bool:
        """Whether it weighs against the call: above info and not dismissed."""
        return self.severity != "info" and self.dismissed is None


@dataclass(frozen=True, slots=True)
class Critique:
    """A call and what was found in it.

    Attributes:
        transcript: The call judged.
        standard: Name of the standard it was judged by.
        findings: By line (whole-call findings last), then by place in the line.
        warnings: What the coach had to guess or leave out, in Chinese.
    """

    transcript: Transcript
    standard: str
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...] = ()

    @property
    def dismissed(self) -> tuple[Finding, ...]:
        """Findings that a reviewer dismissed."""
        return tuple(finding for finding in self.findings if finding.dismissed)

    def of_line(self, line: int) -> tuple[Finding, ...]:
        """Findings about the 1-based `line`."""
        return tuple(finding for finding in self.findings if finding.line == line)
