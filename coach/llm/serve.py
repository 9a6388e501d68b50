"""Serves a GGUF file over the OpenAI API on this machine, with xllamacpp inside this process (extra `llm-local`)."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

from coach.errors import InputError

__all__ = ["HOST", "MODEL", "ModelServer"]

HOST = "127.0.0.1"
MODEL = "local"
"""What the model is called, whatever the file."""

_LOOPBACK = frozenset({HOST, "localhost"})
_MAGIC = b"GGUF"
_AT_ONCE = 2
"""Requests answered at the same time: the chat's and a rewrite's; they share the context."""


@dataclass(frozen=True)
class ModelServer:
    """A model found fit to be served.

    Attributes:
        file: Its GGUF file.
        port: Where it is to listen.
        llama: The module xllamacpp.
        params: What xllamacpp is told.
    """

    file: Path
    port: int
    llama: Any
    params: Any

    @classmethod
    def prepared(cls, file: Path, port: int, context: int, threads: int, *, host: str = HOST) -> ModelServer:
        """A server of the model in `file`; nothing is loaded yet.

        Args:
            file: A GGUF file.
            port: Where to listen.
            context: Tokens that a prompt and its answer may have together.
            threads: Threads to compute with.
            host: This machine's loopback address; no other may be given.

        Raises:
            InputError: The host is another, the file isn't a model, the port is taken, or xllamacpp isn't installed.
        """
        if host not in _LOOPBACK:
            raise InputError(f"模型只给本机用，不能监听 {host}", where="--host", hint=f"请用 {HOST}，或不写这一项")
        _check_file(file)
        _check_port(port)
        llama = _xllamacpp()
        return cls(file, port, llama, _params(llama, file, port, context, threads))

    def run(self, ready: Callable[[str], None]) -> NoReturn:
        """Serve until interrupted or terminated; the process then ends with code 0.

        Args:
            ready: Told the address, up to and with `/v1`, once the model answers.

        Raises:
            InputError: The model can't be loaded.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            loading = ThreadPoolExecutor(1).submit(self.llama.Server, self.params)  # Ctrl-C is heard while it loads
            loading.result()
            ready(f"http://{HOST}:{self.port}/v1")
            while True:
                Event().wait()
        except KeyboardInterrupt:
            _leave()
        except RuntimeError as error:
            hint = "文件不完整就重新下载；内存不够就把 --context 调小，或换小一些的模型"
            raise InputError("装不进这个模型", where=str(self.file), hint=hint) from error


def _check_file(file: Path) -> None:
    where = str(file)
    try:
        if file.is_dir():
            raise InputError("这是一个文件夹", where=where, hint="请给出里面的 .gguf 文件")
        with file.open("rb") as source:
            magic = source.read(len(_MAGIC))
    except FileNotFoundError as error:
        raise InputError("找不到这个文件", where=where, hint="请检查路径") from error
    except (OSError, ValueError) as error:
        raise InputError("读不了这个文件", where=where, hint="请检查权限") from error
    if magic != _MAGIC:
        hint = "请下载 GGUF 格式的模型，例如 Qwen 的 …-Instruct-GGUF"
        raise InputError("这不是 GGUF 格式的模型文件", where=where, hint=hint)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        if os.name != "nt":  # there it would let two programs have one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = {errno.EADDRINUSE: "已被别的程序占用", errno.EACCES: "没有权限使用"}.get(error.errno or 0, "用不了")
            hint = f"请用 --port 换一个，例如 --port {port + 1 if port < 65535 else 8080}"
            raise InputError(f"端口 {port} {why}", where="--port", hint=hint) from error


def _xllamacpp() -> Any:  # noqa: ANN401 - it has no types
    try:
        import xllamacpp
    except ImportError as error:
        raise InputError(
            "没有安装在本机运行模型的组件 xllamacpp",
            where="coach serve-model",
            hint="请运行 pip install 'xllamacpp>=2026.10'（可选组件 llm-local）",
        ) from error
    return xllamacpp


def _params(llama: Any, file: Path, port: int, context: int, threads: int) -> Any:  # noqa: ANN401
    params = llama.CommonParams()
    params.model.path = str(file)
    params.model_alias = {MODEL}
    params.hostnames, params.port = [HOST], port
    params.n_ctx, params.n_parallel, params.kv_unified = context, _AT_ONCE, True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    params.ui = params.endpoint_slots = False  # nobody is shown what others asked
    params.cors_origins = ""  # no page in a browser may use it
    return params


def _leave() -> NoReturn:
    """End now: the server's own clean-up waits for ever at times, and it holds nothing that needs one."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
