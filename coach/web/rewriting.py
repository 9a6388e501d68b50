"""The rewrite panel of 逐句点评: one line at a time, its change marked, its slots filled and verified again, then copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import gradio as gr

from coach.assistant.with_model import Added, model_rewrites
from coach.rewrite import Rewrite
from coach.rewrite.tones import TONES, Tone
from coach.web.boundary import Updates, guarded, guarded_steps, message, note
from coach.web.clauses import COPY, copy_button
from coach.web.coaches import Coaches
from coach.web.marks import escape
from coach.web.reviewed import Reviewed, rewrite_line
from coach.web.rewritten import not_rewritten, rewritten
from coach.web.slots import fill, missing, objections

__all__ = ["RewritePanel"]

_MOST_SLOTS = 8
_LABEL_LENGTH = 22
_COPY = "复制"
_TO_CLIPBOARD = """async (text) => {
  try { await navigator.clipboard.writeText(text); return '已复制'; }
  catch { return '没能复制，请选中上面的文字自己复制'; }
}"""


@dataclass(frozen=True)
class RewritePanel:
    """The panel's components and what they do.

    Attributes:
        coaches: Rewrite and verify.
        box: The whole panel.
        line: Chooses the line.
        shown: The change, or why there is none.
        other: The model's rewrite beside it.
        wanted: What that is of; the model is asked anew when it changes.
        tone: The tone the model is asked for.
        slots: A field a slot; those not needed are hidden.
        check: Verifies again.
        said: What the verification said.
        final: The line to copy.
        copy: Copies it.
    """

    coaches: Coaches
    box: Any
    line: Any
    shown: Any
    other: Any
    wanted: Any
    tone: Any
    slots: Sequence[Any]
    check: Any
    said: Any
    final: Any
    copy: Any

    @classmethod
    def make(cls, coaches: Coaches) -> RewritePanel:
        """The components, laid out where this is called."""
        with gr.Column(visible=False, elem_id="ss-rewriting") as box:
            gr.HTML('<h2 id="ss-rewriting-title" tabindex="-1">改写</h2>', js_on_load=None)
            line = gr.Dropdown(label="选择要改写的一句", choices=[], filterable=False, elem_id="ss-line")
            shown = gr.HTML(js_on_load=None)
            slots = [gr.Textbox(visible=False, elem_id=f"ss-slot-{i}", max_lines=1) for i in range(_MOST_SLOTS)]
            check = gr.Button("核对并生成", variant="primary", visible=False, elem_id="ss-check")
            said = gr.HTML(elem_id="ss-said", js_on_load=None)
            final = gr.Textbox(
                label="可以直接说的话",
                buttons=[],
                interactive=False,
                visible=False,
                lines=2,
                max_lines=8,
                elem_id="ss-final",
            )
            copy = gr.Button(_COPY, variant="secondary", visible=False, elem_id="ss-copy")
            other = gr.HTML(js_on_load=COPY, elem_id="ss-other")
            wanted = gr.State("")
            tones = [(name, tone) for tone, name in TONES.items()]
            tone = gr.Radio(
                tones, value="plain", label="模型的语气", visible=coaches.base.model is not None, elem_id="ss-tone"
            )
        return cls(coaches, box, line, shown, other, wanted, tone, slots, check, said, final, copy)

    @cached_property
    def examples(self) -> Mapping[str, str]:
        """Slot → what may stand there, as the phrase bank has it."""
        return {
            slot: said
            for phrase in self.coaches.base.knowledge.phrases.values()
            for slot, said in phrase.example.items()
        }

    @property
    def outputs(self) -> list[Any]:
        """Every component the handlers change."""
        own = [self.box, self.line, self.shown, self.wanted, self.check, self.said, self.final, self.copy]
        return [*own, *self.slots]

    def wire(self, reviewed: object) -> None:
        """Connects the events; `reviewed` is the state that holds the call under review, or None."""

        @guarded(self.said)
        def choose(call: Reviewed | None, line: int | None) -> Updates:
            return self.show_line(call, line)

        @guarded(self.said, lambda: self._final(None))
        def verify(call: Reviewed | None, line: int | None, *values: str | None) -> Updates:
            return self._verify(call, line, values)

        quiet = {"api_visibility": "private", "show_progress": "hidden"}
        self.line.input(choose, [reviewed, self.line], self.outputs, **quiet)
        given = [reviewed, self.line, *self.slots]
        self.check.click(verify, given, self.outputs, **quiet)
        for slot in self.slots:
            slot.submit(verify, given, self.outputs, **quiet)
        self.copy.click(None, self.final, self.copy, js=_TO_CLIPBOARD)
        if self.coaches.base.model is None:
            return

        @guarded_steps(self.other)
        def ask(call: Reviewed | None, line: int | None, tone: Tone) -> Iterator[Updates]:
            return self._others(call, line, tone)

        gr.on(
            [self.wanted.change, self.tone.input],  # the change of a component that is not shown yet is not told
            ask,
            [reviewed, self.line, self.tone],
            [self.other],
            concurrency_id="model",
            concurrency_limit=4,
            trigger_mode="always_last",
            **quiet,
        )

    def _others(self, call: Reviewed | None, line: int | None, tone: Tone) -> Iterator[Updates]:
        """The model's rewrite of the line as it comes."""
        if call is None or line is None or line not in call.rewritable:
            yield {self.other: ""}
            return
        coach = self.coaches.under(call.standard.name)
        wanted = None if tone == "plain" else tone
        head = f"<h3>第 {line} 行，语言模型的改法</h3>"
        yield {self.other: head + note("模型也在改这一句……")}
        for step in model_rewrites(coach, call.transcript, self._rewrite(call, line), wanted):
            yield {self.other: head + (note(step) if isinstance(step, str) else _beside_builtin(*step, call.names))}

    def show_call(self, call: Reviewed) -> Updates:
        """The panel for a call just reviewed, at its first line to rewrite; hidden where none needs it."""
        lines = call.rewritable
        if not lines:
            return {self.box: gr.update(visible=False)}
        choices = [(_label(call, line), line) for line in lines]
        first = gr.update(choices=choices, value=lines[0], visible=len(lines) > 1)
        return {**self.show_line(call, lines[0]), self.box: gr.update(visible=True), self.line: first}

    def follow(self, call: Reviewed, line: int | None) -> Updates:
        """The panel after a ruling on `call`: what is typed for `line` stays, unless that needs no rewrite any more."""
        lines = call.rewritable
        if line not in lines:
            return self.show_call(call)
        return {self.line: gr.update(choices=[(_label(call, one), one) for one in lines], visible=len(lines) > 1)}

    def show_line(self, call: Reviewed | None, line: int | None) -> Updates:
        """The panel at the 1-based `line` of the call."""
        if call is None or line is None:
            return {self.said: ""}
        rewrite = self._rewrite(call, line)
        good = rewrite.status == "verified" and rewrite.rewrite is not None
        slots = rewrite.verdict.slots if good else ()
        return {
            self.line: gr.update(value=line),
            self.shown: rewritten(rewrite, call.names) if good else not_rewritten(rewrite),
            self.wanted: "\n".join([call.standard.name, *(turn.text for turn in call.transcript.turns[:line])]),
            **self._fields(slots),
            self.check: gr.update(visible=bool(slots)),
            self.said: "",
            **self._final(rewrite.rewrite if good and not slots else None),
        }

    def _rewrite(self, call: Reviewed, line: int) -> Rewrite:
        return call.rewrites.get(line) or rewrite_line(self.coaches.under(call.standard.name), call.transcript, line)

    def _fields(self, slots: Sequence[str]) -> Updates:
        updates: Updates = {}
        for i, field in enumerate(self.slots):
            name = slots[i] if i < len(slots) else ""
            hint = f"例如：{self.examples[name]}" if name in self.examples else ""
            updates[field] = gr.update(
                value="", label=name, info="", placeholder=hint, visible=bool(name), elem_classes=[]
            )
        return updates

    def _verify(self, call: Reviewed | None, line: int | None, given: Sequence[str | None]) -> Updates:
        if call is None or line is None:
            return {self.said: ""}
        rewrite = self._rewrite(call, line)
        text, slots = rewrite.rewrite or "", rewrite.verdict.slots
        values = {slot: (value or "") for slot, value in zip(slots, given, strict=False)}
        blank = missing(slots, values)
        fields = self._beside(slots, blank)
        if blank:
            return {**fields, self.said: message(f"还有没填的：{'、'.join(blank)}。填好再核对。"), **self._final(None)}
        filled = fill(text, values)
        reasons = objections(self.coaches.under(call.standard.name), call.transcript, rewrite, filled)
        if reasons:
            return {**fields, self.said: _refused(reasons), **self._final(None)}
        return {**fields, self.said: note("核对通过，可以复制了。"), **self._final(filled.text)}

    def _final(self, text: str | None) -> Updates:
        """The line to copy, or none yet."""
        ready = text is not None
        return {
            self.final: gr.update(value=text or "", visible=ready),
            self.copy: gr.update(value=_COPY, visible=ready),
        }

    def _beside(self, slots: Sequence[str], blank: Sequence[str]) -> Updates:
        """What stands beside each field; what was typed stays."""
        updates: Updates = {}
        for field, slot in zip(self.slots, slots, strict=False):
            bad = slot in blank
            updates[field] = gr.update(info=f"请填写{slot}" if bad else "", elem_classes=["ss-bad"] if bad else [])
        return updates


def _beside_builtin(other: Rewrite | None, added: Added, names: Mapping[str, str]) -> str:
    """The model's verified rewrite, or the quiet line why there is none."""
    if other is None or other.rewrite is None:
        return note(added.note or "模型没有别的改法。")
    hint = f"说之前先填上{'、'.join(other.verdict.slots)}。"
    return f"{rewritten(other, names, hint)}<p>{copy_button(other.rewrite)}</p>"


def _label(call: Reviewed, line: int) -> str:
    text = " ".join(call.transcript.turns[line - 1].text.split())
    return f"第 {line} 行：{text[:_LABEL_LENGTH]}{'…' if len(text) > _LABEL_LENGTH else ''}"


def _refused(reasons: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    return f'<div class="ss-message" role="alert"><p>填好的这句没有通过核对，请改一改再试：</p><ul>{items}</ul></div>'
