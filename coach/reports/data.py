"""JSON-ready data of what the coach says. The shapes are fixed in design.md, Interfaces that stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.critique import Critique, Finding
from coach.knowledge import Citation, Clause, Phrase
from coach.rewrite import Rewrite
from coach.scoring import Scorecard

__all__ = ["citation_data", "clause_data", "critique_data", "finding_data", "phrase_data", "rewrite_data"]

Data = dict[str, Any]
SCHEMA_VERSION = 1


def critique_data(critique: Critique, card: Scorecard) -> Data:
    """A critique with its score."""
    lines = [
        {"no": no, "speaker": turn.speaker, "text": turn.text, "start": turn.start, "end": turn.end}
        for no, turn in enumerate(critique.transcript.turns, start=1)
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "standard": critique.standard,
        "lines": lines,
        "findings": [finding_data(finding) for finding in critique.findings],
        "score": {"total": card.total, "groups": dict(card.groups)},
        "warnings": list(critique.warnings),
    }


def finding_data(finding: Finding) -> Data:
    """One finding."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "line": finding.line,
        "span": list(finding.span) if finding.span else None,
        "other_spans": [list(span) for span in finding.others],
        "message": finding.message,
        "advice": finding.advice,
        "detector": finding.detector,
        "confidence": finding.confidence,
        "dismissed": {"reason": finding.dismissed.reason} if finding.dismissed else None,
        "citations": [citation_data(citation) for citation in finding.citations],
    }


def citation_data(citation: Citation) -> Data:
    """One citation, its clause's text whole."""
    return {
        "clause": citation.clause,
        "title": citation.title,
        "text": citation.text,
        "sources": [{"document": source.document, "section": source.section} for source in citation.sources],
    }


def rewrite_data(rewrite: Rewrite, others: Sequence[Rewrite] = (), note: str = "") -> Data:
    """One rewrite; `citations` are the clauses to follow where it was rejected.

    `others` are further verified rewrites of the same line, `note` says why there is nothing of a model's.
    """
    verdict = rewrite.verdict
    return {
        "line": rewrite.line,
        "original": rewrite.original,
        "status": rewrite.status,
        "rewrite": rewrite.rewrite,
        "resolved": list(verdict.resolved) if rewrite.status == "verified" else [],
        "remaining": list(verdict.remaining),
        "kept_facts": list(verdict.kept_facts),
        "dropped_facts": list(verdict.dropped_facts),
        "slots": list(verdict.slots) if rewrite.status == "verified" else [],
        "source": rewrite.source,
        "attempts": rewrite.attempts,
        "reasons": list(verdict.reasons) if rewrite.status == "rejected" else [],
        "citations": [citation_data(citation) for citation in rewrite.citations],
        "alternatives": [
            {"rewrite": other.rewrite, "source": other.source, "slots": list(other.verdict.slots)} for other in others
        ],
        "note": note,
    }


def clause_data(clause: Clause) -> Data:
    """One clause of the handbook."""
    return {
        **citation_data(Citation.of(clause)),
        "chapter": clause.chapter,
        "situations": list(clause.situations),
        "asked_as": list(clause.asked_as),
    }


def phrase_data(phrase: Phrase) -> Data:
    """One phrase of the bank."""
    return {
        "id": phrase.id,
        "situation": phrase.situation,
        "text": phrase.text,
        "slots": list(phrase.slots),
        "example": dict(phrase.example),
        "clauses": list(phrase.clauses),
        "tone": phrase.tone,
    }
