"""The HTTP of `openai_server`: what its script says, done on the wire, and the records of what went to and fro."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, assert_never, overload

import openai_wire as wire
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
)

__all__ = ["HOST", "LOOK_SECONDS", "Listener", "Records", "Request", "Script", "Sent"]

HOST = "127.0.0.1"
LOOK_SECONDS = 0.02
"""How soon a server that waits notices that its client has left, or that it is to stop."""
BROKEN = '{"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {"content": "您'
PORTAL = "<!DOCTYPE html><html><head><title>上网认证</title></head><body>请先登录后上网</body></html>"


@dataclass(frozen=True)
class Request:
    """One request: header names are lower-case, the body of a GET is {}, `at` is the monotonic second it was read in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    at: float


class Sent(Sequence[tuple[str, float]]):
    """What was streamed to one request: the text so far and the monotonic second, just before each piece of text left."""

    def __init__(self, request: Request, text: str) -> None:
        self.request = request
        self._text = text
        self._marks: list[tuple[int, float]] = []  # ends in the text: as many texts would fill the memory

    @property
    def text(self) -> str:
        return self[-1][0] if self._marks else ""

    def add(self, piece: str, at: float) -> None:
        self._marks.append(((self._marks[-1][0] if self._marks else 0) + len(piece), at))

    def __len__(self) -> int:
        return len(self._marks)

    @overload
    def __getitem__(self, index: int) -> tuple[str, float]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[str, float]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, float] | list[tuple[str, float]]:
        if isinstance(index, slice):
            return [(self._text[:end], at) for end, at in self._marks[index]]
        end, at = self._marks[index]
        return self._text[:end], at


@dataclass(frozen=True)
class Script:
    """Who decides what happens to a chat request, and to the others; and what the others are told if nothing does."""

    answer: Answer
    fault: Callable[[Request], Status | Hangs | InvalidJson | Html | None]
    models: tuple[str, ...]
    dimensions: int


class Records:
    """What came, what was streamed, who left: written by the threads of requests, read by the test."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._requests: list[Request] = []
        self._sent: list[Sent] = []
        self._left: list[Request] = []

    def came(self, request: Request) -> int:
        """Note a request; its number, from 1."""
        with self._changed:
            self._requests.append(request)
            return len(self._requests)

    def streams(self, sent: Sent) -> None:
        with self._changed:
            self._sent.append(sent)

    def leaves(self, request: Request) -> None:
        with self._changed:
            self._left.append(request)
            self._changed.notify_all()

    def requests(self) -> list[Request]:
        with self._changed:
            return list(self._requests)

    def sent(self) -> list[Sent]:
        with self._changed:
            return list(self._sent)

    def left(self, within: float) -> list[Request]:
        with self._changed:
            self._changed.wait_for(lambda: self._left, within)
            return list(self._left)


class Listener(socketserver.ThreadingTCPServer):
    """Accepts connections, knows the open ones, and keeps what the script raised."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, script: Script, records: Records) -> None:
        self.script = script
        self.records = records
        self.stopping = threading.Event()
        self.failures: list[BaseException] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((HOST, 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
            super().shutdown_request(request)

    def hang_up(self) -> None:
        """Wake the threads that wait, for a client's next request or for a script's seconds to pass."""
        self.stopping.set()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.failures.append(error)


class _Handler(BaseHTTPRequestHandler):
    """One connection. A client that leaves ends it without a word."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a piece of text leaves when it is written
    server: Listener

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(b"{}")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, raw: bytes) -> None:
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body if isinstance(body, dict) else {}, time.monotonic())
        self.number = self.server.records.came(request)
        try:
            if isinstance(body, dict):
                self._route(request)
            else:
                self._behave(Status(400), request)
        except ConnectionError:
            self.close_connection = True
            if not self.server.stopping.is_set():
                self.server.records.leaves(request)

    def _route(self, request: Request) -> None:
        script = self.server.script
        match request.method, request.path:
            case "POST", "/v1/chat/completions":
                refused = wire.refusal(request.body)
                self._behave(Status(400, wire.error(400, refused)) if refused else script.answer(request.body), request)
            case ("GET", "/v1/models") | ("POST", "/v1/embeddings"):
                if (fault := script.fault(request)) is not None:
                    self._behave(fault, request)
                elif request.method == "GET":
                    self._json(200, wire.models(script.models))
                elif (found := wire.embeddings(request.body, script.dimensions)) is not None:
                    self._json(200, found)
                else:
                    self._behave(Status(400, wire.error(400, "'$.input' is invalid.")), request)
            case method, path:
                self._behave(Status(404, wire.error(404, f"Invalid URL ({method} {path})")), request)

    def _behave(self, behaviour: Behaviour, request: Request) -> None:
        streams = bool(request.body.get("stream"))
        match behaviour:
            case Status():
                self._fail(behaviour)
            case Html():
                self._whole(200, PORTAL.encode(), {"Content-Type": "text/html; charset=utf-8"})
            case Hangs(seconds):
                self._pause(seconds)
                self.close_connection = True
            case InvalidJson() if streams:
                self._open_stream()
                self._chunk(_event(BROKEN) + _event("[DONE]"))
                self._chunk(b"")
            case InvalidJson():
                self._whole(200, BROKEN.encode(), {"Content-Type": "application/json"})
            case Empty():
                self._say(Says(""), request)
            case Loops() | Junk():
                self._say(behaviour.says(), request)
            case Says() | HangsMidway() | Cuts() | EndsEarly():
                self._say(behaviour, request)
            case _:
                assert_never(behaviour)

    def _fail(self, status: Status) -> None:
        if isinstance(status.body, str):
            headers = {"Content-Type": "text/plain; charset=utf-8", **status.headers}
            self._whole(status.code, status.body.encode(), headers)
        else:
            self._json(status.code, wire.error(status.code) if status.body is None else status.body, status.headers)

    def _say(self, behaviour: Says | HangsMidway | Cuts | EndsEarly, request: Request) -> None:
        says = behaviour if isinstance(behaviour, Says) else Says(behaviour.text)
        usual = "tool_calls" if says.tool_calls else "stop"
        reply = wire.Reply(
            number=self.number,
            model=request.body["model"],
            text=says.text,
            chunk=says.chunk,
            tool_calls=says.tool_calls,
            finish_reason=None if isinstance(behaviour, EndsEarly) else says.finish_reason or usual,
            prompt=len(json.dumps(request.body["messages"], ensure_ascii=False)) if says.usage else None,
        )
        self._pause(says.first_delay)
        if request.body.get("stream"):
            self._stream(behaviour, says.delay_seconds_per_chunk, reply, request)
            return
        chunks = sum(1 for _ in wire.deltas(reply, False)) - 1
        self._pause(says.delay_seconds_per_chunk * max(0, chunks - 1))
        self._json(200, wire.completion(reply), cut=behaviour if isinstance(behaviour, Cuts | HangsMidway) else None)

    def _stream(
        self, behaviour: Says | HangsMidway | Cuts | EndsEarly, delay: float, reply: wire.Reply, request: Request
    ) -> None:
        sent = Sent(request, reply.text)
        self.server.records.streams(sent)
        asks_usage = bool((request.body.get("stream_options") or {}).get("include_usage"))
        self._open_stream()
        for place, (piece, chunk) in enumerate(wire.deltas(reply, asks_usage)):
            if place > 1:  # the role and the first chunk leave together
                self._pause(delay)
            at = time.monotonic()
            self._chunk(_event(chunk))
            if piece:
                sent.add(piece, at)
        last = b"".join(map(_event, wire.ending(reply, asks_usage))) + _event("[DONE]")
        match behaviour:
            case HangsMidway(seconds=seconds):
                self._pause(seconds)
                self._cut(last)
            case Cuts():
                self._cut(last)
            case EndsEarly():
                self._chunk(b"")
            case Says():
                self._chunk(last)
                self._chunk(b"")

    def _json(
        self, code: int, body: Mapping[str, Any], headers: Mapping[str, str] = {}, cut: Cuts | HangsMidway | None = None
    ) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        self._whole(code, raw, {"Content-Type": "application/json", **headers}, cut)

    def _whole(self, code: int, raw: bytes, headers: Mapping[str, str], cut: Cuts | HangsMidway | None = None) -> None:
        self._head(code, {"Content-Length": str(len(raw)), **headers})
        if cut is None:
            self.wfile.write(raw)
            return
        self.close_connection = True
        self.wfile.write(raw[: len(raw) // 2])
        if isinstance(cut, HangsMidway):
            self._pause(cut.seconds)

    def _head(self, code: int, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        for name, value in {"x-request-id": f"req_{self.number:06}", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _open_stream(self) -> None:
        self._head(200, {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"})

    def _chunk(self, raw: bytes) -> None:
        """One chunk of a chunked body; an empty one ends it."""
        self.wfile.write(b"%x\r\n%b\r\n" % (len(raw), raw))

    def _cut(self, raw: bytes) -> None:
        """Half of a chunk, after which the connection is closed."""
        self.close_connection = True
        self.wfile.write(b"%x\r\n%b" % (len(raw), raw[: len(raw) // 2]))

    def _pause(self, seconds: float) -> None:
        """Wait; raises ConnectionError as soon as the client has left, or the server is to stop."""
        until = time.monotonic() + seconds
        while (rest := until - time.monotonic()) > 0:
            if self.server.stopping.wait(min(rest, LOOK_SECONDS)):
                raise ConnectionAbortedError
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError


def _event(data: Mapping[str, Any] | str) -> bytes:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"data: {text}\n\n".encode()
