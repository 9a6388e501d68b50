"""The call itself: bubbles, the line to say, the panel beside it. Hold, transfer, message pad and hints are left to `call_actions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from coach.reports.casting import LEVEL_NAMES
from coach.web.boundary import Updates, note
from coach.web.call_bubbles import bubbles, try_names
from coach.web.call_panel import business, last_line, panel
from coach.web.call_room import Room, last_agent_line
from coach.web.call_session import Session
from coach.web.clauses import COPY
from coach.web.marks import escape

__all__ = ["GO_BACK", "TalkPart"]

GO_BACK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('.ss-redo');
  if (button) { trigger('redo', {turn: Number(button.dataset.turn)}); return; }
  const bubble = event.target.closest('.ss-bubble.agent');
  element.querySelectorAll('.ss-bubble.picked').forEach((one) => one !== bubble && one.classList.remove('picked'));
  if (bubble) bubble.classList.toggle('picked');
});
"""
"""What a component that holds the agent's lines does when one is to be gone back to."""

_LATEST = """
const latest = () => requestAnimationFrame(() => {
  const log = element.querySelector('.ss-call');
  if (log) log.scrollTop = log.scrollHeight;
});
watch('value', latest);
latest();
"""
_SAY = "您说"
_MOST_SAID = 2000


@dataclass(frozen=True)
class TalkPart:
    """The call.

    Attributes:
        room: Plays, judges and keeps it.
        head: Which call it is.
        tries: Chooses the try that is shown.
        chat: What was said.
        status: What is wrong, or under way.
        line: The line to say.
        send: Says it.
        business: What the agent has at hand.
        panel: The customer's state, the steps.
        last: What was found in the last line.
    """

    room: Room
    head: Any
    tries: Any
    chat: Any
    status: Any
    line: Any
    send: Any
    business: Any
    panel: Any
    last: Any

    @property
    def outputs(self) -> list[Any]:
        """Every component that `show` changes."""
        return [
            self.head,
            self.tries,
            self.chat,
            self.status,
            self.line,
            self.send,
            self.business,
            self.panel,
            self.last,
        ]

    def show(self, session: Session) -> Updates:
        """The call as it stands; what is typed stays."""
        playing = session.newest and not session.over
        holding = session.held_since is not None
        return {
            self.head: self._head(session),
            self.tries: gr.update(
                choices=try_names(session), value=session.at, visible=len(session.attempts) > 1 and not session.over
            ),
            self.chat: bubbles(session),
            self.status: "" if playing else note("这一遍留作对照，不再往下打。点您说过的某一句，可以从那里重来。"),
            self.line: self._field(session),
            self.send: gr.update(value="回到线上" if holding else "发送", interactive=playing),
            self.business: business(session.call.setup.scenario, exam=session.terms.exam),
            self.panel: panel(session, self.room.steps(session), self.room.names()),
            self.last: self._last(session),
        }

    def _head(self, session: Session) -> str:
        setup = session.call.setup
        parts = [
            setup.scenario.title if session.terms.trainee == "" else f"{session.terms.trainee}：{setup.scenario.title}",
            *([] if session.terms.exam else [f"客户：{setup.persona.name}"]),
            f"难度：{LEVEL_NAMES[setup.level]}",
            f"规范：{self.room.coach(session).standard.title}",
            *(["考试"] if session.terms.exam else []),
        ]
        return f'<p class="ss-source ss-call-head">{escape("　".join(parts))}</p>'

    def _last(self, session: Session) -> str:
        """The last line's findings and its rewrite, where they are shown at once."""
        i = last_agent_line(session.call)
        if i is None or not session.tells:
            return ""
        turn = session.call.turns[i]
        coach = self.room.coach(session)
        wanted = any(finding.counts for finding in turn.findings)
        rewrite = coach.rewrite(session.call.transcript(excerpt=True), i + 1) if wanted else None
        return last_line(i + 1, turn, rewrite, self.room.names())

    def typed(self, session: Session, text: str | None) -> Updates:
        """The field of the line, holding `text`."""
        return {self.line: {**self._field(session), "value": text or ""}}

    def locked(self) -> Updates:
        """The field of the line while its answer is on the way: what would be typed now would go with the line before."""
        return {self.line: gr.update(interactive=False)}

    def unlocked(self) -> Updates:
        """The field of the line, as it is, to be typed in again."""
        return {self.line: gr.update(interactive=True)}

    def _field(self, session: Session) -> dict[str, Any]:
        label = "回到线上，您说" if session.held_since is not None else _SAY
        field: dict[str, Any] = gr.update(
            interactive=session.newest and not session.over, label=label, placeholder=_placeholder(session)
        )
        return field

    @classmethod
    def make_chat(cls) -> tuple[Any, Any, Any]:
        """Head, tries and bubbles, laid out where this is called."""
        head = gr.HTML(js_on_load=None, elem_id="ss-mock-head")
        tries = gr.Dropdown(
            label="打过几遍，看哪一遍", choices=[], visible=False, filterable=False, elem_id="ss-mock-tries"
        )
        return head, tries, gr.HTML(js_on_load=GO_BACK + _LATEST, elem_id="ss-mock-chat")

    @classmethod
    def make_line(cls) -> tuple[Any, Any, Any]:
        """Status, line and button, laid out where this is called."""
        status = gr.HTML(js_on_load=None, elem_id="ss-mock-status")
        with gr.Row(elem_id="ss-mock-say"):
            line = gr.Textbox(
                label=_SAY,
                lines=1,
                max_lines=6,
                max_length=_MOST_SAID,
                scale=6,
                min_width=200,
                elem_id="ss-mock-line",
            )
            send = gr.Button("发送", variant="primary", scale=1, min_width=84, elem_id="ss-mock-send")
        return status, line, send

    @classmethod
    def make_side(cls) -> tuple[Any, Any]:
        """Panel and the last line, laid out where this is called."""
        return gr.HTML(js_on_load=None, elem_id="ss-mock-panel"), gr.HTML(js_on_load=COPY, elem_id="ss-mock-last")


def _placeholder(session: Session) -> str:
    if session.held_since is not None:
        return "先谢客户等候，再说结果"
    return "接起电话，您先开口" if not session.call.turns else ""
