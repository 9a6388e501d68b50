"""`python -m eval mutate`: which task notices which way of breaking the coach. Exit 1 where one goes unnoticed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from coach.settings import Settings
from eval.suite import paths
from eval.suite.gate import load_gates
from eval.suite.models import subject_named
from eval.suite.mutate import Caught, chosen_mutations
from eval.suite.mutate import mutate as mutate_all
from eval.suite.subject import BUILTIN
from eval.suite.suite import open_suite
from eval.suite.tasks import TASK_DEFS
from eval.suite.terminal import out, progress_bar

__all__ = ["caught_table", "mutate"]


def mutate(
    fast: Annotated[bool, typer.Option("--fast", help="只试快的一半，只跑该发现它的任务")] = False,
    only: Annotated[list[str] | None, typer.Option(help="只试这一种，可以写几次")] = None,
) -> None:
    """把教练故意弄坏，看评测发现不发现。"""
    chosen = chosen_mutations(only or [], fast=fast)
    subject = subject_named(BUILTIN, Settings(), paths.EXCHANGES)
    suite = open_suite(subject)
    started = time.monotonic()
    with progress_bar() as progress:
        bar = progress.add_task("弄坏", total=len(chosen))
        results = mutate_all(
            subject, suite.cases, suite.rubrics, load_gates(paths.GATES), chosen,
            fast=fast, told=lambda _: progress.advance(bar),
        )  # fmt: skip
    console = out()
    console.print(caught_table(results))
    missed = [result.mutation.id for result in results if not result.caught]
    told = f"没有发现：{'、'.join(missed)}" if missed else "全都发现了"
    console.print(f"{len(results)} 种，{told}，用时 {time.monotonic() - started:.0f} 秒。", markup=False)
    raise typer.Exit(1 if missed else 0)


def caught_table(results: Sequence[Caught]) -> Table:
    """A row a mutation."""
    table = Table(title="弄坏教练", title_justify="left", box=SIMPLE_HEAD)
    for name in ("办法", "弄坏了什么", "发现", "退出码", "发现它的任务"):
        table.add_column(name, no_wrap=name != "发现它的任务")
    for result in results:
        noticed = "；".join(f"{TASK_DEFS[task].title}（{why}）" for task, why in result.tasks.items())
        row = (result.mutation.id, result.mutation.title, "是" if result.caught else "没有", str(result.exit_code))
        table.add_row(*row, noticed or "—")
    return table
