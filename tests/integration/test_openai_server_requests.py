"""What the server that stands in for a model keeps of its requests, what it refuses, and what it says besides chat."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import numpy as np
import openai
import pytest
from openai_client import connected
from openai_server import Hangs, OpenAIServer, Says, Status, in_turn

TEXT = "您好，云桥通信，请问有什么可以帮您？"
ASK: Any = {"model": "test-model", "messages": [{"role": "user", "content": "我家断网三天了"}]}


def test_requests_are_kept_with_their_headers() -> None:
    tools: Any = [{"type": "function", "function": {"name": "查套餐", "parameters": {"type": "object"}}}]
    with OpenAIServer(lambda body: Says(str(len(body["tools"])))) as server, connected(server.base_url) as client:
        answer = client.chat.completions.create(**ASK, tools=tools, response_format={"type": "json_object"})
        client.models.list()
        chat, models = server.requests
        assert server.chats == [chat]
    assert answer.choices[0].message.content == "1"
    assert chat.body == ASK | {"tools": tools, "response_format": {"type": "json_object"}}
    assert chat.headers["authorization"] == "Bearer sk-test"
    assert (models.method, models.path, models.body) == ("GET", "/v1/models", {})


def test_many_at_once_each_get_their_own_answer() -> None:
    def ask(number: int) -> tuple[str, str]:
        messages: Any = [{"role": "user", "content": f"第{number}问"}]
        chunks = list(client.chat.completions.create(model="m", messages=messages, stream=True))
        return messages[0]["content"], "".join(chunk.choices[0].delta.content or "" for chunk in chunks)

    with (
        OpenAIServer(lambda body: Says(body["messages"][0]["content"] * 9)) as server,
        connected(server.base_url) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        answers = list(pool.map(ask, range(32)))
        assert len(server.requests) == len(server.sent) == 32
    assert all(answer == question * 9 for question, answer in answers)


def test_a_client_that_leaves_midway_is_noted() -> None:
    with OpenAIServer(lambda _: Says("很长" * 500, delay_seconds_per_chunk=0.05)) as server:
        with connected(server.base_url) as client:
            stream = client.chat.completions.create(**ASK, stream=True)
            next(chunk for chunk in stream if chunk.choices[0].delta.content)
            stream.close()
        assert server.left() == server.requests
        (sent,) = server.sent
        assert 8 <= len(sent.text) < 1000


def test_a_client_that_stays_is_not_said_to_have_left() -> None:
    with OpenAIServer(lambda _: Says(TEXT)) as server, connected(server.base_url) as client:
        client.chat.completions.create(**ASK)
        assert server.left(within=0) == []


def test_it_stops_while_it_hangs_and_while_a_client_keeps_its_connection() -> None:
    with ExitStack() as later, ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        with OpenAIServer(in_turn(Says(TEXT), Hangs(60))) as server:
            idle, busy = (later.enter_context(connected(server.base_url)) for _ in range(2))
            idle.chat.completions.create(**ASK)
            asked = pool.submit(lambda: busy.chat.completions.create(**ASK))
            while len(server.requests) < 2 and not asked.done():
                time.sleep(0.01)
        assert isinstance(asked.exception(5), openai.APIConnectionError)
        assert time.monotonic() - began < 5
        assert server.left(within=0) == []


def test_a_script_that_runs_out_is_an_error_of_the_test() -> None:
    with (  # noqa: PT012
        pytest.raises(AssertionError, match="1 answers were scripted"),
        OpenAIServer(in_turn(Says(TEXT))) as server,
        connected(server.base_url) as client,
    ):
        client.chat.completions.create(**ASK)
        with pytest.raises(openai.APIConnectionError):
            client.chat.completions.create(**ASK)


CALL = {"id": "c1", "type": "function", "function": {"name": "查套餐", "arguments": "{}"}}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "39元"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": []},
        {"model": ""},
        {"stream_options": {"include_usage": True}},
        {"messages": [RESULT]},
        {"messages": [{"role": "assistant", "tool_calls": [CALL]}]},
        {"messages": [{"role": "assistant", "tool_calls": [CALL]}, *ASK["messages"], RESULT]},
    ],
)
def test_what_openai_refuses_is_refused(wrong: Any) -> None:
    with OpenAIServer(in_turn()) as server, connected(server.base_url) as client, pytest.raises(openai.BadRequestError):
        client.chat.completions.create(**ASK | wrong)


def test_tool_results_in_order_are_taken() -> None:
    messages: Any = [*ASK["messages"], {"role": "assistant", "tool_calls": [CALL]}, RESULT]
    with OpenAIServer(lambda _: Says(TEXT)) as server, connected(server.base_url) as client:
        assert client.chat.completions.create(model="m", messages=messages).choices[0].message.content == TEXT


def test_a_wrong_address_and_a_wrong_body() -> None:
    with OpenAIServer(in_turn()) as server:
        with connected(server.base_url.removesuffix("/v1")) as client, pytest.raises(openai.NotFoundError, match="URL"):
            client.chat.completions.create(**ASK)
        with connected(server.base_url) as client, pytest.raises(openai.BadRequestError, match="parse"):
            client.post("/chat/completions", cast_to=object, content=b"{")
        assert [request.body for request in server.requests] == [ASK, {}]


def test_models_are_listed() -> None:
    with OpenAIServer(in_turn(), models=("甲", "乙")) as server, connected(server.base_url) as client:
        assert [model.id for model in client.models.list()] == ["甲", "乙"]


def test_embeddings_are_the_same_in_both_encodings_and_each_time() -> None:
    texts = ["我家断网三天了", "我家断网四天了", "话费多扣了", "我家断网三天了"]
    with OpenAIServer(in_turn(), dimensions=32) as server, connected(server.base_url) as client:
        coded = np.array([item.embedding for item in client.embeddings.create(model="m", input=texts).data])
        plain = np.array(
            [i.embedding for i in client.embeddings.create(model="m", input=texts, encoding_format="float").data]
        )
        short = client.embeddings.create(model="m", input=texts[0], dimensions=5).data[0].embedding
        tokens = client.embeddings.create(model="m", input=[[1, 2], [1, 2, 3]]).data
        kept = server.requests
    assert coded.shape == (4, 32)
    assert np.allclose(coded, plain)
    assert np.allclose(np.linalg.norm(coded, axis=1), 1)
    assert np.array_equal(coded[0], coded[3])
    assert coded[0] @ coded[1] > coded[0] @ coded[2]
    assert (len(short), len(tokens), len(kept)) == (5, 2, 4)


@pytest.mark.parametrize("wrong", ["", [], [""]])
def test_embeddings_of_nothing_are_refused(wrong: Any) -> None:
    with OpenAIServer(in_turn()) as server, connected(server.base_url) as client, pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="m", input=wrong)


def test_models_and_embeddings_may_fail_too() -> None:
    faults = {"/v1/models": Status(401), "/v1/embeddings": Status(500)}
    with OpenAIServer(in_turn(), fault=lambda request: faults[request.path]) as server:
        with connected(server.base_url) as client, pytest.raises(openai.AuthenticationError):
            client.models.list()
        with connected(server.base_url) as client, pytest.raises(openai.InternalServerError):
            client.embeddings.create(model="m", input="您好")
