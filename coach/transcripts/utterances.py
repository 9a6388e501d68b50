"""Turns from what a source marks as said: a label, words, times. Finding those in a file is left to its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.transcripts.heads import find_heads
from coach.transcripts.labels import LabelledLine, label_key, stamp
from coach.transcripts.meta import fill_meta
from coach.transcripts.model import CallMeta, Transcript, Turn
from coach.transcripts.speakers import assign_speakers, voices

__all__ = ["Utterance", "heads_of", "to_transcript"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker says without a break.

    Attributes:
        head: Its label.
        text: What is said, not blank.
        start: Seconds from the start of the call; None where unknown.
        end: Seconds from the start of the call; None where unknown.
        place: Where it stands in the file, for notes: 第 5 行.
    """

    head: LabelledLine
    text: str
    start: float | None
    end: float | None
    place: str


def heads_of(labels: Sequence[str]) -> list[LabelledLine]:
    """What `labels`, all of one call and none of them blank, say about who speaks; unlike in text, each is a label."""
    bare = [label.strip().rstrip(":：").rstrip() or label for label in labels]
    heads = find_heads([f"{label}：" for label in bare])
    return [_whole(label, head) for label, head in zip(bare, heads, strict=True)]


def to_transcript(
    said: Sequence[Utterance],
    *,
    name: str,
    agent_label: str | None = None,
    known: CallMeta | None = None,
    notes: Sequence[str] = (),
) -> Transcript:
    """The call in which `said`, not empty, is said in this order.

    Args:
        said: All of it.
        name: The file, for messages.
        agent_label: The agent's label, where the user named it.
        known: What the source says about the call.
        notes: What the reader left out or took otherwise.

    Raises:
        TranscriptError: `agent_label` isn't there.
    """
    found = voices((one.head, one.text) for one in said)
    speakers, guesses = assign_speakers(found, name=name, agent_label=agent_label)
    turns = tuple(Turn(speakers[label_key(one.head.label)], one.text, one.start, one.end) for one in said)
    return Transcript(turns, fill_meta(len(turns), known), (*notes, *guesses, *_order_note(said)))


def _whole(label: str, head: LabelledLine | None) -> LabelledLine:
    """`head`, but for a part of `label` that was taken for text: 坐席:小王 is one label."""
    if head is None:
        return LabelledLine(label, label, "unknown", "")
    return replace(head, label=label) if head.text.strip() else head


def _order_note(said: Sequence[Utterance]) -> tuple[str, ...]:
    """A note where someone begins before whoever comes first in the file: the order of the file is kept."""
    latest: float | None = None
    early: list[Utterance] = []
    for one in said:
        if one.start is not None and latest is not None and one.start < latest:
            early.append(one)
        latest = one.start if latest is None or (one.start is not None and one.start > latest) else latest
    if not early:
        return ()
    others = f"，这样的共 {len(early)} 处" if len(early) > 1 else ""
    first = early[0]
    assert first.start is not None
    return (f"{first.place}的开始时间（{stamp(first.start)}）比前面的早{others}；顺序仍按文件，请核对",)
