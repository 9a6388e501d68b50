"""Calls as subtitles: who speaks is told by a label in the text, 坐席：…, or by a voice tag. Parting the cues is left to `cues`."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import regex

from coach.errors import TranscriptError
from coach.transcripts.cues import Cue, SubtitleForm, read_cues
from coach.transcripts.decode import INVISIBLE
from coach.transcripts.heads import find_heads
from coach.transcripts.labels import LabelledLine
from coach.transcripts.meta import fill_meta
from coach.transcripts.model import Transcript, Turn
from coach.transcripts.speakers import assign_speakers
from coach.transcripts.utterances import Utterance, heads_of, to_transcript

__all__ = ["parse_subtitles"]

_VOICE = regex.compile(r"<v(?:\.[^\s>]*)?[ \t\n]+([^>]+)>|</v>")
_TAGS = {
    "srt": regex.compile(r"</?(?:i|b|u|s|font)(?:\s[^>]*)?>|\{\\[^}]*\}", regex.IGNORECASE),
    "vtt": regex.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang)(?:[.\s][^>]*)?>|<(?:\d+:)?\d+:\d+\.\d+>"),
}
_HOW_TO_LABEL = "请在每轮开头写明“坐席：”或“客户：”"
_WIDE = "\u2e80"  # from here on, Chinese characters and marks, which have no blanks between them


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of a cue, or all that one voice tag spans: not blank; `voice` is the tag's name."""

    cue: Cue
    text: str
    voice: str | None = None


def parse_subtitles(text: str, form: SubtitleForm, *, name: str, agent_label: str | None = None) -> Transcript:
    r"""The call in `text`, whose line ends are `\n`. A cue without a label continues the turn before it.

    Raises:
        TranscriptError: Text stands before the first label, nothing is said, `agent_label` isn't there, or see
            `cues.read_cues`.
    """
    cues = read_cues(text, form, name=name)
    parts = [part for cue in cues for part in _parts(cue, form)]
    if not parts:
        raise TranscriptError("字幕里没有说话内容", where=name, hint="请在每条时间下面写上说的话")
    spoken = {part.cue.number for part in parts}
    notes = _skipped_note([cue.number for cue in cues if cue.number not in spoken], "没有文字")
    heads = _heads(parts, agent_label)
    if not any(heads):
        if agent_label is not None:
            assign_speakers((), name=name, agent_label=agent_label)
        return _unlabelled(parts, notes)
    if heads[0] is None:
        where = f"{name} 第 {parts[0].cue.number} 条字幕"
        raise TranscriptError(f"开头看不出是谁说的：“{parts[0].text[:20]}”", where=where, hint=_HOW_TO_LABEL)
    said, silent = _said(parts, heads)
    if not said:
        raise TranscriptError("只有说话人，没有说话内容", where=name, hint="请在冒号后面写上说的话")
    notes = (*notes, *_skipped_note(silent, "只有说话人、没有内容"))
    return to_transcript(said, name=name, agent_label=agent_label, notes=notes)


def _parts(cue: Cue, form: SubtitleForm) -> Iterator[_Part]:
    voice, done = None, 0
    for tag in _VOICE.finditer(cue.text):
        yield from _spoken(cue, cue.text[done : tag.start()], voice, form)
        voice, done = tag[1], tag.end()
    yield from _spoken(cue, cue.text[done:], voice, form)


def _spoken(cue: Cue, marked: str, voice: str | None, form: SubtitleForm) -> Iterator[_Part]:
    bare = _TAGS[form].sub("", marked)
    shown = html.unescape(bare) if form == "vtt" else bare
    lines = [line.strip(INVISIBLE) for line in shown.split("\n")]
    lines = [line for line in lines if line]
    name = " ".join(html.unescape(voice).strip(INVISIBLE).split()) if voice else ""
    if name and lines:
        yield _Part(cue, _unwrapped(lines), name)
    elif not name:
        yield from (_Part(cue, line) for line in lines)


def _heads(parts: Sequence[_Part], agent_label: str | None) -> list[LabelledLine | None]:
    """For each part the label that opens it, or None where it continues a turn; a voice tag is always a label."""
    voices = iter(heads_of([part.voice for part in parts if part.voice]))
    lines = [f"{part.voice}：" if part.voice else part.text for part in parts]
    found = find_heads(lines, agent_label)
    return [next(voices) if part.voice else head for part, head in zip(parts, found, strict=True)]


def _said(parts: Sequence[_Part], heads: Sequence[LabelledLine | None]) -> tuple[list[Utterance], list[int]]:
    """The turns, the first part opening one; and the numbers of cues that open one in which nothing is said.

    Where a cue holds several turns, only the first of them begins with it and only the last ends with it.
    """
    said, silent = [], []
    openings = [i for i, head in enumerate(heads) if head is not None]
    for first, after in pairwise([*openings, len(parts)]):
        head = heads[first]
        assert head is not None
        opening = parts[first]
        lines = [(opening.cue, opening.text if opening.voice else head.text.strip(INVISIBLE))]
        lines += [(part.cue, part.text) for part in parts[first + 1 : after]]
        text = _text((cue, line) for cue, line in lines if line)
        if not text:
            silent.append(opening.cue.number)
            continue
        begins = first == 0 or parts[first - 1].cue is not opening.cue
        ends = after == len(parts) or parts[after].cue is not parts[after - 1].cue
        start, end = opening.cue.start if begins else None, parts[after - 1].cue.end if ends else None
        said.append(Utterance(head, text, start, end, f"第 {opening.cue.number} 条字幕"))
    return said, silent


def _text(lines: Iterable[tuple[Cue, str]]) -> str:
    """What a turn says: a line a cue."""
    cues = groupby(lines, key=lambda item: item[0].number)
    return "\n".join(_unwrapped([line for _, line in group]) for _, group in cues)


def _unwrapped(lines: Sequence[str]) -> str:
    """The lines of one cue as one: they are cut to fit a screen, in the middle of words."""
    text = lines[0]
    for line in lines[1:]:
        text += line if text[-1] >= _WIDE and line[0] >= _WIDE else f" {line}"
    return text


def _unlabelled(parts: Sequence[_Part], notes: Sequence[str]) -> Transcript:
    text = _text((part.cue, part.text) for part in parts)
    turn = Turn("agent", text, parts[0].cue.start, parts[-1].cue.end)
    count = len({part.cue.number for part in parts})
    guess = (f"没有说话人标签，{count} 条字幕合为坐席的一轮；如果是对话，{_HOW_TO_LABEL}",) if count > 1 else ()
    return Transcript((turn,), fill_meta(1), (*notes, *guess))


def _skipped_note(cues: Sequence[int], what: str) -> tuple[str, ...]:
    if not cues:
        return ()
    shown = "、".join(str(number) for number in cues[:5])
    return (f"第 {shown} 条{f'等 {len(cues)} 条' if len(cues) > 5 else ''}字幕{what}，已跳过",)
