"""Text of a call as HTML: always escaped, with findings highlighted in place or a change marked. Pure."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import regex

from coach.critique import SEVERITIES, Finding
from coach.knowledge import SLOT

__all__ = ["change", "escape", "highlighted", "with_slots"]

_TOKEN = regex.compile(r"【[^【】]{1,20}】|[A-Za-z0-9]+(?:[.:%-][A-Za-z0-9]+)*|\s+|.", regex.DOTALL)
_SHORTEST_KEPT = 2
_LEAST_IN_COMMON = 0.3

_KINDS = (*SEVERITIES, "dismissed")

_Place = tuple[tuple[int, int], int, str]
"""Where a finding is in a line, its number, and one of _KINDS."""

_Change = tuple[str, str, str]
"""What it is (equal, replace), the old words, the new words."""


def escape(text: str) -> str:
    """`text` as it reads, whatever it holds; line ends become breaks."""
    return html.escape(text).replace("\n", "<br>")


def with_slots(text: str) -> str:
    """`text` escaped, each slot such as 【时限】 set apart."""
    out, end = [], 0
    for match in SLOT.finditer(text):
        out += [escape(text[end : match.start()]), f'<span class="ss-slot">{escape(match[0])}</span>']
        end = match.end()
    return "".join([*out, escape(text[end:])])


def highlighted(text: str, findings: Sequence[Finding]) -> str:
    """`text` with the places of its findings marked, each part by its gravest finding; faintly where all are dismissed.

    The number of a finding stands behind the words (by style sheet: it is no part of the text). A finding about the
    whole line marks the line lightly.
    """
    places = [
        (span, number, "dismissed" if finding.dismissed else finding.severity)
        for number, finding in enumerate(findings, start=1)
        if finding.span
        for span in (finding.span, *finding.others)
        if 0 <= span[0] < span[1] <= len(text)
    ]
    cuts = sorted({0, len(text), *(edge for span, _, _ in places for edge in span)})
    return "".join(_part(text, start, end, places) for start, end in pairwise(cuts))


def _part(text: str, start: int, end: int, places: Sequence[_Place]) -> str:
    covering = [place for place in places if place[0][0] <= start and end <= place[0][1]]
    here = [place for place in covering if place[2] != "dismissed"] or covering
    if not here:
        return escape(text[start:end])
    exact = [place for place in here if place[0] != (0, len(text))]
    kind = min((place[2] for place in exact or here), key=_KINDS.index)
    ending = "、".join(dict.fromkeys(str(number) for span, number, _ in here if span[1] == end))
    number = f' data-n="{ending}"' if ending else ""
    light = "" if exact else " whole"
    return f'<mark class="{kind}{light}"{number}>{escape(text[start:end])}</mark>'


def change(old: str, new: str) -> str:
    """`new` beside `old`: what went in <del>, what came in <ins>; two lines with little in common stand whole."""
    out = []
    for kind, gone, come in _changes(old, new):
        if kind == "equal":
            out.append(escape(come))
            continue
        if gone:
            out.append(f"<del>{escape(gone)}</del>")
        if come:
            out.append(f"<ins>{with_slots(come)}</ins>")
    return "".join(out)


def _changes(old: str, new: str) -> list[_Change]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _LEAST_IN_COMMON:
        return [("replace", old, new)]
    return list(_joined(before, after, matcher))


def _joined(before: list[str], after: list[str], matcher: SequenceMatcher[str]) -> Iterator[_Change]:
    """Equal and changed stretches in turn; a scrap of equal text between two changes belongs to the change."""
    gone = come = ""
    codes = matcher.get_opcodes()
    for at, (tag, i1, i2, j1, j2) in enumerate(codes):
        between = 0 < at < len(codes) - 1
        if tag != "equal" or (between and _scrap(before[i1:i2])):
            gone += "".join(before[i1:i2])
            come += "".join(after[j1:j2])
            continue
        if gone or come:
            yield "replace", gone, come
        gone = come = ""
        yield "equal", "".join(before[i1:i2]), "".join(after[j1:j2])
    if gone or come:
        yield "replace", gone, come


def _scrap(tokens: list[str]) -> bool:
    return sum(bool(regex.search(r"[\p{L}\p{N}]", token)) for token in tokens) < _SHORTEST_KEPT
