"""Reads the handbook's chapters: Markdown, a chapter a file, a clause a second-level heading.

A clause is a heading (`## HLD-03 title`), one paragraph of text, and three list items: 场景 (tags), 问法 (how people
ask for it), 出处 (file name › section).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import regex

from coach.errors import KnowledgeError
from coach.knowledge.model import Clause, Source

__all__ = ["MAX_CLAUSE_CHARS", "read_chapter"]

MAX_CLAUSE_CHARS = 150
_HEADING = regex.compile(r"## (?P<id>[A-Z]{3}-\d{2,3}) (?P<title>\S.*)")
_ITEM = regex.compile(r"- (?P<key>场景|问法|出处)：(?P<value>.+)")


def read_chapter(path: Path) -> tuple[Clause, ...]:
    """The clauses of one chapter in order; raises KnowledgeError with file and line for anything malformed."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError("读不出这一章", where=str(path), hint="请确认文件存在，并存为 UTF-8") from error
    if not lines or not lines[0].startswith("# "):
        raise KnowledgeError("第一行应当是“# 章名”", where=f"{path.name} 第 1 行")
    chapter = lines[0][2:].strip()
    return tuple(_clause(path, chapter, start, block) for start, block in _blocks(lines))


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The 0-based line of each clause heading, and the clause's lines."""
    starts = [i for i, line in enumerate(lines) if line.startswith("## ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start, [line.strip() for line in lines[start:end]]


def _clause(path: Path, chapter: str, start: int, block: list[str]) -> Clause:
    def fail(reason: str, offset: int = 0) -> KnowledgeError:
        return KnowledgeError(reason, where=f"{path.name} 第 {start + offset + 1} 行")

    heading = _HEADING.fullmatch(block[0])
    if heading is None:
        raise fail("条款标题应当写成“## HLD-03 标题”")
    text: list[str] = []
    items: dict[str, str] = {}
    for offset, line in enumerate(block[1:], start=1):
        item = _ITEM.fullmatch(line)
        if item:
            items[item["key"]] = item["value"].strip()
        elif line:
            if items:
                raise fail("正文应当写在列表之前", offset)
            text.append(line)
    body = "".join(text)
    if not body:
        raise fail("条款没有正文")
    if len(body) > MAX_CLAUSE_CHARS:
        raise fail(f"条款正文 {len(body)} 字，超过 {MAX_CLAUSE_CHARS} 字")
    if missing := [key for key in ("场景", "问法", "出处") if key not in items]:
        raise fail(f"条款缺少{'、'.join(missing)}")
    return Clause(
        id=heading["id"],
        title=heading["title"].strip(),
        text=body,
        chapter=chapter,
        situations=tuple(part.strip() for part in items["场景"].split("、")),
        asked_as=tuple(part.strip() for part in items["问法"].split("｜")),
        sources=tuple(_source(part, fail) for part in items["出处"].split("；")),
    )


def _source(text: str, fail: Callable[[str], KnowledgeError]) -> Source:
    document, mark, section = (part.strip() for part in text.partition("›"))
    if not mark or not document or not section:
        raise fail(f"出处“{text.strip()}”应当写成“文件名 › 章节”")
    return Source(document, section)
