"""`coach critique`: a call or a line, critiqued."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Literal

import typer

from coach.cli.source import STDIN, read_calls
from coach.errors import InputError
from coach.settings import Settings
from coach.transcripts import FORMATS

__all__ = ["register"]


class _Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class _FailOn(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


class _Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class _Hangup(StrEnum):
    AGENT = "agent"
    CUSTOMER = "customer"


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("critique")(critique_command)


def critique_command(
    file: Annotated[str, typer.Argument(help=f"通话文件（{FORMATS}），- 为标准输入", metavar="FILE|-")],
    format_: Annotated[_Format, typer.Option("--format", help="输出格式")] = _Format.TEXT,
    standard: Annotated[str | None, typer.Option(help="规范的名称，或自己的 YAML 文件")] = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="只用内置教练（目前总是如此）")] = False,
    excerpt: Annotated[bool, typer.Option("--excerpt", help="只是通话的一段：不判整通规则")] = False,
    direction: Annotated[_Direction | None, typer.Option(help="呼入 inbound 还是外呼 outbound")] = None,
    rings: Annotated[int | None, typer.Option(help="接起前响了几声")] = None,
    hangup: Annotated[_Hangup | None, typer.Option(help="谁先挂机")] = None,
    agent: Annotated[str | None, typer.Option(help="哪个说话人标签是坐席", metavar="LABEL")] = None,
    dismissals: Annotated[
        str | None,
        typer.Option(help="驳回哪些问题：JSON 清单，或存下的 JSON 报告；驳回的不计分", metavar="FILE|-"),
    ] = None,
    fail_on: Annotated[_FailOn, typer.Option(help="有这一级或更重的问题时退出码为 1")] = _FailOn.ERROR,
) -> int:
    """逐句点评一通电话：每个问题都指明哪一行、哪条规则、依据哪一条款。"""
    from coach.assistant import Coach
    from coach.cli.dismissals import read_dismissals
    from coach.critique import with_dismissals
    from coach.reports import critique_data, critique_markdown, critique_text
    from coach.transcripts import with_meta

    if dismissals == file == STDIN:
        raise InputError("通话和驳回清单不能都从标准输入读", where="--dismissals", hint="请把其中一个存成文件")
    calls = read_calls(file, agent)
    dismissed = read_dismissals(dismissals, len(calls)) if dismissals is not None else ((),) * len(calls)
    coach = Coach.open(Settings(), standard)
    names = {rule.id: rule.data.name for rule in coach.rules.rules.values()}
    for warning in coach.rules.warnings:
        typer.echo(warning, err=True)
    worst = False
    for i, call in enumerate(calls):
        way: Literal["inbound", "outbound"] | None = direction.value if direction else None
        hung: Literal["agent", "customer"] | None = hangup.value if hangup else None
        call = with_meta(call, direction=way, rings=rings, hangup=hung, excerpt=True if excerpt else None)
        result = with_dismissals(coach.critique(call), dismissed[i])
        card = coach.score(result)
        if format_ is _Format.JSON:
            many = len(calls) > 1
            typer.echo(json.dumps(critique_data(result, card), ensure_ascii=False, indent=None if many else 2))
        elif format_ is _Format.MARKDOWN:
            typer.echo(critique_markdown(result, card, names))
        else:
            typer.echo(("\n" if i else "") + critique_text(result, card, names))
        failing = {"error": ("error",), "warning": ("error", "warning"), "never": ()}[fail_on.value]
        worst = worst or any(f.severity in failing and f.dismissed is None for f in result.findings)
    return 1 if worst else 0
