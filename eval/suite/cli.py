"""`python -m eval`: runs the tasks and asks the gate; `baseline`, `calibrate`, `mutate` and `schema` beside it.

Exit codes: 0 the gate passes, 1 it doesn't, 2 misuse, 3 more errors than allowed (or a service that did not answer).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, get_args

import typer

from coach.cli.main import guarded
from coach.errors import InputError
from coach.settings import Settings
from eval.suite import paths
from eval.suite.baseline import Baseline, accepted, load_baseline, save_baseline
from eval.suite.calibrate import calibration_mark, may_gate
from eval.suite.case import TaskName
from eval.suite.cli_calibrate import calibrate
from eval.suite.cli_mutate import mutate
from eval.suite.console import failed_lines, gate_lines, tag_table, totals_table
from eval.suite.gate import Gates, judged, load_gates
from eval.suite.judge import ModelJudge
from eval.suite.load import schema_text
from eval.suite.models import RECORDED, judge_named, subject_named
from eval.suite.result import Run
from eval.suite.run import Wanted, chosen_cases, read_run, run_suite
from eval.suite.subject import BUILTIN
from eval.suite.suite import Suite, open_suite
from eval.suite.terminal import out, progress_bar
from eval.suite.write import results_schema_text, write_run

__all__ = ["app", "run"]

app = typer.Typer(add_completion=False, no_args_is_help=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.command()(calibrate)
app.command()(mutate)
_MOST_SHOWN = 30


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    model: Annotated[str, typer.Option(help="builtin（内置教练）、recorded（录下的对话），或接口上的模型名")] = BUILTIN,
    judge: Annotated[str, typer.Option(help="评判的模型；不给就不问")] = "",
    task: Annotated[list[str] | None, typer.Option(help="只跑这个任务，可以写几次")] = None,
    limit: Annotated[int, typer.Option(min=0, help="每个任务最多几个案例，0 为全部")] = 0,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="每个案例跑几遍")] = 1,
    workers: Annotated[int, typer.Option(min=1, max=64, help="同时跑几个")] = 4,
    failed_only: Annotated[Path | None, typer.Option(help="只跑那一次没有通过的案例（results.json 或文件夹）")] = None,
    resume: Annotated[Path | None, typer.Option(help="接着跑断掉的那一次（它的文件夹）")] = None,
    out: Annotated[Path | None, typer.Option(help="结果放在这个文件夹")] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="和这个基线文件比")] = None,
    record: Annotated[bool, typer.Option("--record", help="把模型的对话录下来")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="不用缓存")] = False,
    seed: Annotated[int, typer.Option(help="区间用的随机种子")] = 0,
    by_tag: Annotated[bool, typer.Option("--by-tag", help="也按标签列表")] = False,
) -> None:
    """跑评测，过门槛。"""
    if context.invoked_subcommand is not None:
        return
    settings = Settings()
    subject = subject_named(model, settings, paths.EXCHANGES, record=record)
    suite = open_suite(subject)
    wanted = Wanted(_tasks(task or []), limit, repeat, workers, _only(model, failed_only, record=record), seed)
    asking = judge_named(judge, settings, paths.EXCHANGES, record=record) if judge else None
    gates, folder = load_gates(paths.GATES), out or resume or paths.new_run_folder(settings, model)
    counts = _counts_at_gate(asking, judge, suite, gates.min_kappa)
    before = _baseline(baseline, model)
    some = chosen_cases(suite.cases, wanted)
    with progress_bar() as progress, _told_how_to_go_on(folder):
        bar = progress.add_task("评测", total=len(some) * repeat)
        done = run_suite(
            subject, suite.cases, suite.rubrics, wanted, folder,
            judge=asking, judge_name=judge, judge_gates=counts,
            cache=None if no_cache else paths.cache_folder(settings),
            resume=resume is not None, done=lambda _: progress.advance(bar),
        )  # fmt: skip
    raise typer.Exit(_reported(done, folder, gates, before, by_tag=by_tag))


@contextmanager
def _told_how_to_go_on(folder: Path) -> Iterator[None]:
    """Says how to resume what Ctrl-C breaks off."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"已中断，跑完的都留着。接着跑：python -m eval --resume {folder}\n")
        raise


def _reported(done: Run, folder: Path, gates: Gates, before: Baseline | None, *, by_tag: bool) -> int:
    """Writes and shows the run; its exit code."""
    verdict = judged(done, gates, before)
    write_run(done, verdict, before, folder)
    console = out()
    console.print(totals_table(done))
    if by_tag:
        console.print(tag_table(done))
    lines = failed_lines(done.samples)
    for line in lines[:_MOST_SHOWN]:
        console.print(line, soft_wrap=True, markup=False)
    if len(lines) > _MOST_SHOWN:
        console.print(f"…… 另有 {len(lines) - _MOST_SHOWN} 个，见网页。")
    cached = sum(s.cached for s in done.samples)
    note = f"，其中 {cached} 个取自缓存（--no-cache 不用）" if cached else ""
    console.print(f"用时 {done.seconds:g} 秒，{len(done.samples)} 个样本{note}。")
    if before is None:
        console.print("没有这个模型的基线，只按门槛判断。")
    for line in gate_lines(verdict):
        console.print(line, soft_wrap=True, markup=False)
    console.print(f"结果：{folder / 'index.html'}", soft_wrap=True, markup=False)
    return verdict.exit_code


def _baseline(named: Path | None, model: str) -> Baseline | None:
    """The baseline of `model`: the committed one, or the one `named`, which must be there."""
    if named is not None and not named.is_file():
        raise InputError("没有这个基线文件", where=str(named), hint="请核对 --baseline 给得对不对")
    return load_baseline(named or paths.BASELINE, model)


def _tasks(names: list[str]) -> tuple[TaskName, ...]:
    known = get_args(TaskName)
    for name in names:
        if name not in known:
            raise InputError(f"没有任务 {name}", where="--task", hint=f"可用：{'、'.join(known)}")
    return tuple(name for name in known if name in names)


def _only(model: str, failed_only: Path | None, *, record: bool) -> frozenset[str] | None:
    if failed_only is not None:
        before = read_run(failed_only)
        failed = frozenset(s.case for s in before.samples if s.status != "passed")
        if not failed:
            raise InputError("那一次没有失败的案例", where=str(failed_only))
        return failed
    chosen = paths.EXCHANGES / "cases.txt"
    if (model == RECORDED or record) and chosen.is_file():
        return frozenset(chosen.read_text(encoding="utf-8").split())
    return None


def _counts_at_gate(asking: ModelJudge | None, judge: str, suite: Suite, min_kappa: float) -> bool:
    if asking is None:
        return False
    mark = calibration_mark(paths.CALIBRATION, suite.rubrics, asking.prompt.hash)
    return may_gate(paths.JUDGES, judge, mark, min_kappa)


@app.command("baseline")
def accept_baseline(
    accept: Annotated[str, typer.Option(help="为什么接受这次的结果作基线")],
    from_run: Annotated[Path | None, typer.Option("--run", help="哪一次；不给就是最近的一次")] = None,
) -> None:
    """接受一次跑全了的结果，作为以后比较的基线。"""
    done = read_run(from_run or _newest(paths.runs_folder(Settings())))
    before = load_baseline(paths.BASELINE, done.provenance.model)
    save_baseline(accepted(done, accept, date.today(), before), paths.BASELINE)
    scores = "  ".join(f"{t.task} {t.score.mean:.3f}" for t in done.totals if t.score.mean is not None)
    sys.stdout.write(f"已接受 {done.id} 为基线：{scores}\n")


def _newest(folder: Path) -> Path:
    runs = sorted(path.parent for path in folder.glob("*/results.json"))
    if not runs:
        raise InputError("还没有跑过评测", where=str(folder), hint="先运行 python -m eval")
    return runs[-1]


@app.command()
def schema() -> None:
    """写出案例和结果的 JSON Schema。"""
    (paths.CASES / "schema.json").write_text(schema_text(), encoding="utf-8")
    (paths.CASES.parent / "results.schema.json").write_text(results_schema_text(), encoding="utf-8")
    sys.stdout.write("已写出 eval/cases/schema.json 和 eval/results.schema.json\n")


def run() -> None:
    """The entry point: every error becomes one line on stderr and its exit code, as for `coach`."""
    sys.exit(guarded(app, None, "python -m eval"))
