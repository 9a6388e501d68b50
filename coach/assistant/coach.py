"""The coach: knowledge, rules, standard and rewriter, opened from the settings, for the web app and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from coach.critique import Critique, RulePack, critique, load_rules
from coach.knowledge import Knowledge, Standard, load_knowledge, load_standard
from coach.rewrite import Rewrite, Rewriter, Verdict, load_mends
from coach.scoring import Rubric, Scorecard, load_rubric, score
from coach.settings import Settings, knowledge_dir
from coach.transcripts import Transcript

__all__ = ["Coach"]


@dataclass(frozen=True)
class Coach:
    """The built-in coach; needs no model, no key and no network.

    Attributes:
        knowledge: Clauses, phrases, situations.
        rules: Shipped rules and the user's own.
        standard: What calls are judged by.
        rubric: What reviewed calls are scored by.
        rewriter: Proposer and verifier.
    """

    knowledge: Knowledge
    rules: RulePack
    standard: Standard
    rubric: Rubric
    rewriter: Rewriter

    @classmethod
    def open(cls, settings: Settings, standard: str | None = None) -> Coach:
        """A coach judging by `standard`, else by the settings' one; raises InputError for an unknown one."""
        folder = knowledge_dir()
        rules = load_rules(folder, settings.rules)
        chosen = load_standard(standard or settings.standard, folder)
        rewriter = Rewriter(rules, chosen, load_mends(folder))
        return cls(load_knowledge(folder), rules, chosen, load_rubric("review", folder), rewriter)

    def critique(self, transcript: Transcript) -> Critique:
        """Every finding in the call."""
        return critique(transcript, self.rules, self.standard)

    def score(self, critique: Critique) -> Scorecard:
        """The scorecard of a critique by the review rubric."""
        return score(critique, self.rubric)

    def rewrite(self, transcript: Transcript, line: int | None = None) -> Rewrite:
        """The agent's 1-based `line` (the last agent line if None) made compliant, or an honest rejection."""
        return self.rewriter.rewrite(transcript, line)

    def verify(self, transcript: Transcript, line: int, text: str) -> Verdict:
        """What the verifier says of `text` in place of the 1-based `line`."""
        return self.rewriter.verify(transcript, line, text)
