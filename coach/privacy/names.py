"""Finds people's names: after a cue (我叫, 收件人), as an answer to who is calling, and before a title, which stays.

What `coach.facts` tells as a name is taken; the rest is patterns over its surnames. A name that is also a word (安装师傅, 周六)
is told by the dictionary of `coach.lexicon`.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from coach.facts import identifiers
from coach.facts.identifiers import COMMON_SURNAMES
from coach.privacy.model import Personal, occurrences
from coach.privacy.titles import TITLE, titled
from coach.privacy.words import ALL_COMPOUND, ALL_SURNAMES, NOT_A_PERSON, is_word
from coach.text import NormalisedText

__all__ = ["names"]

_SURNAME = rf"(?:{ALL_COMPOUND}|[{ALL_SURNAMES}])"
_TITLE = TITLE.replace("?P<polite>", "?:")
_FULL = rf"(?:{ALL_COMPOUND}|[{COMMON_SURNAMES}林周高马何孙余钟汪田夏孔康毛顾段雷钱于])(?!{_TITLE})\p{{Han}}{{1,2}}?"
_END = r"(?=$|[,。!?;:、~…\n *0-9(]|的(?:电话|手机|号|名|订单|单)|先生|女士|小姐|[吗吧呢啊呀哈])"
_PATTERNS = tuple(
    regex.compile(source)
    for source in (
        # 我姓王, 免贵姓欧阳, 姓孟。
        rf"(?<![百尊同复单什]|(?<!免)贵)姓(?P<name>{_SURNAME})(?<!姓和)(?!名|氏|什|谁)",
        # a name with a dot in it, after a cue
        r"(?:叫|姓名|名字|是|:)(?:是|叫|:)?(?P<name>[\p{Han}]{1,8}(?:[·•・][\p{Han}]{1,8})+)",
        rf"(?:姓名|收件人|收货人|联系人|户主|机主|投保人|被保险人):(?P<name>\p{{Han}}{{2,4}}){_END}",
        rf"(?:订座|订票|入住|报修|申请|经办|持卡|参保|委托|代办|签收|发件|寄件|收件|联系)人(?:姓名)?(?:是|叫|:)*(?P<name>{_FULL}){_END}",
        # 我是客服王芳, 客户经理孙磊
        rf"(?:客服|专员|经理|顾问|主管|助理|代表|坐席|店长)(?P<name>{_FULL})(?=$|[,。!?]|为您|工号|很高兴|给您)",
        # 您是张伟本人吗, 请问是李建国对吗, 我找王芳
        rf"(?:您是|请问是|(?:^|[,。!?])是|我找|找一下|帮我找)(?P<name>{_FULL})(?=本人|吗?[?!。]|对[吗吧]|吗|,(?:对|是)|$)",
        # 祝明远，祝先生
        rf"(?P<name>(?P<surname>{_SURNAME})\p{{Han}}{{1,2}}),?(?P=surname)(?=先生|女士|小姐|老师|经理)",
        # 张伟您好
        rf"(?:^|[,。!?:])(?P<name>{_FULL})(?=,?(?:您好|你好))",
        # 我是小王, 我叫老李
        rf"(?:我是|我叫|叫我|我就是|找|客服|坐席|顾问|经理|店长|专员|主管)(?P<name>[小老][{COMMON_SURNAMES}林周高马何孙])(?=$|[,。!?、]|就行|就好|吧)",
    )
)
_SPEAKER = r"(?:[\[(〔]?\d+[\])〕.、:]?)?(?:坐席|客服|话务员|顾问|我方|客户|用户|顾客|来电人|对方|说话人\d?|[ABab]|(?i:agent|customer)):"
_LABEL = regex.compile(rf"^{_SPEAKER}")
_ASKED = regex.compile(r"贵姓|怎么称呼|如何称呼|姓名|名字|叫什么|您是哪位|哪位(?:$|[?!。])|尊姓")
_REPLY = regex.compile(
    rf"(?:呃|嗯|哦|啊|那个|免贵|是|就|叫|我是|我叫|我姓|姓|[,。])*(?P<name>{_SURNAME}\p{{Han}}{{0,2}}?)(?=$|[,。!?]|先生|女士|[0-9*])"
)
_SPELLED = regex.compile(r"(?<=[,。、 ])(?P<name>\p{Han}{1,4}(?P<char>\p{Han}))(?=$|[,。!?、])")
_SPELLERS = frozenset(
    {"弓长", "立早", "耳东", "双木", "木子", "口天", "双口", "古月", "草头", "言午", "人可", "三横一竖", "走肖"}
)
_ALONE = frozenset("对好是在有没要行不嗯啊喂都来和单安全")
_FULL_LENGTH = 2


def names(turn: NormalisedText, question: str) -> list[Personal]:
    """Names in `turn`, spans of the original; `question` is what the line before asked."""
    text = turn.text
    spans = [*_cued(text, question), *_replied(text, question), *titled(text)]
    spans += _explained(text, spans)
    return [Personal("姓名", text[start:end], turn.span(start, end)) for start, end in dict.fromkeys(spans)]


def _cued(text: str, question: str) -> Iterator[tuple[int, int]]:
    for item in dict.fromkeys(identifiers(text, question)):
        if item.kind == "name" and not NOT_A_PERSON.match(item.text):
            yield from occurrences(item.text, text)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not NOT_A_PERSON.match(match["name"]):
                yield match.span("name")


def _replied(text: str, question: str) -> Iterator[tuple[int, int]]:
    """A bare name or surname that answers who is calling."""
    if not _ASKED.search(question):
        return
    label = _LABEL.match(text)
    match = _REPLY.match(text, label.end() if label else 0)
    if match is None or match["name"] in _ALONE or NOT_A_PERSON.match(match["name"]):
        return
    if match["name"][0] in COMMON_SURNAMES or not is_word(match["name"]):
        yield match.span("name")


def _explained(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """How a name is spelled, which tells it as well: 弓长张, 花蕾的蕾."""
    chars = {char for start, end in spans for char in text[start:end]}
    for match in _SPELLED.finditer(text):
        if match["char"] not in chars or match.span() in spans:
            continue
        how = match["name"][:-1]
        if (how.endswith("的") and match["char"] in how) or how in _SPELLERS:
            yield match.span("name")
