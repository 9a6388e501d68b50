"""One's own mock calls: the trend of their totals, a list to open and delete from, and old ones cleared away."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gradio as gr

from coach.errors import InputError
from coach.reports.mock import OUTCOME_NAMES
from coach.roleplay import Persona
from coach.storage import CallSummary, TrendPoint
from coach.web.boundary import Updates, guarded, note
from coach.web.call_curves import trend
from coach.web.call_room import Room
from coach.web.call_stage import Stage
from coach.web.marks import escape

__all__ = ["HistoryPart", "history"]

_ACT = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-call]');
  if (!button) return;
  if (button.dataset.act === 'open') { trigger('open_call', {call: button.dataset.call}); return; }
  if (confirm(`删掉“${button.dataset.title}”这通通话和它的成绩？删了找不回来。`)) trigger('remove_call', {call: button.dataset.call});
});
"""
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_EVERYBODY = "全部"
_CANCELLED = -1
_CONFIRM_CLEAR = """(days, who) =>
  [days === null || confirm(`删掉 ${days} 天以前的所有通话和成绩？删了找不回来。`) ? days : -1, who]"""


def history(calls: Sequence[CallSummary], points: Sequence[TrendPoint], personas: Mapping[str, Persona]) -> str:
    """Trend and list."""
    if not calls:
        return '<p class="ss-note">还没有练过。打完一通，这里就有记录和走势。</p>'
    groups: dict[str, list[float]] = {}
    for point in points:
        for name, value in point.groups.items():
            groups.setdefault(name, []).append(value)
    rows = "".join(_row(one, personas) for one in calls)
    return f'{trend([point.total for point in points], groups)}<ul class="ss-history" aria-label="练习记录">{rows}</ul>'


def _row(one: CallSummary, personas: Mapping[str, Persona]) -> str:
    persona = personas[one.persona].name if one.persona in personas else one.persona
    end = OUTCOME_NAMES[one.outcome] if one.outcome else "没打完"
    total = "" if one.total is None else f"<b>{one.total:.0f}</b> 分"
    parts = [
        when(one.created_at),
        *([one.trainee] if one.trainee else []),
        persona,
        end,
        *([f"{one.tries} 遍"] if one.tries > 1 else []),
        *(["考试"] if one.exam else []),
    ]
    title, id_ = html.escape(one.title), html.escape(one.id)
    opens = "看" if one.outcome else "接着打"
    return (
        f'<li><p><b>{title}</b><span class="ss-source">{escape("　".join(parts))}</span></p>'
        f'<span class="ss-history-total">{total}</span>'
        f'<button type="button" class="ss-go" data-act="open" data-call="{id_}" aria-label="{opens}：{title}">{opens}</button>'
        f'<button type="button" class="ss-dismiss" data-act="remove" data-call="{id_}" data-title="{title}" '
        f'aria-label="删除：{title}">删除</button></li>'
    )


def when(moment: datetime) -> str:
    """A moment on this machine's clock."""
    local = moment.astimezone()
    return f"{local.month}月{local.day}日 {local:%H:%M}"


@dataclass(frozen=True)
class HistoryPart:
    """The list.

    Attributes:
        room: Has the calls.
        who: Chooses whose calls are shown.
        shown: Trend and list.
        days: How old.
        clear: Deletes what is older.
        message: What is wrong, or was done.
    """

    room: Room
    who: Any
    shown: Any
    days: Any
    clear: Any
    message: Any

    @classmethod
    def make(cls, room: Room) -> HistoryPart:
        """The components, laid out where this is called."""
        who = gr.Dropdown([_EVERYBODY], value=_EVERYBODY, label="谁的", filterable=False, scale=0, min_width=160)
        message = gr.HTML(js_on_load=None, elem_id="ss-mock-history-message")
        shown = gr.HTML(js_on_load=_ACT, elem_id="ss-mock-history")
        with gr.Row(elem_id="ss-mock-clear"):
            days = gr.Number(90, label="超过多少天", precision=0, min_width=110, scale=0)
            clear = gr.Button("删掉更早的", min_width=120, scale=0)
        return cls(room, who, shown, days, clear, message)

    @property
    def outputs(self) -> list[Any]:
        """Every component that `show` changes."""
        return [self.who, self.shown, self.message]

    def show(self, who: str | None = None) -> Updates:
        """The calls of `who`, else of all."""
        everybody = self.room.book.calls()
        names = sorted({one.trainee for one in everybody if one.trainee})
        chosen = who if who in names else _EVERYBODY
        mine = None if chosen == _EVERYBODY else chosen
        calls = self.room.book.calls(mine) if mine else everybody
        return {
            self.who: gr.update(choices=[_EVERYBODY, *names], value=chosen, visible=bool(names)),
            self.shown: history(calls, self.room.book.trend(mine), self.room.shelf.personas),
        }

    def wire(self, stage: Stage) -> None:
        """Connects the list; `stage` shows a call that is opened."""
        room = self.room

        @guarded(self.message)
        def choose(who: str | None) -> Updates:
            return {**self.show(who), self.message: ""}

        @guarded(self.message)
        def remove(who: str | None, event: gr.EventData) -> Updates:
            room.book.delete(str(event.call))
            return {**self.show(who), self.message: note("删掉了。")}

        @guarded(self.message)
        def clear(days: float | None, who: str | None) -> Updates:
            if days is None:
                raise InputError("还没有写天数", where="练习记录", hint="例如 90")
            if days == _CANCELLED:
                return {self.message: ""}
            count = room.book.delete_older_than(int(days))
            return {**self.show(who), self.message: note(f"删掉了 {count} 通。" if count else "没有这么早的通话。")}

        @guarded(self.message)
        def open_call(event: gr.EventData) -> Updates:
            return {**stage.resume(str(event.call)), self.message: ""}

        self.who.input(choose, self.who, self.outputs, **_QUIET)
        self.shown.remove_call(remove, self.who, self.outputs, **_QUIET)
        self.clear.click(clear, [self.days, self.who], self.outputs, js=_CONFIRM_CLEAR, **_QUIET)
        self.shown.open_call(open_call, None, [*stage.outputs, self.message], **_QUIET)
