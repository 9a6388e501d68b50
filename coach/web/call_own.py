"""One's own scenario: sentences or a real call become a form, the form is changed, used and saved. Meaning is left to `call_told`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Any

import gradio as gr

from coach.errors import InputError
from coach.roleplay import Scenario
from coach.web.boundary import Updates, guarded, guarded_steps, note
from coach.web.call_form import DIRECTIONS, FACT_HINT, ScenarioForm, form_of, scenario_of
from coach.web.call_home import HomePart
from coach.web.call_told import scenarios_told, uploaded_call

__all__ = ["OwnPart"]

_EXAMPLE = (
    "例如：钱先生，宽带用户，上周五办了提速却没变快，电话是13900002101，路由器还是五年前的。他想把网速弄好，不然就退。"
)
_QUIET = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True)
class OwnPart:
    """The form.

    Attributes:
        home: Where a scenario is chosen.
        text: Two sentences, or a real call.
        make_form: Turns them into the form.
        upload: Turns the real call in a file into the form.
        form: The form, shown once it is filled.
        fields: Its fields, in the order of ScenarioForm.
        use: Takes it without saving it.
        save: Saves it and takes it.
        base: The scenario the form was filled from.
        message: What is wrong, or what was done.
    """

    home: HomePart
    text: Any
    make_form: Any
    upload: Any
    form: Any
    fields: tuple[Any, ...]
    use: Any
    save: Any
    base: Any
    message: Any

    @classmethod
    def make(cls, home: HomePart) -> OwnPart:
        """The components, laid out where this is called."""
        text = gr.Textbox(
            label="用一两句话写：谁来电、出了什么事、想要什么、知道哪些信息；也可以贴一通真实通话（坐席：、客户：）",
            placeholder=_EXAMPLE,
            lines=3,
            max_lines=8,
            max_length=40_000,
            elem_id="ss-mock-own-text",
        )
        with gr.Row():
            make_form = gr.Button("变成场景", elem_id="ss-mock-own-make", scale=0, min_width=140)
            upload = gr.UploadButton("上传一通真实通话", elem_id="ss-mock-own-upload", scale=0, min_width=170)
        base = gr.State(None)
        with gr.Column(visible=False, elem_id="ss-mock-own-form") as form:
            with gr.Row():
                title = gr.Textbox(label="场景名", max_lines=1, max_length=60, min_width=200)
                caller = gr.Textbox(label="来电人", placeholder="姓名加称呼", max_lines=1, max_length=12, min_width=120)
                direction = gr.Dropdown(list(DIRECTIONS), label="谁打给谁", filterable=False, min_width=140)
            story = gr.Textbox(label="事情经过", info="一行一句，客户按这个顺序讲", lines=3, max_lines=8)
            want = gr.Textbox(label="想要什么", max_lines=1, max_length=100)
            facts = gr.Textbox(label="知道的信息", info=FACT_HINT, lines=3, max_lines=12)
            settle = gr.Textbox(
                label="怎样算解决", info="一行一个办法；空着，就是给出办法和时限都算", lines=2, max_lines=6
            )
            with gr.Row():
                use = gr.Button("用这个场景", variant="primary", min_width=140, elem_id="ss-mock-own-use")
                save = gr.Button("存成我的场景", min_width=140, elem_id="ss-mock-own-save")
        message = gr.HTML(js_on_load=None, elem_id="ss-mock-own-message")
        fields = (title, caller, direction, story, want, facts, settle)
        return cls(home, text, make_form, upload, form, fields, use, save, base, message)

    def _form(self, scenario: Scenario) -> Updates:
        """The form, filled with `scenario`."""
        fields = dict(zip(self.fields, astuple(form_of(scenario)), strict=True))
        return {self.base: scenario, self.form: gr.update(visible=True), **fields}

    def wire(self) -> None:
        """Connects the form with the choice of scenario."""
        home = self.home

        def filled(told: Iterator[tuple[Scenario | None, str]]) -> Iterator[Updates]:
            for scenario, what in told:
                form = {} if scenario is None else self._form(scenario)
                yield {**form, self.message: note(what)}

        @guarded_steps(self.message)
        def written(text: str | None) -> Iterator[Updates]:
            return filled(scenarios_told(text or "", home.room.coaches.base))

        @guarded_steps(self.message)
        def uploaded(path: str | None) -> Iterator[Updates]:
            yield from filled(scenarios_told("", home.room.coaches.base, uploaded_call(path)))

        @guarded(self.message)
        def used(base: Scenario | None, *fields: str | None) -> Updates:
            scenario = _written(base, fields)
            told = note(f"已选好“{scenario.title}”，上面选客户和难度，就可以开始。")
            return {**home.chosen(scenario, draft=scenario), home.draft: scenario, self.message: told}

        @guarded(self.message)
        def saved(base: Scenario | None, *fields: str | None) -> Updates:
            scenario = home.room.shelf.keep(_written(base, fields))
            told = note(f"已存为“我的 · {scenario.title}”，在 {home.room.shelf.own_folder}。")
            return {**home.chosen(scenario), home.draft: None, self.base: scenario, self.message: told}

        choice = [home.scenario, home.persona, home.brief, home.message, home.draft]
        filling = [self.base, self.form, *self.fields, self.message]
        self.make_form.click(written, self.text, filling, **_QUIET)
        self.upload.upload(uploaded, self.upload, filling, **_QUIET)
        given = [self.base, *self.fields]
        self.use.click(used, given, [*choice, self.message], **_QUIET)
        self.save.click(saved, given, [*choice, self.base, self.message], **_QUIET)


def _written(base: Scenario | None, fields: tuple[str | None, ...]) -> Scenario:
    if base is None:
        raise InputError("还没有场景", where="场景", hint="先写一两句话，点“变成场景”")
    return scenario_of(ScenarioForm(*((one or "") for one in fields)), base)
