"""`coach serve-model`: a model from a GGUF file, on this machine alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("serve-model")(serve_model_command)


def serve_model_command(
    file: Annotated[Path, typer.Argument(help="GGUF 格式的模型文件", metavar="FILE.gguf")],
    port: Annotated[int, typer.Option(help="监听的端口", min=1, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="监听的地址，只能是本机")] = "127.0.0.1",
    context: Annotated[int, typer.Option(help="提示和回答合起来最多几个词元", min=2048, max=1_048_576)] = 8192,
    threads: Annotated[
        int | None, typer.Option(help="用几个线程；不写则有几个处理器用几个", min=1, max=512, metavar="N")
    ] = None,
) -> int:
    """在本机运行一个模型，给教练用（要先装 llm-local 组件）；按 Ctrl+C 结束。"""
    from coach.assistant.many import cores
    from coach.llm.serve import ModelServer

    server = ModelServer.prepared(file, port, context, threads or cores(), host=host)
    typer.echo("正在装入模型……", err=True)
    server.run(_ready)


def _ready(address: str) -> None:
    from coach.llm.serve import MODEL

    typer.echo(
        "模型已经可以用了，按 Ctrl+C 结束。另开一个终端，把下面两行写进 .env，再用 coach doctor 检查：", err=True
    )
    typer.echo(f"COACH_LLM_BASE_URL={address}\nCOACH_LLM_MODEL={MODEL}")
