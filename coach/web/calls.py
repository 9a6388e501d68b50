"""What the input part of the page holds, read as calls. Pure but for reading the uploaded file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import regex

from coach.critique import PlacedDismissal
from coach.errors import TranscriptError
from coach.transcripts import (
    MAX_BYTES,
    Direction,
    Speaker,
    Transcript,
    parse_text,
    read_transcripts,
    with_meta,
)

__all__ = ["DIRECTIONS", "HANGUPS", "Call", "CallInput", "example_files", "read_calls", "read_example"]

DIRECTIONS: dict[str, Direction | None] = {"未注明": None, "呼入": "inbound", "外呼": "outbound"}
HANGUPS: dict[str, Speaker | None] = {"未注明": None, "客户": "customer", "坐席": "agent"}

_PASTED = "粘贴的文本"
_MOST_EXAMPLES = 6
_MOST_RINGS = 99
_ROW = regex.compile(r"^\|\s*`([^`]+)`\s*\|\s*([^，。：|]+)", regex.MULTILINE)


@dataclass(frozen=True, slots=True)
class CallInput:
    """The fields as filled in.

    Attributes:
        text: What was pasted or typed.
        path: The uploaded file; None without one. A file goes before text.
        direction: A key of DIRECTIONS.
        rings: A whole number; blank where it isn't known.
        hangup: A key of HANGUPS.
        agent_label: The agent's label in the text; blank where it needs no telling.
    """

    text: str | None
    path: str | None
    direction: str | None
    rings: str | None
    hangup: str | None
    agent_label: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """One call, what to list it as, and what a reviewer dismissed in it."""

    title: str
    transcript: Transcript
    dismissals: tuple[PlacedDismissal, ...] = ()


def read_calls(given: CallInput) -> tuple[Call, ...]:
    """The calls in the file, or else in the text, with what the fields say about them.

    Raises:
        TranscriptError: Nothing in there can be read as a call.
    """
    label = (given.agent_label or "").strip() or None
    if given.path:
        name = Path(given.path).name
        calls = read_transcripts(_bytes(Path(given.path), name), name=name, agent_label=label)
    else:
        name = _PASTED
        calls = (parse_text(given.text or "", name=name, agent_label=label),)
    filled = [_with_fields(call, given) for call in calls]
    if len(filled) == 1:
        return (Call(name, filled[0]),)
    return tuple(Call(_title(number, call), call) for number, call in enumerate(filled, start=1))


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            most = MAX_BYTES // 1024 // 1024
            raise TranscriptError(f"文件超过 {most} MB 的上限", where=name, hint="请拆成几个小文件")
        return path.read_bytes()
    except OSError as error:
        raise TranscriptError("上传的文件读不出来", where=name, hint="请移除后重新上传") from error


def _with_fields(call: Transcript, given: CallInput) -> Transcript:
    return with_meta(
        call,
        direction=DIRECTIONS.get(given.direction or ""),
        rings=_rings(given.rings or ""),
        hangup=HANGUPS.get(given.hangup or ""),
    )


def _rings(written: str) -> int | None:
    """How often it rang; half- or full-width digits."""
    digits = written.strip()
    if not digits:
        return None
    if not digits.isdecimal() or int(digits) > _MOST_RINGS:
        raise TranscriptError(f"不能是“{digits[:10]}”", where="铃响次数", hint="请填 0 到 99 的整数，不清楚就空着")
    return int(digits)


def _title(number: int, call: Transcript) -> str:
    first = " ".join(call.turns[0].text.split())
    return f"第 {number} 通：{first[:18]}{'…' if len(first) > 18 else ''}（{len(call.turns)} 行）"


def example_files(folder: Path) -> dict[str, Path]:
    """What the example calls in `folder` are called → their files, by file name; none where there is no such folder.

    An example is called by the first words of its row in the folder's README, else by its file's name.
    """
    if not folder.is_dir():
        return {}
    found = sorted(path for path in folder.iterdir() if path.suffix in {".txt", ".json"})
    readme = folder / "README.md"
    titles = dict(_ROW.findall(readme.read_text(encoding="utf-8"))) if readme.is_file() else {}
    return {titles.get(path.name, path.stem).strip(): path for path in found[:_MOST_EXAMPLES]}


def read_example(path: Path) -> str:
    """The text of an example; raises TranscriptError where it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TranscriptError("这个示例读不出来", where=path.name, hint="请换一个示例") from error
