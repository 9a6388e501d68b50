"""The JSON of OpenAI's API: completions, chunks, models, embeddings, errors, and what it refuses. No HTTP in here."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from openai_behaviours import ToolCall

__all__ = ["Reply", "completion", "deltas", "embeddings", "ending", "error", "models", "refusal"]

Json = dict[str, Any]

ERRORS: dict[int, tuple[str, str, str | None]] = {
    400: ("We could not parse the JSON body of your request.", "invalid_request_error", None),
    401: ("Incorrect API key provided: sk-test.", "invalid_request_error", "invalid_api_key"),
    403: (
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
    ),
    404: (
        "The model `test` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
    ),
    429: ("Rate limit reached for requests. Please try again later.", "requests", "rate_limit_exceeded"),
    500: ("The server had an error while processing your request. Sorry about that!", "server_error", None),
    503: ("The engine is currently overloaded, please try again later.", "server_error", None),
}
"""Message, type and code by status."""


@dataclass(frozen=True)
class Reply:
    """One assistant message. `prompt` is the count of the request's characters; None leaves usage out."""

    number: int
    model: str
    text: str
    chunk: int = 8
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str | None = "stop"
    prompt: int | None = None

    @property
    def head(self) -> Json:
        return {"id": f"chatcmpl-{self.number:06}", "created": int(time.time()), "model": self.model}

    @property
    def calls(self) -> list[tuple[str, str, str]]:
        """Id, name and arguments as text."""
        return [
            (f"call_{self.number:06}_{index}", name, given if isinstance(given, str) else _text(dict(given)))
            for index, (name, given) in enumerate(self.tool_calls)
        ]

    @property
    def usage(self) -> Json | None:
        if self.prompt is None:
            return None
        said = len(self.text) + sum(len(given) for _, _, given in self.calls)
        return {"prompt_tokens": self.prompt, "completion_tokens": said, "total_tokens": self.prompt + said}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def completion(reply: Reply) -> Json:
    """The body of an answer that is not streamed."""
    message: Json = {"role": "assistant", "content": reply.text or (None if reply.calls else ""), "refusal": None}
    if reply.calls:
        message["tool_calls"] = [
            {"id": id_, "type": "function", "function": {"name": name, "arguments": given}}
            for id_, name, given in reply.calls
        ]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish_reason}
    usage = {} if reply.usage is None else {"usage": reply.usage}
    return reply.head | {"object": "chat.completion", "choices": [choice]} | usage


def _chunk(reply: Reply, delta: Json, finish_reason: str | None, asks_usage: bool) -> Json:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    chunk = reply.head | {"object": "chat.completion.chunk", "choices": [choice]}
    return chunk | ({"usage": None} if asks_usage and reply.usage else {})


def deltas(reply: Reply, asks_usage: bool) -> Iterator[tuple[str, Json]]:
    """The chunks before the last ones, each with the text it brings: the role, the text, then call after call."""
    content = None if reply.calls and not reply.text else ""
    yield "", _chunk(reply, {"role": "assistant", "content": content, "refusal": None}, None, asks_usage)
    for piece in _pieces(reply.text, reply.chunk):
        yield piece, _chunk(reply, {"content": piece}, None, asks_usage)
    for index, (id_, name, given) in enumerate(reply.calls):
        first = {"index": index, "id": id_, "type": "function", "function": {"name": name, "arguments": ""}}
        yield "", _chunk(reply, {"tool_calls": [first]}, None, asks_usage)
        for piece in _pieces(given, reply.chunk):
            fragment = {"index": index, "function": {"arguments": piece}}
            yield "", _chunk(reply, {"tool_calls": [fragment]}, None, asks_usage)


def ending(reply: Reply, asks_usage: bool) -> list[Json]:
    """The last chunks: why it ended and, where asked for, what it used."""
    last = [_chunk(reply, {}, reply.finish_reason, asks_usage)]
    if asks_usage and reply.usage:
        last.append(last[0] | {"choices": [], "usage": reply.usage})
    return last


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def error(code: int, message: str | None = None) -> Json:
    """The body of an error of status `code`."""
    usual, kind, name = ERRORS.get(code, ("Something went wrong.", "server_error", None))
    return {"error": {"message": message or usual, "type": kind, "param": None, "code": None if message else name}}


def refusal(body: Json) -> str | None:
    """What OpenAI would refuse this chat request for; None for one in good order."""
    messages = body.get("messages")
    if not isinstance(body.get("model"), str) or not body["model"]:
        return "you must provide a model parameter"
    if not isinstance(messages, list) or not messages:
        return "Missing required parameter: 'messages'."
    if body.get("stream_options") is not None and not body.get("stream"):
        return "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    return _tools_out_of_order(messages)


def _tools_out_of_order(messages: list[Json]) -> str | None:
    """Every call of a tool is answered by the messages right after it, and nothing else is answered."""
    open_calls: set[str] = set()
    for message in messages:
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in open_calls:
                return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
            open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            break
        open_calls = {call["id"] for call in message.get("tool_calls") or ()}
    return f"tool_call_ids did not have response messages: {', '.join(sorted(open_calls))}" if open_calls else None


def models(names: tuple[str, ...]) -> Json:
    """The list of models."""
    return {"object": "list", "data": [{"id": n, "object": "model", "created": 0, "owned_by": "test"} for n in names]}


def embeddings(body: Json, dimensions: int) -> Json | None:
    """A unit vector for each input, in base64 or as numbers; None where the input is none that OpenAI takes.

    The inputs are texts or lists of tokens. Equal ones have equal vectors, and those that share pairs of characters
    are near each other: a vector is the sum of its pairs' hashes.
    """
    given = body.get("input")
    inputs = (
        [given]
        if isinstance(given, str) or (isinstance(given, list) and given and isinstance(given[0], int))
        else given
    )
    if not isinstance(inputs, list) or not inputs or not all(isinstance(i, str | list) and i for i in inputs):
        return None
    vectors = [_vector(i, body.get("dimensions") or dimensions) for i in inputs]
    plain = body.get("encoding_format", "float") == "float"
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": vector.tolist() if plain else base64.b64encode(vector.tobytes()).decode(),
        }
        for index, vector in enumerate(vectors)
    ]
    used = sum(map(len, inputs))
    return {
        "object": "list",
        "data": data,
        "model": body.get("model"),
        "usage": {"prompt_tokens": used, "total_tokens": used},
    }


def _vector(given: str | list[int], dimensions: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    units = [str(unit) for unit in given]
    total: np.ndarray[Any, np.dtype[np.float64]] = np.sum(
        [_hashed(pair, dimensions) for pair in zip(["", *units], [*units, ""], strict=True)], axis=0
    )
    return np.asarray(total / np.linalg.norm(total), dtype=np.dtype("<f4"))


@cache
def _hashed(pair: tuple[str, str], dimensions: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    digest = hashlib.shake_256("\x00".join(pair).encode()).digest(2 * dimensions)
    return np.frombuffer(digest, dtype="<i2").astype(float)
