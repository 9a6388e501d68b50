"""A model words the customer's turn: told what was decided, its words checked; the built-in words stand where they don't pass.

What the customer does, knows and feels is decided before (`customer`); what stands against showing the model's words is told by
`wording_checks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from coach.errors import ModelFailure
from coach.llm import Messages, Model, Notify, Prompt
from coach.llm.tokens import latest_within
from coach.privacy import Masker
from coach.roleplay.call import CallTurn, MockCall
from coach.roleplay.customer import Plan
from coach.roleplay.likeness import letters
from coach.roleplay.state import Limits
from coach.roleplay.wordbook import Wordbook
from coach.roleplay.wording_checks import KINDS, Fault, Kind, faults, spoken

__all__ = ["ModelWording", "Tally"]

_RECENT_TURNS = 6
_RECENT_TOKENS = 500
_LONGEST_TURN = 200
_TOLD_TOKENS = 300
_MOST_FAILURES = 2
_NOTHING = "（没有）"
_NAMES = {"agent": "坐席", "customer": "客户（你）"}


def _silent(_: str) -> None:
    """Tells nobody."""


@dataclass(slots=True)
class Tally:
    """What became of a call's turns.

    Attributes:
        asked: Turns the model was asked to word.
        shown: Turns shown in its words.
        same: Turns for which it found no other words than the built-in ones.
        failed: Turns for which it didn't answer.
        dropped: Turns whose words didn't pass, by the first thing that stood against them.
        faults: The last turn's faults.
        in_a_row: Failures since it last answered.
    """

    asked: int = 0
    shown: int = 0
    same: int = 0
    failed: int = 0
    dropped: Counter[Kind] = field(default_factory=Counter)
    faults: tuple[Fault, ...] = ()
    in_a_row: int = 0

    def __str__(self) -> str:
        why = "、".join(f"{KINDS[kind]} {count}" for kind, count in self.dropped.most_common())
        parts = (
            f"模型说了 {self.shown}/{self.asked} 句",
            f"和内置的说法一样 {self.same} 句" if self.same else "",
            f"没通过核对：{why}" if why else "",
            f"没有回应 {self.failed} 次" if self.failed else "",
        )
        return "，".join(part for part in parts if part)


@dataclass(frozen=True)
class ModelWording:
    """Words the turns of one call.

    Attributes:
        model: Finds the words.
        prompt: prompts/customer.md.
        book: Instructions and patterns.
        limits: At which emotion he is upset, and angry.
        masker: Of this call.
        notify: Told, in Chinese, what is being tried and that the model failed.
        tally: What became of the turns.
    """

    model: Model
    prompt: Prompt
    book: Wordbook
    limits: Limits
    masker: Masker = field(default_factory=Masker)
    notify: Notify = _silent
    tally: Tally = field(default_factory=Tally)

    def __call__(self, call: MockCall, plan: Plan, builtin: str) -> str | None:
        """The turn in the model's words; None where the built-in ones are to stand.

        A model that failed twice in a row isn't asked again in this call.
        """
        doing = self._doing(call, plan)
        if doing is None or self.tally.in_a_row >= _MOST_FAILURES:
            return None
        self.tally.asked += 1
        try:
            messages = self._messages(call, plan, builtin, doing)
            text = spoken(self.model.complete(messages, self.masker, self.notify).text)
        except ModelFailure as failure:
            self._failed(failure)
            return None
        self.tally.in_a_row = 0
        told = "\n".join([messages.system, *doing])
        self.tally.faults = faults(text, call, plan, builtin, self.book, told)
        if self.tally.faults:
            self.tally.dropped[self.tally.faults[0].kind] += 1
            return None
        if letters(text) == letters(builtin):
            self.tally.same += 1
            return None
        self.tally.shown += 1
        return text

    def _failed(self, failure: ModelFailure) -> None:
        self.tally.failed += 1
        self.tally.in_a_row += 1
        rest = "这一句" if self.tally.in_a_row < _MOST_FAILURES else "这通电话后面的话"
        self.notify(f"{failure.what}，{rest}用内置的说法。")

    def _doing(self, call: MockCall, plan: Plan) -> list[str] | None:
        """What the model is told to do, in order; None where an act of the turn is left to the built-in words."""
        told = [self.book.instruction(part, call.setup.persona.procedure) for part in plan.parts]
        return None if None in told else [one for one in told if one is not None]

    def _messages(self, call: MockCall, plan: Plan, builtin: str, doing: Sequence[str]) -> Messages:
        persona, scenario, state = call.setup.persona, call.setup.scenario, plan.state
        told = [*scenario.story[: state.story], *(fact.say for fact in scenario.facts if fact.id in state.told)]
        named = [v for part in plan.parts for name, v in part.slots.items() if name != "want" or v in builtin]
        return self.prompt.render(
            persona=f"{persona.name}。{persona.manner}",
            mood=self.book.moods[state.mood(self.limits)],
            told="\n".join(_last(told, _TOLD_TOKENS)) or _NOTHING,
            recent="\n".join(_last([_shown(turn) for turn in call.turns[-_RECENT_TURNS:]], _RECENT_TOKENS)),
            doing="\n".join(f"{no}. {what}" for no, what in enumerate(doing, start=1)),
            facts="；".join(named) or _NOTHING,
            reference=builtin,
        )


def _shown(turn: CallTurn) -> str:
    return f"{_NAMES[turn.speaker]}：{turn.text[:_LONGEST_TURN]}"


def _last(lines: Sequence[str], budget: int) -> Sequence[str]:
    return lines[len(lines) - latest_within(lines, budget) :]
