"""A bare answer put into the question it answers: 签证要办几天 + 七个工作日 → 签证要办七个工作日."""

from __future__ import annotations

import regex

from coach.facts import extract
from coach.rewrite.topic import topic_of

__all__ = ["answered"]

_ASKS_FOR = regex.compile(
    r"(?:几|多少)(?:个|天|块|元|分|分钟|小时|年|月|点|号|级|层|次|趟|公斤|斤|平|米|兆|钱|张|份|件|岁|周|人|度|吨|方|公里)?(?:钱|工作日|小时|月|星期|月份|人|字)?"
    r"|多久|多长时间|什么时候|哪天|何时|多(?:大|远|宽|高|长|重|厚)"
)
_BARE = regex.compile(r"(?:大概|大约|差不多|一般|最快|最多|最少|至少|得|要|需要|是|就)?")
_LONGEST = 12
_ANSWER = regex.compile(r"^([^,。?!:]+)([,。].*)$", regex.DOTALL)


def answered(text: str, previous: str) -> str:
    """The normalised `text` with its first clause, where that is a bare figure, put into what the customer asked; empty where it isn't."""
    found = _ANSWER.match(text)
    topic = topic_of(previous)
    asked = list(_ASKS_FOR.finditer(topic))
    if not found or len(asked) != 1 or len(found[1]) > _LONGEST:
        return ""
    facts = extract(found[1])
    lead = _BARE.match(found[1])
    if not facts or lead is None or facts[0].span[0] != lead.end():
        return ""
    place = asked[0]
    return topic[: place.start()] + found[1][lead.end() :] + topic[place.end() :] + found[2]
