"""`coach rewrite`: an agent's line made compliant and verified, one or a batch."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.formats import Format, FormatOption
from coach.cli.source import read_calls, read_requests
from coach.errors import CoachError, InputError
from coach.settings import Settings
from coach.transcripts import from_dict

if TYPE_CHECKING:
    from coach.assistant import Coach
    from coach.rewrite import Rewrite
    from coach.rewrite.tones import Tone
    from coach.transcripts import Transcript

__all__ = ["register"]


class _ToneName(StrEnum):
    PLAIN = "plain"
    WARMER = "warmer"
    SHORTER = "shorter"
    FORMAL = "formal"


_TONES: dict[_ToneName, Tone | None] = {
    _ToneName.PLAIN: None,
    _ToneName.WARMER: "warmer",
    _ToneName.SHORTER: "shorter",
    _ToneName.FORMAL: "formal",
}


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
    no_llm: Annotated[bool, typer.Option("--no-llm", help="只用内置教练，不问语言模型")] = False,
    tone: Annotated[_ToneName, typer.Option(help="要什么语气（有语言模型才有用）")] = _ToneName.PLAIN,
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
        coach_ = Coach.open(Settings(), standard, use_model=not no_llm)
        for number, request in requests:
            typer.echo(json.dumps(_answer(coach_, number, request, tone), ensure_ascii=False))
        return 0
    assert file is not None
    calls = read_calls(file, agent)
    if len(calls) > 1:
        raise InputError(f"文件里有 {len(calls)} 通电话", where=file, hint="一批请求请用 --batch")
    coach_ = Coach.open(Settings(), standard, use_model=not no_llm)
    result, others, note = _rewritten(coach_, calls[0], line if line is not None else calls[0].line, tone)
    if format_ is Format.JSON:
        typer.echo(json.dumps(rewrite_data(result, others, note), ensure_ascii=False, indent=2))
    else:
        names = {rule.id: rule.data.name for rule in coach_.rules.rules.values()}
        typer.echo(rewrite_text(result, names, others))
        if note:
            typer.echo(note, err=True)
    return 0


def _rewritten(
    coach: Coach, call: Transcript, line: int | None, tone: _ToneName
) -> tuple[Rewrite, tuple[Rewrite, ...], str]:
    """The model's rewrite where it has a verified one, the built-in's beside it; else the built-in's, and why."""
    from coach.assistant.with_model import rewritten

    builtin = coach.rewrite(call, line)
    wanted = _TONES[tone]
    other, added = rewritten(coach, call, builtin, wanted, lambda text: typer.echo(text, err=True))
    if other is None or other.rewrite is None:
        note = "换语气要有语言模型，现在用的是内置教练。" if wanted and coach.model is None else added.note
        return builtin, (), note
    return other, (builtin,) if builtin.rewrite else (), added.note


def _answer(coach: Coach, number: int, request: str, tone: _ToneName) -> dict[str, Any]:
    """The rewrite asked for, or what is wrong with the request, in its place."""
    from coach.reports import rewrite_data

    where = f"第 {number} 行"
    try:
        try:
            value = json.loads(request)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError("不是合法的 JSON", where=where, hint="一行写一个请求") from error
        call = from_dict(value, where=where)
        return rewrite_data(*_rewritten(coach, call, call.line, tone))
    except CoachError as error:
        return {"error": str(error)}
