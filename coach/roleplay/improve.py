"""A model improves a scenario made from a call: better words, nothing that the call doesn't hold. What isn't in it is dropped.

The model sees the call with invented personal data only. Its scenario has to fit the schema as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.facts import extract, same_fact
from coach.llm import Model, Notify, Prompt
from coach.llm.tokens import latest_within
from coach.privacy import Masker
from coach.roleplay.invented import invented_call
from coach.roleplay.likeness import pairs, share
from coach.roleplay.scenario import Fact, FactKind, Scenario
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["Improved", "improve_with_model"]

_GROUNDED = 0.6
_SAID = 0.5
_MOST = 30
_LONGEST_TURN = 300
_KINDS = get_args(FactKind)


class _Fact(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: str = Field(max_length=20)
    value: str = Field(max_length=200)
    say: str = Field(default="", max_length=200)
    ask: list[str] = Field(default_factory=list, max_length=_MOST)
    hidden: bool = False


class _Settlement(BaseModel):
    model_config = ConfigDict(extra="ignore")

    title: str = Field(max_length=200)
    words: list[str] = Field(default_factory=list, max_length=_MOST)


class _Draft(BaseModel):
    """A scenario as a model writes it; what else it says is passed over."""

    model_config = ConfigDict(extra="ignore")

    title: str = Field(default="", max_length=200)
    industry: str = Field(default="", max_length=40)
    mood: Literal["complaint", "enquiry", "request"] | None = None
    story: list[str] = Field(default_factory=list, max_length=_MOST)
    want: str = Field(default="", max_length=200)
    problem: list[str] = Field(default_factory=list, max_length=60)
    facts: list[_Fact] = Field(default_factory=list, max_length=_MOST)
    settle: list[_Settlement] = Field(default_factory=list, max_length=_MOST)


@dataclass(frozen=True, slots=True)
class Improved:
    """What a model made of a scenario.

    Attributes:
        scenario: The scenario, improved where what it said holds.
        dropped: What it said and the call doesn't hold, in Chinese.
    """

    scenario: Scenario
    dropped: tuple[str, ...]


def improve_with_model(
    scenario: Scenario, transcript: Transcript, model: Model, prompt: Prompt, notify: Notify = lambda _: None
) -> Improved:
    """`scenario`, made from the call `transcript`, in the model's better words.

    Args:
        scenario: What the rules made of the call.
        transcript: The call, as it was read: its personal data are replaced as they were for the scenario.
        model: The model.
        prompt: prompts/scenario.md.
        notify: Told, in Chinese, what is being tried.

    Raises:
        ModelFailure: The model didn't answer, or not usably.
    """
    call = invented_call(transcript)
    draft = scenario.model_dump_json(include={*_Draft.model_fields}, exclude_defaults=True)
    turns = [f"{'坐席' if t.speaker == 'agent' else '客户'}：{t.text[:_LONGEST_TURN]}\n" for t in call.turns]
    first = _first_within(turns, prompt.room({"draft": draft}))
    messages = prompt.render(call="".join(turns[:first]).rstrip(), draft=draft)
    said, _ = model.structured(messages, _Draft, Masker(), notify)
    return _Grounding(call, scenario).improved(said)


def _first_within(turns: Sequence[str], budget: int) -> int:
    """How many turns from the first on fit: the problem stands at the beginning of a call."""
    return max(1, latest_within(list(reversed(turns)), budget))


class _Grounding:
    """Holds what a model says of a call against the call."""

    def __init__(self, call: Transcript, scenario: Scenario) -> None:
        self.scenario = scenario
        self.text = "\n".join(normalise(turn.text).text for turn in call.turns)
        self.facts = [fact for turn in call.turns for fact in extract(turn.text)]
        self.known = pairs(self.text) | pairs("".join([*scenario.story, scenario.want]))
        titles = [one.title for one in scenario.settle]
        self.matter = pairs("，".join([*scenario.story, scenario.want, *scenario.problem, *titles]))
        self.agent = pairs("\n".join(call.turns[i].text for i in call.agent_lines()))
        self.dropped: list[str] = []

    def improved(self, said: _Draft) -> Improved:
        story = tuple(self._kept("经过", one, _GROUNDED) for one in said.story)
        changes: dict[str, Any] = {
            "title": self._kept("标题", said.title[:30], _SAID, self.matter),
            "industry": said.industry.strip()[:10],
            "mood": said.mood,
            "story": tuple(one for one in story if one)[:8],
            "want": self._kept("想要的", said.want, _SAID),
            "problem": tuple(
                dict.fromkeys([*(w for w in said.problem if self._stands(w, "词")), *self.scenario.problem])
            )[:40],
            "facts": self._facts(said.facts),
        }
        changes |= self._settle(said.settle)
        given = {name: value for name, value in changes.items() if value}
        try:
            scenario = Scenario.model_validate(self.scenario.model_dump() | given)
        except ValidationError as error:
            self.dropped.append(f"整份：{error.errors(include_url=False)[0]['msg']}")
            scenario = self.scenario
        return Improved(scenario, tuple(self.dropped))

    def _kept(self, what: str, text: str, least: float, known: frozenset[str] = frozenset()) -> str:
        """`text` where the call holds it: its figures all, its words mostly; else nothing."""
        bare = text.strip().rstrip("。")
        if not bare:
            return ""
        strange = [fact.text for fact in extract(bare) if not self._stated(fact.text)]
        if strange or share(bare, known or self.known) < least or len(bare) > 200:
            self.dropped.append(f"{what}“{bare[:40]}”通话里没有")
            return ""
        return bare

    def _stated(self, text: str) -> bool:
        own = extract(text)
        flat = normalise(text).text
        return flat in self.text or (
            bool(own) and all(any(same_fact(one, other) for other in self.facts) for one in own)
        )

    def _stands(self, word: str, what: str) -> bool:
        flat = normalise(word).text
        if 1 < len(flat) <= 12 and flat in self.text:
            return True
        self.dropped.append(f"{what}“{word[:20]}”通话里没有")
        return False

    def _facts(self, said: Sequence[_Fact]) -> tuple[dict[str, Any], ...]:
        """The rules' facts, worded as the model says where it says the same; then the model's further ones."""
        found = {fact.value: fact for fact in self.scenario.facts}
        for one in said:
            value = one.value.strip()
            if one.kind not in _KINDS or not value or normalise(value).text not in self.text:
                self.dropped.append(f"信息“{value[:30]}”通话里没有")
                continue
            ask = tuple(dict.fromkeys(word for word in one.ask if 1 < len(word) <= 12))[:5]
            say = one.say.strip().rstrip("。")
            good = value in say and not [f for f in extract(say) if not self._stated(f.text)]
            old = next((f for f in found.values() if value in f.value or f.value in value), None)
            if old is not None:
                fits = good and old.value in say and share(say, self.known) >= _SAID
                found[old.value] = old.model_copy(
                    update={"say": say if fits else old.say, "ask": tuple(dict.fromkeys([*old.ask, *ask]))[:6]}
                )
            elif good and share(say, self.known) >= _SAID:
                id_ = f"m{len(found)}"
                found[value] = Fact(id=id_, kind=one.kind, value=value, say=say, ask=ask, hidden=one.hidden)
            else:
                self.dropped.append(f"信息“{value[:30]}”的说法通话里没有")
        return tuple(fact.model_dump() for fact in list(found.values())[:12])

    def _settle(self, said: Sequence[_Settlement]) -> dict[str, Any]:
        """The model's settlements where the agent offered them; the rules' stay where it names none."""
        kept: list[dict[str, Any]] = []
        for one in said:
            words = tuple(dict.fromkeys(w for w in one.words if self._stands(w, "办法的词")))[:6]
            title = one.title.strip().rstrip("。")
            if not words or not title or share(title, self.agent) < _SAID:
                self.dropped.append(f"办法“{title[:30]}”坐席没有提过")
                continue
            kept.append({"id": f"s{len(kept) + 1}", "title": title, "words": words})
        if not kept:
            return {}
        old = next((one for one in self.scenario.settle if one.id == self.scenario.prefers), None)
        best = max(kept, key=lambda k: len(pairs(k["title"]) & pairs(old.title))) if old else None
        return {"settle": tuple(kept[:4]), "prefers": best["id"] if best and best in kept[:4] else None}
