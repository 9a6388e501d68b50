"""Times as tables write them: seconds, mm:ss, hh:mm:ss, Excel's own times and dates. Whose times they are is left to `tables`."""

from __future__ import annotations

import unicodedata
from datetime import datetime, time, timedelta

import regex

from coach.transcripts.labels import seconds

__all__ = ["read_time"]

_NUMBER = regex.compile(r"(\d{1,9}(?:\.\d+)?) ?(?:s|秒)?", regex.IGNORECASE)
_CLOCK = regex.compile(r"\d{1,4}:\d{1,2}(?::\d{1,2})?(?:[.,]\d+)?")
_DATED = regex.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T ]{1,3}(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d*)?)?Z?"
)
_EXCELS_FIRST_YEAR = 1900  # a length of time beyond a day comes as a date in it
_EXCELS_ZERO = datetime(1899, 12, 31)


def read_time(value: object) -> float | datetime | None:
    """Seconds, or the moment where the value has a date; None where it is blank.

    Raises:
        ValueError: `value` is no time.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return value if value.year > _EXCELS_FIRST_YEAR else _rounded((value - _EXCELS_ZERO).total_seconds())
    if isinstance(value, time):
        return _rounded(timedelta(hours=value.hour, minutes=value.minute).total_seconds() + _low(value))
    if isinstance(value, timedelta):
        return _rounded(value.total_seconds())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _rounded(float(value))
    if isinstance(value, str):
        return _written(unicodedata.normalize("NFKC", value).strip())
    raise ValueError(value)


def _low(value: time) -> float:
    return value.second + value.microsecond / 1_000_000


def _rounded(value: float) -> float:
    """`value` to the millisecond; Excel keeps times as fractions of a day, which are never exact."""
    return round(value, 3)


def _written(text: str) -> float | datetime:
    if (match := _NUMBER.fullmatch(text)) is not None:
        return float(match[1])
    if _CLOCK.fullmatch(text) is not None:
        value = seconds(text)
        if value is None:
            raise ValueError(text)
        return value
    match = _DATED.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    return datetime(year, month, day, hour, minute, second, int((match[7] or "").ljust(6, "0")))
