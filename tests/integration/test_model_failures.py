"""Path × failure, over HTTP: whatever a model's service does, the user has the built-in result, soon, and one quiet line why."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import pytest
import regex
from openai_server import (
    Answer,
    Behaviour,
    Cuts,
    Empty,
    EndsEarly,
    Hangs,
    HangsMidway,
    Html,
    InvalidJson,
    Junk,
    Loops,
    OpenAIServer,
    Says,
    Status,
    in_turn,
    refused_port,
)

from coach.assistant import Coach, replies
from coach.assistant.with_model import critiqued
from coach.llm import Model, chat_endpoints
from coach.llm.endpoint import load_presets
from coach.settings import Settings, knowledge_dir
from coach.transcripts import parse_text

QUESTION = "让客户等之前要说什么"
LINE = "坐席：你等一下，我查查。"
CALL = parse_text("客户：我的网断了三天了，没人管。\n坐席：你等一下。")
PATHS = ("chat", "rewrite", "critique")
SOON = 5
"""Seconds that a failure may keep the user at most, pauses apart: far less than the services here would."""

LATE = 30
SHORT = 0.3


@dataclass(frozen=True)
class Seen:
    """What a user sees of one path.

    Attributes:
        builtin: The built-in coach's result.
        used: What of the model's stands beside it.
        note: The one line at the end.
        told: What was told meanwhile.
        shown: How many of the model's sentences stood there, as that changed.
    """

    builtin: object
    used: object
    note: str
    told: tuple[str, ...]
    shown: tuple[int, ...] = ()


@dataclass
class Tried:
    """A coach, with or without a model, and the pauses that were made."""

    coach: Coach
    waits: list[float] = field(default_factory=list)

    def see(self, path: str) -> Seen:
        try:
            return self._seen(path)
        finally:
            if self.coach.model is not None:
                self.coach.model.close()

    def _seen(self, path: str) -> Seen:
        if path == "critique":
            told: list[str] = []
            critique, added = critiqued(self.coach, self.coach.critique(CALL), told.append)
            return Seen(critique, added.dropped, added.note, tuple(told))
        *steps, last = replies(self.coach, QUESTION if path == "chat" else LINE)
        told = [step.waiting for step in steps]
        used = last.fluent or last.other
        plain = replace(last, note="", fluent=None, other=None)
        if used is not None:  # a model's words are remembered as the answer
            plain = replace(plain, topic=replace(plain.topic, before=()))
        shown = [len(step.fluent.sentences) if step.fluent else 0 for step in steps]
        return Seen(plain, used, last.note, tuple(told), tuple(n for n, _ in groupby(shown)))


def tried(coach: Coach, *urls: str, timeout: float = 10) -> Tried:
    """`coach` with the model at the first of `urls` and, where there is another, the one to fall back to."""
    first, *others = urls
    settings = Settings(
        _env_file=None,
        llm_base_url=first,
        llm_model="test-model",
        llm_timeout=timeout,
        llm_fallback_base_url=others[0] if others else None,
        llm_fallback_model="backup-model" if others else None,
    )
    waits: list[float] = []
    endpoints = chat_endpoints(settings, load_presets(knowledge_dir()))
    other = replace(coach, model=Model(endpoints, sleep=waits.append, chance=random.Random(1)))
    vars(other).update(retriever=coach.retriever, rewriter=coach.rewriter)
    return Tried(other, waits)


@pytest.fixture(scope="module")
def builtin(coach: Coach) -> dict[str, Seen]:
    """What the coach says without a model."""
    tried(coach, f"http://127.0.0.1:{refused_port()}/v1").see("chat")  # loading LangChain takes seconds, once
    return {path: Tried(coach).see(path) for path in PATHS}


@pytest.fixture(scope="module")
def good(coach: Coach) -> dict[str, str]:
    """An answer a path that is used where it comes whole."""
    cited = coach.ask(QUESTION).points[0].citations[0]
    return {
        "chat": f"{cited.text.rstrip('。')}〔{cited.clause}〕。",
        "rewrite": "麻烦您在线上稍等，我查查，大约需要【时长】，您看可以吗？",
        "critique": '{"findings": [{"rule": "no-such-rule", "line": 2, "quote": "你等一下"}]}',
    }


@dataclass(frozen=True)
class Failing:
    """What a service does with every request, given a good answer; why, as the user is told; the requests it then gets."""

    does: Callable[[str], Behaviour]
    why: str
    requests: int
    timeout: float = 10


FAILURES = {
    "time-out": Failing(lambda _: Hangs(LATE), "模型太久没有回应", 1, SHORT),
    "hangs midway": Failing(lambda said: HangsMidway(said, LATE), "模型太久没有回应", 1, SHORT),
    "401": Failing(lambda _: Status(401), "模型服务不认这个密钥", 1),
    "404": Failing(lambda _: Status(404), "模型服务上没有这个模型或地址", 1),
    "429 for a minute": Failing(lambda _: Status(429, headers={"Retry-After": "60"}), "模型服务说请求太多", 1),
    "429 again and again": Failing(lambda _: Status(429, headers={"Retry-After": "1"}), "模型服务说请求太多", 3),
    "500": Failing(lambda _: Status(500), "模型服务出了错", 3),
    "cut midway": Failing(Cuts, "模型说到一半断了", 3),
    "ends early": Failing(EndsEarly, "模型说到一半断了", 3),
    "empty": Failing(lambda _: Empty(), "模型什么也没说", 3),
    "invalid JSON": Failing(lambda _: InvalidJson(), "模型的回答读不懂", 1),
    "a page to log in": Failing(lambda _: Html(), "模型的回答读不懂", 1),
    "loop": Failing(lambda _: Loops("请您稍等。", 400), "模型一直重复同一句话", 1),
    "32k of junk": Failing(lambda _: Junk(32_000), "模型说个没完", 1),
}


def used(path: str, seen: Seen, good: dict[str, str]) -> bool:
    """Whether what is shown is the good answer of a model."""
    if path == "critique":
        return seen.used == ("规则不在给它的表里",)
    shown: Any = seen.used
    said = "".join(s.text for s in shown.sentences) if path == "chat" else shown.rewrite
    return bool(said == regex.sub("〔.*〕", "", good[path]))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_leaves_the_built_in_result_and_one_line_why(
    coach: Coach, builtin: dict[str, Seen], good: dict[str, str], name: str, path: str
) -> None:
    failing = FAILURES[name]
    with OpenAIServer(lambda _: failing.does(good[path])) as server:
        attempt = tried(coach, server.base_url, timeout=failing.timeout)
        start = time.monotonic()
        seen = attempt.see(path)
        assert time.monotonic() - start < SOON
        assert len(server.chats) == failing.requests
    assert (seen.builtin, seen.used) == (builtin[path].builtin, builtin[path].used)
    assert seen.note.startswith(f"{failing.why}，这次")
    assert seen.note.endswith("。")
    assert "\n" not in seen.note
    assert len(attempt.waits) == failing.requests - 1
    assert all(0 < wait <= 1.25 for wait in attempt.waits)
    assert sum("次请求" in told for told in seen.told) == failing.requests - 1


@pytest.mark.parametrize("path", PATHS)
def test_nobody_there_leaves_the_built_in_result(coach: Coach, builtin: dict[str, Seen], path: str) -> None:
    attempt = tried(coach, f"http://127.0.0.1:{refused_port()}/v1")
    seen = attempt.see(path)
    assert (seen.builtin, seen.used) == (builtin[path].builtin, builtin[path].used)
    assert seen.note.startswith("连不上模型，这次")
    assert len(attempt.waits) == 2


@pytest.mark.parametrize("path", PATHS)
def test_a_short_wait_is_waited_and_the_second_answer_used(coach: Coach, good: dict[str, str], path: str) -> None:
    with OpenAIServer(in_turn(Status(429, headers={"Retry-After": "2"}), Says(good[path]))) as server:
        attempt = tried(coach, server.base_url)
        seen = attempt.see(path)
        assert len(server.chats) == 2
    assert used(path, seen, good)
    assert seen.note == ""
    assert "模型服务说请求太多，2 秒后第 2 次请求" in seen.told
    assert [2 <= wait <= 2.25 for wait in attempt.waits] == [True]


def test_what_was_shown_of_a_broken_answer_is_void(coach: Coach, good: dict[str, str]) -> None:
    with OpenAIServer(in_turn(Cuts(good["chat"] + "再问"), Says(good["chat"]))) as server:
        seen = tried(coach, server.base_url).see("chat")
    assert seen.shown == (0, 1, 0, 1)
    assert used("chat", seen, good)


@pytest.mark.parametrize("path", PATHS)
def test_the_second_model_answers_where_the_first_fails_and_the_user_is_told(
    coach: Coach, good: dict[str, str], path: str
) -> None:
    with OpenAIServer(lambda _: Status(401)) as first, OpenAIServer(lambda _: Says(good[path])) as second:
        seen = tried(coach, first.base_url, second.base_url).see(path)
        assert (len(first.chats), len(second.chats)) == (1, 1)
        assert second.chats[0].body["model"] == "backup-model"
    assert used(path, seen, good)
    assert seen.note == ""
    assert "模型服务不认这个密钥，改用备用模型 backup-model（127.0.0.1，本机）" in seen.told
    if path == "chat":
        assert seen.used.model == "backup-model（127.0.0.1，本机）"  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PATHS)
def test_where_both_fail_the_note_is_the_last_one_s(coach: Coach, builtin: dict[str, Seen], path: str) -> None:
    with OpenAIServer(lambda _: Status(500)) as first, OpenAIServer(lambda _: Status(404)) as second:
        seen = tried(coach, first.base_url, second.base_url).see(path)
        assert (len(first.chats), len(second.chats)) == (3, 1)
    assert (seen.builtin, seen.used) == (builtin[path].builtin, builtin[path].used)
    assert seen.note.startswith("模型服务上没有这个模型或地址，这次")


def test_a_model_that_failed_is_not_asked_again_for_the_same_answer(coach: Coach, good: dict[str, str]) -> None:
    looks = Says("", tool_calls=(("search_handbook", {"query": "等候"}),))
    with (
        OpenAIServer(lambda _: Status(500)) as first,
        OpenAIServer(in_turn(looks, Says(good["chat"]), Says("好的。"), Says(good["rewrite"]))) as second,
    ):
        attempt = tried(coach, first.base_url, second.base_url)
        assert used("chat", attempt.see("chat"), good)
        assert (len(first.chats), len(second.chats)) == (3, 2)
        assert used("rewrite", attempt.see("rewrite"), good)
        assert (len(first.chats), len(second.chats)) == (6, 4)


BROKEN = "我看了，没有问题。"


def formats(requests: Sequence[Any]) -> list[bool]:
    return ["response_format" in request.body for request in requests]


def test_an_answer_that_is_no_json_is_asked_for_once_more_with_what_was_wrong(
    coach: Coach, good: dict[str, str]
) -> None:
    with OpenAIServer(in_turn(Says(BROKEN), Says(good["critique"]))) as server:
        seen = tried(coach, server.base_url).see("critique")
        assert formats(server.chats) == [True, True]
        again = server.chats[1].body["messages"][-1]["content"]
    assert "没有找到 JSON 对象" in again
    assert BROKEN in again
    assert used("critique", seen, good)
    assert seen.told == ("模型的回答格式不对，请它重写一次",)


@pytest.mark.parametrize("said", [BROKEN, '{"findings": [', '{"findings": {}}', '{"findings": [{"line": %s}]}'])
def test_twice_no_json_leaves_the_built_in_findings(coach: Coach, builtin: dict[str, Seen], said: str) -> None:
    digits = "".join(random.Random(1).choices("123456789", k=5_000))
    with OpenAIServer(lambda _: Says(said.replace("%s", digits), chunk=64)) as server:
        seen = tried(coach, server.base_url).see("critique")
        assert len(server.chats) == 2
    assert (seen.builtin, seen.used) == (builtin["critique"].builtin, ())
    assert seen.note == "模型的回答读不懂，这次只有内置教练的点评。"


def refuses(field: str, otherwise: Behaviour) -> Answer:
    return lambda body: Status(400) if body.get(field) else otherwise


def test_a_service_without_formats_is_asked_without_them_before_another_is(coach: Coach, good: dict[str, str]) -> None:
    answer = Says(f"好的：\n```json\n{good['critique']}\n```")
    with OpenAIServer(refuses("response_format", answer)) as first, OpenAIServer(in_turn()) as second:
        seen = tried(coach, first.base_url, second.base_url).see("critique")
        assert formats(first.chats) == [True, False]
        assert second.chats == []
    assert used("critique", seen, good)
    assert seen.note == ""


def test_a_service_without_tools_is_asked_without_them(coach: Coach, good: dict[str, str]) -> None:
    with OpenAIServer(refuses("tools", Says(good["chat"]))) as server:
        seen = tried(coach, server.base_url).see("chat")
        assert ["tools" in request.body for request in server.chats] == [True, False]
    assert used("chat", seen, good)


def test_a_model_that_writes_calls_as_text_is_asked_without_tools(coach: Coach, good: dict[str, str]) -> None:
    def answer(body: dict[str, Any]) -> Behaviour:
        return Says('{"name": "search_handbook", "arguments": {}}' if body.get("tools") else good["chat"])

    with OpenAIServer(answer) as server:
        seen = tried(coach, server.base_url).see("chat")
        assert len(server.chats) == 2
    assert used("chat", seen, good)


@pytest.mark.parametrize(("path", "requests"), [("chat", 2), ("rewrite", 1), ("critique", 2)])
def test_a_service_that_takes_no_request_at_all_is_given_up(
    coach: Coach, builtin: dict[str, Seen], path: str, requests: int
) -> None:
    with OpenAIServer(lambda _: Status(400)) as server:
        seen = tried(coach, server.base_url).see(path)
        assert len(server.chats) == requests
    assert (seen.builtin, seen.used) == (builtin[path].builtin, builtin[path].used)
    assert seen.note.startswith("模型服务不接受这样的请求，这次")


@pytest.mark.parametrize("given", ['{"query": ', '{"query": [1]}', '{"query": ""}'])
def test_a_call_that_makes_no_sense_is_answered_and_the_model_goes_on(
    coach: Coach, good: dict[str, str], given: str
) -> None:
    calls = Says("", tool_calls=(("search_handbook", given), ("no_such_tool", "{}")))
    with OpenAIServer(in_turn(calls, Says(good["chat"]))) as server:
        seen = tried(coach, server.base_url).see("chat")
    assert used("chat", seen, good)


@pytest.mark.parametrize("tool", ["search_handbook", "rewrite_line"])
def test_half_a_character_in_a_call_breaks_nothing(coach: Coach, builtin: dict[str, Seen], tool: str) -> None:
    name = "query" if tool == "search_handbook" else "text"
    with OpenAIServer(lambda _: Says("", tool_calls=((tool, f'{{"{name}": "坐席：你等\\ud83d一下"}}'),))) as server:
        seen = tried(coach, server.base_url).see("chat")
        assert len(server.chats) <= 4
    assert (seen.builtin, seen.used) == (builtin["chat"].builtin, None)
    assert seen.note


def test_a_model_that_only_looks_things_up_is_stopped(coach: Coach, builtin: dict[str, Seen]) -> None:
    with OpenAIServer(lambda _: Says("", tool_calls=(("search_handbook", {"query": "等候"}),))) as server:
        seen = tried(coach, server.base_url).see("chat")
        assert len(server.chats) == 4
    assert seen.builtin == builtin["chat"].builtin
    assert seen.note == "模型的回答没有一句通过核对，请看手册原文。"


def test_words_that_fail_every_check_are_not_shown(coach: Coach, builtin: dict[str, Seen]) -> None:
    with OpenAIServer(lambda _: Says("今晚七点公司食堂开饭，免费。")) as server:
        attempt = tried(coach, server.base_url)
        chat, rewrite = attempt.see("chat"), attempt.see("rewrite")
        assert len(server.chats) <= 4
    assert (chat.builtin, chat.used) == (builtin["chat"].builtin, None)
    assert chat.note == "模型的回答没有一句通过核对，请看手册原文。"
    assert (rewrite.builtin, rewrite.used) == (builtin["rewrite"].builtin, None)
    assert rewrite.note == "模型的改法没有通过核对，不显示。"


def test_the_settings_name_the_model_and_may_be_passed_over(coach: Coach) -> None:
    settings = Settings(
        _env_file=None, data_dir=coach.index.parent, llm_base_url="http://127.0.0.1:9/v1", llm_model="test-model"
    )
    opened = Coach.open(settings, check_rules=False)
    assert opened.model is not None
    assert [endpoint.model for endpoint in opened.model.endpoints] == ["test-model"]
    assert Coach.open(settings, check_rules=False, use_model=False).model is None
