"""Finds the name before a title: 〔张〕先生, 〔王小明〕女士, 〔李〕总. The title stays; what looks alike and isn't is left alone."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from coach.privacy.words import ALL_COMPOUND, ALL_SURNAMES, NOT_A_PERSON, SURE_SURNAMES, VERBS, is_word

__all__ = ["TITLE", "titled"]

TITLE = (
    r"(?:(?P<polite>老?先生(?!产|态)|女士|小姐(?!姐)|老?太太(?!平)|夫人)"
    r"|(?:副总?|总|代|大)?(?:经理|主任|队长|店长|主管|院长|校长|部长|处长|科长|局长|所长|站长|厂长|班长|组长)"
    r"|总监|师傅|医生|大夫|老师|护士|教授|律师(?!事务所)|会计|工程师|设计师|书记|警官|教练|顾问|秘书|助理|专员|老板|同学|机长|护工"
    r"|阿姨|叔叔|大叔|大爷|大妈|大姐|大哥|奶奶|爷爷|伯伯|总(?=[,。!?、您你好说的那让在]|$)|(?:[工哥姐]|(?<!车)队)(?=[,。!?、您你说]|[今明后]天|[上下]午|[在来去到会正刚跟和帮那]|$))"
)
"""Regex source of a title, `polite` for the plainest ones."""
_TITLE = regex.compile(TITLE)
_LEAD = regex.compile(
    r"(?:^|[^\p{Han}]|您好|你好|好的|请问|先生|女士|本人|经理|师傅|老师"
    r"|[是叫找请给跟和对问让转为与系复诉知过烦谢姓位名的下到由被把替帮见而但可个呢吗吧啊哦嗯呀了说向查从陪约等])$"
)
_SURELY_LED = regex.compile(
    r"(?:一下|接通|转接|转给|麻烦|请问|您好|你好|谢谢|感谢|联系|通知|告诉|帮我|给我|给您|您换|我是|您是|这位|那位|周[一二三四五六日天])$"
)
"""Words after which a surname needs no look at the dictionary: 一下马老师 has no 下马 in it."""
_NEXT = regex.compile(r"[,。!?、:;]|您|你|好|的|吗|吧|在|$")
_NOT_GIVEN = frozenset("的了在是没个们位这那您你我他她跟给说就也还请问总哥姐不吗呢吧啊哦嗯让叫找把被帮到去和工部")
_TRADES = frozenset(
    {"仓管", "库管", "网管", "城管", "场管", "外包", "施工", "车工", "木工", "管工", "石工", "金工", "计工"}
)
"""Words that end, or with the title are, somebody's trade."""
_NICKNAME = frozenset("小老阿")
_COMPOUND = regex.compile(rf"(?:{ALL_COMPOUND})\p{{Han}}{{0,2}}$")
_NEAR = 4


def titled(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the names before a title in normalised `text`."""
    for match in _TITLE.finditer(text):
        if length := _length(text, match):
            yield match.start() - length, match.start()


def _length(text: str, title: regex.Match[str]) -> int:
    """How many characters before `title` are the name; 0 where they are none."""
    at = title.start()
    if compound := _COMPOUND.search(text, max(0, at - _NEAR), at):
        return len(compound.group())
    sure = at > 0 and text[at - 1] in SURE_SURNAMES
    for length in (3, 2):
        if _is_full(text, at, length, sure, title):
            return length
    return 1 if at and _is_surname(text, at, title) else 0


def _is_full(text: str, at: int, length: int, sure_before: bool, title: regex.Match[str]) -> bool:
    """Whether the `length` characters before `at` are a surname and a given name."""
    name = text[max(0, at - length) : at]
    if len(name) < length or name[0] not in ALL_SURNAMES or _NOT_GIVEN.intersection(name[1:]):
        return False
    if (
        name[0] == name[-1]
        or not regex.fullmatch(r"\p{Han}+", name)
        or NOT_A_PERSON.match(name)
        or NOT_A_PERSON.match(name[1:])
    ):
        return False
    if at > length and text[at - length - 1] == name[0]:
        return False
    led = _LEAD.search(text, max(0, at - length - _NEAR), at - length) is not None
    if name[0] in SURE_SURNAMES:
        return led or (length > len("张伟") and not sure_before)
    if sure_before or not led or name[0] in VERBS:
        return False
    return title["polite"] is not None or not is_word(name)


def _is_surname(text: str, at: int, title: regex.Match[str]) -> bool:
    """Whether the character before `at` is a surname by itself."""
    name = text[at - 1]
    if name not in ALL_SURNAMES:
        return False
    before = text[at - 2 : at - 1] if at > 1 else ""
    sure = name in SURE_SURNAMES
    if name + title.group() in _TRADES:
        return False
    led = _SURELY_LED.search(text, max(0, at - 1 - _NEAR), at - 1) if sure else None
    if before and led is None and before not in _NICKNAME and (before + name in _TRADES or is_word(before + name)):
        return False
    if name in VERBS:
        lead = _LEAD.search(text, max(0, at - 1 - _NEAR), at - 1)
        return lead is not None and _NEXT.match(text, title.end()) is not None
    return True
