"""`coach serve`: the web app on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.settings import Settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("serve")(serve_command)


def serve_command(
    host: Annotated[str, typer.Option(help="监听的地址；有账号功能之前只能是本机")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="监听的端口", min=1, max=65535)] = 7860,
    standard: Annotated[str | None, typer.Option(help="规范的名称，或自己的 YAML 文件")] = None,
) -> int:
    """打开网页版，只有本机能访问。"""
    from coach.assistant import Coach
    from coach.web import serve

    serve(Coach.open(Settings(), standard), host, port)
    return 0
