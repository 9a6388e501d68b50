"""Reading what a command is given: a file or standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from coach.errors import InputError
from coach.transcripts import MAX_BYTES, Transcript, decode, even_line_ends, read_transcripts

__all__ = ["STDIN", "read_calls", "read_input", "read_requests"]

STDIN = "-"


def read_input(file: str) -> tuple[bytes, str]:
    """The bytes of `file` (`-` is standard input) and a name for messages; raises InputError where it can't be read."""
    if file == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1), "标准输入"
    path = Path(file)
    try:
        if path.is_dir():
            raise InputError("这是一个文件夹", where=file, hint="请给出一个文件，或用 - 从标准输入读")
        with path.open("rb") as source:
            return source.read(MAX_BYTES + 1), path.name
    except FileNotFoundError as error:
        raise InputError("找不到这个文件", where=file, hint="请检查路径，或用 - 从标准输入读") from error
    except (OSError, ValueError) as error:
        raise InputError("读不了这个文件", where=file, hint="请检查权限") from error


def read_calls(file: str, agent: str | None) -> tuple[Transcript, ...]:
    """The calls in `file`, at least one."""
    data, name = read_input(file)
    return read_transcripts(data, name=name, agent_label=agent)


def read_requests(file: str) -> Iterator[tuple[int, str]]:
    """The 1-based line number and text of every request in a JSONL `file`, blank lines passed over."""
    data, name = read_input(file)
    for number, line in enumerate(even_line_ends(decode(data, name=name)).split("\n"), start=1):
        if line.strip():
            yield number, line
