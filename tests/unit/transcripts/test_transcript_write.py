import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.errors import TranscriptError
from coach.transcripts import (
    CallMeta,
    Transcript,
    Turn,
    from_dict,
    parse_text,
    read_transcripts,
    to_dict,
    to_json,
    to_text,
)

_PIECES = [
    "坐席：",
    "客户:",
    "A：",
    "B：",
    "说话人1：",
    "王芳：",
    "\\",
    "\n",
    "\t",
    "\x1c",
    "\x85",
    "\ufeff",
    "\u200b",
    " ",
    "\u3000",
    "**",
    "[00:12] ",
    "1. ",
    "地址：",
    "😊",
    "𠮷",
    "您好。",
]
_CHARS = st.characters(exclude_categories=["Cs", "Cc"])
_TEXTS = (st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join) | st.text(_CHARS, min_size=1)).filter(
    str.strip
)
_SECONDS = st.floats(0, 604_800, allow_nan=False)
_SPEAKERS = st.sampled_from(["agent", "customer"])


@st.composite
def _turns(draw: st.DrawFn) -> Turn:
    start, end = draw(st.sampled_from([0, 1, 2])), None
    times = sorted([draw(_SECONDS), draw(_SECONDS)])
    end = times[1] if start == 2 else None
    return Turn(draw(_SPEAKERS), draw(_TEXTS), times[0] if start else None, end)


@st.composite
def _calls(draw: st.DrawFn) -> Transcript:
    turns = tuple(draw(st.lists(_turns(), min_size=1, max_size=6)))
    zones = st.none() | st.just(timezone(timedelta(hours=8)))
    meta = CallMeta(
        direction=draw(st.none() | st.sampled_from(["inbound", "outbound"])),
        rings=draw(st.none() | st.integers(0, 99)),
        hangup=draw(st.none() | _SPEAKERS),
        started_at=draw(st.none() | st.datetimes(timezones=zones, allow_imaginary=False)),
        excerpt=draw(st.booleans()),
        from_start=draw(st.booleans()),
        scenario=draw(st.none() | st.sampled_from(["answer", "proxy"])),
    )
    return Transcript(turns, meta, line=draw(st.none() | st.integers(1, len(turns))))


@settings(deadline=None, max_examples=300)
@given(_calls())
def test_text_gives_back_every_turn(call: Transcript) -> None:
    (back,) = read_transcripts(to_text(call).encode(), name="call.txt")
    assert back.turns == call.turns
    assert to_text(back) == to_text(call)


@settings(deadline=None, max_examples=300)
@given(_calls())
def test_json_gives_back_the_whole_call(call: Transcript) -> None:
    assert read_transcripts(to_json(call).encode(), name="call.json") == (call,)
    assert from_dict(to_dict(call), where="call") == call


@settings(deadline=None)
@given(st.lists(_calls(), min_size=1, max_size=4))
def test_calls_one_a_line_are_jsonl(calls: list[Transcript]) -> None:
    data = "".join(f"{to_json(call)}\n" for call in calls).encode()
    assert read_transcripts(data, name="calls.jsonl") == tuple(calls)


def _refusal(data: bytes, name: str) -> str:
    """What the user is told where `data` can't be read; empty where it can."""
    try:
        calls = read_transcripts(data, name=name)
    except TranscriptError as error:
        return str(error)
    return "" if all(turn.text.strip() for call in calls for turn in call.turns) else "a blank turn\n"


@settings(deadline=None, max_examples=300)
@given(st.binary() | (st.text() | _TEXTS).map(lambda text: text.encode("utf-8", "replace")))
@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.jsonl", "a.csv", "a.srt", "a.vtt", "a.xlsx"])
def test_whatever_is_given_is_read_or_refused_in_one_line(name: str, data: bytes) -> None:
    assert len(_refusal(data, name).splitlines()) <= 1


def test_text_is_written_as_people_write_it() -> None:
    call = Transcript((Turn("agent", "您好", 5.0), Turn("customer", "喂\n在吗", 65.5, 3725.0)))
    assert to_text(call) == "[00:05] 坐席：您好\n[01:05.5-01:02:05] 客户：喂\n在吗\n"


def test_a_quoted_label_inside_a_turn_stays_in_its_turn() -> None:
    call = Transcript((Turn("agent", "记录如下\n客户：要退款"), Turn("customer", "对")))
    assert to_text(call) == "坐席：记录如下\n\\客户：要退款\n客户：对\n"
    assert parse_text(to_text(call)).turns == call.turns


@pytest.mark.parametrize("text", ["\\n 是换行", "\\\\n", "C:\\客户"])
def test_a_backslash_of_the_speakers_own_stays(text: str) -> None:
    assert parse_text(f"坐席：{text}").turns[0].text == text


def test_json_is_not_escaped_and_leaves_out_what_is_unknown() -> None:
    call = Transcript((Turn("agent", "𠮷😊"),), CallMeta(excerpt=True, from_start=False))
    assert (
        to_json(call)
        == '{"meta": {"excerpt": true, "from_start": false}, "turns": [{"speaker": "agent", "text": "𠮷😊"}]}'
    )


def test_a_started_at_is_written_as_iso() -> None:
    call = Transcript((Turn("agent", "您好"),), CallMeta(started_at=datetime(2026, 11, 21, 12, 5)))
    assert json.loads(to_json(call))["meta"]["started_at"] == "2026-11-21T12:05:00"
