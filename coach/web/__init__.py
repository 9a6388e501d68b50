"""The web app, on Gradio: `build` makes the page, `serve` runs it on this machine.

Gradio takes seconds to import, so it is imported inside these functions. What a call means is left to `coach.assistant`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.assistant import Coach
from coach.errors import InputError

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["HOST", "PORT", "build", "serve"]

HOST = "127.0.0.1"
PORT = 7860

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_MAX_PORT = 65535


def build(coach: Coach) -> gr.Blocks:
    """The page, ready to be mounted."""
    from coach.web.page import build_page

    return build_page(coach)


def serve(coach: Coach, host: str = HOST, port: int = PORT) -> None:
    """Run the web app until it is interrupted.

    Raises:
        InputError: `host` isn't this machine's loopback address, or `port` is impossible or taken.
    """
    if host not in _LOOPBACK:
        raise InputError(
            f"现在还没有账号，网页只能在本机打开，不能监听 {host}", where="--host", hint=f"请用 {HOST}，或不写这一项"
        )
    if not 0 < port <= _MAX_PORT:
        raise InputError(f"端口不能是 {port}", where="--port", hint=f"请给 1 到 {_MAX_PORT} 之间的整数")
    from coach.web.server import run, take_port

    with take_port(port) as taken:
        run(build(coach), taken, port)
