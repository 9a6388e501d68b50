"""A real HTTP server on the loopback address that speaks OpenAI's API as a script tells it to, well or badly.

    with OpenAIServer(lambda body: Says("您好")) as server:
        client = OpenAI(base_url=server.base_url, api_key="sk-test")

What it may be told is in `openai_behaviours`, its JSON in `openai_wire`; this is the HTTP and the records of it.
It is as strict as OpenAI with a request's shape (`openai_wire.refusal`), and takes any key and any model's name.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from openai_behaviours import (
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
    Says,
    Status,
    ToolCall,
    in_turn,
)
from openai_http import HOST, LOOK_SECONDS, Listener, Records, Request, Script, Sent

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
    "OpenAIServer",
    "Request",
    "Says",
    "Sent",
    "Status",
    "ToolCall",
    "in_turn",
    "refused_port",
]


class OpenAIServer:
    """Listens from `with` on. `fault` may answer the requests for models and embeddings in place of the right answer.

    What `answer` or `fault` raises, the client sees as a closed connection; the end of the `with` block raises it.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        models: tuple[str, ...] = ("test-model",),
        dimensions: int = 64,
        fault: Callable[[Request], Status | Hangs | InvalidJson | Html | None] = lambda _: None,
    ) -> None:
        self._script = Script(answer, fault, models, dimensions)
        self._records = Records()

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self._listener.server_address[1]}/v1"

    @property
    def requests(self) -> list[Request]:
        """All requests so far, in order of arrival."""
        return self._records.requests()

    @property
    def chats(self) -> list[Request]:
        """The requests for chat completions alone."""
        return [request for request in self.requests if request.path == "/v1/chat/completions"]

    @property
    def sent(self) -> list[Sent]:
        """What was streamed: a record for each streamed answer, in the order in which they began."""
        return self._records.sent()

    def left(self, within: float = 5) -> list[Request]:
        """The requests whose client closed the connection before it had its answer. Waits for the first, `within` seconds.

        It is seen at the next piece of text, or within 20 ms while the server waits.
        """
        return self._records.left(within)

    def __enter__(self) -> Self:
        self._listener = Listener(self._script, self._records)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(LOOK_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()  # waits for the threads of requests
        if self._listener.failures:
            raise self._listener.failures[0] from error


def refused_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
