"""What the customer gave and the agent must say back: as the customer wrote it, by the name he gave it."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from coach.facts import identifiers, said_back

__all__ = ["given"]

_LEADING = regex.compile(
    r"^.*(?:装在|改成|换成|搬到|就(?:在|我们厂)|我家?在|门牌号?|住址|地址|住在|住|寄到|送到|收货|的地方|就是|位于|寄往|寄我|要寄|那个)(?:是|在)?"
)
_CLOSING_WORD = regex.compile(r"[号室栋楼层幢](?!码)|大院|[东南西北前后](?:屋|房|户|院|侧)(?!的)")
_KINDS = {"phone": "电话", "order": "单号", "address": "地址", "name": "姓名"}
_CALLED = regex.compile(
    r"(?P<hit>(?:(?:身份证|社保卡?|病历|挂号|取件|取票|提货|送货|托运|行李|车架|发动机|设备|机器|客户|用户|会员|准考证|行程|合同|发票|保险|预约|登记"
    r"|单子?|保单|订单|运单|快递|工单|票|卡|学|户|房|车牌|账|工|座机|手机|电话)?(?:单号|编号|号码|单|号|码|尾号|尾数|后[三四五六]位))+)(?:是|为|叫|:|就是|我?报一?下)?$"
)
"""What a number is called, right before it."""
_PLACE = regex.compile(r"[号栋楼幢室层单]")
_FIRST_OF_PLACE = regex.compile(r"(?:改[到成]|换[到成]|寄[到往]|送到|搬到|地址[是在]?|住在?)(?P<hit>\p{Han}{2,10})$")
_REST_OF_CODE = regex.compile(
    r"(?:\[[^\]]{1,6}\]|[A-Za-z\d*]|转(?=[\d零一二三四五六七八九幺])[\d零一二三四五六七八九幺]{1,5}|、(?=\d{3}))+"
)
_FIRST_OF_CODE = regex.compile(r"(?<![A-Za-z])[A-Za-z]{1,4}(?:开头的?[, ]*)?[ \-]?$")
_ASKING = regex.compile(r"(?:是|报|说|给)?(?:多少|什么|一下|下)?(?:呢|呀|啊|吗)?[?。]?$")
_OTHER_NUMBER = regex.compile("单号|运单|订单|保单|卡号")
_DIGIT = regex.compile(r"[\d零一二三四五六七八九幺*]")


def given(line: str, previous: str, question: str) -> Iterable[str]:
    """What the customer just gave (`previous`, asked for by `question`) and the line doesn't say back, each with what it is called."""
    kinds: set[str] = set()
    for item in identifiers(previous, question):
        if not said_back(item, line):
            again = "" if item.kind == "address" else "和"
            name = _called(item.text, item.kind, previous, question)
            yield (again if item.kind in kinds else f"{name}是") + _as_given(item.text, previous)
            kinds.add(item.kind)


def _called(item: str, kind: str, previous: str, question: str) -> str:
    """What the customer, or else the agent who asked, called what was given; else what its kind is called."""
    if kind in ("phone", "order"):
        found = _written(item, previous)
        before = previous[: found[0]] if found else ""
        asked = _ASKING.sub("", question)
        name = _CALLED.search(before) or (None if before else _CALLED.search(asked))
        if name and name["hit"] not in ("号", "码", "单"):
            return name["hit"]
        if kind == "phone" and _OTHER_NUMBER.search(previous):
            return "号码"
    return _KINDS[kind]


def _written(item: str, previous: str) -> tuple[int, int] | None:
    """Where what was given stands, also with blanks or strokes in it, with the letters before it and what goes on behind it."""
    spaced = regex.search(r"[ \-]*".join(regex.escape(char) for char in item), previous)
    if spaced is None:
        return None
    start, end = spaced.span()
    first = None if item[0].isalpha() and item[0].isascii() else _FIRST_OF_CODE.search(previous[:start])
    rest = _REST_OF_CODE.match(previous, end)
    return (first.start() if first else start), (rest.end() if rest else end)


def _as_given(item: str, previous: str) -> str:
    """What was given, without the words that lead up to it, with what closes it: 号, 室, the rest of a code."""
    found = _written(item, previous) if _DIGIT.search(item) else None
    if found:
        place = _FIRST_OF_PLACE.search(previous[: found[0]]) if _PLACE.search(item) else None
        item = previous[place.start("hit") if place else found[0] : found[1]]
    after = _CLOSING_WORD.match(previous, previous.find(item) + len(item)) if item in previous else None
    return _LEADING.sub("", item) + (after[0] if after else "")
