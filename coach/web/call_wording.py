"""A model words the customer's turns, one wording a call, where the coach has a model. What passes is left to `coach.roleplay`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from coach.assistant import Coach
from coach.roleplay.wording import ModelWording
from coach.settings import prompts_dir

__all__ = ["Told", "Wordings"]

_MOST_CALLS = 200


@dataclass(frozen=True)
class Told:
    """The wording of one call, and what it told since it was last asked for that.

    Attributes:
        wording: Words the turns.
        notes: What it told, in Chinese.
    """

    wording: ModelWording
    notes: list[str] = field(default_factory=list)

    def taken(self) -> tuple[str, ...]:
        """What was told, which is told only once."""
        told = tuple(dict.fromkeys(self.notes))
        self.notes.clear()
        return told


class Wordings:
    """The wordings of the calls that go on, the one longest out of use going first."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, Told] = OrderedDict()
        self._making = threading.Lock()

    def of(self, call: str, coach: Coach) -> Told | None:
        """The wording of the call with that id; None where the coach has no model."""
        if coach.model is None:
            return None
        with self._making:
            told = self._made.get(call) or self._made.setdefault(call, _made(coach))
            self._made.move_to_end(call)
            while len(self._made) > _MOST_CALLS:
                self._made.popitem(last=False)
            return told


def _made(coach: Coach) -> Told:
    from coach.llm import load_prompt
    from coach.roleplay.wordbook import load_wordbook

    assert coach.model is not None
    notes: list[str] = []
    prompt, book = load_prompt("customer", prompts_dir()), load_wordbook(coach.folder)
    return Told(ModelWording(coach.model, prompt, book, coach.player.moves.limits, notify=notes.append), notes)
