"""Rewrites: the built-in proposer, the verifier, and the pipeline between them."""

from coach.rewrite.load import Mends, load_mends
from coach.rewrite.model import Rewrite, Verdict
from coach.rewrite.pipeline import Rewriter

__all__ = ["Mends", "Rewrite", "Rewriter", "Verdict", "load_mends"]
