"""`coach standards`: the standards listed, shown, compared."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from coach.cli.formats import Format, FormatOption
from coach.settings import knowledge_dir

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("standards")(standards_command)


def standards_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="只看这些；给出两个以上就对照不同之处", metavar="NAME…")
    ] = None,
    format_: FormatOption = Format.TEXT,
) -> int:
    """列出规范，或对照几套规范的参数、轻重和对资料分歧的取舍。"""
    from coach.knowledge import load_standard, standard_names
    from coach.knowledge.conflicts import load_conflicts
    from coach.reports import comparison_text, standard_data, standard_text

    folder = knowledge_dir()
    chosen = [load_standard(name, folder) for name in (names or standard_names(folder))]
    conflicts = load_conflicts(folder)
    if format_ is Format.JSON:
        typer.echo(json.dumps([standard_data(s, conflicts) for s in chosen], ensure_ascii=False, indent=2))
    elif names and len(chosen) > 1:
        typer.echo(comparison_text(chosen, conflicts))
    elif names:
        typer.echo(standard_text(chosen[0], conflicts))
    else:
        typer.echo("\n".join(f"{s.name:<16} {s.title}：{s.why}" for s in chosen))
    return 0
