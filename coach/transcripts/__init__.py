"""Calls in and out: `read_transcripts` for files, `parse_text` for pasted text, `from_dict` for parsed JSON, `to_…` back.

Raises `coach.errors.TranscriptError` for whatever can't be read. Judging a call is left to `coach.critique`.
"""

from __future__ import annotations

from coach.transcripts.decode import FORMATS, decode, even_line_ends
from coach.transcripts.meta import with_meta
from coach.transcripts.model import CallMeta, Direction, Speaker, Transcript, Turn
from coach.transcripts.read import MAX_BYTES, parse_text, read_jsonl, read_transcripts, stream_transcripts
from coach.transcripts.structured import from_dict
from coach.transcripts.write import to_dict, to_json, to_text

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "CallMeta",
    "Direction",
    "Speaker",
    "Transcript",
    "Turn",
    "decode",
    "even_line_ends",
    "from_dict",
    "parse_text",
    "read_jsonl",
    "read_transcripts",
    "stream_transcripts",
    "to_dict",
    "to_json",
    "to_text",
    "with_meta",
]
