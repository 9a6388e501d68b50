"""Who a line of text says is speaking: labels, time stamps and the escape that keeps a line from being read as labelled.

Putting lines together into turns is left to `plain`; telling which unknown speaker is the agent, to `speakers`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import regex

__all__ = [
    "LabelKind",
    "LabelledLine",
    "escape",
    "label_key",
    "read_label",
    "read_name",
    "seconds",
    "stamp",
    "unescape",
]

LabelKind = Literal["agent", "customer", "letter", "unknown"]


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line that opens a turn.

    Attributes:
        label: As written: 坐席, 客服小王, 说话人 1.
        base: The label without its suffix: 客服.
        kind: Whose label it is; a letter's meaning depends on the letters beside it.
        text: What follows the label, as it stands.
        start: Time stamp as written; empty when there is none.
        end: End of the time range as written; empty when there is none.
    """

    label: str
    base: str
    kind: LabelKind
    text: str
    start: str = ""
    end: str = ""


_AGENT = (
    "客[户戶](?:经理|經理|代表|顾问|顧問|专员|專員)|[坐座]席|客服|话务员|話務員|接线员|接線員|顾问|顧問|我方|(?i:agent)"
)
_CUSTOMER = "客[户戶]|用[户戶]|[顾顧]客|[来來][电電][人者]|[对對]方|(?i:customer)"
_LETTER = "[ABCabcＡＢＣ]"
_UNKNOWN = r"(?:[说說][话話][人者]|[发發]言人|[讲講][话話]人|(?i:speaker|spk))[ _#\-]{0,2}[0-9０-９A-Za-z一二三四五六七八九十]{0,3}"

# A suffix is a number, a letter or a name; 客服电话, 客户姓名 and 用户名 are fields, not people.
_SURNAME = (
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔡"
    "贾賈丁魏薛叶葉阎潘杜戴夏钟鐘汪田姜范姚谭廖邹熊陆陸郝孔崔康毛邱秦顾侯邵孟尹黎乔贺贺赖龚欧阳欧"
)
_NOT_A_NAME = (
    "周期|周末|周[一二三四五六日]|谢谢|高峰|高级|高清|程度|程序|许可|黄金|于是|于[今本]|马上|夏季|曾经|曾用|康复"
)
_SUFFIX = (
    r"[A-Za-z]?[0-9０-９]{1,4}号?|[A-Za-zＡ-Ｚ]|[一二三四五六七八九十甲乙丙丁]号?"
    r"|(?!Name|Type|Info|Date|Code|Tel|Note)[A-Z][a-z]{1,3}"
    r"|[小阿老]\p{Han}{1,2}|代表|专员|人员|主管"
    rf"|(?!{_NOT_A_NAME})[{_SURNAME}](?:\p{{Han}}{{1,2}}|\p{{Han}}?(?:先生|女士|小姐|经理|老师|师傅|主管)|[总姐哥工])"
    r"|[(（][\p{Han}A-Za-z0-9]{1,8}[)）]"
)
_FIELD = r"地址|时间|日期|姓名|电话|金额|备注|地点|内容|主题|原因|价格|套餐|答|问|注|例如|比如|如下|https?"

_WS = r"[ \t\u3000\u00a0]{0,8}"
_COLON = "[:：﹕︰]"
_TIME = rf"\d{{1,4}}{_COLON}\d{{2}}(?:{_COLON}\d{{2}})?(?:[.,]\d+)?"
_RANGE = rf"(?P<start>{_TIME})(?:{_WS}(?:-->|[-–—~～至到]){_WS}(?P<end>{_TIME}))?"
_STAMP = rf"(?:[\[【(（]{_WS}{_RANGE}{_WS}[\]】)）]|{_RANGE}(?=[ \t\u3000]|{_COLON}|$))"
_BOLD = r"(?(bold)(?:\*\*|__)?)"
_OPENING = (
    rf"(?:(?:[-*+>#•·]{{1,6}}[ \t]{{1,4}}|[(（]?\d{{1,5}}[)）.．、]{_WS}|\d{{1,5}}[ \t]{{1,4}})){{0,2}}"
    rf"(?:{_STAMP}{_WS})?(?P<bold>\*\*|__)?(?:{_STAMP}{_WS})?"
)
_CLOSING = rf"{_BOLD}{_WS}(?:(?:{_STAMP}{_WS})?{_COLON}{_BOLD}|{_STAMP}$)"
_WORD = rf"(?:(?P<agent>{_AGENT})|(?P<customer>{_CUSTOMER})){_WS}(?:{_SUFFIX})?|(?P<unknown>{_UNKNOWN})"
_LABEL = regex.compile(
    rf"{_OPENING}(?:(?P<label>{_WORD}|(?P<letter>{_LETTER})){_CLOSING}"
    rf"|[\[【]{_WS}(?P<label>{_WORD}){_WS}[\]】]{_BOLD}{_WS}{_COLON}?)"
)
_NAME = regex.compile(
    rf"{_OPENING}(?!(?:{_FIELD}){_WS}{_COLON})(?P<label>[\p{{Han}}A-Za-z][\p{{Han}}A-Za-z0-9·]{{0,7}}){_CLOSING}"
)

_LEADING = "\ufeff\u200b"
_ESCAPE = "\\"


def read_label(line: str) -> LabelledLine | None:
    """The label `line` opens with, or None."""
    body = _trim_left(line)
    match = _LABEL.match(body)
    if match is None:
        return None
    kinds: tuple[LabelKind, ...] = ("agent", "customer", "letter", "unknown")
    kind = next(kind for kind in kinds if match[kind] is not None)
    return _labelled(match, body, base=match[kind], kind=kind)


def read_name(line: str) -> LabelledLine | None:
    """The person's name, or any other short word, that `line` opens with before a colon; None if it doesn't."""
    body = _trim_left(line)
    match = _NAME.match(body)
    return None if match is None else _labelled(match, body, base=match["label"], kind="unknown")


def _labelled(match: regex.Match[str], body: str, *, base: str, kind: LabelKind) -> LabelledLine:
    return LabelledLine(
        label=match["label"].strip(),
        base=base,
        kind=kind,
        text=body[match.end() :],
        start=match["start"] or "",
        end=match["end"] or "",
    )


def _trim_left(line: str) -> str:
    trimmed = line.lstrip()
    while trimmed[:1] and trimmed[0] in _LEADING:
        trimmed = trimmed.lstrip(_LEADING).lstrip()
    return trimmed


def label_key(label: str) -> str:
    """What two spellings of one label share: 说话人 1 and 说话人１."""
    return regex.sub(r"[\s_#\-:*]", "", unicodedata.normalize("NFKC", label)).casefold()


def seconds(written: str) -> float | None:
    """Seconds in a stamp as written (`01:05`, `1:00:05.5`); None where minutes or seconds reach 60."""
    *high, low = (Decimal(part.replace(",", ".")) for part in regex.split(_COLON, written))
    if low >= 60 or (len(high) == 2 and high[1] >= 60):
        return None
    minutes = high[0] if len(high) == 1 else high[0] * 60 + high[1]
    return float(minutes * 60 + low)


def stamp(time: float) -> str:
    """`time` in seconds as `mm:ss` or `hh:mm:ss`, with as many decimals as it has."""
    minutes, low = divmod(Decimal(repr(time)), 60)
    hours, minutes = divmod(minutes, 60)
    whole, _, decimals = format(low, "f").partition(".")
    decimals = decimals.rstrip("0")
    tail = f"{int(minutes):02d}:{whole.zfill(2)}" + (f".{decimals}" if decimals else "")
    return f"{int(hours):02d}:{tail}" if hours else tail


def _changes_when_read(line: str, opening: bool) -> bool:
    """Whether reading `line` wouldn't give it back: blank, padded, or (but for a turn's first) like a label."""
    bare = line.lstrip(_ESCAPE)
    if not bare or _trim_left(bare) != bare or bare != bare.rstrip():
        return True
    return not opening and (read_label(bare) is not None or read_name(bare) is not None)


def escape(line: str, *, opening: bool) -> str:
    """`line` so that `unescape` gives it back exactly; only lines that need it get a leading backslash.

    Args:
        line: A line of a turn.
        opening: It is the turn's first, which follows the label.
    """
    return _ESCAPE + line if _changes_when_read(line, opening) else line


def unescape(line: str, *, opening: bool) -> str | None:
    """What a line of a turn says, without padding unless it is escaped; None when it is blank."""
    body = _trim_left(line)
    if body.startswith(_ESCAPE) and _changes_when_read(body[1:], opening):
        return body[1:]
    return body.rstrip() or None
