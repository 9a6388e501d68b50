"""A call as text, as plain data and as JSON, such that the readers give it back."""

from __future__ import annotations

import json

from coach.transcripts.labels import escape, stamp
from coach.transcripts.model import CallMeta, Transcript, Turn

__all__ = ["to_dict", "to_json", "to_text"]

_LABELS = {"agent": "坐席", "customer": "客户"}


def to_text(transcript: Transcript) -> str:
    r"""A labelled turn after another, each ended by `\n`, with time stamps where the start is known.

    Reading it gives back the turns exactly, apart from `\r` (becomes `\n`), blank turns and an end without a start. What
    is known about the call, notes and `line` have no place in text. A line inside a turn that would be read otherwise
    (blank, padded, or like a label) is marked by a leading backslash.
    """
    return "".join(f"{_opening(turn)}{_said(turn.text)}\n" for turn in transcript.turns)


def _opening(turn: Turn) -> str:
    label = f"{_LABELS[turn.speaker]}："
    if turn.start is None:
        return label
    end = "" if turn.end is None else f"-{stamp(turn.end)}"
    return f"[{stamp(turn.start)}{end}] {label}"


def _said(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(escape(line, opening=number == 0) for number, line in enumerate(lines))


def to_dict(transcript: Transcript) -> dict[str, object]:
    """The call in the shape the JSON reader takes; unknown fields are left out, and so are notes."""
    value: dict[str, object] = {
        "meta": _meta(transcript.meta),
        "turns": [
            _known(speaker=turn.speaker, text=turn.text, start=turn.start, end=turn.end) for turn in transcript.turns
        ],
    }
    return value if transcript.line is None else {**value, "line": transcript.line}


def _meta(meta: CallMeta) -> dict[str, object]:
    return _known(
        direction=meta.direction,
        rings=meta.rings,
        hangup=meta.hangup,
        started_at=None if meta.started_at is None else meta.started_at.isoformat(),
        excerpt=meta.excerpt,
        from_start=meta.from_start,
        scenario=meta.scenario,
    )


def _known(**fields: object) -> dict[str, object]:
    return {key: value for key, value in fields.items() if value is not None}


def to_json(transcript: Transcript) -> str:
    """`to_dict` on one line of JSON, Chinese not escaped: a JSON file, or a line of JSONL."""
    return json.dumps(to_dict(transcript), ensure_ascii=False)
