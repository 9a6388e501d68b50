"""What the coach says, as plain data, text, Markdown and SARIF. Pure: values in, strings out.

JUnit XML stands in `junit`, scorecards as documents and sheets in `scorecard_docx` and `scorecard_xlsx`; these are imported where
they are used: the libraries they need take a moment to load.
"""

from coach.reports.answers import answer_data, answer_text, search_data, search_text
from coach.reports.data import citation_data, clause_data, critique_data, finding_data, phrase_data, rewrite_data
from coach.reports.markdown import critique_markdown, escape_markdown
from coach.reports.plain import critique_text, rewrite_text
from coach.reports.sarif import FINGERPRINT, sarif_report
from coach.reports.scorecard import ScoredCall, scorecard_data
from coach.reports.scorecard_markdown import scorecard_markdown
from coach.reports.standards import PARAMETER_NAMES, comparison_text, standard_data, standard_text

__all__ = [
    "FINGERPRINT",
    "PARAMETER_NAMES",
    "ScoredCall",
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
    "sarif_report",
    "scorecard_data",
    "scorecard_markdown",
    "search_data",
    "search_text",
    "standard_data",
    "standard_text",
]
