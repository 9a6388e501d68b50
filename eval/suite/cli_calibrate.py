"""`python -m eval calibrate`: how a judge agrees with the answers that people graded, and whether it may gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from coach.settings import Settings
from eval.suite import paths
from eval.suite.calibrate import (
    Agreement,
    agreement,
    calibration_mark,
    judge_answers,
    load_graded,
    may_gate,
    save_agreement,
)
from eval.suite.gate import load_gates
from eval.suite.models import RECORDED, judge_named
from eval.suite.rubric import load_rubrics
from eval.suite.terminal import out, progress_bar

__all__ = ["agreement_table", "calibrate"]


def calibrate(
    judge: Annotated[str, typer.Option(help="评判的模型：接口上的模型名，或 recorded（录下的对话）")] = RECORDED,
    limit: Annotated[int, typer.Option(min=0, help="只用前几份样本，0 为全部；不用全部就不算校准过")] = 0,
    record: Annotated[bool, typer.Option("--record", help="把模型的对话录下来")] = False,
) -> None:
    """拿人评过的答复校准评判模型：一致到什么程度，能不能计入门槛。"""
    rubrics = load_rubrics(paths.RUBRICS)
    answers = load_graded(paths.CALIBRATION, rubrics)
    some = answers[:limit] if limit else answers
    asking = judge_named(judge, Settings(), paths.EXCHANGES, record=record)
    gates = load_gates(paths.GATES)
    with progress_bar() as progress:
        bar = progress.add_task("校准", total=len(some))
        verdicts = judge_answers(some, rubrics, asking, lambda _: progress.advance(bar))
    rows = agreement(some, verdicts, rubrics)
    console = out()
    console.print(agreement_table(rows))
    mark = calibration_mark(paths.CALIBRATION, rubrics, asking.prompt.hash)
    if len(some) == len(answers):
        save_agreement(paths.JUDGES, judge, mark, rows[0])
    allowed = may_gate(paths.JUDGES, judge, mark, gates.min_kappa)
    told = "可以计入门槛" if allowed else f"不能计入门槛（kappa 要到 {gates.min_kappa:g}，读不出的不能超过一成）"
    if len(some) < len(answers):
        told = f"只用了 {len(some)}/{len(answers)} 份样本，不算校准过；{told}"
    console.print(f"评判模型 {judge}：{told}。", soft_wrap=True, markup=False)


def agreement_table(rows: Sequence[Agreement]) -> Table:
    """A row for all, then one a criterion."""
    table = Table(title="评判模型与人的一致", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("标准", no_wrap=True)
    for name in ("样本", "读不出", "kappa", "加权 kappa", "误放率"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        figures = (f"{row.kappa:.3f}", f"{row.weighted_kappa:.3f}", f"{row.false_pass:.1%}")
        table.add_row(row.criterion or "全部", str(row.n), str(row.unreadable), *figures)
    return table
