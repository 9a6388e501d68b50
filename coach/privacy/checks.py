"""Which numbers can be what: check digits, dates inside identity numbers, area codes. Pure functions over ASCII digits."""

from __future__ import annotations

import regex

__all__ = ["is_card", "is_identity", "is_landline", "is_mobile", "is_service_line"]

_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LONG = regex.compile(rf"{_PROVINCE}[0-9]{{4}}(?:19|20)[0-9]{{2}}{_DATE}[0-9]{{3}}[0-9X]")
_OLD = regex.compile(rf"{_PROVINCE}[0-9]{{4}}[0-9]{{2}}{_DATE}[0-9]{{3}}")
_MOBILE = regex.compile(r"1[3-9][0-9]{9}")
_LANDLINE = regex.compile(r"(?:010|02[0-9])[1-9][0-9]{7}|0[3-9][0-9]{2}[1-9][0-9]{6,7}")
_SERVICE = regex.compile(r"(?:400|800)[0-9]{4,7}|9[56][0-9]{3,6}|1[0-2][0-9]{3,4}")
_CARD_LENGTHS = range(16, 20)
_CARD_STARTS = "34569"
_NINE = 9


def is_identity(digits: str) -> bool:
    """Whether `digits` is an 18-digit identity number with the right check digit, or a 15-digit one with a possible date."""
    if _OLD.fullmatch(digits):
        return True
    if not _LONG.fullmatch(digits):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True))
    return _CHECK[total % 11] == digits[17]


def is_card(digits: str) -> bool:
    """Whether `digits` is a bank card's number: its length, its first digit, and Luhn's check."""
    if len(digits) not in _CARD_LENGTHS or digits[0] not in _CARD_STARTS or not digits.isdecimal():
        return False
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + i % 2)
        total += value - _NINE if value > _NINE else value
    return total % 10 == 0


def is_mobile(digits: str) -> bool:
    """Whether `digits` is a mobile number of the mainland, without 86."""
    return _MOBILE.fullmatch(digits) is not None


def is_landline(digits: str) -> bool:
    """Whether `digits` is a landline with its area code."""
    return _LANDLINE.fullmatch(digits) is not None


def is_service_line(digits: str) -> bool:
    """Whether `digits` is a number anyone may call, such as 10086, 95588 or 400…: nobody's in particular."""
    return _SERVICE.fullmatch(digits) is not None
