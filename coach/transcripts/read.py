"""A call from a file's bytes or from pasted text, whichever of the readable forms it is in. Opening files is left to callers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Literal

import regex

from coach.errors import TranscriptError
from coach.transcripts.cues import looks_like_srt, looks_like_vtt
from coach.transcripts.decode import READABLE, decode, decode_lines, even_line_ends
from coach.transcripts.documents import parse_docx
from coach.transcripts.model import Transcript
from coach.transcripts.packages import is_package, package_kind
from coach.transcripts.plain import parse_plain
from coach.transcripts.sheets import looks_like_csv, parse_csv, parse_xlsx
from coach.transcripts.structured import parse_json, parse_jsonl
from coach.transcripts.subtitles import parse_subtitles

__all__ = ["MAX_BYTES", "parse_text", "read_jsonl", "read_transcripts", "stream_transcripts"]

MAX_BYTES = 20 * 1024 * 1024

_Form = Literal["plain", "json", "jsonl", "csv", "srt", "vtt"]
_FORMS: dict[str, _Form] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".srt": "srt",
    ".vtt": "vtt",
}
_OFFICE = {".xlsx", ".xlsm", ".docx"}

_REFUSED_PACKAGE = regex.compile(r"\.(?:pptx?|pdf|zip)", regex.IGNORECASE)
_UNREADABLE = regex.compile(r"\.(?:xls|doc|pptx?|pdf|rtf|html?|ya?ml|zip|wav|mp3|m4a|amr|ogg)", regex.IGNORECASE)
_LIKE_JSON = regex.compile(r"\s*+(?:\{\s*+[\"}]|\[\s*+[{\"\]])")
_OBJECT_A_LINE = regex.compile(r"\s*+\{[^\n]*\}[ \t]*\n\s*+\{")


def read_transcripts(
    data: bytes, *, name: str, agent_label: str | None = None, max_bytes: int = MAX_BYTES
) -> tuple[Transcript, ...]:
    """The calls in a file; JSONL, tables and workbooks can hold several.

    Args:
        data: The file.
        name: Its name, for messages. An ending of .json, .jsonl, .csv, .tsv, .srt or .vtt fixes the form of text, else the
            content decides, as it does between Office files.
        agent_label: The agent's label, where the user named it; JSON says who speaks by itself.
        max_bytes: Largest file taken.

    Raises:
        TranscriptError: The file is too large, isn't text, or holds no call in a form that can be read.
    """
    return tuple(stream_transcripts(data, name=name, agent_label=agent_label, max_bytes=max_bytes))


def stream_transcripts(
    data: bytes, *, name: str, agent_label: str | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[Transcript]:
    """The calls in a file as `read_transcripts` gives them, each read, and its faults told, when it is asked for."""
    if len(data) > max_bytes:
        size, most = (f"{count / 1024 / 1024:.1f} MB" for count in (len(data), max_bytes))
        raise TranscriptError(f"文件有 {size}，超过 {most} 的上限", where=name, hint="请拆成几个小文件")
    ending = PurePath(name).suffix.lower()
    if is_package(data) and not _REFUSED_PACKAGE.fullmatch(ending):
        parse_package = {"xlsx": parse_xlsx, "docx": parse_docx}[package_kind(data, name=name)]
        yield from parse_package(data, name=name, agent_label=agent_label)
        return
    if ending in _OFFICE and data:
        what = f"内容不是 {ending[1:]} 格式，或者文件坏了"
        raise TranscriptError(what, where=name, hint="请用 Excel、WPS 或 Word 打开，另存一份再试")
    if _UNREADABLE.fullmatch(ending):
        raise TranscriptError(f"读不了 {ending} 文件", where=name, hint=f"{READABLE}；请把通话内容另存为其中一种")
    yield from _parse(decode(data, name=name), name=name, ending=ending, agent_label=agent_label)


def read_jsonl(lines: Iterable[bytes], *, name: str, agent_label: str | None = None) -> Iterator[Transcript]:
    """The calls in the `lines` of a JSONL file of any size, each read, and its faults told, when it is asked for.

    Raises:
        TranscriptError: A line isn't UTF-8, or holds no call in a form that can be read.
    """
    yield from _noted(parse_jsonl(decode_lines(lines, name=name), name=name), agent_label)


def parse_text(text: str, *, name: str = "粘贴的文本", agent_label: str | None = None) -> Transcript:
    """The one call in `text`, as text or as JSON.

    Raises:
        TranscriptError: It is blank, too long, several calls, or in no form that can be read.
    """
    if len(text) > MAX_BYTES:
        raise TranscriptError("文本太长", where=name, hint="请分成几段")
    text = even_line_ends(text.removeprefix("\ufeff"))
    calls = tuple(_parse(text, name=name, ending="", agent_label=agent_label))
    if len(calls) > 1:
        raise TranscriptError(f"里面有 {len(calls)} 通电话", where=name, hint="这里一次只看一通，请分开粘贴")
    return calls[0]


def _parse(text: str, *, name: str, ending: str, agent_label: str | None) -> Iterator[Transcript]:
    match _form(text, ending):
        case "json":
            yield from _noted((parse_json(text, name=name),), agent_label)
        case "jsonl":
            yield from _noted(parse_jsonl(text.split("\n"), name=name), agent_label)
        case "csv":
            yield from parse_csv(text, name=name, agent_label=agent_label)
        case "srt" | "vtt" as form:
            yield parse_subtitles(text, form, name=name, agent_label=agent_label)
        case "plain":
            yield parse_plain(text, name=name, agent_label=agent_label)


def _form(text: str, ending: str) -> _Form:
    if ending in _FORMS:
        return _FORMS[ending]
    if _LIKE_JSON.match(text) is not None:
        return "jsonl" if _OBJECT_A_LINE.match(text) is not None else "json"
    if looks_like_vtt(text):
        return "vtt"
    if looks_like_srt(text):
        return "srt"
    return "csv" if looks_like_csv(text) else "plain"


def _noted(calls: Iterable[Transcript], agent_label: str | None) -> Iterator[Transcript]:
    """`calls` from JSON, with a note that it says who speaks, where `agent_label` was named too."""
    notes = () if agent_label is None else ("JSON 里已写明谁在说话，--agent 没有用到",)
    for call in calls:
        yield replace(call, notes=(*call.notes, *notes)) if notes else call
