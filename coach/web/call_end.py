"""After a mock call: the scorecard, what to practise, the replay and the files. What they say is left to `call_card` and `call_replay`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from coach.errors import CoachError
from coach.roleplay.saved import saved_scorecard
from coach.web.boundary import Updates, note
from coach.web.call_bubbles import try_names
from coach.web.call_card import checks, headline, pictures, practise, unspoken
from coach.web.call_files import CardFiles, scored_call
from coach.web.call_judged import Judged, judged, pad_lines
from coach.web.call_replay import replay
from coach.web.call_room import Room, last_agent_line
from coach.web.call_session import Session
from coach.web.call_talk import GO_BACK
from coach.web.clauses import COPY

__all__ = ["EndPart"]

_PRACTISE = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('.ss-practise');
  if (button) trigger('practise', {scenario: button.dataset.scenario, persona: button.dataset.persona});
});
"""


@dataclass(frozen=True)
class EndPart:
    """The end of a call.

    Attributes:
        room: Judges and keeps it.
        files: Writes the files.
        tries: Chooses the try that is shown.
        head: How it ended, the total.
        again: The same call again.
        other: Another call.
        downloads: The files, in the order of CardFiles.
        pictures: Radar and mood curve.
        next: What to practise.
        checks: Every check.
        replay: Line by line.
    """

    room: Room
    files: CardFiles
    tries: Any
    head: Any
    again: Any
    other: Any
    downloads: tuple[Any, ...]
    pictures: Any
    next: Any
    checks: Any
    replay: Any

    @classmethod
    def make(cls, room: Room) -> EndPart:
        """The components, laid out where this is called."""
        tries = gr.Dropdown(
            label="打过几遍，看哪一遍", choices=[], visible=False, filterable=False, elem_id="ss-mock-end-tries"
        )
        with gr.Row(elem_id="ss-mock-card"):
            with gr.Column(scale=2, min_width=300):
                head = gr.HTML(js_on_load=None, elem_id="ss-mock-total")
                with gr.Row():
                    again = gr.Button("这通再打一次", min_width=120, elem_id="ss-mock-again")
                    other = gr.Button("换一通", variant="primary", min_width=100, elem_id="ss-mock-other")
                with gr.Row(elem_id="ss-mock-downloads"):
                    downloads = tuple(
                        gr.DownloadButton(f"下载 {title}", size="sm", min_width=96, elem_id=f"ss-mock-{kind}")
                        for kind, title in CardFiles.kinds().items()
                    )
                shown = gr.HTML(js_on_load=None, elem_id="ss-mock-pictures")
            with gr.Column(scale=3, min_width=300):
                following = gr.HTML(js_on_load=_PRACTISE, elem_id="ss-mock-next")
                listed = gr.HTML(js_on_load=None, elem_id="ss-mock-checks")
        lines = gr.HTML(js_on_load=GO_BACK + COPY, elem_id="ss-mock-replay")
        files = CardFiles.temporary()
        return cls(room, files, tries, head, again, other, downloads, shown, following, listed, lines)

    @property
    def outputs(self) -> list[Any]:
        """Every component that `show` changes."""
        return [self.tries, self.head, self.again, *self.downloads, self.pictures, self.next, self.checks, self.replay]

    def show(self, session: Session) -> Updates:
        """The try that is shown, judged; its scorecard is kept. Where the agent said nothing there is nothing to judge."""
        coach = self.room.coach(session)
        if last_agent_line(session.call) is None:
            return {**dict.fromkeys(self.outputs, ""), **self._tries(session), self.head: unspoken(session)}
        found = judged(coach, session)
        titles = {id_: one.title for id_, one in self.room.shelf.shipped.items()}
        paths = self.files.write(scored_call(session, found, titles))
        return {
            **self._tries(session),
            self.head: headline(session, found, coach.standard.title) + self._kept(session, found),
            **{
                button: gr.update(value=str(path), visible=True)
                for button, path in zip(self.downloads, paths, strict=True)
            },
            self.pictures: pictures(found),
            self.next: practise(found.practise, titles),
            self.checks: checks(found.card, pad_lines(session)),
            self.replay: replay(found, found.reviewed.names, again=not session.terms.exam),
        }

    def _tries(self, session: Session) -> Updates:
        """What there is to choose from, and whether one may try again; no files yet."""
        several = len(session.attempts) > 1
        return {
            self.tries: gr.update(choices=try_names(session), value=session.at, visible=several),
            self.again: gr.update(visible=not session.terms.exam),
            **{button: gr.update(value=None, visible=False) for button in self.downloads},
        }

    def _kept(self, session: Session, found: Judged) -> str:
        """Keeps the scorecard; the line that says it couldn't be kept, which is no reason not to show it."""
        try:
            self.room.book.keep_scorecard(session, saved_scorecard(found.card))
        except CoachError as error:
            return note(f"成绩没有存下来：{error}")
        return ""
