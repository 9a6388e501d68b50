"""Calls as text, a labelled turn after another. Which lines open a turn is told by `heads`, who speaks by `speakers`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from coach.errors import TranscriptError
from coach.transcripts.heads import find_heads
from coach.transcripts.labels import LabelledLine, label_key, read_name, seconds, unescape
from coach.transcripts.meta import fill_meta
from coach.transcripts.model import Transcript, Turn
from coach.transcripts.speakers import assign_speakers, voices

__all__ = ["parse_plain"]

_HOW_TO_LABEL = "请在每轮开头写明“坐席：”或“客户：”"


@dataclass(slots=True)
class _Draft:
    """A turn being put together: where it begins, under which label, and its lines so far."""

    line: int
    head: LabelledLine
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def parse_plain(text: str, *, name: str, agent_label: str | None = None) -> Transcript:
    r"""The call in `text`, whose line ends are `\n`.

    A line without a label continues the turn before it. Text without any label is one turn of the agent's.

    Args:
        text: Not blank.
        name: The file, for messages.
        agent_label: The agent's label, where the user named it.

    Raises:
        TranscriptError: Text stands before the first label, nothing is said at all, a time is impossible, or
            `agent_label` isn't there.
    """
    lines = text.split("\n")
    heads = find_heads(lines, agent_label)
    if not any(heads):
        if agent_label is not None:
            assign_speakers((), name=name, agent_label=agent_label)
        return _unlabelled(lines, name)
    drafts, stray = _drafts(lines, heads, name)
    said = [draft for draft in drafts if draft.text.strip()]
    if not said:
        raise TranscriptError("只有说话人，没有说话内容", where=name, hint="请在冒号后面写上说的话")
    speakers, notes = assign_speakers(
        voices((draft.head, draft.text) for draft in said), name=name, agent_label=agent_label
    )
    turns = tuple(
        Turn(speakers[label_key(draft.head.label)], draft.text, *_times(draft.head, draft.line, name)) for draft in said
    )
    skipped = [draft.line for draft in drafts if not draft.text.strip()]
    return Transcript(turns, fill_meta(len(turns)), (*notes, *_skipped_note(skipped), *_stray_note(stray)))


def _unlabelled(lines: Sequence[str], name: str) -> Transcript:
    said = [line.strip("\ufeff\u200b").strip() for line in lines]
    said = [line for line in said if line]
    if not said:
        raise TranscriptError("没有通话内容", where=name, hint="请写上至少一句话，例如“坐席：您好”")
    notes = (f"没有说话人标签，{len(said)} 行合为坐席的一轮；如果是对话，{_HOW_TO_LABEL}",) if len(said) > 1 else ()
    return Transcript((Turn("agent", "\n".join(said)),), fill_meta(1), notes)


def _drafts(lines: Sequence[str], heads: Sequence[LabelledLine | None], name: str) -> tuple[list[_Draft], Counter[str]]:
    """The turns in order, and how often a continued line opens with something like a name."""
    drafts: list[_Draft] = []
    stray: Counter[str] = Counter()
    for number, (line, head) in enumerate(zip(lines, heads, strict=True), start=1):
        if head is not None:
            drafts.append(_Draft(number, head))
        said = unescape(line, opening=False) if head is None else unescape(head.text, opening=True)
        if said is None:
            continue
        if not drafts:
            raise TranscriptError(
                f"开头看不出是谁说的：“{_brief(said)}”", where=f"{name} 第 {number} 行", hint=_HOW_TO_LABEL
            )
        drafts[-1].lines.append(said)
        if head is None and (like := read_name(line)) is not None:
            stray[like.label] += 1
    return drafts, stray


def _times(head: LabelledLine, line: int, name: str) -> tuple[float | None, float | None]:
    start, end = (seconds(written) if written else None for written in (head.start, head.end))
    impossible = (head.start and start is None) or (head.end and end is None)
    if impossible or (start is not None and end is not None and end < start):
        written = f"{head.start}-{head.end}" if head.end else head.start
        raise TranscriptError(
            f"时间 [{_brief(written)}] 不对",
            where=f"{name} 第 {line} 行",
            hint="时间写成 [分:秒] 或 [时:分:秒]，结束不早于开始",
        )
    return start, end


def _skipped_note(lines: Sequence[int]) -> tuple[str, ...]:
    if not lines:
        return ()
    shown = "、".join(str(line) for line in lines[:5])
    return (f"第 {shown} 行{f'等 {len(lines)} 行' if len(lines) > 5 else ''}只有说话人、没有内容，已跳过",)


def _stray_note(stray: Counter[str]) -> tuple[str, ...]:
    again = [label for label, count in stray.most_common(3) if count > 1]
    if not again:
        return ()
    return (f"“{'：”“'.join(again)}：”没有当作说话人，算在上一轮里；如果是说话人，请改写为“坐席：”或“客户：”",)


def _brief(text: str) -> str:
    flat = " ".join(text[:40].split())
    return flat if len(text) <= 20 else f"{flat[:20]}…"
