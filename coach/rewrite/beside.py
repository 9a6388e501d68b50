"""How a model's rewrite stands beside one known to be right: what it leaves standing, leaves open or leaves out. Reasons in Chinese; pure."""

from __future__ import annotations

from collections import Counter

import regex

from coach.facts import extract
from coach.knowledge import SLOT
from coach.rewrite.kept import similar
from coach.text import normalise

__all__ = ["falls_behind"]

_MARKS = ",。!?;:、~ "
_COURTESY = regex.compile(r"抱歉|对不起|不好意思|理解|久等|操心|烦心|添麻烦|着急|难受|节哀|体谅")
_CARES = regex.compile(
    r"理解|烦心|操心|添(?:了)?(?:这么多)?(?:麻烦|不便)|带来|着急|难受|节哀|久等|等候|(?:非常|实在|真)抱歉|换了谁|生气|揪心"
)
"""What the right rewrite says to somebody in trouble, kept waiting or angry: some such words must be said."""
_COURTEOUS = regex.compile(rf"{_COURTESY.pattern}|感谢|谢谢|放心|没关系")
_OFFERS = regex.compile(
    r"[【?]|可以吗|好吗|我(?:再|先|来|去)?(?:帮|给|为)您|随时|感谢|谢谢|您好|记下|稍等|稍候|大约需要|再见"
)
_TOLD_BY_THE_LINE = frozenset({"原因", "情况", "进度", "说明"})
"""Slots for what the line tells, where it can be said: a model isn't to leave it open."""
_HAN = regex.compile(r"\p{Han}")
_LEFT = 4
_TOLD = 3
_COVERED = 0.34


def falls_behind(original: str, reference: str, candidate: str) -> tuple[str, ...]:
    """Why `candidate` is no match for `reference`, a verified rewrite of `original`.

    Args:
        original: The line as it was said.
        reference: A rewrite known to be right.
        candidate: What a model proposes.
    """
    own, right, said = (normalise(text.replace("你", "您")).text for text in (original, reference, candidate))
    reasons = [f"“{words}”原样留着，太生硬" for words in _clauses(said) if _is_left(words, own, right)]
    slots = _TOLD_BY_THE_LINE.intersection(SLOT.findall(candidate)) - set(SLOT.findall(reference))
    reasons += [f"原话说得出来，不该留空【{slot}】" for slot in sorted(slots)]
    reasons += [f"漏了“{words}”" for words in _clauses(right) if _is_told(words) and similar(words, said) < _COVERED]
    reasons += [f"“{fact}”说了两遍" for fact in _said_again(said, own, right)]
    if _CARES.search(right) and not _COURTEOUS.search(said):
        reasons.append("没有体谅，也没有致歉")
    return tuple(reasons)


def _clauses(text: str) -> list[str]:
    return [words for clause in normalise(text).clauses if (words := clause.text.strip(_MARKS))]


def _said_again(said: str, own: str, right: str) -> list[str]:
    """Facts that `said` states oftener than either other text does."""
    count = Counter(fact.value for fact in extract(said))
    most = Counter(fact.value for fact in extract(own)) | Counter(fact.value for fact in extract(right))
    return [fact.text for fact in extract(said) if count[fact.value] > max(1, most[fact.value])][:1]


def _is_left(words: str, own: str, right: str) -> bool:
    """Whether the clause is the original's, word for word, where the right rewrite says it otherwise or not at all."""
    return len(_HAN.findall(words)) >= _LEFT and words in own and words not in right


def _is_told(words: str) -> bool:
    """Whether a clause of the right rewrite tells something, and isn't courtesy or an offer."""
    return len(_HAN.findall(words)) >= _TOLD and not _OFFERS.search(words) and not _COURTESY.search(words)
