"""What a line is for: asking to wait, putting through, asking something, taking leave. A rewrite keeps it; and nobody is turned round in it, nor is the customer's question asked back."""

from __future__ import annotations

import regex

from coach.rewrite.kept import similar
from coach.text import normalise

__all__ = ["asked_back", "lost_purposes", "other_actor", "turned_round"]

_PURPOSES = {
    "请客户等": r"稍(?:等|候)|等(?:一)?(?:下|会|等|我)|等候|(?:别|不要|先不)挂|在线上",
    "转接": r"转接|转到|转给|转过去|转一下|给您转|帮您转",
    "道别": r"再见|拜拜",
    "请客户说一遍": r"再(?:说|讲|报)一(?:遍|次|下)|重(?:复|说)一",
    "问客户": r"\?|请问|吗|(?:报|说|留|提供|告诉我)一下",
    "转告或回电": r"转告|留言|回(?:您)?(?:个)?电|给您(?:打|去)(?:个)?电话|回复您",
}
_ROUND = regex.compile(
    r"您[^,。?!我]{0,8}(?:帮|为|给|替)您|我[^,。?!您]{0,6}(?:帮|为|给|替)我(?!们)|您(?:来|去)?(?:核实|查询|处理|反映)(?:一下)?(?:后|再|,)?给您|请我|为我服务"
)
_ACTS = regex.compile(
    r"(?<![帮给为替跟和向对把被叫让])(?P<who>我|您)们?(?:可以|需要|先|再|就|自己|得|要|能|会|直接|这边|那边|也|还|都|来|去){0,4}(?P<does>\p{Han}{2})"
)
"""Who does what: the pronoun before a verb, by the two characters that follow."""
_ANYBODY = regex.compile(r"[帮给为替跟和]|[这那]|[的是说看想问听]")
"""Words that follow either pronoun: 我帮您, 您那边, 我想, 您说."""
_READS_BACK = regex.compile("您(?!好)|[对是]吗|是不是|是想|问的是")
_ASKED_BACK = 0.7
_A_QUESTION = 4
_OWN = 0.5


def _found(text: str) -> set[str]:
    flat = normalise(text).text
    return {name for name, pattern in _PURPOSES.items() if regex.search(pattern, flat)}


def lost_purposes(original: str, reference: str | None, candidate: str) -> tuple[str, ...]:
    """What `original` is for, as far as `reference` (a rewrite known to be right) keeps it too, and `candidate` doesn't."""
    wanted = _found(original) & (_found(reference) if reference else _found(original))
    return tuple(sorted(wanted - _found(candidate)))


def turned_round(candidate: str) -> str:
    """Words in which who helps whom is the wrong way round; empty where there are none."""
    found = _ROUND.search(normalise(candidate).text)
    return found.group() if found else ""


def other_actor(original: str, reference: str | None, candidate: str) -> str:
    """Words of `candidate` that have the agent do what `original` has the customer do, or the other way; empty where there are none.

    What `reference` (a rewrite known to be right) has somebody do, he may do.
    """
    known = _acts(original) | _acts(reference or "")
    other = {"我": "您", "您": "我"}
    for who, does in sorted(_acts(candidate)):
        if (other[who], does) in known and (who, does) not in known:
            return who + does
    return ""


def asked_back(original: str, previous: str, candidate: str) -> str:
    """The sentence of `candidate` that puts the customer's own question (`previous`) to the customer; empty where there is none.

    Reading it back (您是想问…, …对吗) isn't that, nor is a question of the line's own.
    """
    theirs, own = normalise(previous).text, normalise(original).text
    for sentence in normalise(candidate).sentences:
        asked = sentence.text.strip()
        if not asked.endswith("?") or len(asked) < _A_QUESTION or _READS_BACK.search(asked):
            continue
        if similar(asked, theirs) >= _ASKED_BACK and similar(asked, own) < _OWN:
            return asked
    return ""


def _acts(text: str) -> set[tuple[str, str]]:
    flat = normalise(text).text.replace("你", "您")
    found = {(m["who"], m["does"]) for m in _ACTS.finditer(flat)}
    return {(who, does) for who, does in found if not _ANYBODY.match(does)}
