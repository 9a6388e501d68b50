"""Numbers of published standards (GB 21455-2019, GB/T 19001-2016, ISO 9001:2015): codes that are nobody's. Patterns only."""

from __future__ import annotations

import regex

__all__ = ["standard_numbers"]

_SECTOR = (
    "AQ|BB|CECS|CJJ?|DL|FZ|GA|GY|HB|HG|HJ|JB|JC|JGJ|JR|JTG?|LD|LS|LY|MH|MT|MZ|NB|NY|QB|QC|QX|RB|SB|SH|SJ|SL|SN|SY|TB|TY|WB|WH|WS"
    "|XF|YB|YC|YD|YS|YY|YZ"
)
"""Ministries' letters; what a code without them means is left open, as orders begin with any letters."""
_BODIES = "ISO(?:/IEC|/TS|/TR)?|IEC|IEEE|ASTM|ANSI|DIN|JIS|EN|BS|UL|RFC"
_DATED = r" ?[-—–―:] ?(?:19|20)[0-9]{2}"
_NUMBER = r" ?[0-9]{1,5}(?:\.[0-9]{1,3})?"
_STANDARD = regex.compile(
    rf"(?<![A-Za-z0-9/@._-])(?:"
    rf"(?:GBZ?|GJB[Zz]?)(?:/[TZ]{_NUMBER}(?:{_DATED})?|{_NUMBER}{_DATED})"
    rf"|(?:{_SECTOR})(?:/[TZ]{_NUMBER}(?:{_DATED})?|{_NUMBER}{_DATED})"
    rf"|DB[1-9][0-9](?:/T)?{_NUMBER}{_DATED}|[TQ]/[A-Z]{{2,8}}{_NUMBER}S?{_DATED}"
    rf"|(?:{_BODIES})[ -]?[A-Z]?[0-9]{{1,5}}(?:[-.][0-9]{{1,3}})*{_DATED}"
    rf")(?![A-Za-z0-9]|-[A-Za-z0-9])"
)


def standard_numbers(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of the standards' numbers in normalised `text` that show by their year or their /T what they are."""
    return tuple(match.span() for match in _STANDARD.finditer(text))
