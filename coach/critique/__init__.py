"""Rules and what they find: the schema, the loader, one function a check kind, the engine."""

from coach.critique.engine import critique, critique_line
from coach.critique.load import load_rules
from coach.critique.model import SEVERITIES, Critique, Detector, Dismissal, Finding, Severity
from coach.critique.rule import Rule, RulePack

__all__ = [
    "SEVERITIES",
    "Critique",
    "Detector",
    "Dismissal",
    "Finding",
    "Rule",
    "RulePack",
    "Severity",
    "critique",
    "critique_line",
    "load_rules",
]
