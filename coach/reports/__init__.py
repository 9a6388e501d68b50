"""What the coach says, as plain data, text and Markdown. Pure: values in, strings out."""

from coach.reports.answers import answer_data, answer_text, search_data, search_text
from coach.reports.data import citation_data, clause_data, critique_data, finding_data, phrase_data, rewrite_data
from coach.reports.markdown import critique_markdown, escape_markdown
from coach.reports.plain import critique_text, rewrite_text
from coach.reports.standards import PARAMETER_NAMES, comparison_text, standard_data, standard_text

__all__ = [
    "PARAMETER_NAMES",
    "answer_data",
    "answer_text",
    "citation_data",
    "clause_data",
    "comparison_text",
    "critique_data",
    "critique_markdown",
    "critique_text",
    "escape_markdown",
    "finding_data",
    "phrase_data",
    "rewrite_data",
    "rewrite_text",
    "search_data",
    "search_text",
    "standard_data",
    "standard_text",
]
