"""Chinese numerals as numbers and digit strings. Pure functions over normalised text."""

from __future__ import annotations

import regex

__all__ = ["DIGIT_CHARS", "NUMERAL", "digits_of", "number_of"]

_DIGITS = {
    "零": 0, "〇": 0, "幺": 1, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "俩": 2, "仨": 3,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}

DIGIT_CHARS = "零〇幺一二两三四五六七八九"
"""Characters that spell one digit."""

NUMERAL = r"(?:\d+(?:,\d{3})*(?:\.\d+)?[万亿千百]?|[零〇一二两俩仨三四五六七八九十百千万亿]+(?:点[零一二三四五六七八九]+)?|半)"
"""Regex source of one number, in digits or in Chinese."""

_AGAIN = regex.compile(r"(?P<x>(?=.*[十百千万]).{2,}?)(?P=x)+")
"""One number said several times in a row: 五百 五百."""
_SPELLED = regex.compile(f"[0-9{DIGIT_CHARS}*]")


def digits_of(text: str) -> str:
    """Digits of `text` with Chinese digits turned into Arabic ones and everything else (but `*`) dropped."""
    return "".join(
        str(_DIGITS[char]) if char in _DIGITS else char
        for char in text
        if (char.isascii() and (char.isdigit() or char == "*")) or char in _DIGITS
    )


def number_of(text: str) -> float | None:
    """The number `text` spells, e.g. 1,200 → 1200, 两千四 → 2400, 三点五 → 3.5, 半 → 0.5, 五百五百 → 500; None if it spells none."""
    text = text.replace(",", "")
    if text == "半":
        return 0.5
    if again := _AGAIN.fullmatch(text):
        return number_of(again["x"])
    head, mark, tail = text.partition("点")
    if mark and tail and all(char in _DIGITS for char in tail):
        whole = number_of(head)
        return None if whole is None else whole + float("0." + digits_of(tail))
    if regex.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if mixed := regex.fullmatch(r"(\d+(?:\.\d+)?)([百千万亿])", text):
        return float(mixed[1]) * ({**_UNITS, **_BIG}[mixed[2]])
    if not text or any(char not in _DIGITS and char not in _UNITS and char not in _BIG for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return float(digits_of(text))
    return float(_spelled(text))


def _spelled(text: str) -> int:
    total, section, digit, unit = 0, 0, 0, 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            unit = 1 if char in "零〇" else unit
        elif char in _UNITS:
            unit = _UNITS[char]
            section += (digit or 1) * unit
            digit = 0
        else:
            total = (total + section + digit) * _BIG[char]
            section, digit, unit = 0, 0, _BIG[char]
    if digit and text[-2:-1] and text[-2] in {**_UNITS, **_BIG}:
        digit *= max(1, unit // 10)  # 两千四: the last digit counts in the next lower unit
    return total + section + digit
