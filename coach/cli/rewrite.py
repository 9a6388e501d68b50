"""`coach rewrite`: an agent's line made compliant and verified, one or a batch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.formats import Format, FormatOption
from coach.cli.source import read_calls, read_requests
from coach.errors import CoachError, InputError
from coach.settings import Settings
from coach.transcripts import from_dict

if TYPE_CHECKING:
    from coach.assistant import Coach

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("rewrite")(rewrite_command)


def rewrite_command(
    file: Annotated[str | None, typer.Argument(help="通话或单句，- 为标准输入", metavar="FILE|-")] = None,
    line: Annotated[int | None, typer.Option(help="改写第几行（坐席说的）；不写则改写坐席的最后一句")] = None,
    batch: Annotated[
        str | None, typer.Option(help="JSONL：一行一个请求（通话，可带 line），一行一个结果", metavar="FILE|-")
    ] = None,
    standard: Annotated[str | None, typer.Option(help="规范的名称，或自己的 YAML 文件")] = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="只用内置教练（目前总是如此）")] = False,
    agent: Annotated[str | None, typer.Option(help="哪个说话人标签是坐席", metavar="LABEL")] = None,
    format_: FormatOption = Format.TEXT,
) -> int:
    """把坐席的一句话改成合规的说法；只给出核对通过的改写，通不过就说明原因。"""
    from coach.assistant import Coach
    from coach.reports import rewrite_data, rewrite_text

    if (file is None) == (batch is None):
        raise InputError("要给出一个文件，或用 --batch 给出一批", where="coach rewrite", hint="两者取其一")
    coach_ = None
    if batch is not None:
        requests = list(read_requests(batch))
        coach_ = Coach.open(Settings(), standard)
        for number, request in requests:
            typer.echo(json.dumps(_answer(coach_, number, request), ensure_ascii=False))
        return 0
    assert file is not None
    calls = read_calls(file, agent)
    if len(calls) > 1:
        raise InputError(f"文件里有 {len(calls)} 通电话", where=file, hint="一批请求请用 --batch")
    coach_ = Coach.open(Settings(), standard)
    result = coach_.rewrite(calls[0], line if line is not None else calls[0].line)
    if format_ is Format.JSON:
        typer.echo(json.dumps(rewrite_data(result), ensure_ascii=False, indent=2))
    else:
        typer.echo(rewrite_text(result))
    return 0


def _answer(coach: Coach, number: int, request: str) -> dict[str, Any]:
    """The rewrite asked for, or what is wrong with the request, in its place."""
    from coach.reports import rewrite_data

    where = f"第 {number} 行"
    try:
        try:
            value = json.loads(request)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError("不是合法的 JSON", where=where, hint="一行写一个请求") from error
        call = from_dict(value, where=where)
        return rewrite_data(coach.rewrite(call, call.line))
    except CoachError as error:
        return {"error": str(error)}
