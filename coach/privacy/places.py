"""Finds addresses. What `coach.facts` knows as one is taken and trimmed; chains of districts and flats by dashes are added."""

from __future__ import annotations

import regex

from coach.facts import identifiers
from coach.facts.numerals import DIGIT_CHARS
from coach.privacy.model import Personal, occurrences
from coach.text import NormalisedText

__all__ = ["places"]

_N = f"[0-9{DIGIT_CHARS}十百]"
_P = r"[\p{Han}--[我你您他她它们的了是在住从把给这那哪请帮寄搬离到去送改换比个各全每几些多邻收]]"
_UNIT = "(?:号楼|号院|号(?!线)|栋|幢|座|单元|室|楼|层|门|户|组|弄|库|仓|院|排)"
_AREA = "(?:自治区|自治州|开发区|高新区|新区|街道|省|(?<!城)市|(?<![社小地校园景片辖专灾郊市城])区|县|旗|(?<![城乡])镇|乡(?!镇)|(?<![农乡])村)"
_WAY = "(?:大道|大街|路|街|巷|胡同|弄|里|道)"
_HOME = "(?:小区|社区|花园|家园|公寓|大厦|广场|新村|新城|国际|中心|苑|府|庭|湾|城|里|居|园|郡|邸|轩|阁)"
_DASHED = rf"(?:[东南西北中]区|{_N}{{1,2}}期)?(?=[A-Za-z]?{_N}{{1,3}}[栋幢座号]?(?:楼)?-{_N})"
_OWN = regex.compile(
    # districts, and what follows of a way, a home
    rf"(?:{_P}{{1,7}}?{_AREA}){{2,6}}(?:{_P}{{1,8}}?{_WAY}(?:[东南西北中]段)?(?:(?={_N}+(?:弄|号(?!线)))|(?!\p{{Han}})))?(?:{_P}{{2,8}}?{_HOME}(?!{_N}*号?线))?"
    # a home, then a flat by dashes or a building by a letter
    rf"|{_P}{{1,8}}?{_HOME}{_DASHED}"
    rf"|{_P}{{1,8}}?(?:{_HOME}|路|街|大道){_N}{{0,4}}号?[A-Za-z](?:座|栋|幢|区)"
    # building, unit and flat by dashes alone
    r"|(?<![0-9A-Za-z./-]|码是?|号是?)[0-9]{1,2}-[0-9]{1,2}-(?!19|20)[0-9]{3,4}(?![0-9A-Za-z./-])",
    regex.V1,
)
_REST = regex.compile(
    rf"(?:{_N}{{1,4}}(?:{_UNIT}|-(?={_N}))|[A-Za-z](?:座|栋|幢|区)|院)*(?:{_N}{{3,4}}(?!{_N}|\p{{Han}}?[元块年]))?(?:室|户)?"
)
"""What an address goes on with: building, unit, floor, flat."""
_FIRST_NUMBER = regex.compile(rf".*?(?=[0-9]|(?<!月){_N}+{_UNIT}|[A-Za-z]|$)", regex.DOTALL)
_CUE = regex.compile(
    r".*(?:地址|住址|电话报|前台|一下|念一遍|收货|那个|这个|[是在的写到了叫为去往从给跟把住寄送改换收我您你他她们]|[^\p{Han}0-9A-Za-z])(?:成(?!都))?",
    regex.DOTALL,
)
_NUMBER_AT_END = regex.compile(rf"{_N}*$")
_WORDS_AT_END = regex.compile(rf"(?<={_UNIT}|[0-9]{{3}})\p{{Han}}{{2,8}}$")
_NOT_A_PLACE = regex.compile(
    rf"{_N}+(?:号|楼|层|排|组|门)|.*(?:[一二三四两]室[一二两零]|哪|[\]\[@/=_]).*|(?:隔壁|对面|同一?|你们|我们|[东南西北中])(?:小区|区).*|[^\p{{Han}}-]*"
    r"|(?:小区|街道|社区|线路|马路)\p{Han}*"
)
_BECAME = frozenset({"改成", "换成", "写成", "变成"})
_GAP = regex.compile(r"[,、 -]?")
_SHORTEST = 3


def places(turn: NormalisedText, question: str) -> list[Personal]:
    """Addresses in `turn`, in order, spans of the original; parts that stand side by side are one."""
    spans = [match.span() for match in _OWN.finditer(turn.text)]
    for item in dict.fromkeys(identifiers(turn.text, question)):
        if item.kind == "address":
            spans += occurrences(item.text, turn.text)
    trimmed = sorted(_trimmed(turn.text, start, end) for start, end in spans)
    joined: list[tuple[int, int]] = []
    for start, end in trimmed:
        if end - start < _SHORTEST or _NOT_A_PLACE.fullmatch(turn.text, start, end):
            continue
        if joined and _GAP.fullmatch(turn.text[joined[-1][1] : max(start, joined[-1][1])]):
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return [Personal("地址", turn.text[start:end], turn.span(start, end)) for start, end in joined]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with all of the flat, without the words that lead to the address and those that only follow it."""
    end = _whole(text, start, end)
    head = _FIRST_NUMBER.match(text, start, end)
    if head and (cue := _CUE.match(text, start, head.end())):
        start = cue.end()
    if text[start - 1 : start + 1] in _BECAME:
        start += 1
    return start, max(start, end)


def _whole(text: str, start: int, end: int) -> int:
    """Where the address ends: after its last unit or flat, whatever part of a number the span ended in."""
    number = _NUMBER_AT_END.search(text, start, end)
    base = number.start() if number else end
    if (rest := _REST.match(text, base)) and rest.end() > base:
        return rest.end()
    if end - base > 1:
        return end
    words = _WORDS_AT_END.search(text, start, base) if end > base else None
    return words.start() if words else base
