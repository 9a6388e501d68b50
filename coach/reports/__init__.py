"""Critiques and rewrites as plain data, text and Markdown. Pure: values in, strings out."""

from coach.reports.data import clause_data, critique_data, finding_data, phrase_data, rewrite_data
from coach.reports.markdown import critique_markdown, escape_markdown
from coach.reports.plain import critique_text, rewrite_text

__all__ = [
    "clause_data",
    "critique_data",
    "critique_markdown",
    "critique_text",
    "escape_markdown",
    "finding_data",
    "phrase_data",
    "rewrite_data",
    "rewrite_text",
]
