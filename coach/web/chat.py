"""The tab 话术求助: questions and lines go in; answers with their clauses, phrases and rewrites come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from coach.assistant import Topic, replies
from coach.errors import InputError
from coach.web.boundary import Updates, guarded, guarded_steps, note
from coach.web.clauses import COPY
from coach.web.coaches import Coaches
from coach.web.conversation import Exchange, conversation
from coach.web.stopping import stoppable

__all__ = ["chat_tab"]

_SAMPLES = (
    "让客户等候之前要说什么？",
    "客户一直骂，我怎么说？",
    "同事不在，怎么接电话？",
    "电话没有声音怎么办？",
    "谁先挂电话？",
    "你等一下，我查查",
)
_INTRO = """<div class="ss-intro"><p>遇到不知道怎么说的情形，直接问；手头有一句不太妥当的话，贴上来，帮您改成合规的说法。</p>
<p>回答只说手册里有的，每一条都能点开看依据；手册没说到的，会直说。</p></div>"""
_MOST_SAID = 4000
_MOST_KEPT = 40
_PREPARING = "正在准备知识库，第一次要等几秒钟……"
_LOOKING = "正在查手册……"
_STOPPED = "已经停下，没有等模型说完。"

# Comes to a reply when it begins, and not again: whoever reads it while a model goes on is left alone.
_REVEAL = """
let newest = '';
watch('value', () => {
  const turns = element.querySelectorAll('.ss-turn');
  const last = turns[turns.length - 1];
  const name = turns.length + (last?.querySelector('.ss-asked').textContent ?? '');
  if (last && name !== newest) {
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    requestAnimationFrame(() => setTimeout(() => last.scrollIntoView({behavior, block: 'start'}), 60));
  }
  newest = name;
});
"""

# Gradio patches the page in place and takes away what the browser added, such as that a clause is open.
_KEEP_OPEN = """
let opened = [];
element.addEventListener('click', (event) => {
  const details = event.target.closest('summary')?.parentElement;
  if (details) setTimeout(() => {
    opened = opened.filter((one) => one !== details && one.isConnected);
    if (details.open) opened.push(details);
  });
});
watch('value', () => opened.forEach((details) => { details.open = details.isConnected; }));
"""


def chat_tab(coaches: Coaches, standard: gr.Dropdown) -> None:
    """The tab's components and events, laid out where this is called; `standard` is the dropdown of standards."""
    exchanges, topic = gr.State(()), gr.State(None)
    gr.HTML(_INTRO, js_on_load=None)
    with gr.Row(elem_id="ss-samples"):
        gr.HTML("<span>可以这样问：</span>", js_on_load=None)
        samples = [gr.Button(text, size="sm", min_width=60) for text in _SAMPLES]
    shown = gr.HTML(elem_id="ss-chat", js_on_load=COPY + _KEEP_OPEN + _REVEAL)
    with gr.Column(elem_id="ss-composer"):
        with gr.Row(elem_id="ss-doing"):
            status = gr.HTML(elem_id="ss-chat-status", js_on_load=None)
            stop = gr.Button("停下", size="sm", elem_id="ss-stop", min_width=64, scale=0, visible=False)
        with gr.Row(elem_id="ss-say"):
            text = gr.Textbox(
                label="问一问，或贴一句话",
                placeholder="例如：客户要找领导，怎么说？",
                lines=1,
                max_lines=6,
                max_length=_MOST_SAID,
                scale=6,
                min_width=200,
                elem_id="ss-message-text",
            )
            with gr.Column(scale=1, min_width=96, elem_id="ss-say-buttons"):
                send = gr.Button("发送", variant="primary", elem_id="ss-send", min_width=80)
                clear = gr.Button("清空对话", size="sm", elem_id="ss-clear", min_width=80)

    def answer(said: str, so_far: tuple[Exchange, ...], about: Topic | None, name: str) -> Iterator[Updates]:
        if not said.strip():
            raise InputError("还没有写内容", hint="写下您的问题，或贴一句想改的话")
        yield {status: note(_LOOKING if coaches.ready else _PREPARING)}
        for exchange in stoppable(_exchanges(coaches, said, about, name)):
            if exchange is None:
                yield {status: gr.skip()}
                continue
            kept = (*so_far, exchange)[-_MOST_KEPT:]
            yield {
                exchanges: kept,
                topic: exchange.reply.topic,
                shown: _shown(coaches, kept),
                status: note(exchange.reply.waiting) if exchange.reply.waiting else "",
                stop: gr.update(visible=bool(exchange.reply.waiting)),
            }

    def over() -> Updates:
        return {stop: gr.update(visible=False)}

    @guarded_steps(status, over)
    def typed(said: str | None, so_far: tuple[Exchange, ...], about: Topic | None, name: str) -> Iterator[Updates]:
        taken = False
        for updates in answer(said or "", so_far, about, name):
            yield {**updates, text: ""} if shown in updates and not taken else updates
            taken = taken or shown in updates  # what is typed next, while a model goes on, stays

    def asking(said: str) -> Callable[..., Iterator[Updates]]:
        @guarded_steps(status, over)
        def asked(so_far: tuple[Exchange, ...], about: Topic | None, name: str) -> Iterator[Updates]:
            return answer(said, so_far, about, name)

        return asked

    def cleared() -> Updates:
        return {exchanges: (), topic: None, shown: "", status: "", **over()}

    @guarded(status, over)
    def stopped(so_far: tuple[Exchange, ...]) -> Updates:
        *before, last = so_far
        kept = (*before, replace(last, reply=replace(last.reply, waiting="", note=_STOPPED)))
        return {exchanges: kept, shown: _shown(coaches, kept), status: "", **over()}

    outputs = [exchanges, topic, shown, status, stop]
    busy: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "concurrency_id": "chat",  # one reply after the other, each knowing the one before
        "concurrency_limit": 1,
    }
    events = [
        gr.on(
            [send.click, text.submit],
            typed,
            [text, exchanges, topic, standard],
            [*outputs, text],
            trigger_mode="once",
            **busy,
        )
    ]
    events += [
        button.click(asking(said), [exchanges, topic, standard], outputs, **busy)
        for button, said in zip(samples, _SAMPLES, strict=True)
    ]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    for button, then, given in ((clear, cleared, None), (stop, stopped, exchanges)):
        ended = button.click(None, None, None, cancels=events)  # first, or a last step comes after what is shown then
        ended.then(then, given, outputs, **quiet)


def _exchanges(coaches: Coaches, said: str, about: Topic | None, name: str) -> Iterator[Exchange]:
    """The exchange as its reply grows."""
    coach = coaches.opened(name)
    for step in replies(coach, said, about):
        yield Exchange(said, step, coach.standard.title, not coach.retriever.has_vectors, coach.retriever.note)


def _shown(coaches: Coaches, exchanges: tuple[Exchange, ...]) -> str:
    base = coaches.base
    names = {rule.id: rule.data.name for rule in base.rules.rules.values()}
    return conversation(exchanges, names, base.knowledge.clauses)
