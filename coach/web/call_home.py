"""Before a mock call: who calls, why, how hard, by which terms; drawn, or chosen. Writing one's own is left to `call_own`."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, cast

import gradio as gr

from coach.errors import InputError
from coach.reports.casting import LEVEL_NAMES
from coach.roleplay import Level, Scenario, Setup
from coach.web.boundary import Updates, guarded, note
from coach.web.call_form import DIRECTIONS
from coach.web.call_room import Room
from coach.web.call_session import Terms
from coach.web.marks import escape

__all__ = ["EXAM_SEED", "HomePart", "brief"]

EXAM_SEED = 1
"""The seed of an exam where none is set: everybody is asked the same."""

_LEVELS = [(title, level) for level, title in LEVEL_NAMES.items()]
_SHOWN = [("每说一句就显示", True), ("打完再看", False)]
_MOST_SEED = 2**31
_MOST_DRAWN = 10_000
_QUIET = {"api_visibility": "private", "show_progress": "hidden"}
_INTRO = """<div class="ss-intro"><p>来电的客户有脾气、有自己的事，情绪跟着您的话走：说到点子上就消气，
只有客气话、答非所问就更急。打完给成绩单，每一条扣分都说是哪一句、依据哪一条。</p></div>"""


def brief(scenario: Scenario, summary: str) -> str:
    """What is known before the telephone rings."""
    direction = next(title for title, name in DIRECTIONS.items() if name == scenario.direction)
    return f'<p class="ss-note">{escape(scenario.industry)}，{direction}。这位客户：{escape(summary)}</p>'


@dataclass(frozen=True)
class HomePart:
    """What is chosen before a call.

    Attributes:
        room: Has the scenarios and personas.
        scenario: Chooses the scenario, by id.
        persona: Chooses the persona, by id.
        level: easy, normal or hard.
        draw: Draws scenario and persona.
        brief: What is known beforehand.
        at_once: Whether findings are shown after every line.
        exam: Whether it is an exam.
        seed: The seed as typed; may be blank.
        trainee: Who practises; may be blank.
        draft: A scenario just written, not saved.
        start: Begins.
        message: What is wrong.
    """

    room: Room
    scenario: Any
    persona: Any
    level: Any
    draw: Any
    brief: Any
    at_once: Any
    exam: Any
    seed: Any
    trainee: Any
    draft: Any
    start: Any
    message: Any

    @classmethod
    def make(cls, room: Room) -> HomePart:
        """The components, laid out where this is called."""
        choices = room.shelf.scenario_choices()
        first = room.shelf.scenario(choices[0][1])
        suiting = room.shelf.suiting(first)[0]
        gr.HTML(_INTRO, js_on_load=None)
        with gr.Row(elem_id="ss-mock-choice"):
            scenario = gr.Dropdown(
                choices, value=first.id, label="场景", scale=4, min_width=240, elem_id="ss-mock-scenario"
            )
            persona = gr.Dropdown(
                room.shelf.persona_choices(first),
                value=suiting.id,
                label="客户",
                scale=2,
                min_width=160,
                elem_id="ss-mock-persona",
            )
            draw = gr.Button("抽一个", scale=1, min_width=90, elem_id="ss-mock-draw")
        shown = gr.HTML(brief(first, suiting.summary), js_on_load=None, elem_id="ss-mock-brief")
        with gr.Row(elem_id="ss-mock-terms"):
            level = gr.Radio(_LEVELS, value="normal", label="难度", min_width=200, elem_id="ss-mock-level")
            at_once = gr.Radio(_SHOWN, value=True, label="点评", min_width=240, elem_id="ss-mock-at-once")
            exam = gr.Checkbox(
                label="考试",
                info="人人同题，没有提示，只打一遍，打完才看点评",
                min_width=300,
                elem_id="ss-mock-exam",
            )
        with gr.Row(elem_id="ss-mock-more"):
            trainee = gr.Textbox(label="练习人", placeholder="可以不写", max_lines=1, max_length=40, min_width=140)
            seed = gr.Textbox(
                label="题号",
                placeholder="可以不写；写同一个数，客户说的话就一样",
                max_lines=1,
                max_length=12,
                min_width=220,
                elem_id="ss-mock-seed",
            )
            start = gr.Button("开始", variant="primary", min_width=160, elem_id="ss-mock-start")
        message = gr.HTML(js_on_load=None, elem_id="ss-mock-message")
        draft = gr.State(None)
        return cls(room, scenario, persona, level, draw, shown, at_once, exam, seed, trainee, draft, start, message)

    @property
    def fields(self) -> list[Any]:
        """The components that `setup` reads, in its order."""
        return [
            self.scenario,
            self.persona,
            self.level,
            self.at_once,
            self.exam,
            self.seed,
            self.trainee,
            self.draft,
        ]

    def setup(
        self,
        scenario: str | None,
        persona: str | None,
        level: str | None,
        at_once: bool,
        exam: bool,
        seed: str | None,
        trainee: str | None,
        draft: Scenario | None,
        standard: str | None,
    ) -> tuple[Setup, Terms]:
        """What the fields say; raises InputError, naming the field that can't be used."""
        chosen = self.room.shelf.scenario(scenario, draft)
        who = self.room.shelf.persona(persona)
        number = _seed(seed or "", exam)
        name = self.room.coaches.under(standard).standard.name
        setup = Setup(who, chosen, cast("Level", level or "normal"), number, name)
        return setup, Terms(exam, bool(at_once) and not exam, (trainee or "").strip())

    def chosen(self, scenario: Scenario, persona: str | None = None, draft: Scenario | None = None) -> Updates:
        """The choice set to `scenario`, and to `persona` where that is given or suits."""
        suiting = [one.id for one in self.room.shelf.suiting(scenario)]
        who = persona if persona in self.room.shelf.personas else suiting[0]
        return {
            self.scenario: gr.update(choices=self.room.shelf.scenario_choices(draft), value=scenario.id),
            self.persona: gr.update(choices=self.room.shelf.persona_choices(scenario), value=who),
            self.brief: brief(scenario, self.room.shelf.persona(who).summary),
            self.message: "",
        }

    def listed(self, draft: Scenario | None = None) -> Updates:
        """The scenarios there are now, and what is wrong with one's own that can't be used."""
        faults = self.room.shelf.own()[1]
        told = note(f"您的场景里有读不了的：{'；'.join(faults)}") if faults else ""
        return {self.scenario: gr.update(choices=self.room.shelf.scenario_choices(draft)), self.message: told}

    def wire(self) -> None:
        """Connects the choice with what depends on it."""

        @guarded(self.message)
        def other_scenario(scenario: str | None, persona: str | None, draft: Scenario | None) -> Updates:
            chosen = self.room.shelf.scenario(scenario, draft)
            suits = persona in {one.id for one in self.room.shelf.suiting(chosen)}
            return self.chosen(chosen, persona if suits else None, draft)

        @guarded(self.message)
        def other_persona(scenario: str | None, persona: str | None, draft: Scenario | None) -> Updates:
            chosen = self.room.shelf.scenario(scenario, draft)
            return {self.brief: brief(chosen, self.room.shelf.persona(persona).summary), self.message: ""}

        @guarded(self.message)
        def drawn(scenario: str | None, draft: Scenario | None) -> Updates:
            another, who = self.room.shelf.drawn(random.SystemRandom().randrange(_MOST_SEED), scenario)
            return self.chosen(another, who.id, draft)

        outputs = [self.scenario, self.persona, self.brief, self.message]
        given = [self.scenario, self.persona, self.draft]
        self.scenario.input(other_scenario, given, outputs, **_QUIET)
        self.persona.input(other_persona, given, outputs, **_QUIET)
        self.draw.click(drawn, [self.scenario, self.draft], outputs, **_QUIET)


def _seed(typed: str, exam: bool) -> int:
    """The seed as typed; an exam's own, or one by chance, where it is blank."""
    digits = typed.strip()
    if not digits:
        return EXAM_SEED if exam else random.SystemRandom().randrange(_MOST_DRAWN)
    if not digits.isdecimal() or int(digits) >= _MOST_SEED:
        raise InputError(f"不能是“{digits}”", where="题号", hint=f"请写 0 到 {_MOST_SEED - 1} 的整数，或空着")
    return int(digits)
