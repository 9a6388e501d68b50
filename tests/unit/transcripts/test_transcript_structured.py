import json
import time
from datetime import datetime
from typing import Any

import pytest

from coach.errors import TranscriptError
from coach.transcripts import CallMeta, Transcript, Turn, from_dict, parse_text, read_transcripts, with_meta

AGENT: dict[str, Any] = {"speaker": "agent", "text": "您好😊，户名𠮷田"}
CUSTOMER: dict[str, Any] = {"speaker": "customer", "text": "喂", "start": 1, "end": 2.5}


def read(*values: object, name: str = "call.json") -> tuple[Transcript, ...]:
    text = "\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    return read_transcripts(text.encode(), name=name)


def fault(*values: object, name: str = "call.json") -> str:
    with pytest.raises(TranscriptError) as caught:
        read(*values, name=name)
    assert len(str(caught.value).splitlines()) == 1
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_call_is_read_with_everything_known_about_it() -> None:
    meta = {
        "direction": "outbound", "rings": 4, "hangup": "customer", "started_at": "2026-11-21T12:05",
        "excerpt": False, "from_start": True, "scenario": "proxy",
    }  # fmt: skip
    (call,) = read({"id": "c-1", "meta": meta, "turns": [AGENT, CUSTOMER], "line": 1})
    assert call.turns == (Turn("agent", "您好😊，户名𠮷田"), Turn("customer", "喂", 1.0, 2.5))
    assert call.meta == CallMeta("outbound", 4, "customer", datetime(2026, 11, 21, 12, 5), False, True, "proxy")
    assert call.line == 1


@pytest.mark.parametrize("meta", [{}, None, {"rings": None, "excerpt": None, "from_start": None, "started_at": None}])
def test_every_meta_field_is_optional(meta: object) -> None:
    (call,) = read({"meta": meta, "turns": [AGENT, CUSTOMER]})
    assert call.meta == CallMeta()


@pytest.mark.parametrize(
    ("turns", "meta", "excerpt", "from_start"),
    [
        ([AGENT], {}, True, False),
        ([AGENT], {"from_start": True}, True, True),
        ([AGENT], {"excerpt": False}, False, True),
        ([AGENT, CUSTOMER], {}, False, True),
        ([AGENT, CUSTOMER], {"excerpt": True}, True, False),
        ([AGENT, CUSTOMER], {"excerpt": True, "from_start": True}, True, True),
        ([AGENT, CUSTOMER], {"from_start": False}, True, False),
    ],
)
def test_excerpt_and_from_start_follow_from_what_is_said(
    turns: list[object], meta: dict[str, object], excerpt: bool, from_start: bool
) -> None:
    (call,) = read({"meta": meta, "turns": turns})
    assert (call.meta.excerpt, call.meta.from_start) == (excerpt, from_start)


@pytest.mark.parametrize("name", ["calls.jsonl", "-", "calls.txt"])
def test_a_call_a_line_gives_several_calls(name: str) -> None:
    calls = read({"turns": [AGENT]}, {"turns": [AGENT, CUSTOMER], "line": 2}, name=name)
    assert [len(call.turns) for call in calls] == [1, 2]
    assert calls[1].line == 2


@pytest.mark.parametrize("name", ["call.jsonl", "-"])
def test_a_turn_a_line_gives_one_call(name: str) -> None:
    (call,) = read(AGENT, CUSTOMER, AGENT, name=name)
    assert [turn.speaker for turn in call.turns] == ["agent", "customer", "agent"]
    assert call.meta == CallMeta()


def test_a_lone_turn_is_an_excerpt() -> None:
    assert read(AGENT)[0].meta.excerpt
    assert read(AGENT, name="call.jsonl")[0].meta.excerpt


def test_calls_and_turns_in_one_file_are_refused() -> None:
    assert fault({"turns": [AGENT]}, AGENT, name="x.jsonl").startswith(
        "x.jsonl 第 2 行：前面每行是一通电话，这一行却是一轮话"
    )
    assert "这一行却是一通电话" in fault(AGENT, {"turns": [AGENT]}, name="x.jsonl")


def test_json_may_span_lines_whatever_the_name() -> None:
    text = json.dumps({"turns": [AGENT, CUSTOMER]}, ensure_ascii=False, indent=2)
    assert len(read_transcripts(text.encode(), name="-")[0].turns) == 2
    assert len(parse_text(text).turns) == 2


def test_pasted_jsonl_with_several_calls_is_refused() -> None:
    line = json.dumps({"turns": [AGENT]})
    with pytest.raises(TranscriptError, match="里面有 2 通电话"):
        parse_text(f"{line}\n{line}\n")


def test_a_time_stamp_in_square_brackets_is_not_taken_for_json() -> None:
    assert parse_text("[00:01] 坐席：您好\n客户：喂").turns[0].start == 1.0
    assert parse_text("{您好}").turns[0].text == "{您好}"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"turns": [{**AGENT, "speaker": "坐席"}]}, "call.json：第 1 轮的 speaker 只能是 agent 或 customer。"),
        ({"turns": [AGENT, {"speaker": "agent"}]}, "call.json：第 2 轮的 text 没有写，请补上。"),
        ({"turns": [{**AGENT, "text": 3}]}, "call.json：第 1 轮的 text 应是文字（加引号）。"),
        ({"turns": [{**AGENT, "text": " "}]}, "call.json：第 1 轮的 text 是空的，请补上内容或删去。"),
        ({"turns": [{**AGENT, "text": "a\0"}]}, "call.json：第 1 轮的 text 里有空字符"),
        ({"turns": [{**AGENT, "start": "1"}]}, "call.json：第 1 轮的 start 应是数字，单位是秒。"),
        ({"turns": [{**AGENT, "start": -1}]}, "call.json：第 1 轮的 start 不能小于 0。"),
        ({"turns": [{**AGENT, "start": 1e9}]}, "call.json：第 1 轮的 start 不能大于 604800（单位是秒）。"),
        ({"turns": [{**AGENT, "start": 3, "end": 2}]}, "call.json：第 1 轮的 end 早于 start"),
        ({"turns": [{**AGENT, "mood": "x"}]}, "call.json：第 1 轮的 mood 是不认识的字段"),
        ({"turns": ["您好"]}, "call.json：第 1 轮应是对象 {…}。"),
        ({"turns": []}, "call.json：turns 是空的，至少要有一轮。"),
        ({"turns": "您好"}, "call.json：turns 应是列表 […]。"),
        ({"turns": None}, "call.json：turns 应是列表 […]。"),
        ({"turns": [AGENT], "meta": {"rings": "4"}}, "call.json：meta.rings 应是整数。"),
        ({"turns": [AGENT], "meta": {"rings": -1}}, "call.json：meta.rings 不能小于 0。"),
        ({"turns": [AGENT], "meta": {"rings": True}}, "call.json：meta.rings 应是整数。"),
        ({"turns": [AGENT], "meta": {"direction": "in"}}, "call.json：meta.direction 只能是 inbound 或 outbound。"),
        ({"turns": [AGENT], "meta": {"excerpt": "no"}}, "call.json：meta.excerpt 应是 true 或 false。"),
        ({"turns": [AGENT], "meta": {"started_at": "昨天"}}, "call.json：meta.started_at 不是日期加时间"),
        ({"turns": [AGENT], "meta": {"started_at": "2026-11-21"}}, "call.json：meta.started_at 不是日期加时间"),
        ({"turns": [AGENT], "meta": {"started_at": "2026-02-30T10:00"}}, "call.json：meta.started_at 不是真实的日期"),
        ({"turns": [AGENT], "meta": {"started_at": 5}}, "call.json：meta.started_at 不是日期加时间"),
        ({"turns": [AGENT], "meta": {"ring": 1}}, "call.json：meta.ring 是不认识的字段"),
        ({"turns": [AGENT], "meta": []}, "call.json：meta 应是对象 {…}。"),
        ({"turns": [AGENT], "line": 2}, "call.json：通话的 line 是 2，可是通话只有 1 轮。"),
        ({"turns": [AGENT], "line": 0}, "call.json：line 不能小于 1。"),
        ({"turns": [AGENT], "id": 7}, "call.json：id 应是文字（加引号）。"),
        ({"turns": [AGENT], "x\ny": 7}, "call.json：x?y 是不认识的字段，请删去或改名。可用的字段：turns、meta、line、id"),
        ({}, 'call.json：turns 没有写，请补上。一通电话写成 {"turns"'),
        ({"query": "x"}, "call.json：turns 没有写"),
        ([AGENT], "call.json：最外层应是一个对象"),
        ([], "call.json：最外层应是一个对象"),
        ("您好", "call.json：最外层应是一个对象"),
        ({"context": [], "text": "您好", "first_line": True}, "call.json：speaker 没有写，请补上（另有 2 处）。可用的字段：speaker、text"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_file_turn_and_field(value: object, says: str) -> None:
    assert fault(value).startswith(says)


def test_in_jsonl_the_line_is_named_too() -> None:
    assert fault({"turns": [AGENT]}, {"turns": [{}]}, name="x.jsonl").startswith(
        "x.jsonl 第 2 行：第 1 轮的 speaker 没有写，请补上（另有 1 处）"
    )
    assert fault(AGENT, {**AGENT, "speaker": "bot"}, name="x.jsonl").startswith("x.jsonl 第 2 行：speaker 只能是")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"turns": [', "不是完整的 JSON：第 1 行第 12 个字符附近写法有误"),
        ("坐席：您好", "不是完整的 JSON：第 1 行第 1 个字符附近写法有误"),
        ('{"turns": []}\n{"turns": []}', "第 2 行第 1 个字符起是多出来的内容"),
        ('{"speaker": "agent", "text": "a", "start": NaN}', "NaN 不是数字"),
        ('{"speaker": "agent", "text": "a", "text": "b"}', "字段 'text' 写了两次"),
        ('{"speaker": "agent", "text": "a", "start": ' + "9" * 5000 + "}", "有一个数字太长"),
        ('{"turns": ' + "[" * 100_000, "括号嵌套太深"),
        ('{"speaker": "agent", "text": "\\ud800"}', "text 里有不成字的代码"),
        ('{"speaker": "agent", "text": "a", "start": 1e999}', "start 应是普通的数字"),
    ],
)
def test_broken_json_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        read_transcripts(text.encode(), name="call.json")
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_broken_json_from_a_pipe_is_not_taken_for_a_line_of_the_agents() -> None:
    with pytest.raises(TranscriptError, match="JSON"):
        read_transcripts(b'{"turns": [{"speaker": ', name="-")
    with pytest.raises(TranscriptError, match="最外层应是一个对象"):
        read_transcripts(json.dumps([AGENT]).encode(), name="-")


def test_a_broken_line_of_jsonl_is_named() -> None:
    with pytest.raises(TranscriptError, match=r"^x.jsonl 第 3 行：不是完整的 JSON"):
        read_transcripts(f'{json.dumps(AGENT)}\n\n{{"speaker"\n'.encode(), name="x.jsonl")


def test_naming_the_agent_of_a_json_call_is_noted_as_unused() -> None:
    (call,) = read_transcripts(json.dumps({"turns": [AGENT]}).encode(), name="c.json", agent_label="说话人1")
    assert "--agent 没有用到" in call.notes[0]


def test_parsed_json_is_read_as_a_request_with_its_place_named() -> None:
    assert from_dict({"turns": [AGENT], "line": 1}, where="b.jsonl 第 4 行").line == 1
    with pytest.raises(TranscriptError, match=r"^b\.jsonl 第 4 行：turns 没有写"):
        from_dict({"question": "x"}, where="b.jsonl 第 4 行")


def test_ten_thousand_turns_and_a_megabyte_of_text_are_read_in_under_a_second() -> None:
    began = time.perf_counter()
    assert len(read({"turns": [AGENT] * 10_000})[0].turns) == 10_000
    assert len(read(*[AGENT] * 10_000, name="x.jsonl")[0].turns) == 10_000
    assert len(read({"turns": [{**AGENT, "text": "好" * 1_000_000}]})[0].turns[0].text) == 1_000_000
    assert time.perf_counter() - began < 3


def test_what_the_user_sets_overrides_the_file() -> None:
    (call,) = read({"turns": [AGENT, CUSTOMER], "meta": {"rings": 2, "direction": "inbound"}})
    changed = with_meta(call, direction="outbound", rings=5, hangup="agent", excerpt=True)
    assert changed.meta == CallMeta("outbound", 5, "agent", excerpt=True, from_start=False)
    assert with_meta(call).meta == call.meta
    assert with_meta(changed, excerpt=False).meta.from_start
    with pytest.raises(TranscriptError, match="响铃次数不能是 -1"):
        with_meta(call, rings=-1)


def test_declaring_an_excerpt_twice_keeps_what_the_file_says_of_its_start() -> None:
    (call,) = read({"turns": [AGENT], "meta": {"from_start": True}})
    assert with_meta(call, excerpt=True).meta.from_start
