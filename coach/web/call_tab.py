"""The tab 模拟通话: a call is chosen, rings, is played and judged; calls left unfinished can be gone on with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from coach.roleplay import Scenario, Setup, find_persona
from coach.storage import CallSummary
from coach.web.boundary import Updates, guarded
from coach.web.call_actions import ActionsPart
from coach.web.call_end import EndPart
from coach.web.call_history import HistoryPart, when
from coach.web.call_home import HomePart
from coach.web.call_moves import begun
from coach.web.call_own import OwnPart
from coach.web.call_reveal import REVEAL
from coach.web.call_ring import RingPart
from coach.web.call_room import Room
from coach.web.call_session import Session, Terms
from coach.web.call_stage import Stage
from coach.web.call_talk import TalkPart
from coach.web.coaches import Coaches
from coach.web.marks import escape

__all__ = ["call_tab", "offer"]

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": "once"}


def offer(one: CallSummary, persona: str) -> str:
    """What is said of a call left unfinished."""
    who = f"{escape(one.trainee)}，" if one.trainee else ""
    return (
        f'<p role="status"><b>有一通没打完：</b>{escape(one.title)}（{escape(persona)}），'
        f"{who}{when(one.updated_at)}，{f'说到第 {one.turns} 行' if one.turns else '刚接起来，还没开口'}。</p>"
    )


@dataclass(frozen=True)
class _Offer:
    """A call left unfinished.

    Attributes:
        box: All of it.
        shown: Which call it is.
        call: Its id.
        go_on: Goes on with it.
        drop: Deletes it.
    """

    box: Any
    shown: Any
    call: Any
    go_on: Any
    drop: Any

    @classmethod
    def make(cls) -> _Offer:
        with gr.Row(visible=False, elem_id="ss-mock-offer") as box:
            shown = gr.HTML(js_on_load=None)
            go_on = gr.Button("接着打", variant="primary", size="sm", min_width=90, scale=0, elem_id="ss-mock-go-on")
            drop = gr.Button("删掉它", size="sm", min_width=90, scale=0, elem_id="ss-mock-drop")
        return cls(box, shown, gr.State(""), go_on, drop)

    @property
    def outputs(self) -> list[Any]:
        return [self.box, self.shown, self.call]

    def show(self, room: Room) -> Updates:
        one = room.book.unfinished()
        if one is None:
            return {self.box: gr.update(visible=False), self.shown: "", self.call: ""}
        personas = room.shelf.personas
        name = personas[one.persona].name if one.persona in personas else one.persona
        return {self.box: gr.update(visible=True), self.shown: offer(one, name), self.call: one.id}


@dataclass(frozen=True)
class _Tab:
    """Every part of the tab, and what leads from one to another."""

    stage: Stage
    home: HomePart
    own: OwnPart
    offer: _Offer
    past: HistoryPart
    ring: RingPart
    pending: Any

    @property
    def homely(self) -> list[Any]:
        """Components that `at_home` changes."""
        return [*self.stage.outputs, *self.kept]

    @property
    def kept(self) -> list[Any]:
        """Components that `listed` changes."""
        return [*self.offer.outputs, *self.past.outputs, self.home.scenario, self.home.message]

    def at_home(self, draft: Scenario | None = None) -> Updates:
        """Back where a call is chosen; `draft` is a scenario just written."""
        gone = {self.stage.session: None, **self.stage.at("home"), self.stage.actions.clock: gr.update(active=False)}
        return {**gone, **self.listed(draft)}

    def listed(self, draft: Scenario | None = None) -> Updates:
        """What is kept on this machine: scenarios, a call left unfinished, calls practised."""
        return {**self.home.listed(draft), **self.offer.show(self.stage.room), **self.past.show()}

    def ringing(self, setup: Setup, terms: Terms) -> Updates:
        """The telephone rings; or the agent's call has gone through."""
        room = self.stage.room
        if setup.scenario.direction == "outbound":
            player = room.coaches.under(setup.standard).player
            return {self.home.message: "", **self.stage.begin(begun(player, setup, terms))}
        limit = room.coaches.under(setup.standard).standard.parameters["rings"]
        rung = self.ring.start(int(float(str(limit))))
        return {self.home.message: "", self.pending: (setup, terms), **self.stage.at("ring"), **rung}


def call_tab(coaches: Coaches, standard: gr.Dropdown, page: gr.Blocks) -> None:
    """The tab's components and events, laid out where this is called.

    Args:
        coaches: A coach a standard.
        standard: The dropdown of standards; a call keeps the one it was begun with.
        page: The page, whose loading offers a call left unfinished.
    """
    tab = _made(Room.of(coaches))
    tab.home.wire()
    tab.own.wire()
    tab.ring.wire()
    tab.stage.actions.wire(tab.stage)
    tab.past.wire(tab.stage)
    _wire(tab, standard)
    # what is kept here, not where the page stands: on a slow machine a call has begun by then
    loaded = guarded(tab.home.message)(tab.listed)
    page.load(loaded, None, tab.kept, **_QUIET).then(
        tab.stage.room.warm, None, None, api_visibility="private", show_progress="hidden"
    )


def _made(room: Room) -> _Tab:
    """The parts, laid out where this is called."""
    session, pending = gr.State(None), gr.State(None)
    with gr.Column(elem_id="ss-mock"):
        with gr.Column(elem_id="ss-mock-home") as at_home:
            unfinished = _Offer.make()
            home = HomePart.make(room)
            with gr.Accordion("自己写一个场景", open=False, elem_id="ss-mock-own"):
                own = OwnPart.make(home)
            with gr.Accordion("练习记录", open=False, elem_id="ss-mock-past"):
                past = HistoryPart.make(room)
        with gr.Column(visible=False, elem_id="ss-mock-ring") as at_ring:
            ring = RingPart.make()
        with gr.Column(visible=False, elem_id="ss-mock-talk") as at_talk:
            talk, actions = _talk(room)
        with gr.Column(visible=False, elem_id="ss-mock-end") as at_end:
            end = EndPart.make(room)
    stage = Stage(room, session, {"home": at_home, "ring": at_ring, "talk": at_talk, "end": at_end}, talk, actions, end)
    return _Tab(stage, home, own, unfinished, past, ring, pending)


def _talk(room: Room) -> tuple[TalkPart, ActionsPart]:
    with gr.Row(elem_id="ss-mock-columns"):
        with gr.Column(scale=3, min_width=300, elem_id="ss-mock-main"):
            head, tries, chat = TalkPart.make_chat()
            with gr.Column(elem_id="ss-mock-composer"):
                status, line, send = TalkPart.make_line()
                actions = ActionsPart.make(room)
            with gr.Accordion("业务资料", open=False, elem_id="ss-mock-business"):
                business = gr.HTML(js_on_load=None)
        with gr.Column(scale=2, min_width=300, elem_id="ss-mock-side"):
            panel, last = TalkPart.make_side()
    return TalkPart(room, head, tries, chat, status, line, send, business, panel, last), actions


def _wire(tab: _Tab, standard: gr.Dropdown) -> None:
    stage, home, ring = tab.stage, tab.home, tab.ring

    @guarded(home.message)
    def start(*fields: Any) -> Updates:  # noqa: ANN401 - HomePart.fields, in order, and the standard
        setup, terms = home.setup(*fields)
        return tab.ringing(setup, terms)

    @guarded(ring.shown)
    def pick_up(pending: tuple[Setup, Terms], rings: int) -> Updates:
        setup, terms = pending
        setup = replace(setup, rings=max(1, rings))
        player = stage.room.coaches.under(setup.standard).player
        return {**ring.stop(), **stage.begin(begun(player, setup, terms))}

    @guarded(home.message)
    def leave(draft: Scenario | None) -> Updates:
        return {**ring.stop(), **tab.at_home(draft)}

    @guarded(home.message)
    def resume(call: str) -> Updates:
        return {**stage.resume(call), home.message: ""}

    @guarded(home.message)
    def drop(call: str, draft: Scenario | None) -> Updates:
        if call:
            stage.room.book.delete(call)
        return tab.at_home(draft)

    @guarded(home.message)
    def again(session: Session) -> Updates:
        return tab.ringing(replace(session.call.setup, rings=None), session.terms)

    @guarded(home.message)
    def practise(draft: Scenario | None, event: gr.EventData) -> Updates:
        room = stage.room
        persona = find_persona(str(event.persona), room.shelf.folder)
        scenario = room.shelf.scenario(str(event.scenario))
        return {**tab.at_home(draft), **home.chosen(scenario, persona.id, draft)}

    choice = [home.persona, home.brief]
    rung = [*ring.outputs, tab.pending]
    begun_ = [*stage.outputs, *rung, home.message]
    then = partial(_then, js=REVEAL)
    then(home.start.click(start, [*home.fields, standard], begun_, **_QUIET))
    then(ring.pick_up.click(pick_up, [tab.pending, ring.count], begun_, **_QUIET))
    ring.leave.click(leave, home.draft, [*tab.homely, *rung], **_QUIET)
    then(tab.offer.go_on.click(resume, tab.offer.call, [*stage.outputs, home.message], **_QUIET))
    tab.offer.drop.click(drop, [tab.offer.call, home.draft], tab.homely, **_QUIET)
    then(stage.end.again.click(again, stage.session, begun_, **_QUIET))
    stage.actions.later.click(leave, home.draft, [*tab.homely, *rung], **_QUIET)
    stage.end.other.click(leave, home.draft, [*tab.homely, *rung], **_QUIET)
    then(stage.end.next.practise(practise, home.draft, [*tab.homely, *choice], **_QUIET))


def _then(event: Any, js: str) -> None:  # noqa: ANN401 - Gradio's own type of an event
    event.then(None, None, None, js=js)
