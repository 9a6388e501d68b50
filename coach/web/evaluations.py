"""The tab 评测: runs of the eval suite listed, two compared, a case opened. Reads result files only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from coach.reports.evaluations import Change, EvalRun, EvalSample, changes, list_runs, read_run
from coach.web.boundary import Updates, guarded, note
from coach.web.marks import escape

__all__ = ["cases_html", "evaluations_tab", "totals_html"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_TASKS = {
    "critique": "点评",
    "rewrite": "改写",
    "retrieval": "检索",
    "ask": "问答",
    "roleplay": "模拟通话",
    "safety": "安全",
}
_STATUS = {"passed": "通过", "failed": "失败", "error": "出错", "unscored": "未评"}
_STATES = {"met": "符合", "unmet": "不符合", "unscored": "没能评分", "skipped": "没有评判模型"}
_SHOW = [("有变化的和没通过的", "notable"), ("没通过的", "open"), ("全部", "all")]
_NONE = ""
_MOST = 100
_HOW = "在项目里运行 <code>make eval</code>，跑完这里就能看到结果。"


def evaluations_tab(folder: Path, tab: gr.Tab) -> None:
    """The tab's components and events, laid out where this is called; runs are in `folder`."""
    with gr.Row(elem_id="ss-evals"):
        run = gr.Dropdown([], label="哪一次评测", filterable=False, elem_id="ss-eval-run", min_width=220)
        other = gr.Dropdown([], label="和哪一次比", filterable=False, elem_id="ss-eval-other", min_width=220)
        task = gr.Dropdown(
            [("全部", _NONE), *((title, name) for name, title in _TASKS.items())],
            value=_NONE, label="任务", filterable=False, elem_id="ss-eval-task", min_width=120,
        )  # fmt: skip
        show = gr.Dropdown(
            _SHOW, value="notable", label="看哪些案例", filterable=False, elem_id="ss-eval-show", min_width=160
        )
    message = gr.HTML(js_on_load=None)
    shown = gr.HTML(js_on_load=None, elem_id="ss-eval-shown")

    @guarded(message)
    def listed(current: str | None, against: str | None, of_task: str | None, which: str | None) -> Updates:
        names = list_runs(folder)
        if not names:
            empty = gr.update(choices=[], value=None)
            return {run: empty, other: empty, message: note("还没有评测结果。"), shown: f"<p>{_HOW}</p>"}
        first = current if current in names else names[0]
        rest = [name for name in names if name != first]
        second = against if against in rest else (rest[0] if rest else _NONE)
        return {
            run: gr.update(choices=[(_named(name), name) for name in names], value=first),
            other: gr.update(choices=[("不比", _NONE), *((_named(name), name) for name in names)], value=second),
            message: "",
            shown: _page(folder, first, second, of_task or _NONE, which or "notable"),
        }

    @guarded(message)
    def chosen(name: str | None, against: str | None, of_task: str | None, which: str | None) -> Updates:
        if not name:
            return {message: ""}
        return {message: "", shown: _page(folder, name, against, of_task or _NONE, which or "notable")}

    gr.on(
        [tab.select, run.input],
        listed,
        [run, other, task, show],
        [run, other, message, shown],
        **_QUIET,
    )
    gr.on(
        [field.input for field in (other, task, show)],
        chosen,
        [run, other, task, show],
        [message, shown],
        **_QUIET,
    )


def _named(name: str) -> str:
    """`11月28日 18:07 内置教练` of a folder's name; the name itself where it has another form."""
    day, _, rest = name.partition("-")
    time, _, model = rest.partition("-")
    if not (len(day) == 8 and len(time) == 6 and (day + time).isdigit()):
        return name
    who = "内置教练" if model.startswith("builtin") else model
    return f"{int(day[4:6])}月{int(day[6:])}日 {time[:2]}:{time[2:4]}:{time[4:]} {who}"


def _page(folder: Path, name: str, against: str | None, task: str, which: str) -> str:
    now = read_run(folder, name)
    before = read_run(folder, against) if against and against != name else None
    return totals_html(now, before) + cases_html(changes(now, before), task, which)


def totals_html(now: EvalRun, before: EvalRun | None) -> str:
    """What the run was made with, and a row a task; with `before`, how the score moved."""
    scores = {totals.task: totals.score.mean for totals in before.totals} if before else {}
    rows = ""
    for totals in now.totals:
        mean, was = totals.score.mean, scores.get(totals.task)
        text = "—" if mean is None else f"{mean:.3f}（{totals.score.low:.3f}–{totals.score.high:.3f}）"
        moved = "" if mean is None or was is None else _moved(mean - was)
        counts = "".join(
            f"<td>{n}</td>" for n in (totals.n, totals.passed, totals.failed, totals.errors, totals.unscored)
        )
        title = escape(_TASKS.get(totals.task, totals.task))
        rows += f'<tr><th scope="row">{title}</th>{counts}<td>{text}{moved}</td></tr>'
    judge = f"，评判 {escape(now.provenance.judge)}" if now.provenance.judge else ""
    model = "内置教练" if now.provenance.model == "builtin" else escape(now.provenance.model)
    whole = "" if now.complete else "，没有跑全部案例"
    made = f"{model}{judge}，提交 {escape(now.provenance.commit) or '不明'}，用时 {now.seconds:g} 秒{whole}"
    head = "".join(f"<th>{name}</th>" for name in ("任务", "案例", "通过", "失败", "出错", "未评", "得分（95% 区间）"))
    return (
        f'<p class="ss-note">{made}</p><div class="ss-eval-scroll"><table class="ss-table ss-eval-totals">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _moved(by: float) -> str:
    if abs(by) < 5e-4:
        return ' <span class="ss-source">没变</span>'
    kind = "better" if by > 0 else "worse"
    return f' <span class="ss-eval-{kind}">{by:+.3f}</span>'


def cases_html(found: Sequence[Change], task: str, which: str) -> str:
    """The cases as a list to open; `which`: notable, open or all."""
    some = [change for change in found if (not task or change.now.task == task) and _wanted(change, which)]
    if not some:
        return '<p class="ss-note">没有这样的案例。</p>'
    more = f"<p class='ss-note'>只列出前 {_MOST} 个，其余请按任务看。</p>" if len(some) > _MOST else ""
    items = "".join(_case(change) for change in some[:_MOST])
    return f"<h3>案例<span class='ss-count'>{len(some)} 个</span></h3>{items}{more}"


def _wanted(change: Change, which: str) -> bool:
    if which == "all":
        return True
    is_open = change.now.status != "passed"
    return is_open or (which == "notable" and change.before is not None and change.differs)


def _case(change: Change) -> str:
    now, before = change.now, change.before
    status = f'<span class="ss-eval-{now.status}">{_STATUS.get(now.status, escape(now.status))}</span>'
    moved = _moved(change.by) if before is not None and before.score != now.score else ""
    tags = escape(" · ".join([_TASKS.get(now.task, now.task), *now.tags]))
    no = f"（第 {now.repeat} 遍）" if now.repeat > 1 else ""
    body = f"<h4>给的</h4><pre>{escape(now.asked)}</pre>{_answer('答的', now)}"
    if before is not None and change.differs:
        body += _answer("那一次答的", before)
    return (
        f'<details class="ss-eval-case"><summary>{status} <b>{escape(now.case)}</b>{no}{moved} '
        f'<span class="ss-source">{tags}</span></summary>{body}</details>'
    )


def _answer(title: str, sample: EvalSample) -> str:
    if sample.status == "error":
        return f"<h4>{title}</h4><pre>出错：{escape(sample.error)}</pre>"
    lines = "".join(
        f"<li><b>{_STATES[c.state]}</b> {escape(c.text)}{'（红线）' if c.fatal else ''}"
        f'<span class="ss-source">{escape(c.evidence)}</span></li>'
        for c in sample.criteria
        if c.state in _STATES
    )
    return f'<h4>{title}</h4><pre>{escape(sample.said)}</pre><ul class="ss-eval-rubric">{lines}</ul>'
