"""Office files as containers: which kind it is, and a refusal of what is locked, old, broken or far too large."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Literal

from coach.errors import TranscriptError
from coach.transcripts.decode import READABLE

__all__ = ["PackageKind", "is_package", "package_kind", "readable_package"]

PackageKind = Literal["xlsx", "docx"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_FOLDERS: dict[str, PackageKind] = {"xl/": "xlsx", "word/": "docx"}
_MOST_UNPACKED = 300 * 1024 * 1024
_SAVE_AGAIN = "请用 Excel、WPS 或 Word 打开，另存一份再试"
# What zipfile, openpyxl, python-docx and the XML parsers under them raise at a damaged file.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # both XML parsers' errors are kinds of it
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def is_package(data: bytes) -> bool:
    """Whether `data` is a zip file or the container of old and of locked Office files."""
    return data.startswith((_ZIP, _OLE))


def package_kind(data: bytes, *, name: str) -> PackageKind:
    """Which kind of Office file `data` is, whatever its name.

    Raises:
        TranscriptError: It is locked with a password, of an old kind, broken, too large once unpacked, or something else.
    """
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise TranscriptError("文件加了密码，读不了", where=name, hint="请先去掉密码再另存一份")
        raise TranscriptError("这是旧版 Word 或 Excel 文件", where=name, hint="请另存为 docx 或 xlsx")
    with readable_package(name), zipfile.ZipFile(BytesIO(data)) as package:
        entries = package.infolist()
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        most = _MOST_UNPACKED // 1024 // 1024
        raise TranscriptError(
            f"文件解开后超过 {most} MB", where=name, hint="请删去用不到的工作表和图片，或拆成几个文件"
        )
    for folder, kind in _FOLDERS.items():
        if any(entry.filename.startswith(folder) for entry in entries):
            return kind
    raise TranscriptError("压缩文件里没有 Word 或 Excel 内容", where=name, hint=f"{READABLE}；压缩包请先解开")


@contextmanager
def readable_package(name: str) -> Iterator[None]:
    """A block that reads a package: whatever it raises at a damaged one is told as such.

    Raises:
        TranscriptError: The file is damaged.
    """
    try:
        yield
    except _DAMAGE as error:
        raise TranscriptError("文件坏了或不完整，打不开", where=name, hint=_SAVE_AGAIN) from error
