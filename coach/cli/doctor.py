"""`coach doctor`: looks over the model, the embeddings and the index that the settings name, and says what to mend."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer

from coach.cli.formats import Format, FormatOption
from coach.errors import ServiceError
from coach.settings import Settings, knowledge_dir, prompts_dir

if TYPE_CHECKING:
    from coach.assistant import Coach
    from coach.llm.doctor import Check

__all__ = ["register"]

_MARKS = {"ok": "✓", "warning": "!", "failed": "✗", "skipped": "–"}
_NAME_WIDTH = 5
_SERVICE_FAILED = 3


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("doctor")(doctor_command)


def doctor_command(format_: FormatOption = Format.TEXT) -> int:
    """检查语言模型、向量和知识库能不能用，哪里不行、怎么修；没有配置模型就检查内置教练。"""
    from coach.assistant import Coach
    from coach.llm.doctor import checkup

    settings = Settings()
    built_in = settings.model_copy(update={"embed_preset": None, "embed_base_url": None, "embed_model": None})
    coach = Coach.open(built_in, check_rules=False, use_model=False)
    if sys.stderr.isatty():
        typer.echo(f"正在检查，每一步最多等 {settings.llm_timeout:.0f} 秒……", err=True)
    checks = checkup(settings, knowledge_dir(), prompts_dir(), lambda: _store(coach))
    if format_ is Format.JSON:
        done = list(checks)
        typer.echo(json.dumps(_data(done), ensure_ascii=False, indent=2))
    else:
        done = list(_printed(checks))
        typer.echo(_summary(done))
    return _SERVICE_FAILED if any(check.status == "failed" for check in done) else 0


def _store(coach: Coach) -> Check:
    """Opens the index, builds it where it isn't there yet, and looks something up in it."""
    from coach.llm.doctor import Check

    built = (coach.index / "manifest.json").is_file()
    try:
        coach.search("铃响几声接电话", 1)
    except ServiceError as error:
        return Check("知识库", "failed", f"{error.what}（{error.where}）", error.hint)
    clauses = f"{len(coach.knowledge.clauses)} 条条款"
    if not coach.retriever.has_vectors:
        return Check("知识库", "warning", f"{clauses}，只能按词查找", "换个说法多查几次")
    return Check("知识库", "ok", f"{clauses}，索引{'能用' if built else '刚建好'}")


def _printed(checks: Iterable[Check]) -> Iterator[Check]:
    """`checks`, each printed when it is done; those skipped for one reason stand on one line."""
    for (status, text), group in groupby(checks, key=lambda check: (check.status, check.text)):
        if status == "skipped":
            several = list(group)
            typer.echo(f"{_MARKS[status]} {'、'.join(check.name for check in several)}：{text}，没有检查")
            yield from several
            continue
        for check in group:
            typer.echo(f"{_MARKS[status]} {check.name.ljust(_NAME_WIDTH, '　')}　{check.text}")
            if check.hint:
                typer.echo(f"  {'　' * _NAME_WIDTH}　→ {check.hint}")
            yield check


def _summary(checks: Iterable[Check]) -> str:
    counts = Counter(check.status for check in checks)
    if counts["failed"]:
        return f"有 {counts['failed']} 处要修；修好之前，用不了的由内置教练代替。"
    return f"能用，有 {counts['warning']} 处要留意。" if counts["warning"] else "一切正常。"


def _data(checks: list[Check]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "checks": [
            {"name": check.name, "status": check.status, "text": check.text, "hint": check.hint} for check in checks
        ],
    }
