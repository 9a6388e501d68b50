"""What the agent does beside speaking: hold, transfer, the message pad, a hint, hanging up; and going back to a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from coach.errors import InputError
from coach.web.boundary import Updates, guarded, guarded_steps, note
from coach.web.call_bubbles import spoken_seconds
from coach.web.call_moves import hinted, noted
from coach.web.call_panel import hint_card
from coach.web.call_reveal import REVEAL
from coach.web.call_room import Room
from coach.web.call_session import PAD, Session
from coach.web.call_steps import hint, next_step
from coach.web.clauses import COPY

if TYPE_CHECKING:
    from coach.web.call_stage import Stage

__all__ = ["ActionsPart", "holding"]

_BUSY: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "concurrency_id": "mock-calls",
    "concurrency_limit": 4,
}
_NEAR = 0.75


def holding(seconds: float, limit: float) -> str:
    """How long the customer has been waiting; `limit`: what the standard allows."""
    over, near = seconds > limit, seconds > limit * _NEAR
    kind = " over" if over else " near" if near else ""
    warn = (
        "已经超过规范的时限，马上回去说一声，请客户选继续等还是等回电。"
        if over
        else "快到时限了，先回去说明进展。"
        if near
        else ""
    )
    alert = f'<p role="alert">{warn}</p>' if warn else ""
    return (
        f'<div class="ss-holding{kind}"><p role="timer">客户在等：<b>{spoken_seconds(seconds).strip()}</b>'
        f"<small>规范：不超过 {limit:g} 秒要回来一次</small></p>{alert}</div>"
    )


@dataclass(frozen=True)
class ActionsPart:
    """The actions of a call.

    Attributes:
        room: Has the clock, the standard and the phrases.
        clock: Ticks while the customer waits.
        waiting: How long he has been waiting.
        hold: Says the line and puts the customer on hold.
        help: Asks for a hint.
        hang_up: Hangs up, after the line if there is one.
        later: Leaves the call as it is, to be gone on with.
        hint: The hint.
        to: To whom the call is passed on.
        pass_on: Says the line and passes the call on.
        fields: The message pad, in the order of PAD.
        keep_pad: Keeps it.
        pad_said: That it was kept.
    """

    room: Room
    clock: Any
    waiting: Any
    hold: Any
    help: Any
    hang_up: Any
    later: Any
    hint: Any
    to: Any
    pass_on: Any
    fields: tuple[Any, ...]
    keep_pad: Any
    pad_said: Any

    @classmethod
    def make(cls, room: Room) -> ActionsPart:
        """The components, laid out where this is called."""
        waiting = gr.HTML(js_on_load=None, elem_id="ss-mock-waiting")
        with gr.Row(elem_id="ss-mock-actions"):
            hold = gr.Button("请客户等候", size="sm", min_width=96, elem_id="ss-mock-hold")
            cost = room.coaches.base.rubric.data.hint_cost
            help_ = gr.Button(f"提示（扣 {cost:g} 分）", size="sm", min_width=110, elem_id="ss-mock-help")
            later = gr.Button("先放一放", size="sm", min_width=84, elem_id="ss-mock-later")
            hang_up = gr.Button("挂机", size="sm", min_width=72, elem_id="ss-mock-hang-up")
        hint_ = gr.HTML(js_on_load=COPY, elem_id="ss-mock-hint")
        with gr.Accordion("转接", open=False, elem_id="ss-mock-transfer"), gr.Row():
            to = gr.Textbox(
                label="转给谁",
                placeholder="部门或姓名，有分机号也写上",
                max_lines=1,
                max_length=40,
                scale=3,
                min_width=180,
                elem_id="ss-mock-to",
            )
            pass_on = gr.Button("说完上面这句，转接", scale=1, min_width=140, elem_id="ss-mock-pass-on")
        with gr.Accordion("留言单", open=False, elem_id="ss-mock-pad"):
            fields = _pad()
            with gr.Row():
                keep_pad = gr.Button("记好了", size="sm", scale=0, min_width=96, elem_id="ss-mock-keep-pad")
                pad_said = gr.HTML(js_on_load=None, elem_id="ss-mock-pad-said")
        clock = gr.Timer(1, active=False)
        return cls(room, clock, waiting, hold, help_, hang_up, later, hint_, to, pass_on, fields, keep_pad, pad_said)

    @property
    def outputs(self) -> list[Any]:
        """Every component that `show` changes."""
        return [self.clock, self.waiting, self.hold, self.help, self.hang_up, self.pass_on, self.hint]

    def show(self, session: Session) -> Updates:
        """The actions as they are open to the agent now."""
        on_hold = session.held_since is not None
        playing = session.newest and not session.over
        return {
            self.clock: gr.update(active=on_hold),
            self.waiting: self._waiting(session),
            self.hold: gr.update(visible=not on_hold, interactive=playing),
            self.help: gr.update(visible=not session.terms.exam, interactive=playing),
            self.hang_up: gr.update(interactive=playing),
            self.pass_on: gr.update(interactive=playing),
            self.hint: "",
        }

    def filled(self, session: Session) -> Updates:
        """The message pad as it was kept."""
        return {field: session.pad.get(name, "") for name, field in zip(PAD, self.fields, strict=True)}

    def _waiting(self, session: Session | None) -> str:
        if session is None or session.held_since is None:
            return ""
        limit = self.room.coach(session).standard.parameters["hold_seconds"]
        return holding(self.room.now() - session.held_since, float(str(limit)))

    def wire(self, stage: Stage) -> None:
        """Connects the actions; `stage` shows what they lead to."""
        self._wire_lines(stage)
        self._wire_rest(stage)

    def _wire_lines(self, stage: Stage) -> None:
        """What says the line that is typed."""
        talk = stage.talk

        def saying(act: str) -> Any:  # noqa: ANN401 - a handler, as Gradio takes it
            @guarded_steps(talk.status, talk.unlocked)
            def say(session: Session | None, line: str | None, to: str | None, *pad: str | None) -> Iterator[Updates]:
                yield from stage.say(session, line, pad, act=act, to=to or "")

            return say

        @guarded_steps(talk.status, talk.unlocked)
        def hang_up(session: Session | None, line: str | None, _to: str | None, *pad: str | None) -> Iterator[Updates]:
            yield from stage.hang_up(session, line, pad)

        given = [stage.session, talk.line, self.to, *self.fields]
        for triggers, handler in (
            ([talk.send.click, talk.line.submit], saying("")),
            ([self.hold.click], saying("hold")),
            ([self.pass_on.click, self.to.submit], saying("transfer")),
            ([self.hang_up.click], hang_up),
        ):
            said = gr.on(triggers, handler, given, stage.outputs, trigger_mode="once", **_BUSY)
            said.then(None, None, None, js=REVEAL)

    def _wire_rest(self, stage: Stage) -> None:
        talk = stage.talk

        @guarded(talk.status)
        def help_(session: Session | None) -> Updates:
            if session is None:
                raise InputError("还没有开始", where="模拟通话")
            step = next_step(self.room.steps(session))
            if step is None:
                return {self.hint: note("该走的步骤都走到了，好好道别就行。这次不扣分。")}
            after = self.room.book.keep(session, hinted(session, step.id))
            coach = self.room.coach(session)
            shown = hint_card(hint(step, session.call, coach.knowledge), coach.rubric.data.hint_cost)
            return {stage.session: after, self.hint: shown, talk.status: ""}

        @guarded(self.pad_said)
        def keep_pad(session: Session | None, *pad: str | None) -> Updates:
            if session is None:
                raise InputError("还没有开始", where="模拟通话")
            after = self.room.book.keep(session, noted(session, dict(zip(PAD, pad, strict=True))))
            return {stage.session: after, self.pad_said: note("记下了，打完会和客户说的对一遍。")}

        @guarded(talk.status)
        def back(session: Session | None, typed: str | None, event: gr.EventData) -> Updates:
            return stage.go_back(session, int(event.turn), typed)

        @guarded(talk.status)
        def other(session: Session | None, at: int) -> Updates:
            return stage.other_try(session, at)

        quiet = {**_BUSY, "trigger_mode": "once"}
        self.help.click(help_, stage.session, [stage.session, self.hint, talk.status], **quiet)
        self.keep_pad.click(keep_pad, [stage.session, *self.fields], [stage.session, self.pad_said], **quiet)
        for shown in (talk.chat, stage.end.replay):
            going = shown.redo(back, [stage.session, talk.line], stage.outputs, **quiet)
            going.then(None, None, None, js=REVEAL)
        for chooser in (talk.tries, stage.end.tries):
            chooser.input(other, [stage.session, chooser], stage.outputs, **quiet)
        ticking = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
        self.clock.tick(self._waiting, stage.session, self.waiting, **ticking)


def _pad() -> tuple[Any, ...]:
    hints = {
        "来电人": "怎么称呼",
        "单位": "没有就空着",
        "电话": "念给对方核对",
        "时间": "几月几日几点",
        "回电": "要不要回，几点方便",
    }
    fields = []
    for pair in zip(PAD[::2], PAD[1::2], strict=True):
        with gr.Row():
            fields += [
                gr.Textbox(label=name, placeholder=hints.get(name, ""), max_lines=2, max_length=200, min_width=130)
                for name in pair
            ]
    return tuple(fields)
