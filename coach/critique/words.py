"""Check kinds that look at words: phrase, pattern, absence, sequence, checklist. One function a kind and scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from coach.critique.rule import Check
from coach.critique.schema import AbsenceData, ChecklistData, PatternData, PhraseData
from coach.critique.view import CallView, Hit
from coach.text import NormalisedText

__all__ = [
    "absence_in_call",
    "absence_in_line",
    "applies",
    "applies_to_call",
    "checklist",
    "hit_at",
    "sequence",
    "words",
]

Span = tuple[int, int]


def applies(check: Check, call: CallView, i: int) -> bool:
    """Whether the check's `when` holds for turn `i`."""
    when = check.when
    if when.first_line is not None and when.first_line != call.is_first_line(i):
        return False
    if when.direction is not None and when.direction != (call.direction or "inbound"):
        return False
    if not _holds(check, "previous", lambda: (call.previous_customer(i),)):
        return False
    if not _holds(check, "previous_agent", lambda: (call.previous_agent(i),)):
        return False
    wanted, unwanted = check["when.before"], check["when.before_not"]
    if wanted and call.first_agent_turn(wanted) >= i:
        return False
    return not (unwanted and call.first_agent_turn(unwanted) < i)


def applies_to_call(check: Check, call: CallView) -> bool:
    """Whether what the check's `when` asks of the call as a whole holds."""
    when = check.when
    if when.direction is not None and when.direction != (call.direction or "inbound"):
        return False
    if when.scenario and call.transcript.meta.scenario not in when.scenario:
        return False
    if not _holds(check, "customer", lambda: (call.turns[i].text for i in call.customer)):
        return False
    return _holds(check, "anyone", lambda: (turn.text for turn in call.turns))


def _holds(check: Check, name: str, texts: Callable[[], Iterable[str]]) -> bool:
    wanted, unwanted = check[f"when.{name}"], check[f"when.{name}_not"]
    if not wanted and not unwanted:
        return True
    said = tuple(texts())
    if wanted and not any(wanted.found(text) for text in said):
        return False
    return not any(unwanted.found(text) for text in said)


def words(check: Check, call: CallView, i: int, among: Sequence[int] | None = None) -> Hit | None:
    """Faulty words (kinds phrase and pattern) in turn `i`; `among` as in Matcher.spans."""
    spans = tuple(_word_spans(check, check.primary, call.turns[i], among))
    return hit_at(call, i, spans) if spans else None


def _word_spans(check: Check, name: str, turn: NormalisedText, among: Sequence[int] | None = None) -> Iterator[Span]:
    data = cast("PhraseData | PatternData | AbsenceData", check.data)
    text = turn.unquoted if data.quotes == "mask" else turn.text
    spans = check[name].spans(text, among)
    if not spans or check["unless_line"].found(turn.text):
        return
    excused = check["unless"].spans(text)
    for start, end in spans:
        if any(s < end and start < e for s, e in excused):
            continue
        if check["unless_sentence"] and check["unless_sentence"].found(_sentence(turn, start)):
            continue
        yield start, end


def _sentence(turn: NormalisedText, at: int) -> str:
    for sentence in turn.sentences:
        if sentence.start <= at < sentence.end:
            return sentence.text
    return turn.text


def hit_at(call: CallView, i: int, spans: tuple[Span, ...]) -> Hit:
    """A hit on spans of the normal form of turn `i`; without spans, on the whole turn."""
    turn = call.turns[i]
    original = tuple(turn.span(start, end) for start, end in spans)
    named = "”“".join(dict.fromkeys(turn.original[s:e] for s, e in original))
    return Hit(i, original, (("words", f"“{named}”"),) if spans else ())


def absence_in_line(check: Check, call: CallView, i: int, among: Sequence[int] | None = None) -> Hit | None:
    """Something turn `i` called for and didn't say; `among` as in Matcher.spans, for the trigger."""
    data = cast("AbsenceData", check.data)
    turn = call.turns[i]
    spans: tuple[Span, ...] = ()
    if check["trigger"]:
        spans = tuple(_word_spans(check, "trigger", turn, among))
        if not spans:
            return None
    elif check["unless_line"].found(turn.text):
        return None
    said = (turn.text, *call.agent_before(i, data.look_back)) if data.look_back else (turn.text,)
    if any(check["satisfied"].found(text) for text in said):
        return None
    return hit_at(call, i, spans[:1])


def sequence(check: Check, call: CallView, i: int) -> Hit | None:
    """Turn `i` follows an agent's turn that called for something, and lacks it."""
    before = call.previous_agent(i)
    if not before or not check["after"].found(before) or check["after_unless"].found(before):
        return None
    if check["reply_not"].found(call.previous_customer(i)):
        return None
    text = call.turns[i].text
    if check["then"].found(text) or check["then_unless"].found(text):
        return None
    return Hit(i)


def absence_in_call(check: Check, call: CallView) -> Hit | None:
    """Something the call called for and the agent never said."""
    data = cast("AbsenceData", check.data)
    trigger: tuple[int, Span] | None = None
    if check["trigger"]:
        fired = _triggering(check, call)
        if not fired:
            return None
        trigger = fired[-1] if data.after_trigger else fired[0]
    said = list(call.agent)
    if data.first:
        said = said[: data.first]
    if data.last:
        said = said[-data.last :]
    if data.after_trigger and trigger is not None:
        said = [i for i in said if i >= trigger[0]]
    if any(check["satisfied"].found(call.turns[i].text) for i in said):
        return None
    return Hit(None) if trigger is None else hit_at(call, trigger[0], (trigger[1],))


def _triggering(check: Check, call: CallView) -> list[tuple[int, Span]]:
    """Turns that call for something, each with the first words that do."""
    data = cast("AbsenceData", check.data)
    where = call.agent if data.trigger_in == "agent" else call.customer
    found = ((i, next(_word_spans(check, "trigger", call.turns[i]), None)) for i in where[-data.trigger_last :])
    return [(i, span) for i, span in found if span is not None]


def checklist(check: Check, call: CallView) -> Hit | None:
    """Things the call needed to obtain and didn't."""
    data = cast("ChecklistData", check.data)
    triggers = _checklist_triggers(check, call)
    if not triggers:
        return None
    end = triggers[-1] + 1 if data.before else len(call.turns)
    missing = [name for name in data.items if not _obtained(check, name, call, end)]
    if not missing:
        return None
    hit = hit_at(call, triggers[0], check["trigger"].spans(call.turns[triggers[0]].unquoted)[:1])
    return replace(hit, values=(*hit.values, ("missing", "、".join(missing))))


def _checklist_triggers(check: Check, call: CallView) -> list[int]:
    data = cast("ChecklistData", check.data)
    triggers: list[int] = []
    for i, turn in enumerate(call.turns):
        if triggers and check["until"].found(turn.text):
            break
        if call.transcript.turns[i].speaker != data.trigger_in or not check["trigger"].found(turn.unquoted):
            continue
        if not check["trigger_unless"].found(turn.text) and not check["declined"].found(call.answer(i)):
            triggers.append(i)
    return triggers


def _obtained(check: Check, name: str, call: CallView, end: int) -> bool:
    for i in range(end):
        kind = call.transcript.turns[i].speaker
        if check[f"items.{name}.{kind}"].found(call.turns[i].text):
            return True
    return False
