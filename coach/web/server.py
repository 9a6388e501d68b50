"""Runs the page with uvicorn on a port of the loopback address. What the page shows is left to `page`."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import sys

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from coach.errors import InputError
from coach.web import HOST
from coach.web.shell import PageShell
from coach.web.theme import FAVICON, STYLES, theme

__all__ = ["application", "run", "take_port"]


def take_port(port: int) -> socket.socket:
    """A listening socket on `port` of the loopback address; raises InputError where it can't be had."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        why = {errno.EADDRINUSE: "已被别的程序占用", errno.EACCES: "没有权限使用"}.get(error.errno or 0, "用不了")
        raise InputError(f"端口 {port} {why}", where="--port", hint="请用 --port 换一个，例如 --port 7861") from error
    return taken


def application(page: gr.Blocks, port: int) -> FastAPI:
    """The page as an ASGI application: no API pages, no history, no server-side rendering, names of this machine only."""
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"]), Middleware(PageShell)],
    )
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=HOST,
        server_port=port,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=theme(),
        css_paths=STYLES,
        favicon_path=str(FAVICON),
    )
    return app


def run(page: gr.Blocks, taken: socket.socket, port: int) -> None:
    """Serve `page` on the listening socket `taken` until interrupted or terminated."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that temporary files go
    config = uvicorn.Config(application(page, port), log_level="warning", access_log=False)
    sys.stderr.write(f"三声已启动，请在浏览器里打开 http://{HOST}:{port} ，按 Ctrl+C 结束。\n")
    sys.stderr.flush()
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[taken])
