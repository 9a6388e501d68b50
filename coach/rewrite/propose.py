"""What might be said instead of a line: fault by fault mended in several ways, each with and without an opening and a way on.

Nothing is decided here: what may be shown is left to the verifier, which of it reads best to the ranker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from coach.facts import extract
from coach.rewrite.answer import refuses
from coach.rewrite.answered import answered
from coach.rewrite.compose import composed
from coach.rewrite.faults import CHALLENGES, UNMANNERLY
from coach.rewrite.marks import punctuated
from coach.rewrite.opening import opened
from coach.rewrite.plan import Draft, Situation, mend
from coach.rewrite.verify import Verifier
from coach.text import normalise

__all__ = ["Proposal", "proposals"]

_MAX_TEXTS = 6
_MAX_STARTS = 16
_MAX_ROUNDS = 5
_MARKS = ",。!?;:、~ "
_WAY_ON = regex.compile(
    r"[?？【]|请|麻烦|[帮给为替]您|可以|随时|好的|没有问题|不要紧|安排|补|今天|明天|已经|不用|[退赔]"
)
_QUESTION = regex.compile(
    r"(?:\?|[吗呢么没]|多少\p{Han}{0,2}|什么|怎么\p{Han}{0,3}|哪\p{Han}{0,2}|几\p{Han}{0,2})[?。]?$"
)
"""A customer who asks plainly: words of anger end otherwise."""
_INSTRUCTS = regex.compile(
    r"(?:带|拿|凭|持|填|上传|打开|登录)(?!着?脾气)[^,。?!我]{1,12}?(?:[来去到](?:补|办|领|取|交|换|前台|柜台|窗口|店里|营业厅)|就(?:行|好|可以|能)|即可)"
)
"""What the customer is to do: that is the way on."""
_SORRY = regex.compile(r"^[^。]*(?:抱歉|对不起|添麻烦了|道歉|理解|等候|久等了)。")
_LEAD = regex.compile(r"目前了解到(?:的情况是)?[，：]")
_STANDS = 0.5
"""How likely a clause taken over may stand as it is."""
_BARE = 40
_NEXT = "接下来怎么处理，我帮您问清楚，【时限】内给您答复，您看可以吗？"
_CHECK = "您说的情况我再帮您核实一下，【时限】内给您答复，您看可以吗？"
"""What is offered after a bare fact: where the customer was blamed, and where he was only contradicted."""
_ANEW = ("hold.", "transfer.")
"""Beginnings of the ids of rules whose mend says the line anew."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text to say instead.

    Attributes:
        text: The text.
        tried: How many ways of mending were tried before the one it comes from.
        spare: Whether it only shows sympathy in less fitting words than one before: it stands in where that can't be said.
    """

    text: str
    tried: int
    spare: bool


def proposals(verifier: Verifier, situation: Situation) -> Iterator[Proposal]:
    """What might be said instead of the verifier's line, no two alike, the likeliest way of mending first."""
    seen: set[str] = set()
    unfelt: set[str] = set()
    for number, draft in enumerate(_drafts(verifier, situation)):
        apart = replace(draft, parts={role: said for role, said in draft.parts.items() if role != "empathy"})
        spare = (plain := apart.text(verifier.mends)) in unfelt
        unfelt.add(plain)
        for end in _ends(verifier, situation, draft):
            for base in (end, without(end, verifier.blunt(end), verifier.original)):
                for variant in _variants(verifier, situation, draft, base):
                    if variant not in seen:
                        seen.add(variant)
                        yield Proposal(variant, number, spare)


def _drafts(verifier: Verifier, situation: Situation) -> Iterator[Draft]:
    """The line mended; further drafts use, for one rule at a time, its next option; then what it tells, clause by clause."""
    queue: list[dict[str, int]] = [{}]
    starts: set[tuple[tuple[str, int], ...]] = set()
    texts: set[str] = set()
    while queue and len(texts) < _MAX_TEXTS and len(starts) < _MAX_STARTS:
        tried = queue.pop(0)
        if (start := tuple(sorted(tried.items()))) in starts:
            continue
        starts.add(start)
        draft = _mended(verifier, situation, punctuated(verifier.original), tried)
        if draft is None or draft.tried == tried:
            continue
        queue += _next_choices(tried, draft, verifier.mends.order)
        if (text := draft.text(verifier.mends)) not in texts:
            texts.add(text)
            yield draft
    rules = verifier.said.rules
    if rules & UNMANNERLY and not any(rule.startswith(_ANEW) for rule in rules):
        line = composed(verifier.said.text, verifier.advice, verifier.mends)
        draft = _mended(verifier, situation, line, {}) if line else None
        if draft and draft.text(verifier.mends) not in texts:
            yield draft


def _mended(verifier: Verifier, situation: Situation, line: str, tried: dict[str, int]) -> Draft | None:
    """`line` after as many rounds of mending as it needs, options before `tried` left out."""
    draft: Draft | None = None
    following: Draft | None = Draft(line, tried=tried)
    for _ in range(_MAX_ROUNDS):
        if following is None:
            break
        text = following.text(verifier.mends)
        faults = [f for f in verifier.findings(text) if f.severity != "info"]
        if not faults and following.tried == tried and line == punctuated(verifier.original):
            text = verifier.original  # the last touches hide what the line itself has
            faults = [f for f in verifier.findings(text) if f.severity != "info"]
        draft, following = following, mend(following, faults, text, situation, verifier.mends)
    return draft


def _ends(verifier: Verifier, situation: Situation, draft: Draft) -> Iterator[str]:
    """The draft's text, with its offer where that may be needed, and without."""
    text = _restored(draft.text(verifier.mends), verifier.original)
    if "offer" not in draft.parts:
        yield text
        return
    if not _settled(verifier, situation, draft):
        yield text
    bare = replace(draft, parts={role: said for role, said in draft.parts.items() if role != "offer"})
    yield _restored(bare.text(verifier.mends), verifier.original)
    yield text


def _variants(verifier: Verifier, situation: Situation, draft: Draft, base: str) -> Iterator[str]:
    """`base`, with a way on, its clauses softened or fewer of them, and each with an opening that fits."""
    ends = [base]
    bare = "offer" not in draft.parts and verifier.said.rules & CHALLENGES and _is_bare(base)
    if bare and not _asks_plainly(draft, situation):
        ends += [Draft(normalise(base).text, {"offer": offer}).text(verifier.mends) for offer in (_NEXT, _CHECK)]
    if verifier.said.rules & UNMANNERLY:
        ends += [shorter for text in ends for shorter in _loosened(verifier, text)]
    if put := answered(normalise(base).text, situation.previous):
        ends.append(Draft(put).text(verifier.mends))
    for text in ends:
        yield text
        yield from opened(text, situation, verifier.openings, verifier.mends)


def _loosened(verifier: Verifier, text: str) -> Iterator[str]:
    """`text` with the clauses it took over softened, without each that had better not stand so, and without its lead."""
    taken = {one.text.replace("你", "您"): one for one in verifier.advice}
    parts = [clause.text.strip(_MARKS) for clause in normalise(text).clauses]
    stiff = [taken[part] for part in parts if part in taken and taken[part].keep < _STANDS]
    soft = text
    for one in stiff:
        said = one.text.replace("你", "您")
        soft = soft.replace(said, verifier.mends.softened(said) or said)
    if soft != text:
        yield soft
    for one in stiff:
        if not extract(one.text):
            yield without(text, [one.text.replace("你", "您")], verifier.original)
    if (plain := _LEAD.sub("", text)) != text:
        yield plain


def _settled(verifier: Verifier, situation: Situation, draft: Draft) -> bool:
    """Whether a plain question is answered by what the line itself tells, or the customer knows what to do: no offer is needed."""
    if refuses(draft.line):
        return False
    told = normalise(verifier.original).text
    said = [clause.text.strip(_MARKS) for clause in normalise(draft.line).clauses if "您" not in clause.text]
    answers = any(words in told and extract(words) for words in said)
    return (answers and _asks_plainly(draft, situation)) or _INSTRUCTS.search(draft.line) is not None


def _asks_plainly(draft: Draft, situation: Situation) -> bool:
    """Whether the customer asks, and isn't upset."""
    return "empathy.missing" not in draft.tried and _QUESTION.search(situation.previous) is not None


def _is_bare(text: str) -> bool:
    told = _SORRY.sub("", text)
    return not _WAY_ON.search(told) and len(told) <= _BARE


def without(candidate: str, blunt: Sequence[str], line: str) -> str:
    """`candidate` without the blunt clauses it took over from `line`; a sentence that loses its last one still ends in its mark, and nothing begins with 至于."""
    turn, original = normalise(candidate), normalise(line.replace("你", "您")).text
    kept: list[str] = []
    for clause in turn.clauses:
        words = candidate[slice(*turn.span(clause.start, clause.end))]
        if (said := clause.text.strip(_MARKS)) not in blunt or said not in original:
            kept.append(words)
        elif kept and words[-1:] in "。？！?!" and kept[-1][-1:] in "，、；：,;:":
            kept[-1] = kept[-1][:-1] + "。"
    return "".join(kept).removeprefix("至于")


def _next_choices(tried: dict[str, int], draft: Draft, order: tuple[str, ...]) -> list[dict[str, int]]:
    """Where to start for the next candidates: for each rule mended, behind the option it used."""
    rank = {rule: i for i, rule in enumerate(order)}
    used = [rule for rule, i in draft.tried.items() if i > tried.get(rule, 0)]
    return [{**tried, rule: draft.tried[rule]} for rule in sorted(used, key=lambda rule: rank.get(rule, len(rank)))]


def _restored(candidate: str, original: str) -> str:
    """`candidate` with every sentence it shares with `original` put back as it was written there."""
    turn = normalise(original)
    wide = normalise(candidate)
    text = candidate
    for sentence in turn.sentences:
        at = wide.text.find(sentence.text)
        if at >= 0 and len(sentence.text) > 1:
            start, end = wide.span(at, at + len(sentence.text))
            written = original[slice(*turn.span(sentence.start, sentence.end))]
            if normalise(text[start:end]).text == sentence.text:
                text = text[:start] + written + text[end:]
                wide = normalise(text)
    return text
