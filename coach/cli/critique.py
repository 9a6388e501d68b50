"""`coach critique`: a line, a call or many calls, critiqued."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from coach.cli.printing import CritiqueFormat, critique_output, followed
from coach.cli.source import STDIN, open_calls
from coach.errors import InputError
from coach.settings import Settings
from coach.transcripts import FORMATS

if TYPE_CHECKING:
    from coach.assistant import Coach
    from coach.critique import Critique, Severity
    from coach.scoring import Scorecard

__all__ = ["register"]


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


_FAILING: dict[_FailOn, frozenset[Severity]] = {
    _FailOn.ERROR: frozenset({"error"}),
    _FailOn.WARNING: frozenset({"error", "warning"}),
    _FailOn.NEVER: frozenset(),
}


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("critique")(critique_command)


def critique_command(
    file: Annotated[str, typer.Argument(help=f"通话文件（{FORMATS}），- 为标准输入", metavar="FILE|-")],
    format_: Annotated[CritiqueFormat, typer.Option("--format", help="输出格式")] = CritiqueFormat.TEXT,
    standard: Annotated[str | None, typer.Option(help="规范的名称，或自己的 YAML 文件")] = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="只用内置教练，不问语言模型")] = False,
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
    jobs: Annotated[
        int | None, typer.Option(help="用几个进程点评；不写则看有多少通电话、几个处理器", min=1, metavar="N")
    ] = None,
) -> int:
    """逐句点评一通或许多通电话：每个问题都指明哪一行、哪条规则、依据哪一条款。"""
    from coach.assistant import Coach
    from coach.assistant.many import cores, critiques, jobs_for
    from coach.cli.dismissals import read_dismissals
    from coach.critique import with_dismissals
    from coach.transcripts import with_meta

    if dismissals == file == STDIN:
        raise InputError("通话和驳回清单不能都从标准输入读", where="--dismissals", hint="请把其中一个存成文件")
    calls = open_calls(file, agent)
    dismissed = read_dismissals(dismissals, len(calls)) if dismissals is not None else None
    settings = Settings()
    coach = Coach.open(settings, standard, use_model=not no_llm)
    for warning in coach.rules.warnings:
        typer.echo(warning, err=True)
    way: Literal["inbound", "outbound"] | None = direction.value if direction else None
    hung: Literal["agent", "customer"] | None = hangup.value if hangup else None
    told = partial(with_meta, direction=way, rings=rings, hangup=hung, excerpt=True if excerpt else None)
    processes = min(jobs, len(calls)) if jobs else jobs_for(len(calls), cores())
    seen: set[Severity] = set()
    with closing(critiques(map(told, calls), coach, settings, standard, processes)) as made:
        found: Iterable[Critique] = chain((next(made),), made)  # nothing is printed before the first call is judged
        found = (_with_model(coach, critique) for critique in found) if coach.model else found
        if dismissed is not None:
            found = map(with_dismissals, found, dismissed)
        judged = _judged(followed(found, len(calls)), coach, seen)
        for part in critique_output(format_, judged, coach, file, calls):
            sys.stdout.write(part)
            sys.stdout.flush()
    return 1 if seen & _FAILING[fail_on] else 0


def _with_model(coach: Coach, critique: Critique) -> Critique:
    """`critique` with the model's findings; what became of them is a warning."""
    from coach.assistant.with_model import critiqued

    after, added = critiqued(coach, critique, lambda text: typer.echo(text, err=True))
    dropped = f"模型另外报了 {len(added.dropped)} 处，没有通过核对，已略去。" if added.dropped else ""
    return replace(after, warnings=(*after.warnings, *filter(None, (added.note, dropped))))


def _judged(found: Iterable[Critique], coach: Coach, seen: set[Severity]) -> Iterator[tuple[Critique, Scorecard]]:
    """Each critique with its score; the severities of what isn't dismissed are added to `seen`."""
    for critique in found:
        seen.update(finding.severity for finding in critique.findings if finding.dismissed is None)
        yield critique, coach.score(critique)
