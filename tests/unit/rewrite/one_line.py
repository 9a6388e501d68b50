"""One agent's line behind one customer's: rewritten, or another put in its place and verified."""

from __future__ import annotations

from coach.rewrite import Rewriter
from coach.transcripts import CallMeta, Transcript, Turn


def call(customer: str, agent: str) -> Transcript:
    """The two lines; without the customer's the agent's is the first of the call."""
    turns = (*([Turn("customer", customer)] if customer else []), Turn("agent", agent))
    return Transcript(turns, CallMeta(direction="inbound", excerpt=True, from_start=not customer))


def rewritten(rewriter: Rewriter, customer: str, agent: str) -> str:
    """The verified rewrite, which there must be."""
    result = rewriter.rewrite(call(customer, agent))
    assert result.status == "verified", result.verdict.reasons
    return result.rewrite or ""


def reasons(rewriter: Rewriter, customer: str, original: str, candidate: str) -> str:
    """What stands against `candidate` in place of `original`; empty where it is verified."""
    said = call(customer, original)
    return "；".join(rewriter.verify(said, len(said.turns), candidate).reasons)
