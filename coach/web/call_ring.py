"""The telephone rings: a count that goes up until it is picked up. When that is late it counts against the agent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from coach.web.boundary import Updates

__all__ = ["RingPart", "ringing"]

_EVERY = 2.5
_MOST_RINGS = 12


def ringing(rings: int, limit: int) -> str:
    """The telephone after so many rings; `limit`: what the standard allows."""
    if rings > _MOST_RINGS:
        return (
            '<div class="ss-ringing gone" role="status"><h2>没有接到</h2>'
            f"<p>响了 {_MOST_RINGS} 声没有人接，对方挂断了。</p></div>"
        )
    late = f"<p>已经超过 {limit} 声，接起来要先致歉。</p>" if rings > limit else f"<p>规范要求 {limit} 声之内接起。</p>"
    kind = " late" if rings > limit else ""
    return (
        f'<div class="ss-ringing{kind}" role="status"><h2>电话响了</h2>'
        f'<p class="ss-rings"><b>{rings}</b> 声</p>{late}</div>'
    )


@dataclass(frozen=True)
class RingPart:
    """The telephone.

    Attributes:
        shown: The count, as people see it.
        count: The count.
        limit: Rings that the standard allows.
        clock: Ticks at every ring.
        pick_up: Picks up.
        leave: Goes back to the choice.
    """

    shown: Any
    count: Any
    limit: Any
    clock: Any
    pick_up: Any
    leave: Any

    @classmethod
    def make(cls) -> RingPart:
        """The components, laid out where this is called."""
        shown = gr.HTML(js_on_load=None, elem_id="ss-mock-rings")
        with gr.Row(elem_id="ss-mock-answer"):
            leave = gr.Button("不打了", min_width=100, scale=0)
            pick_up = gr.Button("接起", variant="primary", min_width=160, scale=0, elem_id="ss-mock-pick-up")
        count, limit = gr.State(0), gr.State(3)
        return cls(shown, count, limit, gr.Timer(_EVERY, active=False), pick_up, leave)

    @property
    def outputs(self) -> list[Any]:
        """Every component that `start` and `stop` change."""
        return [self.shown, self.count, self.limit, self.clock, self.pick_up]

    def start(self, limit: int) -> Updates:
        """It rings for the first time."""
        return {
            self.shown: ringing(1, limit),
            self.count: 1,
            self.limit: limit,
            self.clock: gr.update(active=True),
            self.pick_up: gr.update(visible=True),
        }

    def stop(self) -> Updates:
        """It is silent."""
        return {self.clock: gr.update(active=False), self.count: 0, self.shown: ""}

    def wire(self) -> None:
        """Lets it ring on."""

        def ring(count: int, limit: int) -> Updates:
            if not count:  # it was picked up while this tick was on its way
                return {self.clock: gr.update(active=False)}
            gone = count + 1 > _MOST_RINGS
            rung = {self.count: count + 1, self.shown: ringing(count + 1, limit)}
            given_up = {self.clock: gr.update(active=False), self.pick_up: gr.update(visible=False)}
            return {**rung, **(given_up if gone else {})}

        self.clock.tick(
            ring,
            [self.count, self.limit],
            [self.count, self.shown, self.clock, self.pick_up],
            api_visibility="private",
            show_progress="hidden",
            concurrency_limit=None,
        )
