"""Last courtesies over a mended line: curt words that no rule names are said as a good agent says them. Data: knowledge/mends/courtesy.yaml.

What is kept is left to the caller, who asks the verifier.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import regex

from coach.rewrite.load import Mends
from coach.text import normalise

__all__ = ["courteous"]

_ECHO = regex.compile(
    r"(?:^|(?<=好的,)|(?<=。))(?P<said>\p{Han}{2,6}?)(?:啊|呀|哦|嘛|是吧|是吗)?[,?!](?!给您(?:带|添)|我)(?=[^,。?!]{3})"
)
"""A first clause so short that it may only say again what the customer said."""


def courteous(text: str, said: str, previous: str, mends: Mends, passes: Callable[[str], bool]) -> str:
    """`text` with every courtesy that `passes`; all at once where that does, else one after another.

    Args:
        text: A mended line.
        said: The line as the agent said it, normalised.
        previous: What the customer said just before, normalised.
        mends: The courtesies.
        passes: Whether a line may be shown.
    """
    steps: list[Callable[[str], str]] = [partial(_without_echo, said=said, previous=previous)]
    steps += [partial(touch.said, previous=previous) for touch in mends.courtesies]
    line = normalise(text).text
    whole = line
    for step in steps:
        whole = step(whole)
    if whole == line:
        return text
    if passes(whole):
        return whole
    for step in steps:
        if (better := step(line)) != line and passes(better):
            line = better
    return line


def _without_echo(line: str, said: str, previous: str) -> str:
    """`line` without a first clause that only says the customer's word again: 五个啊,补您五个."""
    found = _ECHO.search(line)
    if not found or found["said"] not in said or not _repeats(found["said"], previous):
        return line
    return line[: found.start()] + line[found.end() :]


def _repeats(words: str, previous: str) -> bool:
    pairs = [a + b for a, b in pairwise(words)] or [words]
    return all(pair in previous for pair in pairs)
