"""Makes users' text harmless as data in a prompt: it can neither close its delimiters nor pose as a chat's own marks."""

from __future__ import annotations

import regex

__all__ = ["as_data", "visible"]

_INVISIBLE = regex.compile(r"[\p{Cf}\p{Co}\p{Cs}]|[\p{Cc}--\n\t]", regex.V1)
_MARKS = str.maketrans(
    {"<": "〈", ">": "〉", "＜": "〈", "＞": "〉", "`": "ˋ", "{": "｛", "}": "｝", "〖": "［", "〗": "］"}
)
_ROLE = regex.compile(r"(?im)^(\s*)(system|assistant|user|tool|developer|function|系统|助手|用户指令|开发者)(\s*)[:：]")
_RULER = regex.compile(r"(?m)^\s*(?:[=\-#*_~]{3,}|[=\-#*_~]+\s*(?:END|结束|BEGIN|开始)[^\n]*)\s*$", regex.IGNORECASE)


def as_data(text: str) -> str:
    """`text` with tags, braces, fences and rulers made inert, invisible characters gone and role heads quoted.

    Characters that a user may rightly have typed stay one for one (`<` becomes `〈`), so that a quote can be found again.
    """
    shown = visible(text).translate(_MARKS)
    shown = _ROLE.sub(lambda m: f"{m[1]}“{m[2]}”{m[3]}：", shown)
    return _RULER.sub("", shown)


def visible(text: str) -> str:
    """`text` without what can't be shown or stored: controls, marks of direction, halves of characters."""
    return _INVISIBLE.sub("", text)
