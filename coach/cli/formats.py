"""What several commands can print: text for people, JSON for programs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["Format", "FormatOption"]


class Format(StrEnum):
    """Output of a command."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="输出格式")]
