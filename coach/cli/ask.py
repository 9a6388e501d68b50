"""`coach search` and `coach ask`: the handbook found and answered from, one question or a batch."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli.formats import Format, FormatOption
from coach.cli.source import read_requests
from coach.errors import CoachError, InputError
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.assistant import Answer, Coach
    from coach.assistant.fluent import FluentAnswer

__all__ = ["register"]


_Batch = Annotated[str | None, typer.Option(help="JSONL：一行一个请求，一行一个结果", metavar="FILE|-")]
_StandardOption = Annotated[str | None, typer.Option(help="规范的名称，或自己的 YAML 文件")]
_LEXICAL_ONLY = "这台机器上没有内置的语义检索，只按词查找，换个说法可能会查到更多。"


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command("search")(search_command)
    app.command("ask")(ask_command)


def search_command(
    query: Annotated[str | None, typer.Argument(help="要找什么", metavar="QUERY")] = None,
    k: Annotated[int, typer.Option("-k", help="最多几条", min=1, max=50)] = 5,
    batch: _Batch = None,
    format_: FormatOption = Format.TEXT,
) -> int:
    """在手册里查找：用平常说话的问法就行。"""
    from coach.reports import search_data, search_text

    coach = _open(query, batch, None, "coach search")
    if batch is not None:
        return _batch(batch, "query", lambda text: search_data(text, coach.search(text, k)), coach)
    assert query is not None
    found = coach.search(query, k)
    _say(format_, lambda: search_data(query, found), lambda: search_text(found))
    _warn(coach, set())
    return 0


def ask_command(
    question: Annotated[str | None, typer.Argument(help="要问什么", metavar="QUESTION")] = None,
    batch: _Batch = None,
    standard: _StandardOption = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="只用内置教练，不问语言模型")] = False,
    format_: FormatOption = Format.TEXT,
) -> int:
    """问一个问题：回答都出自手册，附条款、话术和要避免的说法；手册没说的就直说没有。"""
    from coach.reports import answer_data, answer_text

    coach = _open(question, batch, standard, "coach ask", use_model=not no_llm)
    if batch is not None:
        return _batch(batch, "question", lambda text: answer_data(*_answered(coach, text)), coach)
    assert question is not None
    said = _answered(coach, question)
    _say(format_, lambda: answer_data(*said), lambda: answer_text(*said))
    _warn(coach, set())
    return 0


def _answered(coach: Coach, question: str) -> tuple[Answer, FluentAnswer | None, str]:
    """The built-in answer, the model's if there is one to show, and the quiet line."""
    from coach.assistant import answered

    *_, last = answered(coach, question)
    if last.note:
        typer.echo(last.note, err=True)
    assert last.answer is not None
    return last.answer, last.fluent, last.note


def _open(text: str | None, batch: str | None, standard: str | None, command: str, *, use_model: bool = False) -> Coach:
    from coach.assistant import Coach

    if (text is None) == (batch is None):
        raise InputError("要写一个问题，或用 --batch 给出一批", where=command, hint="两者取其一")
    coach = Coach.open(Settings(), standard, _bar, check_rules=False, use_model=use_model)
    if (text is None or text.strip()) and not coach.retriever.has_vectors:
        typer.echo(_LEXICAL_ONLY, err=True)
    return coach


def _bar(batches: Iterable[Sequence[Any]], total: int) -> Iterable[Sequence[Any]]:
    """A progress bar on stderr over the batches of texts still to embed."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    hidden = not console.is_terminal
    return track(batches, "正在为条款建索引", total=total, console=console, transient=True, disable=hidden)


def _say(format_: Format, data: Callable[[], Any], text: Callable[[], str]) -> None:
    typer.echo(json.dumps(data(), ensure_ascii=False, indent=2) if format_ is Format.JSON else text())


def _batch(file: str, key: str, answer: Callable[[str], Any], coach: Coach) -> int:
    """One answer a line, in order; what is wrong with a request stands in its place."""
    said: set[str] = set()
    for number, line in read_requests(file):
        sys.stdout.write(json.dumps(_one(line, f"第 {number} 行", key, answer), ensure_ascii=False) + "\n")
        _warn(coach, said)
    return 0


def _warn(coach: Coach, said: set[str]) -> None:
    """Says why the embeddings model of the settings wasn't used, unless that was `said` before."""
    note = coach.retriever.note
    if note and note not in said:
        said.add(note)
        typer.echo(note, err=True)


def _one(line: str, where: str, key: str, answer: Callable[[str], Any]) -> Any:  # noqa: ANN401 (JSON)
    try:
        return answer(_text_of(line, where, key))
    except CoachError as error:
        return {"error": str(error)}


def _text_of(line: str, where: str, key: str) -> str:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError("不是合法的 JSON", where=where, hint=f'一行写一个 {{"{key}": "…"}}') from error
    text = value.get(key) if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"缺少 {key}", where=where, hint=f'一行写一个 {{"{key}": "…"}}')
    return text
