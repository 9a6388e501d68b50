"""Slots such as 【时限】 count as filled: a line is judged with words in their place, spans still those of the line as written."""

from __future__ import annotations

from functools import lru_cache

from coach.knowledge import SLOT
from coach.text import NormalisedText, normalise

__all__ = ["normalise_filled"]

_STAND_INS = {
    "时长": "一分钟",
    "时限": "今天下午六点",
    "时间": "今天下午六点",
    "日期": "明天",
    "部门": "业务受理部",
    "事项": "您说的情况",
    "依据": "合同条款",
    "单位": "市民服务中心",
    "姓名": "张明",
    "工号": "工号一零二三",
    "称呼": "王女士",
    "电话": "12345678",
}
_OTHER = "相应内容"


@lru_cache(maxsize=4096)
def normalise_filled(text: str) -> NormalisedText:
    """Normal form of `text` with a stand-in for every slot; each character of a stand-in leads back to its whole slot."""
    if "【" not in text:
        return normalise(text)
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for slot in SLOT.finditer(text):
        word = _STAND_INS.get(slot[1], _OTHER)
        pieces += [text[at : slot.start()], word]
        places += [(i, i + 1) for i in range(at, slot.start())]
        places += [slot.span()] * len(word)
        at = slot.end()
    pieces.append(text[at:])
    places += [(i, i + 1) for i in range(at, len(text))]
    turn = normalise("".join(pieces))
    starts = tuple(places[start][0] for start in turn.starts)
    ends = tuple(places[end - 1][1] for end in turn.ends)
    return NormalisedText(text, turn.text, starts, ends)
