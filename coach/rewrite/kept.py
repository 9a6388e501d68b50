"""Whether a candidate keeps what the line states: its facts, and its clauses without a fault."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from coach.facts import Fact, extract, is_manner, same_fact
from coach.facts.numerals import NUMERAL
from coach.rewrite.faults import BY_SENTENCE, EXCUSED_ALL, Faults, overlaps
from coach.rewrite.load import Mends
from coach.text import normalise

__all__ = ["facts_kept", "invented", "parts_changed", "similar"]

_SIMILAR = 0.4
_PARTLY = 0.35
_SHORTEST = 4
_LONG_REST = 7
_DROPPABLE = frozenset(
    {"proxy.privacy-leak", "language.internal-jargon", "commitment.overpromise", "commitment.vague"}
    | {"language.service-taboo", "language.argue", "language.over-familiar", "language.impatient"}
)
"""Rules whose faulty words may themselves be a fact that has to go."""
_STATES = regex.compile(
    r"^(?!.*(?:不会|也不|就不|自己|怪|谁|怎么|难道|凭什么|没用|都是这个|不信|听我|听着))(?=.*(?:现在|可以|需要|要(?!求)|收|修|换|恢复|送|到账|退|补|在|是))"
)
"""Clauses that say something of their own beside the fault in their sentence."""
_LETTER = regex.compile(r"[\p{Han}\p{L}\d]")
_FILLER = regex.compile(
    rf"{NUMERAL}(?:多|来)?(?:个)?(?:分半|分钟?|秒钟?|小时)|去去就回|回到线上|听一段音乐|占用|时间|稍候|稍后|等待|等候|片刻|一会儿?|会儿|一下"
    r"|不要挂断|先别挂断?|别挂|挂断|挂机|电话|在线上?|麻烦|劳驾|耐心|大约|大概|左右|之内|以内|样子|马上|很快|就好|回来|不介意|愿意|方便"
    r"|可以|行不行|好不好|好吗|行吗|成吗|需要|现在|正在|这就|直接|转过去|转一下|转接|不好意思|持机|这会儿|相关部门|同事|有人|另有人员|另外|专门管?|受理|号码|试试|一个"
    r"|[,。?!;、那呃嗯啊请您你先我稍等候得让要吗呢吧哈了的看就给为帮把转接过不能好是在去]"
)
"""Words of asking to wait or of putting through, which a mend may say anew."""


def facts_kept(
    faults: Faults, candidate: str, customer: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Facts of the line kept, dropped because they were the fault, and lost; `customer` is what the customer said so far."""
    stated = extract(candidate)
    faulty = [span for f in faults.findings if f.rule in _DROPPABLE for span in faults.touched(f)]
    words = [
        span
        for f in faults.findings
        if f.rule in BY_SENTENCE or not faults.is_whole(f)
        for span in faults.touched(f, widen=False)
    ]
    given = [fact for text in customer for fact in extract(text)]
    kept, dropped, lost = [], [], []
    for fact in extract(faults.line):
        if any(same_fact(fact, other) for other in stated) or _stands(fact, candidate):
            kept.append(fact.text)
        elif (
            overlaps(fact.span, faulty)
            or (is_manner(fact) and overlaps(fact.span, faults.rude()))
            or (overlaps(fact.span, words) and any(same_fact(fact, other) for other in given))
        ):
            dropped.append(fact.text)
        else:
            lost.append(fact.text)
    return tuple(kept), tuple(dropped), tuple(lost)


def invented(candidate: str, said: Sequence[str]) -> list[Fact]:
    """Facts of the candidate that nothing `said` states."""
    known = [fact for text in said for fact in extract(text)]
    return [
        fact
        for fact in extract(candidate)
        if not any(same_fact(fact, other) for other in known) and not any(_stands(fact, text) for text in said)
    ]


def parts_changed(faults: Faults, candidate: str) -> bool:
    """Whether the candidate says too little of what stands in the line without a fault."""
    text = _without_facts(normalise(candidate).text)
    mends = faults.mends
    return any(_changed(part, text, _SIMILAR, mends) for part in _faultless(faults)) or any(
        _changed(part, text, _PARTLY, mends) for part in _beside(faults)
    )


def similar(part: str, text: str) -> float:
    """Share of the part's character pairs that stand in `text`."""
    chars = _LETTER.findall(part)
    pairs = {a + b for a, b in pairwise(chars)}
    flat = "".join(_LETTER.findall(text))
    return sum(pair in flat for pair in pairs) / len(pairs) if pairs else 1.0


def _changed(part: str, text: str, least: float, mends: Mends) -> bool:
    """Whether `text` says too little of `part`, either as it stands or with the last touches."""
    return all(similar(_without_facts(said), text) < least for said in (part, mends.polished(part)))


def _faultless(faults: Faults) -> list[str]:
    """Clauses that no finding touches, and that say more than “please wait” or “I'll put you through”.

    A finding about the whole line touches none; some rules touch the sentence their words stand in.
    """
    turn = normalise(faults.line)
    spans = [span for f in faults.findings if f.span for span in faults.reach(f)]
    touched = [span for f in faults.findings if not faults.is_whole(f) for span in faults.touched(f, widen=False)]
    touched += faults.rude()
    waits = any(rule.startswith(("hold.", "transfer.")) for rule in faults.rules)
    whole = {f.rule for f in faults.findings if faults.is_whole(f)} & BY_SENTENCE
    anew = (EXCUSED_ALL - {"commitment.vague"}) & faults.rules
    parts = []
    for clause in turn.clauses:
        span = turn.span(clause.start, clause.end)
        excused = anew or not _STATES.search(clause.text)
        if whole or overlaps(span, touched) or (excused and overlaps(span, spans)):
            continue
        said = _FILLER.sub("", clause.text) if waits else clause.text
        if len(_LETTER.findall(said)) >= _SHORTEST:
            parts.append(clause.text)
    return parts


def _beside(faults: Faults) -> list[str]:
    """What a long clause without punctuation says beside its faulty words."""
    turn, touched = normalise(faults.line), faults.words()
    parts = []
    for clause in turn.clauses:
        start, end = turn.span(clause.start, clause.end)
        inside = [(s, e) for s, e in touched if s < end and start < e]
        rest = "".join(faults.line[i] for i in range(start, end) if not any(s <= i < e for s, e in inside))
        if inside and len(_LETTER.findall(_FILLER.sub("", rest))) >= _LONG_REST:
            parts.append(rest)
    return parts


def _without_facts(clause: str) -> str:
    """The clause without its facts, which are compared by value."""
    for fact in reversed(extract(clause)):
        clause = clause[: fact.span[0]] + clause[fact.span[1] :]
    return clause


def _stands(fact: Fact, text: str) -> bool:
    return normalise(fact.text).text in normalise(text).text
