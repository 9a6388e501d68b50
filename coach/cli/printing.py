"""`coach critique`'s output: its formats, each written call by call, and a progress bar where a person waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from coach.cli.source import Calls, uri_of

if TYPE_CHECKING:
    from coach.assistant import Coach
    from coach.critique import Critique
    from coach.scoring import Scorecard

__all__ = ["CritiqueFormat", "critique_output", "followed"]

_MANY = 20
"""Calls that are done before a bar would be of use."""

T = TypeVar("T")


class CritiqueFormat(StrEnum):
    """Output of `coach critique`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    JUNIT = "junit"


def critique_output(
    format_: CritiqueFormat, judged: Iterable[tuple[Critique, Scorecard]], coach: Coach, file: str, calls: Calls
) -> Iterator[str]:
    """What to print of the `judged` calls of `file`, in parts as they come in."""
    from coach.reports import critique_data, critique_markdown, critique_text, sarif_report

    names = {rule.id: rule.data.name for rule in coach.rules.rules.values()}
    many = len(calls) > 1
    match format_:
        case CritiqueFormat.TEXT:
            for i, (critique, card) in enumerate(judged):
                yield ("\n" if i else "") + critique_text(critique, card, names) + "\n"
        case CritiqueFormat.JSON:
            for critique, card in judged:
                data = critique_data(critique, card)
                yield json.dumps(data, ensure_ascii=False, indent=None if many else 2) + "\n"
        case CritiqueFormat.MARKDOWN:
            for critique, card in judged:
                yield critique_markdown(critique, card, names) + "\n"
        case CritiqueFormat.SARIF:
            rules = tuple(coach.rules.rules.values())
            yield from sarif_report((critique for critique, _ in judged), uri_of(file), rules, coach.standard)
        case CritiqueFormat.JUNIT:
            from coach.reports.junit import junit_report

            yield from junit_report(judged, calls.name, names, many=many)


def followed(items: Iterable[T], total: int) -> Iterator[T]:
    """`items`, with a bar on stderr where that is a terminal and there are more than a few."""
    if total <= _MANY or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # else what belongs in a file or a pipe would go to the terminal
        redirect_stderr=False,
    ) as progress:
        yield from progress.track(items, total=total, description="正在点评")
