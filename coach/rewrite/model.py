"""What a rewrite yields: a verified line, an honest rejection, or a line that needed none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.knowledge import Citation

__all__ = ["Rewrite", "Source", "Status", "Verdict"]

Status = Literal["verified", "rejected", "unchanged"]
Source = Literal["builtin", "model"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verifier says of one candidate.

    Attributes:
        reasons: Why it may not be shown, in Chinese; empty means verified.
        resolved: Rule ids of the original that are gone.
        remaining: Rule ids still there that don't stand in the way: info, and findings about the whole call.
        open_rules: Rule ids that still stand in the way.
        kept_facts: Facts of the original that the candidate states, in the original's words.
        dropped_facts: Facts that went because they were themselves the fault.
        lost_facts: Facts that went and may not have.
        slots: Slots the agent has still to fill, in order.
    """

    reasons: tuple[str, ...]
    resolved: tuple[str, ...]
    remaining: tuple[str, ...]
    open_rules: tuple[str, ...]
    kept_facts: tuple[str, ...]
    dropped_facts: tuple[str, ...]
    lost_facts: tuple[str, ...]
    slots: tuple[str, ...]

    @property
    def verified(self) -> bool:
        """Whether the candidate may be shown as a rewrite."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The answer to a request to rewrite one line.

    Attributes:
        line: 1-based line of the transcript.
        original: The line as it was.
        status: verified, rejected or unchanged.
        rewrite: The new line; None unless verified.
        verdict: What the verifier said of it, or of the last candidate.
        source: Who proposed it.
        attempts: Candidates tried.
        citations: The clauses to follow, where no rewrite can be shown.
    """

    line: int
    original: str
    status: Status
    rewrite: str | None
    verdict: Verdict
    source: Source
    attempts: int
    citations: tuple[Citation, ...] = ()
