"""Clauses, phrases, situations and standards: the data in knowledge/, loaded and checked."""

from coach.knowledge.load import SLOT, load_knowledge, load_standard, standard_names
from coach.knowledge.model import Citation, Clause, Knowledge, Phrase, Situation, Source, Standard

__all__ = [
    "SLOT",
    "Citation",
    "Clause",
    "Knowledge",
    "Phrase",
    "Situation",
    "Source",
    "Standard",
    "load_knowledge",
    "load_standard",
    "standard_names",
]
