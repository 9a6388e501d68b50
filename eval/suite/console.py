"""A run on the console: totals, what failed, and what the gate says. Text only; printing is left to the command line."""

from __future__ import annotations

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.table import Table

from eval.suite.gate import Verdict
from eval.suite.result import Interval, Run, Sample, TaskTotals
from eval.suite.tasks import TASK_DEFS

__all__ = ["failed_lines", "gate_lines", "own_figures", "score_text", "tag_table", "totals_table"]

METRIC_NAMES = {
    "precision": "准确率",
    "recall": "召回率",
    "f1": "F1",
    "left_clean": "合规句不误报",
    "verified": "给出改写",
    "mrr": "MRR",
    "first": "首条命中",
    "in_order": "情绪有序",
    "ended_right": "结局对",
    "by_model": "用了模型的话",
}
"""A task's own figures, as people read them."""

_TITLES = {str(name): definition.title for name, definition in TASK_DEFS.items()}


def totals_table(run: Run) -> Table:
    """A row a task: n = passed + failed + errors + unscored."""
    return _table("评测", run.totals)


def tag_table(run: Run) -> Table:
    """A row a tag of a task."""
    return _table("按标签", run.by_tag)


def _table(title: str, rows: Iterable[TaskTotals]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column("任务", no_wrap=True)
    for name in ("案例", "通过", "失败", "出错", "未评"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("得分（95% 区间）", justify="right", no_wrap=True)
    table.add_column("其他指标")
    for row in rows:
        name = f"{_TITLES.get(row.task, row.task)} {row.task}" + (f" · {row.tag}" if row.tag else "")
        counts = [str(n) for n in (row.n, row.passed, row.failed, row.errors, row.unscored)]
        figures = "  ".join(f"{name} {value:.3f}" for name, value in own_figures(row).items())
        table.add_row(name, *counts, score_text(row.score), "" if row.tag else figures)
    return table


def own_figures(row: TaskTotals) -> dict[str, float]:
    """The task's own figures, by the names people read."""
    return {METRIC_NAMES[name]: value for name, value in row.metrics.items() if name in METRIC_NAMES}


def score_text(score: Interval) -> str:
    """`0.93（0.88–0.97）`."""
    if score.mean is None:
        return "—"
    return f"{score.mean:.3f}（{score.low:.3f}–{score.high:.3f}）"


def failed_lines(samples: Iterable[Sample]) -> list[str]:
    """A line for every sample that isn't passed: why."""
    names = {"failed": "失败", "error": "出错", "unscored": "未评"}
    lines = []
    for sample in samples:
        if sample.status == "passed":
            continue
        why = [f"{c.text}（{c.evidence}）" for c in sample.criteria if c.state in {"unmet", "unscored"}]
        lines.append(f"{names[sample.status]}  {sample.case}：{'；'.join(why) or sample.error}")
    return lines


def gate_lines(verdict: Verdict) -> list[str]:
    """What the gate says, a line a reason."""
    if verdict.outcome == "passed":
        return ["门槛：通过"]
    head = "门槛：不通过" if verdict.outcome == "failed" else "门槛：出错太多，不能下结论"
    titles = {"": "", **_TITLES}
    lines = [head]
    for breach in verdict.breaches:
        cases = f"：{'、'.join(breach.cases[:5])}{' 等' if len(breach.cases) > 5 else ''}" if breach.cases else ""
        of_task = f"〔{titles[breach.task]}〕" if breach.task else ""
        shown = "" if breach.kind == "fatal" else cases
        lines.append(f"  {of_task}{breach.what}{shown}")
    return lines
