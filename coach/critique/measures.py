"""Check kinds that measure: threshold (rings, holds, silence, overlap, speech rate, length, hour). Source: design.md, Timing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

import regex

from coach.critique.rule import Check
from coach.critique.schema import ThresholdData
from coach.critique.view import CallView, Hit

__all__ = ["has_timestamps", "threshold"]

_COUNTED = regex.compile(r"[\p{Han}0-9]")
_SECONDS_A_MINUTE = 60.0


def has_timestamps(call: CallView) -> bool:
    """Whether every turn says when it started and ended."""
    return all(turn.start is not None and turn.end is not None for turn in call.transcript.turns)


def threshold(check: Check, call: CallView) -> tuple[Hit, ...]:
    """Where the measure the check names passes the standard's limit; nothing where the call lacks what it needs.

    Overlaps are all given, every other measure at most once.
    """
    data = cast("ThresholdData", check.data)
    if data.measure == "overlap":
        return tuple(_overlaps(check, call, data.limit))
    hit = _MEASURES[data.measure](check, call, data.limit)
    return (hit,) if hit else ()


def _number(call: CallView, name: str) -> float:
    return cast("float", call.standard.parameters[name])


def _values(value: float, limit: object) -> tuple[tuple[str, str], ...]:
    return (("value", f"{value:g}"), ("limit", str(limit)))


def _rings(check: Check, call: CallView, limit: str) -> Hit | None:
    rings, most = call.transcript.meta.rings, _number(call, limit)
    if rings is None or rings <= most or not call.agent:
        return None
    said = [call.turns[i].text for i in call.agent[:2]]
    return (
        None
        if any(check["unless"].found(text) for text in said)
        else Hit(call.agent[0], (), _values(rings, f"{most:g}"))
    )


def _hold(check: Check, call: CallView, limit: str) -> Hit | None:
    most = _number(call, limit)
    for i, back in zip(call.agent, call.agent[1:], strict=False):
        asked = call.transcript.turns[i].end
        returned = call.transcript.turns[back].start
        if asked is None or returned is None or not check["hold"].found(call.turns[i].text):
            continue
        if (seconds := returned - asked) > most:
            return Hit(i, _spans(check, call, i), _values(round(seconds, 1), f"{most:g}"))
    return None


def _spans(check: Check, call: CallView, i: int) -> tuple[tuple[int, int], ...]:
    turn = call.turns[i]
    return tuple(turn.span(s, e) for s, e in check["hold"].spans(turn.text)[:1])


def _silence(check: Check, call: CallView, limit: str) -> Hit | None:
    most = _number(call, limit)
    silent_since: float | None = None
    for i, turn in enumerate(call.transcript.turns):
        silent = 0.0 if silent_since is None or turn.start is None else turn.start - silent_since
        if silent > most and not _asked_for(check, call, i):
            return Hit(i, (), _values(round(silent, 1), f"{most:g}"))
        if turn.end is not None:
            silent_since = turn.end if silent_since is None else max(silent_since, turn.end)
    return None


def _asked_for(check: Check, call: CallView, i: int) -> bool:
    """Whether the silence before turn `i` was asked for: a hold by the agent, or time by the customer who spoke last."""
    by_customer = call.transcript.turns[i - 1].speaker == "customer"
    if by_customer and check["unless_customer"].found(call.turns[i - 1].text):
        return True
    return check["unless"].found(call.previous_agent(i))


def _overlaps(check: Check, call: CallView, limit: str) -> Iterator[Hit]:
    most = _number(call, limit)
    turns = call.transcript.turns
    for i in call.agent:
        if i == 0 or turns[i - 1].speaker == "agent":
            continue
        end, start = turns[i - 1].end, turns[i].start
        if end is not None and start is not None and end - start > most:
            yield Hit(i, (), _values(round(end - start, 1), f"{most:g}"))


def _speech_rate(check: Check, call: CallView, limit: str) -> Hit | None:
    low, high = cast("tuple[float, float]", call.standard.parameters[limit])
    least = _number(call, "speech_rate_min_chars")
    for i in call.agent:
        turn = call.transcript.turns[i]
        count = len(_COUNTED.findall(call.turns[i].text))
        if turn.start is None or turn.end is None or turn.end <= turn.start or count < least:
            continue
        rate = count / (turn.end - turn.start) * _SECONDS_A_MINUTE
        if not low <= rate <= high:
            return Hit(i, (), _values(round(rate), f"{low:g} 至 {high:g}"))
    return None


def _call_length(check: Check, call: CallView, limit: str) -> Hit | None:
    most = _number(call, limit)
    ends = [turn.end for turn in call.transcript.turns if turn.end is not None]
    starts = [turn.start for turn in call.transcript.turns if turn.start is not None]
    if not ends or not starts or (seconds := max(ends) - min(starts)) <= most:
        return None
    return Hit(None, (), _values(round(seconds), f"{most:g}"))


def _hour(check: Check, call: CallView, limit: str) -> Hit | None:
    started = call.transcript.meta.started_at
    if started is None:
        return None
    clock = started.strftime("%H:%M")
    for bad in cast("tuple[str, ...]", call.standard.parameters[limit]):
        start, _, end = bad.partition("-")
        if start <= clock < end:
            return Hit(None, (), (("value", clock), ("limit", bad)))
    return None


def _hangup(check: Check, call: CallView, _limit: str) -> Hit | None:
    if call.transcript.meta.hangup != "agent":
        return None
    excused = any(check["unless"].found(call.turns[i].text) for i in call.agent)
    return None if excused else Hit(call.agent[-1])


_MEASURES: Mapping[str, Callable[[Check, CallView, str], Hit | None]] = {
    "rings": _rings,
    "hold": _hold,
    "silence": _silence,
    "speech_rate": _speech_rate,
    "call_length": _call_length,
    "hour": _hour,
    "hangup": _hangup,
}
