"""Which lines of a text open a turn, where one line alone doesn't tell: letters, people's names, a label the user named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from coach.transcripts.labels import LabelledLine, label_key, read_label, read_name

__all__ = ["find_heads"]

_Heads = list[LabelledLine | None]

_MOST_NAMES = 4
_HONORIFICS = ("先生", "女士", "小姐")


def find_heads(lines: Sequence[str], agent_label: str | None = None) -> _Heads:
    """For each line the label that opens it, or None where it continues a turn.

    Args:
        lines: The text.
        agent_label: The agent's label, where the user named it: then that word counts as a label, too.
    """
    heads = _settle_letters(lines, [read_label(line) for line in lines])
    if not any(heads):
        return _by_name(lines, agent_label)
    if agent_label is not None and not _labels(heads, agent_label):
        key = label_key(agent_label)
        names = (None if head else read_name(line) for line, head in zip(lines, heads, strict=True))
        heads = [
            name if name and label_key(name.label) == key else head for name, head in zip(names, heads, strict=True)
        ]
    return _other_side(lines, heads)


def _labels(heads: _Heads, label: str) -> bool:
    key = label_key(label)
    return any(head is not None and key in {label_key(head.label), label_key(head.base)} for head in heads)


def _settle_letters(lines: Sequence[str], heads: _Heads) -> _Heads:
    """A is the agent and C the customer; beside a B, letters are two unknown speakers, or options read out."""
    letters = {label_key(head.label) for head in heads if head is not None and head.kind == "letter"}
    if not letters:
        return heads
    if "b" not in letters:
        return [head and _settled(head) for head in heads]
    first = next((head for line, head in zip(lines, heads, strict=True) if line.strip()), None)
    if first is None or "a" not in letters or any(head is not None and head.kind != "letter" for head in heads):
        return [None if head is not None and head.kind == "letter" else head for head in heads]
    return [head and replace(head, kind="unknown") for head in heads]


def _settled(head: LabelledLine) -> LabelledLine:
    if head.kind != "letter":
        return head
    return replace(head, kind="agent" if label_key(head.label) == "a" else "customer")


def _by_name(lines: Sequence[str], agent_label: str | None) -> _Heads:
    """Labels that are people's names: only where every line has one and one comes back, or where the user named one."""
    heads = [read_name(line) for line in lines]
    counts = _counts(heads)
    dialogue = _complete(lines, heads) and 2 <= len(counts) <= _MOST_NAMES and max(counts.values()) > 1
    named = agent_label is not None and label_key(agent_label) in counts
    return heads if dialogue or named else [None] * len(heads)


def _other_side(lines: Sequence[str], heads: _Heads) -> _Heads:
    """`heads` and, where only one side has labels and every other line a name, those names: 客服 and 王先生."""
    kinds = {head.kind for head in heads if head is not None}
    if kinds not in ({"agent"}, {"customer"}):
        return heads
    names = [None if head else read_name(line) for line, head in zip(lines, heads, strict=True)]
    counts = _counts(names)
    people = all(count > 1 or key.endswith(_HONORIFICS) for key, count in counts.items())
    both = [head or name for head, name in zip(heads, names, strict=True)]
    return both if counts and people and _complete(lines, both) else heads


def _counts(heads: Sequence[LabelledLine | None]) -> Counter[str]:
    return Counter(label_key(head.label) for head in heads if head is not None)


def _complete(lines: Sequence[str], heads: Sequence[LabelledLine | None]) -> bool:
    return all(head is not None for line, head in zip(lines, heads, strict=True) if line.strip())
