"""What the server of `openai_server` may be told to do with a request. How it is done on the wire is left to it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Answer",
    "Behaviour",
    "Cuts",
    "Empty",
    "EndsEarly",
    "Hangs",
    "HangsMidway",
    "Html",
    "InvalidJson",
    "Junk",
    "Loops",
    "Says",
    "Status",
    "ToolCall",
    "in_turn",
]

ToolCall = tuple[str, Mapping[str, Any] | str]
"""A function's name and its arguments; arguments given as a string are sent as they are, be they JSON or not."""

JUNK = '的了囗龘锟斤拷烫屯\u3000\n\t�，。？！…—<>{}[]"\\/`*#|=+0123456789abcXYZ😀🇨🇳é\u200b\u202e\u2028\x00\x1b\x7f'


@dataclass(frozen=True)
class Says:
    """A good answer. Without `stream`, it takes as long and comes whole.

    `first_delay` passes before anything is sent, headers included, and `delay_seconds_per_chunk` between any two chunks
    of `chunk` characters. A `finish_reason` of None is the one that OpenAI gives: "tool_calls" with tools, else "stop".
    Usage is streamed only to those who ask for it by `stream_options`; it counts a character as a token.
    """

    text: str
    chunk: int = 8
    delay_seconds_per_chunk: float = 0
    first_delay: float = 0
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str | None = None
    usage: bool = True


@dataclass(frozen=True)
class Status:
    """An error of HTTP. Without a `body`, the one that OpenAI sends; a string goes out as plain text."""

    code: int
    body: Mapping[str, Any] | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hangs:
    """Reads the request, sends nothing, and closes the connection after `seconds`."""

    seconds: float


@dataclass(frozen=True)
class HangsMidway:
    """Streams `text`, then nothing for `seconds`, then closes as `Cuts` does. Whole: half the body, then nothing."""

    text: str
    seconds: float


@dataclass(frozen=True)
class Cuts:
    """Streams `text` and half an event, then closes the socket inside a chunk. Whole: half the promised body."""

    text: str


@dataclass(frozen=True)
class EndsEarly:
    """Streams `text` and ends the body as HTTP asks, without finish_reason and [DONE]. Whole: finish_reason is null."""

    text: str


@dataclass(frozen=True)
class Empty:
    """A message of no characters, otherwise in good order."""


@dataclass(frozen=True)
class InvalidJson:
    """200, and JSON that breaks off: as the body, or as the data of an event whose stream ends in good order."""


@dataclass(frozen=True)
class Loops:
    """Says one sentence again and again, until it has no tokens left."""

    sentence: str
    times: int

    def says(self) -> Says:
        return Says(self.sentence * self.times, chunk=64, finish_reason="length")


@dataclass(frozen=True)
class Junk:
    """Characters without sense, the same ones every time: markup, control characters, emoji, mojibake."""

    characters: int = 32_000

    def says(self) -> Says:
        return Says("".join(random.Random(self.characters).choices(JUNK, k=self.characters)), chunk=64)


@dataclass(frozen=True)
class Html:
    """200 and a page to log in at, as a captive portal answers."""


Behaviour = (
    Says | Status | Hangs | HangsMidway | Cuts | EndsEarly | Empty | InvalidJson | Loops | Junk | Html
)  # a union, so that the server's `match` is over all there is

Answer = Callable[[dict[str, Any]], Behaviour]
"""What to do with a chat request, from its parsed body. Called on the request's own thread."""


def in_turn(*behaviours: Behaviour) -> Answer:
    """One behaviour a request, in order of arrival; a request too many is an AssertionError, raised as the server closes."""
    left, lock = list(behaviours), threading.Lock()

    def answer(body: dict[str, Any]) -> Behaviour:
        with lock:
            assert left, f"{len(behaviours)} answers were scripted, and one more was asked for: {body}"
            return left.pop(0)

    return answer
