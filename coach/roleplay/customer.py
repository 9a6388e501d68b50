"""What the customer does next: decided by his state, his persona and what he heard, never by a model. Saying it is left to others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from coach.critique import Finding
from coach.roleplay.breaking import at_break
from coach.roleplay.hearing import Heard, Question
from coach.roleplay.persona import Persona
from coach.roleplay.scenario import Fact, Scenario
from coach.roleplay.state import CustomerState, Moves

__all__ = ["Outcome", "Part", "Plan", "decide"]

Outcome = Literal["resolved", "unresolved", "escalated", "hung_up"]
_MOST_ANSWERS = 2
_MOST_PARTS = 3
_FEWEST_TURNS = 3
_SUPERIOR_FROM = 8.0
_TRUSTING = 7.0
_RELIEF = 0.6
_CALM = 4.0
_FEWEST_INTO = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One act of the customer's next turn, and what its line may name.

    Attributes:
        act: Name of the act.
        slots: story, want, fact, choice, as the act needs.
        fact: Id of the fact it tells, if any.
    """

    act: str
    slots: dict[str, str] = field(default_factory=dict)
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The customer's next turn.

    Attributes:
        parts: What he does, in order.
        state: His state after it.
        outcome: How the call ended with it; None while it goes on.
    """

    parts: tuple[Part, ...]
    state: CustomerState
    outcome: Outcome | None = None


@dataclass(frozen=True)
class _Turn:
    """What a decision rests on."""

    state: CustomerState
    heard: Heard
    causes: frozenset[str]
    harsh: bool
    persona: Persona
    scenario: Scenario
    moves: Moves
    chance: random.Random

    @property
    def angry(self) -> bool:
        return self.state.emotion >= self.moves.limits.angry_from


def decide(
    state: CustomerState,
    heard: Heard,
    causes: Sequence[str],
    findings: Sequence[Finding],
    persona: Persona,
    scenario: Scenario,
    moves: Moves,
    chance: random.Random,
) -> Plan:
    """The customer's next turn after a line whose effects are already in `state`."""
    harsh = any(f.counts and any(f.rule in moves.findings[k].rules for k in ("harsh", "cold")) for f in findings)
    state = replace(state, stage=_stage(state, causes))
    turn = _Turn(state, heard, frozenset(causes), harsh, persona, scenario, moves, chance)
    if state.turns > 1 and (end := _breaking_off(turn)) is not None:
        return end
    if state.story == 0:
        return _opening(turn)
    if harsh:
        return _hurt(turn)
    if "farewell" in heard.acts:
        return _at_farewell(turn)
    answers, after = _answers(turn)
    if not answers:
        answers, after = _reaction(turn)
    habit = _habit(replace(turn, state=after), {part.act for part in answers})
    if habit is not None:
        answers = (*answers, habit)
        after = replace(after, counts={**after.counts, f"did:{habit.act}": after.counts.get(f"did:{habit.act}", 0) + 1})
    return Plan(answers[:_MOST_PARTS], after)


def _stage(state: CustomerState, causes: Sequence[str]) -> str:
    if state.stage == "agreed":
        return "agreed"
    if "offered" in causes:
        return "offered"
    if state.stage in {"opening", "told"} and {"touched", "restated", "asked"} & set(causes):
        return "understood"
    return state.stage


def _breaking_off(turn: _Turn) -> Plan | None:
    """The end that the state alone brings: hung up, or taken to the superior; None while he stays."""
    state, limits = turn.state, turn.moves.limits
    spent = state.emotion >= limits.hang_up_emotion or state.patience <= limits.hang_up_patience
    if not spent or state.turns < _FEWEST_TURNS or state.story == 0:
        return None
    state = replace(state, emotion=at_break(state))
    wants_superior = turn.persona.insists == "superior" or state.counts.get("did:demand_superior", 0) > 0
    if wants_superior:
        return Plan((Part("escalate_end"),), replace(state, stage="closed"), "escalated")
    return Plan((Part("hang_up"),), replace(state, stage="closed"), "hung_up")


def _opening(turn: _Turn) -> Plan:
    """His first turn: what happened, and for some at once that he wants the superior.

    Where the agent calls, he says first that it is he, and what he thinks of the matter once he knows what it is.
    """
    heard = turn.heard
    if turn.scenario.direction == "outbound" and not (heard.topic or "purpose" in heard.acts) and turn.state.turns < 2:
        asked = any(question.kind in {"confirm", "name", "unknown", "plan"} for question in heard.questions)
        return Plan((Part("confirm" if asked else "acknowledge"),), turn.state)
    parts = [_story(turn, "open")]
    state = replace(turn.state, story=1, stage="told")
    if turn.persona.insists == "superior":
        parts.append(Part("demand_superior"))
        state = _did(state, "demand_superior")
    elif turn.harsh:
        parts.append(Part("hurt"))
    return Plan(tuple(parts), state)


def _hurt(turn: _Turn) -> Plan:
    """After a rude or cold line: what it did to him, and what he threatens."""
    state = turn.state
    parts = [Part("hurt")]
    if state.emotion >= _SUPERIOR_FROM:
        act = "demand_superior" if _count(state, "did:demand_superior") < 2 else "threaten"
        parts.append(Part(act))
        state = _did(state, act)
    elif turn.angry:
        parts.append(Part("interrupt" if turn.chance.random() < 0.4 else "vent"))
    else:
        parts.append(Part("press", {"want": turn.scenario.want}))
    return Plan(tuple(parts), state)


def _at_farewell(turn: _Turn) -> Plan:
    """The agent says goodbye: content, he does too; else he wants to know what becomes of his matter."""
    state = turn.state
    if state.stage == "agreed" or (state.stage == "offered" and _satisfied(turn)):
        first = () if state.stage == "agreed" else (Part("accept"),)
        thanks = () if _count(state, "did:thank") else (Part("thank"),)
        relieved = replace(state, stage="closed", emotion=round(state.emotion * _RELIEF, 2))
        return Plan((*first, *thanks, Part("farewell")), relieved, "resolved")
    again = _count(state, "did:kept_on")
    state = _did(state, "kept_on")
    if again and turn.angry and state.turns >= _FEWEST_TURNS:
        return Plan((Part("hang_up"),), replace(state, stage="closed", emotion=at_break(state)), "hung_up")
    if state.stage == "offered":
        return Plan((Part("doubt"), Part("press", {"want": turn.scenario.want})), state)
    return Plan((Part("press", {"want": turn.scenario.want}), _story(turn, "restate")), _told_on(state))


def _answers(turn: _Turn) -> tuple[tuple[Part, ...], CustomerState]:
    """Answers to what was asked, two at most."""
    state, parts = turn.state, []
    for i, question in enumerate(turn.heard.questions[: _MOST_ANSWERS + 1]):
        if i > 0 and question.kind == "fact" and question.fact in state.told:
            continue  # named in passing; he has told it
        part, state = _answer(replace(turn, state=state), question)
        if part is not None and part not in parts:
            parts.append(part)
        if len(parts) >= _MOST_ANSWERS + (parts[0].act == "confirm"):
            break
    return tuple(parts), state


def _answer(turn: _Turn, question: Question) -> tuple[Part | None, CustomerState]:
    state = turn.state
    match question.kind:
        case "fact" | "name":
            return _about_fact(turn, question)
        case "correct":
            fact = _fact(turn.scenario, question.fact)
            return Part("correct", {"fact": fact.say}, fact.id), state
        case "confirm":
            return _confirmation(turn)
        case "choice":
            return _choice(turn, question)
        case "plan":
            return _approval(turn)
        case "open":
            return _story(turn, "restate"), _told_on(state)
        case "further":
            if state.stage == "agreed" or (state.stage == "offered" and _satisfied(turn)):
                return Part("thank"), _did(replace(state, stage="agreed"), "thank")
            return Part("press", {"want": turn.scenario.want}), state
        case _:
            return Part("unknown"), state


def _about_fact(turn: _Turn, question: Question) -> tuple[Part, CustomerState]:
    """Tells a fact, keeps it back, or has none to tell."""
    state = replace(turn.state, asked=turn.state.asked | ({question.fact} if question.fact else frozenset()))
    kind = "name" if question.kind == "name" else ""
    if question.fact is None:
        return Part("withhold" if kind else "unknown"), state
    fact = _fact(turn.scenario, question.fact)
    if fact.kind in turn.persona.withholds and not _count(state, "reason"):
        return Part("withhold"), _did(state, "withhold")
    return Part("give_fact", {"fact": fact.say}, fact.id), replace(state, told=state.told | {fact.id})


def _confirmation(turn: _Turn) -> tuple[Part, CustomerState]:
    """Yes, where what was put to him is his matter or his data; else that isn't what he said, or he can't tell."""
    heard, state = turn.heard, turn.state
    if heard.foreign or "off_topic" in turn.causes:
        return _story(turn, "off_topic"), state
    if heard.topic or heard.stated:
        return Part("confirm"), replace(state, told=state.told | frozenset(heard.stated))
    return Part("unknown"), state


def _choice(turn: _Turn, question: Question) -> tuple[Part, CustomerState]:
    if turn.state.stage in {"offered", "agreed"} and _open_to_offers(turn):
        state = replace(turn.state, stage="agreed") if _satisfied(turn) else turn.state
        return Part("choose", {"choice": _preferred(turn, question.options)}), state
    if turn.state.stage in {"offered", "agreed"}:
        return Part("doubt"), turn.state
    return Part("unknown"), turn.state


def _preferred(turn: _Turn, options: Sequence[str]) -> str:
    """The option that his preference names, else the first or second by chance."""
    wanted = next((one for one in turn.scenario.settle if one.id == turn.scenario.prefers), None)
    for option in options:
        if wanted is not None and any(word in option for word in wanted.words):
            return option
    return options[0] if turn.chance.random() < 0.5 else options[-1]


def _approval(turn: _Turn) -> tuple[Part, CustomerState]:
    """Agrees to what is put to him, or doesn't."""
    state, acts = turn.state, turn.heard.acts
    if state.stage == "agreed":
        return Part("agree"), state
    if "offered" in turn.causes or state.stage == "offered":
        if _satisfied(turn):
            return Part("accept"), replace(state, stage="agreed")
        if _open_to_offers(turn):
            return Part("ask_when" if not _count(state, "timeframe") else "doubt"), state
        return Part("refuse" if turn.angry else "doubt"), state
    if "hold" in acts:
        return (Part("wait_no") if turn.angry or state.patience < 2 else Part("wait_ok")), state
    if "transfer" in acts:
        return (Part("refuse") if turn.angry else Part("handed_on")), state
    if "off_topic" in turn.causes:
        return _story(turn, "off_topic"), state
    return (Part("press", {"want": turn.scenario.want}) if turn.angry else Part("agree")), state


def _reaction(turn: _Turn) -> tuple[tuple[Part, ...], CustomerState]:
    """What he says where nothing was asked."""
    state, heard = turn.state, turn.heard
    if "offered" in turn.causes and state.stage != "agreed":
        return _to_offer(turn)
    if "off_topic" in turn.causes:
        return (_story(turn, "off_topic"),), state
    if "hold" in heard.acts:
        return ((Part("wait_no") if turn.angry or state.patience < 2 else Part("wait_ok")),), state
    if "transfer" in heard.acts:
        return ((Part("refuse") if turn.angry else Part("handed_on")),), state
    if state.stage == "agreed":
        return (Part("acknowledge"),), state
    if "declined" in turn.causes:
        return (Part("refuse"), Part("press", {"want": turn.scenario.want})), state
    if heard.acts & {"empathise", "apologise"} and not turn.causes & {"empty", "idle"}:
        first = Part("vent" if turn.angry else "soften")
        return ((first, _story(turn, "restate")), _told_on(state)) if _has_more(turn) else ((first,), state)
    if turn.causes & {"empty", "idle"}:
        if turn.chance.random() < 0.5 or not _has_more(turn):
            return (Part("press", {"want": turn.scenario.want}),), state
        return (_story(turn, "restate"),), _told_on(state)
    if "answered" in turn.causes:
        return (Part("acknowledge"), Part("ask_when")), state
    if turn.causes & {"asked", "restated", "touched"} and _has_more(turn):
        return (Part("acknowledge"), _story(turn, "restate")), _told_on(state)
    return (Part("acknowledge"),), state


def _to_offer(turn: _Turn) -> tuple[tuple[Part, ...], CustomerState]:
    state = turn.state
    if _satisfied(turn):
        return (Part("accept"),), replace(state, stage="agreed")
    if not _open_to_offers(turn):
        return (Part("refuse" if turn.angry else "doubt"),), state
    return (Part("ask_when" if not _count(state, "timeframe") else "doubt"),), state


def _satisfied(turn: _Turn) -> bool:
    """Whether what was offered is enough for him now."""
    state = turn.state
    needs = all(_count(state, _CAUSE_OF.get(need, need)) for need in turn.persona.needs) or _won_over(state)
    superior = turn.persona.insists != "superior" or _count(state, "superior") or _count(state, "timeframe")
    return _open_to_offers(turn) and needs and bool(superior) and _understood(state)


def _understood(state: CustomerState) -> bool:
    """Whether the agent went into the matter: restated it, or asked and answered about it, more than about other things."""
    into = _count(state, "asked") + _count(state, "answered") + 2 * _count(state, "restated")
    return into >= _FEWEST_INTO and into > _count(state, "off_topic")


def _won_over(state: CustomerState) -> bool:
    return state.trust >= _TRUSTING and state.emotion <= _CALM


_CAUSE_OF = {"restate": "restated", "explain": "answered"}


def _open_to_offers(turn: _Turn) -> bool:
    limits = turn.moves.limits
    return turn.state.emotion <= limits.accept_emotion and turn.state.trust >= limits.accept_trust


def _habit(turn: _Turn, doing: set[str]) -> Part | None:
    """Something of his own accord, by his habits and chance."""
    mood = turn.state.mood(turn.moves.limits)
    if turn.state.stage == "agreed" or doing & {"thank", "farewell", "refuse", "demand_superior"}:
        return None
    for habit in turn.persona.habits:
        stopped = _count(turn.state, _CAUSE_OF.get(habit.until, habit.until)) or (
            habit.until in {"offer", "timeframe"} and turn.state.stage == "offered"
        )
        done = _count(turn.state, f"did:{habit.act}")
        if stopped or done >= habit.most or mood not in habit.moods or habit.act in doing or habit.act == "withhold":
            continue
        if turn.chance.random() < habit.chance:
            return Part(habit.act, {"want": turn.scenario.want} if habit.act == "press" else {})
    return None


def _story(turn: _Turn, act: str) -> Part:
    """The next clause of his story; once all is told, or to come back to the matter, the first."""
    story = turn.scenario.story
    at = 0 if act == "off_topic" else turn.state.story
    return Part(act, {"story": story[at] if at < len(story) else story[0]})


def _has_more(turn: _Turn) -> bool:
    return turn.state.story < len(turn.scenario.story)


def _told_on(state: CustomerState) -> CustomerState:
    return replace(state, story=state.story + 1)


def _fact(scenario: Scenario, id_: str | None) -> Fact:
    return next(fact for fact in scenario.facts if fact.id == id_)


def _count(state: CustomerState, cause: str) -> int:
    return state.counts.get(cause, 0)


def _did(state: CustomerState, act: str) -> CustomerState:
    return replace(state, counts={**state.counts, f"did:{act}": _count(state, f"did:{act}") + 1})
