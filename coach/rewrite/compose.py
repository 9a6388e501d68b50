"""What a line tells the customer, clause by clause, and nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from coach.rewrite.advice import ClauseAdvice
from coach.rewrite.load import Mends
from coach.text import normalise

__all__ = ["composed"]

_MARKS = " ,。!?;:、~"
_GOES = 0.5
_HAN = regex.compile(r"\p{Han}")


def composed(line: str, advice: Sequence[ClauseAdvice], mends: Mends) -> str:
    """The clauses of the normalised `line` that tell something, softened; empty where none does, or nobody advises."""
    if not advice:
        return ""
    kept: list[str] = []
    for clause, advised in zip(normalise(line).clauses, advice, strict=True):
        said = clause.text.replace("你", "您")
        words, mark = said.rstrip(_MARKS), said[len(said.rstrip(_MARKS)) :][:1]
        soft = "" if advised.drop >= _GOES else mends.softened(words).strip(_MARKS)
        if _HAN.search(soft):
            kept.append(soft + ("。" if mark in "?!" and soft != words else mark or "。"))
        elif kept and mark in "。?!" and kept[-1][-1:] in ",、;:":
            kept[-1] = kept[-1][:-1] + "。"
    return "".join(kept)
