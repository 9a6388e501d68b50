"""Reading what a command is given: a file or standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from coach.errors import InputError, TranscriptError
from coach.transcripts import (
    MAX_BYTES,
    Transcript,
    decode,
    even_line_ends,
    read_jsonl,
    read_transcripts,
    stream_transcripts,
)

__all__ = ["STDIN", "Calls", "open_calls", "read_calls", "read_input", "read_requests", "uri_of"]

STDIN = "-"


@dataclass(frozen=True)
class Calls:
    """The calls of one source, at least one, counted and found readable; memory holds only the one at hand.

    Attributes:
        count: How many there are.
        name: The source, for messages.
    """

    count: int
    name: str
    _read: Callable[[], Iterator[Transcript]]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Transcript]:
        return self._read()


def open_calls(file: str, agent: str | None) -> Calls:
    """The calls in `file`; a JSONL file may be of any size, what else there is of at most MAX_BYTES.

    Raises:
        InputError: It can't be opened, or a call in it can't be read.
    """
    if _is_large_jsonl(file):
        name = Path(file).name
        read = partial(_read_large, file, agent)
    else:
        data, name = read_input(file)
        read = partial(stream_transcripts, data, name=name, agent_label=agent)
    calls = read()
    first = next(calls)
    count = 1 + sum(1 for _ in calls)
    return Calls(count, name, read if count > 1 else partial(iter, (first,)))


def read_input(file: str) -> tuple[bytes, str]:
    """The bytes of `file` (`-` is standard input) and a name for messages; raises InputError where it can't be read."""
    if file == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1), "标准输入"
    with _opened(file) as source:
        return source.read(MAX_BYTES + 1), Path(file).name


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


def uri_of(file: str) -> str:
    """`file` as a URI reference: relative where it lies below the working directory."""
    if file == STDIN:
        return "stdin"
    path = Path(file)
    if path.is_absolute() and not path.is_relative_to(Path.cwd()):
        return path.as_uri()
    return quote((path.relative_to(Path.cwd()) if path.is_absolute() else path).as_posix())


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    path = Path(file)
    try:
        if path.is_dir():
            raise InputError("这是一个文件夹", where=file, hint="请给出一个文件，或用 - 从标准输入读")
        with path.open("rb") as source:
            yield source
    except FileNotFoundError as error:
        raise InputError("找不到这个文件", where=file, hint="请检查路径，或用 - 从标准输入读") from error
    except (OSError, ValueError) as error:
        raise InputError("读不了这个文件", where=file, hint="请检查权限") from error


def _is_large_jsonl(file: str) -> bool:
    path = Path(file)
    try:
        return path.suffix.lower() == ".jsonl" and path.is_file() and path.stat().st_size > MAX_BYTES
    except (OSError, ValueError):
        return False  # opening it says what is wrong


def _read_large(file: str, agent: str | None) -> Iterator[Transcript]:
    yield from read_jsonl(_lines(file), name=Path(file).name, agent_label=agent)


def _lines(file: str) -> Iterator[bytes]:
    number = 0
    with _opened(file) as source:
        while line := source.readline(MAX_BYTES + 1):
            number += 1
            if len(line) > MAX_BYTES:
                most = MAX_BYTES // 1024 // 1024
                where = f"{Path(file).name} 第 {number} 行"
                raise TranscriptError(f"这一行超过 {most} MB 的上限", where=where, hint="一行写一通电话")
            yield line
