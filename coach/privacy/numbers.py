"""Finds personal numbers and codes: telephone, identity, bank card, plate, e-mail, order. Names and places are left to others.

A number is read from runs of digits, Arabic or spoken, that blanks, dashes or pauses part into groups. Each row of whole groups
is tried, the longest first; labels before it or in the question decide what the digits alone can't.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from coach.facts import digits_of, identifiers, standard_numbers
from coach.facts.numerals import DIGIT_CHARS
from coach.privacy.checks import is_card, is_identity, is_landline, is_mobile, is_service_line
from coach.privacy.labels import NOT_A_CODE, Label, is_amount, label_before
from coach.privacy.model import Kind, Personal, occurrences, spaced
from coach.text import NormalisedText

__all__ = ["CODE", "RUN", "number_value", "numbers"]

_D = f"[0-9{DIGIT_CHARS}]"
_GAP = r"[ \-‐–—,、.)]{0,2}"
_STEP = rf"(?:(?<=[0-9]){_GAP}(?=[0-9])|(?<=[{DIGIT_CHARS}]){_GAP}(?=[{DIGIT_CHARS}])|[ -]?)"
RUN = regex.compile(rf"(?<![*]){_D}(?:{_STEP}{_D}){{4,}}(?:{_GAP}[Xx叉](?![A-Za-z]))?(?![*])")
"""Digits, Arabic or spoken, with what may part them, in a normalised text."""

_GROUP = regex.compile(rf"[0-9]+|[{DIGIT_CHARS}]+|[Xx叉]")
_EMAIL = regex.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PLATE = regex.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·•・.\-]?"
    rf"(?=(?:[A-Za-z]*{_D}){{3}})(?:[A-HJ-NP-Za-hj-np-z]|{_D}){{4,5}}(?:[A-HJ-NP-Za-hj-np-z挂学警港澳领使]|{_D})(?![A-Za-z0-9])"
)
CODE = regex.compile(
    rf"(?<![A-Za-z0-9@._])(?:[A-Z]{{1,6}}|[a-z]{{1,3}})(?: (?={_D}{{6}}))?"
    rf"(?:-?{_D}|-?[A-Z](?![a-z])| (?={_D}{{3}}))+(?!{_D}|[A-Za-z@*])"
)
"""Codes of letters and digits, as orders and contracts have them."""

_CONTACT = regex.compile(r"(?:微信|QQ)(?:号?是|号|:|叫)+(?P<code>[A-Za-z0-9][A-Za-z0-9_-]{5,})")
_NEXT_WORD = regex.compile(r"[,、.]一$")
_IDENTITY_LENGTHS = (15, 18)
_CARD_SHORTEST, _ACCOUNT_SHORTEST = 12, 6
_CODE_SHORTEST, _CODE_DIGITS = 6, 4
_BARE_LONGEST = 12
_MOST_GROUPS = 8
_PAIR = 2
_PARTED = regex.compile(r"[0-9][,、.]")
_IN_NUMBER = regex.compile(rf"{_D}|[*]")
_LOCAL = regex.compile(r"[2-8][0-9]{6,7}")
_DAY = regex.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class _Row:
    """Whole groups of a run, in a row: their digits (X for 叉), their words, and where they stand in the text."""

    digits: str
    words: str
    groups: tuple[str, ...]
    start: int
    end: int


def number_value(words: str) -> str:
    """Canonical form of a number or code: Arabic digits and capital letters, without what parts them."""
    return "".join(
        char.upper() if char.isascii() and char.isalpha() else "X" if char == "叉" else digits_of(char).strip("*")
        for char in words
    )


def numbers(turn: NormalisedText, question: str) -> list[Personal]:
    """Personal numbers and codes in `turn`, surest first, spans of the original; `question` is what the line before asked."""
    view = spaced(turn)
    found = [*_marked(view), *_coded(view, question)]
    taken = [*(item.span for item in found), *standard_numbers(view.text)]
    for run in RUN.finditer(view.text):
        if not any(start < run.end() and run.start() < end for start, end in taken):
            found += _in_run(view.text, run, question)
    return [Personal(item.kind, item.value, view.span(*item.span)) for item in found] + list(_told(turn, question))


def _marked(view: NormalisedText) -> Iterator[Personal]:
    """What shows by its own marks what it is."""
    for match in _EMAIL.finditer(view.text):
        yield Personal("邮箱", match.group(), match.span())
    for match in _PLATE.finditer(view.text):
        yield Personal("车牌", match.group()[0] + number_value(match.group()[1:]) + match.group()[-1], match.span())
    for match in _CONTACT.finditer(view.text):
        yield Personal("编号", match["code"], match.span("code"))


def _coded(view: NormalisedText, question: str) -> Iterator[Personal]:
    """Codes of letters and digits."""
    published = standard_numbers(view.text)
    for match in CODE.finditer(view.text):
        if any(start < match.end() and match.start() < end for start, end in published):
            continue
        code = match.group()
        if " " in code and is_amount("", view.text, match.end()):
            code = code[: code.rindex(" ")]
        value = number_value(code)
        if sum(char.isdecimal() for char in value) < _CODE_DIGITS or len(value) < _CODE_SHORTEST:
            continue
        if NOT_A_CODE.fullmatch(code) or label_before(view.text[: match.start()], question) == "none":
            continue
        yield Personal("订单号", value, (match.start(), match.start() + len(code)))


def _in_run(text: str, run: regex.Match[str], question: str) -> Iterator[Personal]:
    groups = list(_GROUP.finditer(text, run.start(), run.end()))
    first = 0
    while first < len(groups):
        for last in _ends(first, len(groups)):
            row = _row(groups[first:last], text)
            if kind := _kind(row, text, question):
                yield Personal(kind, row.digits, (row.start, row.end))
                first = last
                break
        else:
            first += 1


def _ends(first: int, count: int) -> Iterator[int]:
    """Where a row that begins at group `first` of `count` may end, the longest first: the whole run, or a few groups."""
    if first == 0 and count > _MOST_GROUPS:
        yield count
    yield from range(min(count, first + _MOST_GROUPS), first, -1)


def _row(groups: Sequence[regex.Match[str]], text: str) -> _Row:
    words = tuple(match.group() for match in groups)
    digits = number_value("".join(words))
    start, end = groups[0].start(), groups[-1].end()
    if digits.startswith("86") and is_mobile(digits[2:]):
        digits = digits[2:]
        if words[0] != "86":
            start, words = start + 2, (words[0][2:], *words[1:])
        elif len(words) > 1:
            start, words = groups[1].start(), words[1:]
    if start and text[start - 1] == "(" and ")" in text[start:end]:
        start -= 1
    return _Row(digits, text[start:end], words, start, end)


def _kind(row: _Row, text: str, question: str) -> Kind | None:
    """What the digits of `row` are; None where they are nobody's."""
    whole = len(row.groups) == 1
    if is_identity(row.digits) and (whole or len(row.digits) == max(_IDENTITY_LENGTHS)):
        return "身份证"
    if is_amount(row.words, text, row.end):
        return None
    if is_card(row.digits) and _read_in_fours(row):
        return "银行卡"
    if is_mobile(row.digits) and _read_as_a_number(row):
        return "手机号"
    if is_landline(row.digits):
        return "电话"
    return _labelled(row, whole, label_before(text[: row.start], question))


def _read_as_a_number(row: _Row) -> bool:
    """Whether the digits stand in groups a telephone number may be read out in: a row of amounts isn't one."""
    lengths = [len(group) for group in row.groups]
    return len(lengths) == 1 or lengths[0] > _PAIR or max(lengths) <= _PAIR or not row.words.isascii()


def _read_in_fours(row: _Row) -> bool:
    """Whether the digits stand in one piece, in fours, or are spoken."""
    return len(set(map(len, row.groups[:-1]))) <= 1 or not row.words.isascii()


def _labelled(row: _Row, whole: bool, label: Label) -> Kind | None:
    """What a number is by what it is called, misread digits and all; a long one in one piece needs no label."""
    length = len(row.digits)
    if label == "identity" and length in _IDENTITY_LENGTHS:
        return "身份证"
    if label == "none" or "X" in row.digits or is_service_line(row.digits):
        return None
    if regex.search(r"[,、.]", row.words) and row.words.isascii():
        return None
    if label == "card" and length >= _CARD_SHORTEST:
        return "银行卡"
    if label == "account" and length >= _ACCOUNT_SHORTEST:
        return "编号"
    if label == "order" and length >= _ACCOUNT_SHORTEST:
        return "订单号"
    return "订单号" if whole and length > _BARE_LONGEST else None


def _told(turn: NormalisedText, question: str) -> Iterator[Personal]:
    """Telephone and order numbers that `coach.facts` tells by what they are called."""
    for item in dict.fromkeys(identifiers(turn.text, question)):
        if item.kind not in {"phone", "order"} or "*" in item.text:
            continue
        words = _NEXT_WORD.sub("", item.text)
        value = number_value(words)
        local = _LOCAL.fullmatch(value) is not None and not _DAY.fullmatch(value)
        if is_service_line(value) or (item.kind == "phone" and not (local and not _PARTED.search(words))):
            continue
        kind: Kind = "电话" if item.kind == "phone" else "订单号"
        for start, end in occurrences(words, turn.text):
            if not (_IN_NUMBER.match(turn.text, start - 1) if start else None) and not _IN_NUMBER.match(turn.text, end):
                yield Personal(kind, value, turn.span(start, end))
