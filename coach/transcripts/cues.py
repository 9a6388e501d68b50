"""The cues of subtitles, srt and vtt, with their times. What their text says, and who says it, is left to `subtitles`.

Read here and not by pysubs2 or webvtt-py: both pass over what they can't read without a word (cues with a slip in their
times, cues without a number, text after a blank line), and a call must not lose a line unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from coach.errors import TranscriptError
from coach.transcripts.decode import INVISIBLE
from coach.transcripts.labels import read_label, seconds

__all__ = ["Cue", "SubtitleForm", "looks_like_srt", "looks_like_vtt", "read_cues"]

SubtitleForm = Literal["srt", "vtt"]

_ARROW = "-->"
_SRT_TIME = r"\d+:\d{1,2}:\d{1,2}[,.]\d+"
_VTT_TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}\.\d{1,3}"
_TIMES = {
    "srt": regex.compile(rf"\s*({_SRT_TIME})\s*-->\s*({_SRT_TIME})(?!\d)"),
    "vtt": regex.compile(rf"\s*({_VTT_TIME})\s*-->\s*({_VTT_TIME})(?!\d)"),
}
_EXAMPLES = {"srt": "00:00:01,500 --> 00:00:04,000", "vtt": "00:01.500 --> 00:04.000"}
_OPENING_SRT = regex.compile(rf"\s*+(?:\d+[ \t]*\n)?[ \t]*{_SRT_TIME}[ \t]*-->")
_OPENING_VTT = regex.compile(r"\s*+WEBVTT(?:\s|$)")
_NOT_CUES = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue.

    Attributes:
        number: Its place in the file, from 1.
        start: Seconds from the start of the call.
        end: The same, not before `start`.
        text: Its lines, tags and all; may be blank.
    """

    number: int
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class _Times:
    """A line with a cue's times: its index, and the times in seconds."""

    index: int
    start: float
    end: float


def looks_like_vtt(text: str) -> bool:
    """Whether `text` opens as WebVTT does."""
    return _OPENING_VTT.match(text) is not None


def looks_like_srt(text: str) -> bool:
    """Whether `text` opens with a cue's times."""
    return _OPENING_SRT.match(text) is not None


def read_cues(text: str, form: SubtitleForm, *, name: str) -> list[Cue]:
    r"""The cues in `text`, whose line ends are `\n`, in the order of the file; at least one.

    Raises:
        TranscriptError: A line of times can't be read or runs backwards, text stands outside the cues, or there are no cues.
    """
    lines = text.rstrip(INVISIBLE).split("\n")
    blank = next((i for i, line in enumerate(lines) if line.strip(INVISIBLE)), 0)
    if form == "vtt" and not looks_like_vtt(text):
        hint = "第一行应是 WEBVTT；如果是 srt 字幕，请把文件名改成 .srt"
        raise TranscriptError("不是 vtt 字幕", where=f"{name} 第 {blank + 1} 行", hint=hint)
    times = [_read_times(i, lines[i], form, name) for i in range(len(lines)) if _ARROW in lines[i]]
    if not times:
        raise TranscriptError("字幕里没有时间", where=name, hint=f"每条字幕上面要有一行时间，例如 {_EXAMPLES[form]}")
    _refuse_stray_text(lines, blank, times[0].index, form, name)
    ends = [time.index for time in times[1:]] + [len(lines)]
    return [
        Cue(number, time.start, time.end, _text(lines[time.index + 1 : end], form, last=end == len(lines)))
        for number, (time, end) in enumerate(zip(times, ends, strict=True), start=1)
    ]


def _read_times(index: int, line: str, form: SubtitleForm, name: str) -> _Times:
    where = f"{name} 第 {index + 1} 行"
    match = _TIMES[form].match(line)
    start, end = (None, None) if match is None else (seconds(match[1]), seconds(match[2]))
    if start is None or end is None:
        written = " ".join(line[:60].split())
        raise TranscriptError(f"时间“{written}”读不懂", where=where, hint=f"时间写成 {_EXAMPLES[form]}")
    if end < start:
        raise TranscriptError("这条字幕的结束时间早于开始时间", where=where, hint="请核对，看看是不是填反了")
    return _Times(index, start, end)


def _refuse_stray_text(lines: Sequence[str], first: int, first_times: int, form: SubtitleForm, name: str) -> None:
    """Refuses text that belongs to no cue: before the first in srt, or in a block of its own in vtt."""
    if form == "srt":
        number = [line for line in lines[first:first_times] if line.strip(INVISIBLE)]
        stray = None if not number or (len(number) == 1 and number[0].strip(INVISIBLE).isdigit()) else first
    else:
        stray = next((block for block, size in _blocks(lines, first) if _is_stray(lines[block : block + size])), None)
    if stray is not None:
        raise TranscriptError(
            "这里的文字上面没有时间，不属于任何一条字幕",
            where=f"{name} 第 {stray + 1} 行",
            hint="一条字幕的文字紧跟在它的时间下面，中间不空行",
        )


def _blocks(lines: Sequence[str], first: int) -> Iterator[tuple[int, int]]:
    """Index and size of each block of lines, the header of the file left out."""
    begin = None
    header = True
    for i in range(first, len(lines) + 1):
        if i < len(lines) and lines[i]:
            begin = i if begin is None else begin
        elif begin is not None:
            if not header:
                yield begin, i - begin
            begin, header = None, False


def _is_stray(block: Sequence[str]) -> bool:
    if block[0].startswith(_NOT_CUES) or not any(line.strip(INVISIBLE) for line in block):
        return False
    if _ARROW in block[0]:
        return False
    return len(block) < 2 or _ARROW not in block[1] or read_label(block[0]) is not None


def _text(below: Sequence[str], form: SubtitleForm, *, last: bool) -> str:
    """The text in the lines down to the next line of times, or to the end of the file.

    In vtt it ends at the first empty line; in srt, at the number right above the next line of times.
    """
    end = len(below)
    if form == "vtt":
        end = next((i for i, line in enumerate(below) if not line), end)
    elif not last and below and below[-1].strip(INVISIBLE).isdigit():
        end -= 1
    return "\n".join(below[:end]).strip(INVISIBLE)
