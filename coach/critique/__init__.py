"""Rules and what they find: the schema, the loader, one function a check kind, the engine."""

from coach.critique.dismiss import LONGEST_REASON, PlacedDismissal, with_dismissals
from coach.critique.engine import critique, critique_line
from coach.critique.load import load_rules
from coach.critique.model import SEVERITIES, Critique, Detector, Dismissal, Finding, Severity
from coach.critique.rule import Rule, RulePack

__all__ = [
    "LONGEST_REASON",
    "SEVERITIES",
    "Critique",
    "Detector",
    "Dismissal",
    "Finding",
    "PlacedDismissal",
    "Rule",
    "RulePack",
    "Severity",
    "critique",
    "critique_line",
    "load_rules",
    "with_dismissals",
]
