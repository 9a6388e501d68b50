"""Which part of the tab is seen: the choice, the ringing telephone, the call, its end; and what a line leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from coach.errors import InputError
from coach.web.boundary import Updates, note
from coach.web.call_actions import ActionsPart
from coach.web.call_bubbles import bubbles
from coach.web.call_end import EndPart
from coach.web.call_moves import gone_back, hung_up, noted, shown_try, spoken
from coach.web.call_room import Room
from coach.web.call_session import PAD, Session
from coach.web.call_talk import TalkPart

__all__ = ["Stage"]

Scene = Literal["home", "ring", "talk", "end"]
_NOT_BEGUN = "还没有开始"


@dataclass(frozen=True)
class Stage:
    """The parts of the tab and the call that is played.

    Attributes:
        room: Plays, judges and keeps calls.
        session: Holds the call; None before one is begun.
        scenes: The boxes of the parts.
        talk: The call.
        actions: What the agent does beside speaking.
        end: Its end.
    """

    room: Room
    session: Any
    scenes: dict[Scene, Any]
    talk: TalkPart
    actions: ActionsPart
    end: EndPart

    @property
    def outputs(self) -> list[Any]:
        """Every component that `show` and `at` change."""
        parts = (self.talk, self.actions, self.end)
        return [
            self.session,
            *self.scenes.values(),
            *(one for part in parts for one in part.outputs),
            *self.actions.fields,
        ]

    def at(self, scene: Scene) -> Updates:
        """This part seen, the others not."""
        return {box: gr.update(visible=name == scene) for name, box in self.scenes.items()}

    def show(self, session: Session) -> Updates:
        """The call as it stands: going on, or judged where it has ended."""
        if session.over:
            return {self.session: session, **self.at("end"), **self.actions.show(session), **self.end.show(session)}
        return {self.session: session, **self.at("talk"), **self.actions.show(session), **self.talk.show(session)}

    def say(
        self, session: Session | None, line: str | None, pad: Sequence[str | None], *, act: str = "", to: str = ""
    ) -> Iterator[Updates]:
        """The agent says `line`; the answer is on disk before it is shown. What is typed goes only then.

        Args:
            session: The call.
            line: His words.
            pad: The message pad as it is filled in, in the order of PAD.
            act: hold, transfer or hang_up; empty where he only speaks.
            to: To whom the call is passed on.
        """
        playing = _begun(session)
        told = self.room.wording(playing)
        if told is not None:
            shown = bubbles(playing, (line or "").strip())
            yield {self.talk.status: note("客户正在说……"), self.talk.chat: shown, **self.talk.locked()}
        player, wording = self.room.coach(playing).player, told.wording if told else None
        after = spoken(player, playing, line or "", self.room.now(), act=act, to=to, wording=wording)
        if act == "hang_up":
            after = hung_up(player, after)
        after = self.room.book.keep(playing, noted(after, dict(zip(PAD, pad, strict=True))))
        notes = told.taken() if told else ()
        said = {self.talk.status: note("".join(notes))} if notes and not after.over else {}
        yield {**self.show(after), **self.talk.typed(after, ""), **said}

    def hang_up(self, session: Session | None, line: str | None, pad: Sequence[str | None]) -> Iterator[Updates]:
        """The agent says `line`, if anything, and puts the receiver down."""
        playing = _begun(session)
        if (line or "").strip() and not playing.over:
            yield from self.say(playing, line, pad, act="hang_up")
            return
        after = hung_up(self.room.coach(playing).player, noted(playing, dict(zip(PAD, pad, strict=True))))
        after = self.room.book.keep(playing, after)
        yield {**self.show(after), **self.talk.typed(after, "")}

    def go_back(self, session: Session | None, turn: int, typed: str | None) -> Updates:
        """A new try from the agent's 0-based `turn`; what was said there stands in the field, unless something is typed."""
        before = _begun(session)
        after = self.room.book.keep(before, gone_back(before, turn))
        kept = (typed or "").strip()
        return {**self.show(after), **self.talk.typed(after, typed if kept else before.call.turns[turn].text)}

    def other_try(self, session: Session | None, at: int) -> Updates:
        """Another try shown."""
        return self.show(shown_try(_begun(session), at))

    def begin(self, session: Session) -> Updates:
        """A call just picked up, kept from now on."""
        kept = self.room.book.begin(session)
        return {**self.show(kept), **self.talk.typed(kept, ""), **self.actions.filled(kept)}

    def resume(self, call: str) -> Updates:
        """The saved call with that id, as it was left."""
        base = self.room.coaches.base
        session, warnings = self.room.book.open_call(call, base.knowledge, base.folder)
        told = {self.talk.status: note("；".join(warnings))} if warnings else {}
        return {**self.show(session), **told, **self.talk.typed(session, ""), **self.actions.filled(session)}


def _begun(session: Session | None) -> Session:
    if session is None:
        raise InputError(_NOT_BEGUN, where="模拟通话", hint="先选好场景和客户，再点“开始”")
    return session
