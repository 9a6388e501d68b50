"""What is known about a call when its source says little: defaults for excerpts, and what the command line sets."""

from __future__ import annotations

from dataclasses import replace

from coach.errors import TranscriptError
from coach.transcripts.model import CallMeta, Direction, Speaker, Transcript

__all__ = ["fill_meta", "with_meta"]


def fill_meta(
    turns: int, known: CallMeta | None = None, *, excerpt: bool | None = None, from_start: bool | None = None
) -> CallMeta:
    """`known` with `excerpt` and `from_start` decided; None means the source doesn't say.

    One turn is an excerpt, and so is what doesn't begin at the start; an excerpt isn't from the start unless its source
    says so. Source: design.md, "Transcripts in".
    """
    if excerpt is None:
        excerpt = turns == 1 or from_start is False
    if from_start is None:
        from_start = not excerpt
    return replace(known or CallMeta(), excerpt=excerpt, from_start=from_start)


def with_meta(
    transcript: Transcript,
    *,
    direction: Direction | None = None,
    rings: int | None = None,
    hangup: Speaker | None = None,
    excerpt: bool | None = None,
) -> Transcript:
    """`transcript` with what the user sets; None leaves a field as it is.

    A call first declared an excerpt here isn't from the start; one declared whole is.

    Raises:
        TranscriptError: `rings` is negative.
    """
    if rings is not None and rings < 0:
        raise TranscriptError(f"响铃次数不能是 {rings}", where="--rings", hint="请给 0 或更大的整数")
    meta = transcript.meta
    if excerpt is not None and excerpt != meta.excerpt:
        meta = replace(meta, excerpt=excerpt, from_start=not excerpt)
    meta = replace(
        meta,
        direction=meta.direction if direction is None else direction,
        rings=meta.rings if rings is None else rings,
        hangup=meta.hangup if hangup is None else hangup,
    )
    return replace(transcript, meta=meta)
