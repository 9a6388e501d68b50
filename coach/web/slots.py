"""Slots such as 【时限】 filled by hand, and the filled line verified again. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.assistant import Coach
from coach.knowledge import SLOT
from coach.rewrite import Rewrite
from coach.transcripts import Transcript

__all__ = ["Filled", "fill", "missing", "objections"]

_ENDINGS = ("以内", "之内", "之前", "以前", "左右", "内", "前", "后")


@dataclass(frozen=True, slots=True)
class Filled:
    """A line with its slots filled.

    Attributes:
        text: The line.
        spans: Where the values stand in it.
    """

    text: str
    spans: tuple[tuple[int, int], ...]


def missing(slots: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """Slots without a value of their own; a value that holds a slot again is none."""
    return tuple(slot for slot in slots if not values.get(slot, "").strip() or SLOT.search(values[slot]))


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """`text` with every slot that `values` names filled."""
    out, spans, end, length = [], [], 0, 0
    for match in SLOT.finditer(text):
        value = _before(values.get(match[1], match[0]).strip(), text[match.end() :])
        out += [text[end : match.start()], value]
        length += match.start() - end
        spans.append((length, length + len(value)))
        length += len(value)
        end = match.end()
    return Filled("".join([*out, text[end:]]), tuple(spans))


def _before(value: str, following: str) -> str:
    """`value` without an ending that the words behind its slot say anyway: 三天内 before 内."""
    for ending in _ENDINGS:
        if following.startswith(ending) and value.endswith(ending) and value != ending:
            return value.removesuffix(ending)
    return value


def objections(coach: Coach, transcript: Transcript, rewrite: Rewrite, filled: Filled) -> tuple[str, ...]:
    """What the verifier says against the filled line; the agent may state what was filled in, but not promise anew."""
    given = [filled.text[start:end] for start, end in filled.spans]
    return coach.verify(transcript, rewrite.line, filled.text, given).reasons
