"""The terminal: what is printed goes to stdout, wide enough for tables in a pipe too; a progress bar goes to stderr, if that is a terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

__all__ = ["out", "progress_bar"]

_WIDTH = 140


def out() -> Console:
    """Prints to stdout."""
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    return console


def progress_bar() -> Progress:
    """The bar; tasks are added to it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)
