"""How a mended line takes up what the customer said: the opening that the adviser holds likeliest, where the line has none."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import regex

from coach.rewrite.advice import SaidLine
from coach.rewrite.answer import answer_of
from coach.rewrite.edit import filled
from coach.rewrite.faults import CHALLENGES
from coach.rewrite.load import Mends
from coach.rewrite.plan import Situation, one_of
from coach.text import normalise

__all__ = ["opened"]

_LIKELY = 0.8
_OPEN_YET = regex.compile(r"【依据】|会不会|能不能|是否|下定论")
"""What a line says that can't yet put anybody's mind at rest."""
_TAKEN = ("happened",)
"""Fields that an opening may take over."""
_HAN = regex.compile(r"\p{Han}")
_OPENS = regex.compile(
    r"(?:[^,。?!]{1,4}(?:先生|女士|小姐|总|老师|阿姨|大爷|师傅),)?"
    r"(?:您好|你好|好的?[,。]|(?:很|非常|实在|真的?很?)?(?:抱歉|对不[起住]|不好意思)|谢谢|感谢|让您|给您(?:添|带来|造成)|您(?:的心情|的想法|的担心|的顾虑|的感受|着急|先别|别|想[^,。]*我)|打扰"
    r"|(?:我|我们)(?:很|非常|完全|也)?(?:理解|明白|体会)|[^。?!]{1,12}我(?:很|完全|非常)?理解|请?您(?:请)?放心|没关系|没事|不要紧|不着急|不用担心|恭喜|欢迎|可以的|有的|是的|在的|对的|能的|当然|没问题|听到这|听您|发生这样|遇到这样|遇上这样|这件事让您|出现这样|这次没有让您|这段时间给您|这样确实|等了这么久|同样的话|明白了|收到|记下了)"
    r"|[^。?!]{0,24}(?:理解|体谅|同情|心疼|难免|确实|明白)"
)
"""How a line begins that opens already."""
_STATES = regex.compile(r"^(?!我(?:来|先|再|去|这就|马上)?[帮给为把]|请|麻烦|您看|您问|至于|关于|不过|目前了解)")
"""A line that tells something at once; before another `topic` would announce nothing."""
_AT_ONCE = frozenset({"accept", "trouble", "sorry"})
_CONFIRMS = regex.compile(r"(?:对|是|能|可以|行|有|要)的?[,。]")
"""A line whose first word answers: nothing goes before that but a word that answers as well."""
_SAID_AGAIN = 2
_ANOTHER_WAY = "您也可以"
"""What offers another way, and answers nothing."""


def opened(text: str, line: SaidLine, situation: Situation, openings: Mapping[str, float], mends: Mends) -> str | None:
    """`text` with the likeliest opening before it; None where it needs none, none fits, or none is likely enough.

    Args:
        text: The line mended.
        line: The line as it was said.
        situation: What stands around it.
        openings: How likely each kind of opening fits, most likely first.
        mends: The wordings.
    """
    kind = next(iter(openings), "none")
    told = normalise(text).text
    if kind not in mends.openings or openings[kind] < _LIKELY or _OPENS.match(told) or _jars(kind, told, situation):
        return None
    fields = {} if line.rules & CHALLENGES else _taken(situation, mends)
    said = (filled(one_of(option.words, situation) or "", fields) for option in mends.openings[kind])
    fitting = (
        words for words, option in zip(said, mends.openings[kind], strict=True) if option.fits(situation.previous, told)
    )
    words = next((words for words in fitting if words and "{" not in words), None)
    return None if words is None or normalise(words).text.strip(",。") in told else words + text


def _taken(situation: Situation, mends: Mends) -> dict[str, str]:
    """What the customer told that an opening may say back: no claim that the line disputes."""
    return {name: taken for name in _TAKEN if (taken := mends.fields[name].taken({"previous": situation.previous}))}


def _jars(kind: str, told: str, situation: Situation) -> bool:
    """Whether an opening of `kind` goes ill with what the mended line tells."""
    if kind in _AT_ONCE and _CONFIRMS.match(told):
        return True
    if kind == "sorry":
        return answer_of(told.replace(_ANOTHER_WAY, "")) == "yes"
    if kind == "topic":
        return not _STATES.match(told) or _takes_up(told, situation.previous)
    return kind == "reassure" and _OPEN_YET.search(told) is not None


def _takes_up(line: str, previous: str) -> bool:
    """Whether the first clause of `line` says words of the customer's again."""
    first = regex.split(r"[,。?!:]", line, maxsplit=1)[0]
    return sum(a + b in previous for a, b in pairwise(_HAN.findall(first))) >= _SAID_AGAIN
