"""Whether a line says yes or no, and what it promises. Patterns over normalised text; used by the verifier only."""

from __future__ import annotations

from typing import Literal

import regex

from coach.text import normalise

__all__ = ["answer_of", "asked_about", "knows_not", "leaves_open", "promises_in", "refuses"]

_HOW = r"(?:几(?![乎十百千])|多久|多少|多长|怎么|如何|哪|什么)"
_QUESTION = regex.compile(
    r"[^,。?!;]*(?:可以吗|好吗|行吗|能吗|好不好|可不可以|行不行|能不能|是不是|有没有|对吗|对吧|是吗|可否|是否|吗\?|呢\?|哪种方便)[^,。?!;]*"
    rf"|(?:^|(?<=[,。?!;]))[^,。?!;]*(?:(?<!不)(?:能|可以|可)[^,。?!;]*{_HOW}|{_HOW}[^,。?!;]*(?<!不)(?:能|可以))[^,。?!;]*(?:\?|,(?=我|具体|目前|要|还|需|得|最终|由))"
)
_UNSETTLED = regex.compile(
    r"(?:不能|无法|不敢)(?:马上|立刻|现在)?(?:确定|肯定|保证)|不能(?:怪|怨|赖)|不能(?:一直|老|总|光|白)\p{Han}{0,2}(?:耗|等|占|陪|听|跟)|没法子?再?(?:伺候|陪|跟您|耗)|治不了病|掉不了肉|等不了|帮不上|急不了|少不了|免不了|亏不了|跑不了|错不了|差不了|丢不了|(?<!要|得)坏不了|受不了|用不了(?:多|太)|不行吗|不行的话|不满意"
    r"|(?<!现(?=在))(?P<x>\p{Han})不(?P=x)|(?P<y>\p{Han})(?P<z>\p{Han})不(?P=y)(?P=z)|暂停一下|不[^,。?!;]{1,5}不收"
    r"|谁(?:还|又)?(?:能|会|敢|可以)[^,。?!;]*|(?:要是|如果|万一|假如|要不是)[^,。?!;]{0,6}?(?:不\p{Han}{1,2}|没有|未能)"
)
_NO = regex.compile(
    r"不能|不可以|不可(?!能)|没办法|没法|无法|不行|办不了|办不到|不支持|不符合|不提供|不允许|不予|不给(?!您添)|没有(?:这|办法|货|房|号|名额|空位|位置|资格|权限)|没得办法|尚未|未能|[\p{Han}]不(?:了(?!解)|回来)|做不到|满足不了|不包|不含|不退|不换|不送|不修|不收|不开(?!门|窗|灯|机|盖|火|水|关|空调)|不在|不够|不足|不满|达不到|暂停|取消了"
)
_YES = regex.compile(
    r"(?<![不没])可以(?!吗|不)|(?<![不可才])能(?!不能|否|力|量)|没问题|行的|是的|对的|支持|符合|允许|包含|已经"
)
_PROMISES = {
    "赔偿": r"赔(?:偿|付|给|您|钱)|补偿",
    "退款": r"退款|退还|退费|退给您|全额退|退您",
    "免费": r"免费|免收|减免|免去|不收(?:您)?(?:费|钱)",
    "优惠": r"优惠|打折|赠送|送您|返现|抵扣",
    "保证": r"保证|肯定(?:能|会)|一定(?:能|会|帮|给|让)|绝对|百分之?百|包您|必须给您",
    "解决": r"(?:给|帮|为)您解决好|修好|办好(?=给)|恢复正常",
    "上门": r"上门",
    "更换": r"(?:给|帮|为)您(?:更换|换新|换一)",
}
_KNOWS_NOT = regex.compile(
    r"(?:^|(?<=[,。?!;~]))(?:这|那)?(?:个|件?事儿?|方面)?我?们?(?:这边|这儿|这里)?(?:也|可|真|还|暂时|是|都)*(?:不(?:太|大|是很)?(?:知道|清楚|晓得|了解)|没听说过?)(?:啊|呀|呢|的|哦|了)*(?:[,。!;~]|$)"
)
"""A clause that says no more than that the agent doesn't know."""
_LEFT_OPEN = regex.compile(
    r"不(?:太|大)?(?:知道|清楚|晓得|了解|掌握)|没听说|没有准确的信息|【|核实|(?:查|问|了解|确认|打听|看)(?:一下|看看|清楚|问|查)"
)
"""What says that the answer isn't known, or that it will be looked into."""
_TAKEN_UP = regex.compile(rf"(?<!现(?=在))(?P<a>\p{{Han}})不(?P=a)|是否|可否|有没有|{_HOW}")
_NEGATED = regex.compile(r"(?:不|没|无法|未|别|难|能否|是否)[^,。?!;]{0,4}$")


def answer_of(text: str) -> Literal["yes", "no"] | None:
    """Yes or no, whichever the line's statements say; no wins where both stand; None where neither does."""
    statements = _statements(text)
    if _NO.search(statements):
        return "no"
    return "yes" if _YES.search(statements) else None


def refuses(text: str) -> bool:
    """Whether the line's statements say no anywhere."""
    return _NO.search(_statements(text)) is not None


def knows_not(text: str) -> bool:
    """Whether a clause of the line says that the agent doesn't know."""
    return _KNOWS_NOT.search(normalise(text).text) is not None


def leaves_open(text: str) -> bool:
    """Whether the line says that the answer isn't known, or that it will be looked into."""
    return _LEFT_OPEN.search(normalise(text).text) is not None


def _statements(text: str) -> str:
    return _UNSETTLED.sub("", _QUESTION.sub("", normalise(text).text))


def asked_about(promise: str, text: str) -> bool:
    """Whether `text` speaks of what is promised only where it takes up a question (能不能退款, 几天退款), or asks one."""
    normal = normalise(text).text
    found = list(regex.finditer(_PROMISES[promise], normal))
    clauses = [c.text for c in normalise(text).clauses if regex.search(_PROMISES[promise], c.text)]
    return bool(found) and all(_TAKEN_UP.search(clause) for clause in clauses)


def promises_in(text: str) -> frozenset[str]:
    """Names of the things the line promises or speaks of giving: 赔偿, 退款, 免费, 优惠, 保证, 解决, 上门, 更换."""
    normal = normalise(text).text
    return frozenset(
        name
        for name, pattern in _PROMISES.items()
        if any(not _NEGATED.search(normal[: m.start()]) for m in regex.finditer(pattern, normal))
    )
