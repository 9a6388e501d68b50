"""What small models get wrong in a line that is otherwise close to what was said. Reasons in Chinese; pure."""

from __future__ import annotations

import regex

from coach.facts import extract, same_fact
from coach.rewrite.kept import similar
from coach.text import normalise

__all__ = ["misspoken"]

_NEGATED = regex.compile(r"(?:不(?!用|必|要紧|好意思|过|同|管|客气)|没(?!有?关系|问题|事))(?P<what>\p{Han}{2})")
_ASKS_FOR = regex.compile(
    r"(?:请您?|麻烦您?|需要您?|您先?)[^,。?!]{0,6}?(?:告诉我?|提供|报|留|发)[^,。?!]{0,6}?(?P<what>单号|订单号|卡号|地址|身份证|证件号|车牌|邮箱|账号)"
)
"""Asking for what nobody spoke of; a name and a telephone number one may always take down."""
_STAND_INS = regex.compile(r"[XxＸ×]{2,}|某某|\*{2,}(?!\d)|\.\.\.|……|\[[^\]x]*\]")
_SLOT_MISUSED = regex.compile(r"(?:时间是|安排您)【时限】内?|【时限】内(?:内|之内|的时间内)|【时长】内给您")
_TRANSLATED = regex.compile(
    r"抱歉(?:地)?(?:听到|得知)|听到您(?:遇到|反映)的|让我感到(?:很|非常)?抱歉|对此(?:我)?表示|给您带来的任何"
)
_PARTICLE = regex.compile(r"(?:[哈呗嘛哟嘞噻咯]|[了的]哦)(?=[,。!?~]|$)")
_WHEREABOUTS = regex.compile(r"不在座位|离开座位|开会|会议|出差|请假|外出|休假|休息|在忙|忙线|占线|下班|上课|手术")
"""Where a colleague is, or what he does: only as it was said."""
_HEDGES = regex.compile(r"好像|似乎|大概|大约|可能|也许|应该|估计|兴许|八成|没准|说不定|差不多|左右|吧(?=[,。!?]|$)")
_UNSURE = regex.compile(r"好像|似乎|大概|大约|可能|也许|估计|左右|预计|参考|目前了解|初步|一般")
"""What tells that a figure isn't sure."""
_MINE = 0.7
_OWN = 0.5
_SHORT = 4


def misspoken(original: str, reference: str | None, previous: str, candidate: str) -> tuple[str, ...]:
    """Why `candidate` can't be said in place of `original`.

    Args:
        original: The line as it was said.
        reference: A rewrite known to be right; None where there is none.
        previous: What the customer said last.
        candidate: What a model proposes.
    """
    flat, known = normalise(candidate).text, normalise(f"{original}\n{reference or ''}").text
    said = f"{known}\n{normalise(previous).text}"
    reasons = [f"“{words}”是客户的话，不是坐席的" for words in _customers_own(candidate, previous, known)]
    reasons += [
        f"原话没有“{m.group()}”这个意思"
        for m in _NEGATED.finditer(flat)
        if m["what"] in known and m.group() not in said
    ]
    reasons += [f"原话没有问客户要“{m['what']}”" for m in _ASKS_FOR.finditer(flat) if m["what"][-2:] not in known]
    reasons += [f"没有人说过“{where}”" for where in _WHEREABOUTS.findall(flat) if where not in said]
    reasons += [f"“{fact}”原话没有说定，改写说定了" for fact in _settled(original, flat)]
    for pattern in (_STAND_INS, _SLOT_MISUSED, _TRANSLATED):
        reasons += [f"“{m.group()}”不能这样说" for m in pattern.finditer(flat) if m.group() not in known]
    reasons += [f"“{m.group()}”这样的语气词不用" for m in _PARTICLE.finditer(flat)]
    return tuple(dict.fromkeys(reasons))


def _settled(original: str, candidate: str) -> list[str]:
    """Facts that `original` only guessed and `candidate` states with nothing that tells so."""
    if _UNSURE.search(candidate):
        return []
    clauses = [clause.text for clause in normalise(original).clauses]
    guessed = [fact for clause in clauses if _HEDGES.search(clause) for fact in extract(clause)]
    stated = extract(candidate)
    return [fact.text for fact in guessed if any(same_fact(fact, other) for other in stated)]


def _customers_own(candidate: str, previous: str, known: str) -> list[str]:
    """Clauses that say of oneself (我) what the customer said of himself."""
    if "我" not in previous:
        return []
    theirs = normalise(previous).text
    clauses = [clause.text.strip(",。!?;:、~ ") for clause in normalise(candidate).clauses]
    return [
        clause
        for clause in clauses
        if regex.search(r"我(?!们)", clause)
        and len(clause) >= _SHORT
        and similar(clause, theirs) >= _MINE
        and similar(clause, known) < _OWN
    ]
