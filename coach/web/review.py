"""The tab 逐句点评: a call or a line goes in; findings, clauses, rewrites and files come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from coach.assistant import Coach
from coach.assistant.with_model import critiqued
from coach.settings import knowledge_dir
from coach.transcripts import FORMATS
from coach.web.boundary import Updates, guarded, guarded_steps, note
from coach.web.calls import DIRECTIONS, HANGUPS, Call, CallInput, example_files, read_calls, read_example
from coach.web.cards import cards
from coach.web.coaches import Coaches
from coach.web.dismissing import DIALOG, RULING, carried, ruled
from coach.web.downloads import ReportFiles
from coach.web.reviewed import Reviewed, review, with_findings, with_rulings
from coach.web.rewriting import RewritePanel
from coach.web.summary import summary

__all__ = ["review_tab"]

_PLACEHOLDER = """坐席：您好，客服中心，工号 1024，请问有什么可以帮您？
客户：我的宽带从昨晚就上不了网。
坐席：你等一下，我看看。

一行一轮，行首写“坐席：”或“客户：”；只点评一句，直接写这句话就行。"""

_GO = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('.ss-go');
  if (button) trigger('choose', {line: Number(button.dataset.line)});
});
"""

_REVEAL = """() => requestAnimationFrame(() => setTimeout(() => {
  const wrong = document.querySelector('#ss-input .ss-message');
  if (wrong) { wrong.scrollIntoView({block: 'center'}); return; }
  const title = document.getElementById('%s');
  if (!title) return;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  const side = document.getElementById('ss-side');
  const place = side.getBoundingClientRect();
  const beside = getComputedStyle(side).position === 'sticky' && place.bottom > innerHeight / 2;
  if (title.id !== 'ss-result' && beside) {
    side.scrollTo({top: side.scrollTop + title.getBoundingClientRect().top - place.top, behavior});
  } else {
    side.scrollTo({top: 0});
    title.scrollIntoView({behavior, block: 'start'});
  }
  title.focus({preventScroll: true});
}, 60))"""

# Gradio patches the page in place, which keeps the filter: wanted after a ruling, but not for another call.
_RESET_FILTER = """() => {
  const all = document.querySelector('[name=ss-filter][value=all]');
  if (all) all.checked = true;
}"""
_KEEP_FILTER = """
watch('value', () => {
  const all = element.querySelector('[name=ss-filter][value=all]');
  if (all && !element.querySelector('[name=ss-filter]:checked')) all.checked = true;
});
"""

_FRESH = f"() => {{ ({_RESET_FILTER})(); ({_REVEAL % 'ss-result'})(); }}"

_TO_REFUSAL = """() => setTimeout(() => {
  document.querySelector('#ss-ruled .ss-message')?.scrollIntoView({block: 'center'});
}, 60)"""

_LATEST_SOURCE = "() => null"


@dataclass(frozen=True)
class _Inputs:
    """Where a call goes in."""

    text: Any
    file: Any
    direction: Any
    rings: Any
    hangup: Any
    label: Any
    run: Any
    message: Any
    rings_message: Any
    examples: tuple[tuple[Any, Path], ...]

    @property
    def fields(self) -> list[Any]:
        """The components that make up a CallInput, in its order."""
        return [self.text, self.file, self.direction, self.rings, self.hangup, self.label]

    def no_message(self) -> Updates:
        """Nothing to complain of."""
        return {self.message: "", self.rings_message: ""}


@dataclass(frozen=True)
class _Results:
    """Where a reviewed call is shown."""

    box: Any
    choice: Any
    summary: Any
    look: Any
    looked: Any
    said: Any
    cards: Any
    markdown: Any
    data: Any
    panel: RewritePanel
    calls: Any
    reviewed: Any

    @property
    def outputs(self) -> list[Any]:
        """Every component a review changes."""
        own = [self.box, self.choice, self.summary, self.looked, self.said, self.cards, self.markdown, self.data]
        return [*own, self.calls, self.reviewed, *self.panel.outputs]


def review_tab(coaches: Coaches, standard: gr.Dropdown) -> None:
    """The tab's components and events, laid out where this is called; `standard` is the dropdown of standards."""
    inputs = _inputs()
    results = _results(coaches)
    _wire(coaches, standard, inputs, results)


def _inputs() -> _Inputs:
    with gr.Row(elem_id="ss-input"):
        with gr.Column(scale=3, min_width=300):
            text = gr.Textbox(
                label="通话或单句",
                placeholder=_PLACEHOLDER,
                lines=15,
                max_lines=24,
                elem_id="ss-text",
                autoscroll=False,
            )
            message = gr.HTML(elem_id="ss-input-message", js_on_load=None)
            examples = _examples()
        with gr.Column(scale=2, min_width=300):
            file = gr.File(label=f"或上传通话文件（{FORMATS}）", height=120, elem_id="ss-file")
            with gr.Row():
                direction = gr.Radio(list(DIRECTIONS), value="未注明", label="方向", elem_id="ss-direction")
                hangup = gr.Radio(list(HANGUPS), value="未注明", label="谁先挂机", elem_id="ss-hangup")
            with gr.Row():
                rings = gr.Textbox(
                    label="铃响次数", placeholder="不清楚就空着", min_width=120, max_lines=1, elem_id="ss-rings"
                )
                label = gr.Textbox(
                    label="坐席标签",
                    placeholder="认错了人才填，如：说话人1",
                    min_width=160,
                    max_lines=1,
                    elem_id="ss-label",
                )
            rings_message = gr.HTML(js_on_load=None, elem_id="ss-rings-message")
            run = gr.Button("开始点评", variant="primary", elem_id="ss-run")
    return _Inputs(text, file, direction, rings, hangup, label, run, message, rings_message, examples)


def _examples() -> tuple[tuple[Any, Path], ...]:
    """A button an example, with its file."""
    files = example_files(knowledge_dir().parent / "examples")
    if not files:
        return ()
    with gr.Row(elem_id="ss-examples"):
        gr.HTML("<span>试试示例：</span>", js_on_load=None)
        return tuple((gr.Button(title, size="sm", min_width=60), path) for title, path in files.items())


def _results(coaches: Coaches) -> _Results:
    calls, reviewed = gr.State(()), gr.State(None)
    with gr.Row(visible=False, elem_id="ss-results") as box:
        with gr.Column(scale=2, min_width=300, elem_id="ss-side"):
            choice = gr.Dropdown(label="选择一通电话", choices=[], visible=False, filterable=False, elem_id="ss-call")
            summary_html = gr.HTML(js_on_load=_KEEP_FILTER)
            look = gr.Button("请语言模型再看一遍", size="sm", elem_id="ss-look", visible=coaches.base.model is not None)
            looked = gr.HTML(elem_id="ss-looked", js_on_load=None)
            with gr.Row(elem_id="ss-downloads"):
                markdown = gr.DownloadButton("下载 Markdown", size="sm", elem_id="ss-markdown", min_width=120)
                data = gr.DownloadButton("下载 JSON", size="sm", elem_id="ss-json", min_width=120)
            panel = RewritePanel.make(coaches)
        with gr.Column(scale=3, min_width=300):
            gr.HTML(DIALOG, js_on_load=None, elem_id="ss-dialog")
            said = gr.HTML(elem_id="ss-ruled", js_on_load=None)
            cards_html = gr.HTML(js_on_load=_GO + RULING, elem_id="ss-cards")
    return _Results(box, choice, summary_html, look, looked, said, cards_html, markdown, data, panel, calls, reviewed)


def _wire(coaches: Coaches, standard: gr.Dropdown, inputs: _Inputs, results: _Results) -> None:
    files = ReportFiles.temporary()

    def shown(calls: tuple[Call, ...], number: int, name: str) -> Updates:
        return _shown(coaches.under(name), results, files, calls[number])

    def cleared() -> Updates:
        return {results.box: gr.update(visible=False), **inputs.no_message()}

    @guarded(inputs.message, cleared, {"铃响次数": inputs.rings_message})
    def start(name: str, before: tuple[Call, ...], *fields: Any) -> Updates:  # noqa: ANN401 - CallInput's, in order
        calls = carried(read_calls(CallInput(*fields)), before)
        titles = [(call.title, i) for i, call in enumerate(calls)]
        choice = gr.update(choices=titles, value=0, visible=len(calls) > 1)
        return {**shown(calls, 0, name), results.calls: calls, results.choice: choice, **inputs.no_message()}

    @guarded(inputs.message)
    def other(calls: tuple[Call, ...], number: int | None, name: str) -> Updates:
        return {**(shown(calls, number or 0, name) if calls else {}), **inputs.no_message()}

    @guarded(results.panel.said)
    def go(call: Reviewed | None, line: int | None, event: gr.EventData) -> Updates:
        if event.line == line:
            return {results.panel.said: gr.skip()}  # nothing typed there is lost
        return results.panel.show_line(call, event.line)

    outputs = [*results.outputs, inputs.message, inputs.rings_message]
    given = [standard, results.calls, *inputs.fields]
    busy = {"api_visibility": "private", "show_progress": "minimal", "show_progress_on": inputs.run}
    to_result = partial(_then_js, js=_FRESH)
    to_result(inputs.run.click(start, given, outputs, **busy))
    to_result(inputs.text.submit(start, given, outputs, **busy))
    for choice in (results.choice, standard):
        _then_js(choice.input(other, [results.calls, results.choice, standard], outputs, **busy), js=_RESET_FILTER)
    going = results.cards.choose(
        go, [results.reviewed, results.panel.line], outputs, api_visibility="private", show_progress="hidden"
    )
    _then_js(going, js=_REVEAL % "ss-rewriting-title")
    _wire_rulings(coaches, results, files)
    _wire_look(coaches, results, files)
    inputs.text.input(None, None, inputs.file, js=_LATEST_SOURCE)
    results.panel.wire(results.reviewed)
    for button, path in inputs.examples:
        filled = button.click(
            guarded(inputs.message)(partial(_example, inputs, path)),
            None,
            [inputs.text, inputs.file, inputs.message, inputs.rings_message],
            api_visibility="private",
            show_progress="hidden",
        )
        to_result(filled.then(start, given, outputs, **busy))


def _wire_look(coaches: Coaches, results: _Results, files: ReportFiles) -> None:
    """A model, where there is one, looks at the call under review; what of its findings passes the checks is added."""
    if coaches.base.model is None:
        return

    @guarded_steps(results.looked)
    def look(calls: tuple[Call, ...], number: int, call: Reviewed | None) -> Iterator[Updates]:
        if call is None:
            return
        yield {results.looked: note("模型正在看这通电话……")}
        coach = coaches.under(call.standard.name)
        after, added = critiqued(coach, call.critique, lambda _: None)
        new = len(after.findings) - len(call.critique.findings)
        told = f"模型补充了 {new} 处。" if new else "模型没有补充。"
        dropped = f"另外报的 {len(added.dropped)} 处没有通过核对，略去了。" if added.dropped else ""
        shown = _told(results, files, calls[number], with_findings(coach, call, after))
        yield {**shown, results.looked: note(added.note or told + dropped)}

    results.look.click(
        look,
        [results.calls, results.choice, results.reviewed],
        results.outputs,
        api_visibility="private",
        show_progress="hidden",
        concurrency_id="model",
        concurrency_limit=4,
    )


def _wire_rulings(coaches: Coaches, results: _Results, files: ReportFiles) -> None:
    @guarded(results.said)
    def rule(calls: tuple[Call, ...], number: int, call: Reviewed, line: int | None, event: gr.EventData) -> Updates:
        one = ruled(calls[number], call.critique, event.rule, event.line, event.reason)
        after = with_rulings(coaches.under(call.standard.name), call, one.dismissals)
        told = {**_told(results, files, one, after), **results.panel.follow(after, line)}
        return {**told, results.calls: (*calls[:number], one, *calls[number + 1 :])}

    given = [results.calls, results.choice, results.reviewed, results.panel.line]
    ruling = results.cards.dismiss(rule, given, results.outputs, api_visibility="private", show_progress="hidden")
    _then_js(ruling, js=_TO_REFUSAL)


def _then_js(event: Any, js: str) -> None:  # noqa: ANN401 - Gradio's own type of an event
    event.then(None, None, None, js=js)


def _example(inputs: _Inputs, path: Path) -> Updates:
    return {inputs.text: read_example(path), inputs.file: None, **inputs.no_message()}


def _shown(coach: Coach, results: _Results, files: ReportFiles, call: Call) -> Updates:
    """The call reviewed, and everything that shows it."""
    reviewed = review(coach, call.transcript, call.dismissals)
    told = _told(results, files, call, reviewed)
    return {results.box: gr.update(visible=True), **told, **results.panel.show_call(reviewed)}


def _told(results: _Results, files: ReportFiles, call: Call, reviewed: Reviewed) -> Updates:
    """Score, cards and files of the reviewed call."""
    markdown, data = files.write(reviewed)
    return {
        results.reviewed: reviewed,
        results.summary: summary(reviewed, call.title, reviewed.standard.title),
        results.looked: "",
        results.said: "",
        results.cards: cards(reviewed),
        results.markdown: str(markdown),
        results.data: str(data),
    }
