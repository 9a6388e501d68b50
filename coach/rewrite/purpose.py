"""What a line is for: asking to wait, putting through, asking something, taking leave. A rewrite keeps it; and nobody is turned round in it."""

from __future__ import annotations

import regex

from coach.text import normalise

__all__ = ["lost_purposes", "turned_round"]

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
