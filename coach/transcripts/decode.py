"""Bytes to text: byte-order marks, encodings, line ends, and a refusal of what isn't text. Meaning is left to the readers."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from coach.errors import TranscriptError

__all__ = ["FORMATS", "INVISIBLE", "READABLE", "decode", "decode_lines", "even_line_ends"]

FORMATS = "txt、json、jsonl、csv、xlsx、docx、srt、vtt"
READABLE = f"现在能读的格式：{FORMATS}"

_MAGIC = (
    (b"PK\x03\x04", "Word、Excel 或压缩文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel 文件"),
    (b"%PDF", "PDF 文件"),
    (b"\x1f\x8b", "压缩文件"),
    (b"RIFF", "录音文件"),
    (b"ID3", "录音文件"),
    (b"OggS", "录音文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_MOST_CONTROLS = 0.3
_MOST_CONTROLS_IN_GB18030 = 0.01  # almost any bytes decode as GB18030, so it has to look like text
_PROOF_OF_UTF_8 = 6  # so many valid three-byte characters don't occur by chance in GB18030 text
INVISIBLE = " \t\n\r\v\f\u3000\u00a0\u200b\ufeff"


def decode(data: bytes, *, name: str) -> str:
    r"""The text of a file, with `\n` line ends and no byte-order mark.

    Tries a byte-order mark, then UTF-8, then GB18030.

    Raises:
        TranscriptError: The file is empty, not text, or in an encoding that can't be told.
    """
    _refuse_known_binary(data, name)
    text = _utf_16(data, name) if data.startswith(_UTF_16) else _eight_bit(data, name)
    text = even_line_ends(text.removeprefix("\ufeff"))
    if "\0" in text:
        raise _binary("不是文本文件", name)
    if not text.strip(INVISIBLE):
        raise TranscriptError("文件是空的，没有通话内容", where=name, hint="请放入至少一句话，例如“坐席：您好”")
    return text


def decode_lines(lines: Iterable[bytes], *, name: str) -> Iterator[str]:
    """The text of each of `lines`, without its end: for a file too large to look at as a whole, which has to be UTF-8.

    Raises:
        TranscriptError: A line isn't UTF-8.
    """
    for number, line in enumerate(lines, start=1):
        bare = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        try:
            yield bare.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise TranscriptError(
                "不是 UTF-8 编码", where=f"{name} 第 {number} 行", hint="这么大的文件要另存为 UTF-8 编码再试"
            ) from error


def even_line_ends(text: str) -> str:
    r"""`text` with Windows and old Mac line ends as `\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _refuse_known_binary(data: bytes, name: str) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise _binary(f"这是{what}，不是文本", name)


def _utf_16(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise _unknown_encoding("UTF-16 内容不完整", name) from error


def _eight_bit(data: bytes, name: str) -> str:
    if b"\0" in data or _control_share(data) > _MOST_CONTROLS:
        raise _binary("不是文本文件", name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _gb18030(data, name, error)


def _gb18030(data: bytes, name: str, error: UnicodeDecodeError) -> str:
    valid = data[: error.start].decode("utf-8")
    if sum(char >= "\u0800" for char in valid) >= _PROOF_OF_UTF_8:
        line = valid.count("\n") + 1
        raise _unknown_encoding(f"第 {line} 行有坏掉的字节，不是完整的 UTF-8", name) from error
    if _control_share(data) > _MOST_CONTROLS_IN_GB18030:
        raise _binary("不是文本文件", name) from error
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as failed:
        raise _unknown_encoding("认不出文字编码", name) from failed


def _control_share(data: bytes) -> float:
    return 1 - len(data.translate(None, _CONTROLS)) / len(data) if data else 0.0


def _binary(what: str, name: str) -> TranscriptError:
    return TranscriptError(what, where=name, hint=f"{READABLE}；请把通话内容另存为其中一种")


def _unknown_encoding(what: str, name: str) -> TranscriptError:
    return TranscriptError(what, where=name, hint="请把文件另存为 UTF-8 编码再试")
