"""The server that stands in for a model in other tests: each behaviour is on the wire what it says it is."""

from __future__ import annotations

import json
import socket
import time
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest
from openai.types.chat import ChatCompletionChunk
from openai_client import connected
from openai_server import (
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
    ToolCall,
    in_turn,
    refused_port,
)

TEXT = "您好，云桥通信，请问有什么可以帮您？😀𠮷"
ASK: Any = {"model": "test-model", "messages": [{"role": "user", "content": "我家断网三天了"}]}
TOOLS: tuple[ToolCall, ...] = (("查套餐", {"号码": "13800000000", "月": 3}), ("转人工", {}), ("坏的", '{"号码": '))


def whole(behaviour: Behaviour, *, timeout: float = 10) -> Any:
    with OpenAIServer(in_turn(behaviour)) as server, connected(server.base_url, timeout=timeout) as client:
        return client.chat.completions.create(**ASK)


def streamed(
    behaviour: Behaviour, *, timeout: float = 10, **asked: Any
) -> tuple[list[ChatCompletionChunk], Exception | None]:
    """The chunks that came, and the error that ended them."""
    came: list[ChatCompletionChunk] = []
    with OpenAIServer(in_turn(behaviour)) as server, connected(server.base_url, timeout=timeout) as client:
        try:
            came.extend(client.chat.completions.create(**ASK, stream=True, **asked))
        except (openai.APIError, json.JSONDecodeError) as error:
            return came, error
    return came, None


def text_of(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def reasons(chunks: list[ChatCompletionChunk]) -> list[str]:
    return [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]


def raw(behaviour: Behaviour, *, stream: bool) -> bytes:
    """All bytes of the answer, until the server closes the connection."""
    sent = json.dumps(ASK | {"stream": stream}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(sent)}\r\n\r\n"
    with OpenAIServer(lambda _: behaviour) as server:
        port = urlsplit(server.base_url).port
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(head.encode() + sent)
            return b"".join(iter(lambda: connection.recv(65536), b""))


def promised_and_came(answer: bytes) -> tuple[int, int]:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length:"))
    return int(length.split(b":")[1]), len(body)


# What it says


def test_it_says_a_text_whole() -> None:
    answer = whole(Says(TEXT))
    (choice,) = answer.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", TEXT, "stop")
    assert answer.usage.completion_tokens == len(TEXT)
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + len(TEXT)
    assert answer._request_id == "req_000001"
    assert whole(Says(TEXT, usage=False)).usage is None


def test_it_streams_a_text_in_chunks_of_so_many_characters() -> None:
    chunks, error = streamed(Says(TEXT, chunk=5))
    assert error is None
    assert chunks[0].choices[0].delta.role == "assistant"
    pieces = [chunk.choices[0].delta.content for chunk in chunks[1:-1]]
    assert pieces == [TEXT[start : start + 5] for start in range(0, len(TEXT), 5)]
    assert reasons(chunks) == ["stop"]
    assert all(chunk.usage is None for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_good_stream_ends_with_done_and_with_the_end_of_its_body() -> None:
    answer = raw(Says(TEXT), stream=True)
    assert b"Content-Type: text/event-stream" in answer
    assert answer.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


@pytest.mark.parametrize(("reports", "used"), [(True, len(TEXT)), (False, None)])
def test_usage_is_streamed_to_those_who_ask(reports: bool, used: int | None) -> None:
    chunks, _ = streamed(Says(TEXT, usage=reports), stream_options={"include_usage": True})
    assert next((chunk.usage.completion_tokens for chunk in chunks if chunk.usage), None) == used
    assert [len(chunk.choices) for chunk in chunks[-2:]] == ([1, 0] if reports else [1, 1])


def test_tools_are_called_whole() -> None:
    (choice,) = whole(Says("", tool_calls=TOOLS)).choices
    assert (choice.message.content, choice.finish_reason) == (None, "tool_calls")
    called = [(call.function.name, call.function.arguments) for call in choice.message.tool_calls]
    assert [name for name, _ in called] == ["查套餐", "转人工", "坏的"]
    assert [json.loads(given) for _, given in called[:2]] == [TOOLS[0][1], {}]
    assert called[2][1] == '{"号码": '


def test_tools_are_streamed_name_first_and_arguments_in_fragments() -> None:
    chunks, _ = streamed(Says("我查一下", tool_calls=TOOLS, chunk=4))
    parts = [part for chunk in chunks for part in chunk.choices[0].delta.tool_calls or ()]
    for index, (name, given) in enumerate(TOOLS):
        first, *rest = [part for part in parts if part.index == index]
        assert first.function is not None
        assert (first.function.name, first.function.arguments, first.type) == (name, "", "function")
        assert first.id
        assert all(part.id is None and part.function and part.function.name is None for part in rest)
        fragments = [part.function.arguments or "" for part in rest if part.function]
        assert all(0 < len(fragment) <= 4 for fragment in fragments)
        whole_of_it = "".join(fragments)
        assert (whole_of_it if isinstance(given, str) else json.loads(whole_of_it)) == given
    assert text_of(chunks) == "我查一下"
    assert reasons(chunks) == ["tool_calls"]


def test_the_reason_to_finish_may_be_any() -> None:
    assert whole(Says(TEXT, finish_reason="length")).choices[0].finish_reason == "length"
    assert reasons(streamed(Says("", tool_calls=TOOLS, finish_reason="stop"))[0]) == ["stop"]


def test_delays_pass_and_what_was_sent_when_is_kept() -> None:
    with (
        OpenAIServer(lambda _: Says(TEXT, first_delay=0.1, delay_seconds_per_chunk=0.05)) as server,
        connected(server.base_url) as client,
    ):
        came: list[tuple[str, float]] = []
        for chunk in client.chat.completions.create(**ASK, stream=True):
            if piece := chunk.choices[0].delta.content:
                came.append(((came[-1][0] if came else "") + piece, time.monotonic()))
        (sent,), (request,) = server.sent, server.requests
        began = time.monotonic()
        client.chat.completions.create(**ASK)
        took = time.monotonic() - began
    assert [text for text, _ in sent] == [text for text, _ in came] == [TEXT[:8], TEXT[:16], TEXT]
    assert all(at_client >= at for (_, at), (_, at_client) in zip(sent, came, strict=True))
    assert sent.request is request
    assert sent[0][1] - request.at >= 0.1
    assert all(after[1] - before[1] >= 0.05 for before, after in pairwise(sent))
    assert took >= 0.2
    assert len(server.sent) == 1  # what came whole isn't there


def test_an_empty_message() -> None:
    (choice,) = whole(Empty()).choices
    assert (choice.message.content, choice.finish_reason) == ("", "stop")
    chunks, error = streamed(Empty())
    assert (text_of(chunks), reasons(chunks), error) == ("", ["stop"], None)


def test_loops_and_junk() -> None:
    assert whole(Loops("请稍等。", 500)).choices[0].message.content == "请稍等。" * 500
    chunks, _ = streamed(Loops("请稍等。", 500))
    assert (text_of(chunks), reasons(chunks)) == ("请稍等。" * 500, ["length"])
    junk = text_of(streamed(Junk())[0])
    assert len(junk) == 32_000
    assert junk == whole(Junk()).choices[0].message.content
    assert "\x00" in junk


# What goes wrong


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_a_status_is_openais_error(code: int, kind: type[openai.APIStatusError]) -> None:
    with pytest.raises(kind) as caught:
        whole(Status(code))
    assert caught.value.status_code == code
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["message"]
    _, error = streamed(Status(code))
    assert isinstance(error, kind)


def test_a_status_takes_a_body_and_headers() -> None:
    body = {"error": {"message": "余额不足", "type": "billing", "param": None, "code": "insufficient_quota"}}
    with pytest.raises(openai.RateLimitError) as caught:
        whole(Status(429, body, {"Retry-After": "7"}))
    assert caught.value.code == "insufficient_quota"
    assert caught.value.response.headers["retry-after"] == "7"
    with pytest.raises(openai.InternalServerError, match="502"):
        whole(Status(502, "502 Bad Gateway"))


def test_retry_after_is_obeyed_and_each_try_is_a_request() -> None:
    script = in_turn(Status(429, headers={"Retry-After": "0.2"}), Says(TEXT))
    with OpenAIServer(script) as server, connected(server.base_url, retries=1) as client:
        assert client.chat.completions.create(**ASK).choices[0].message.content == TEXT
        first, second = server.requests
    assert second.at - first.at >= 0.2


@pytest.mark.parametrize("stream", [False, True])
def test_it_hangs_until_the_client_leaves(stream: bool) -> None:
    with OpenAIServer(lambda _: Hangs(60)) as server:
        with connected(server.base_url, timeout=0.2) as client, pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(**ASK, stream=stream)
        assert server.left() == server.requests


def test_it_hangs_then_closes() -> None:
    began = time.monotonic()
    assert raw(Hangs(0.1), stream=True) == b""
    assert time.monotonic() - began >= 0.1


def test_it_hangs_midway() -> None:
    chunks, error = streamed(HangsMidway(TEXT, 60), timeout=0.5)
    assert text_of(chunks) == TEXT
    assert isinstance(error, openai.APITimeoutError)
    with pytest.raises(openai.APITimeoutError):
        whole(HangsMidway(TEXT, 60), timeout=0.5)


@pytest.mark.parametrize("behaviour", [Cuts(TEXT), HangsMidway(TEXT, 0.1)])
def test_it_cuts_inside_a_chunk(behaviour: Behaviour) -> None:
    chunks, error = streamed(behaviour)
    assert (text_of(chunks), reasons(chunks)) == (TEXT, [])
    assert isinstance(error, openai.APIConnectionError)
    assert not isinstance(error, openai.APITimeoutError)
    answer = raw(behaviour, stream=True)
    assert b"[DONE]" not in answer
    assert not answer.endswith(b"\r\n")


@pytest.mark.parametrize("behaviour", [Cuts(TEXT), HangsMidway(TEXT, 0.1)])
def test_it_cuts_a_whole_body_in_half(behaviour: Behaviour) -> None:
    with pytest.raises(openai.APIConnectionError):
        whole(behaviour)
    promised, came = promised_and_came(raw(behaviour, stream=False))
    assert came == promised // 2


def test_it_ends_early_but_in_good_order() -> None:
    chunks, error = streamed(EndsEarly(TEXT))
    assert (text_of(chunks), reasons(chunks), error) == (TEXT, [], None)
    answer = raw(EndsEarly(TEXT), stream=True)
    assert b"[DONE]" not in answer
    assert answer.endswith(b"\r\n0\r\n\r\n")
    (choice,) = whole(EndsEarly(TEXT)).choices
    assert (choice.message.content, choice.finish_reason) == (TEXT, None)


def test_json_that_breaks_off() -> None:
    with pytest.raises(json.JSONDecodeError):
        whole(InvalidJson())
    chunks, error = streamed(InvalidJson())
    assert chunks == []
    assert isinstance(error, json.JSONDecodeError)
    promised, came = promised_and_came(raw(InvalidJson(), stream=False))
    assert came == promised
    assert raw(InvalidJson(), stream=True).endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


def test_a_captive_portal() -> None:
    assert "<html>" in whole(Html())  # the client hands on a page as a string
    assert streamed(Html()) == ([], None)
    for stream in (False, True):
        answer = raw(Html(), stream=stream)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"Content-Type: text/html" in answer


def test_a_port_that_nobody_listens_on() -> None:
    with (
        connected(f"http://127.0.0.1:{refused_port()}/v1") as client,
        pytest.raises(openai.APIConnectionError) as caught,
    ):
        client.models.list()
    assert "refused" in str(caught.value.__cause__)
