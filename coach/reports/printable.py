"""Text as XML formats can hold it: documents, sheets, JUnit."""

from __future__ import annotations

import regex

__all__ = ["printable"]

_UNPRINTABLE = regex.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold, and the control characters it can."""


def printable(text: str) -> str:
    r"""`text` with what XML can't hold shown as `\x1b`."""
    return _UNPRINTABLE.sub(lambda match: _escape(ord(match[0])), text)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
