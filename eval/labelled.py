"""Labelled lines and calls (JSONL) as transcripts, and precision, recall and F1 over them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from coach.transcripts import CallMeta, Transcript, Turn

__all__ = ["Count", "LabelledCall", "LabelledLine", "Tally", "read_calls", "read_jsonl", "read_lines"]


@dataclass(frozen=True)
class LabelledLine:
    """An agent line in context (the last turn of `transcript`) and the line-scope rule ids it breaks."""

    id: str
    transcript: Transcript
    labels: frozenset[str]


@dataclass(frozen=True)
class LabelledCall:
    """A call, the rule ids each agent turn breaks (0-based turn), and those the call as a whole breaks."""

    id: str
    transcript: Transcript
    line_labels: dict[int, frozenset[str]]
    call_labels: frozenset[str]


@dataclass
class Count:
    """True positives, false positives and false negatives of one rule."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """Share of what was reported that is right; 1 where nothing was reported."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was reported; 1 where nothing is there."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / total if total else 1.0


@dataclass
class Tally:
    """Counts by rule, and how many compliant items were left clean."""

    rules: dict[str, Count] = field(default_factory=dict)
    items: int = 0
    clean: int = 0
    left_clean: int = 0

    def add(self, expected: Iterable[str], reported: Iterable[str]) -> None:
        """Counts one item."""
        expected, reported = set(expected), set(reported)
        for rule in expected | reported:
            count = self.rules.setdefault(rule, Count())
            count.tp += rule in expected and rule in reported
            count.fp += rule not in expected
            count.fn += rule not in reported
        self.items += 1
        self.clean += not expected
        self.left_clean += not expected and not reported

    @property
    def overall(self) -> Count:
        """All rules together (micro average)."""
        return Count(
            sum(c.tp for c in self.rules.values()),
            sum(c.fp for c in self.rules.values()),
            sum(c.fn for c in self.rules.values()),
        )

    def kappa(self, rules: int) -> float:
        """Cohen's kappa between labels and reports over every pair of an item and one of so many `rules`."""
        every, pairs = self.overall, self.items * rules
        labelled, reported = (every.tp + every.fn) / pairs, (every.tp + every.fp) / pairs
        by_chance = labelled * reported + (1 - labelled) * (1 - reported)
        return 1 - (every.fp + every.fn) / pairs / (1 - by_chance)

    def table(self, title: str, rules: int) -> str:
        """A Markdown table: a row a rule, then all together, kappa over the so many `rules`."""
        rows = [f"### {title}", "", "| rule | n | precision | recall | F1 |", "| --- | --- | --- | --- | --- |"]
        for name, count in [*sorted(self.rules.items()), ("**all**", self.overall)]:
            rows.append(
                f"| {name} | {count.tp + count.fn} | {count.precision:.2f} | {count.recall:.2f} | {count.f1:.2f} |"
            )
        rows += ["", f"kappa over items and rules: {self.kappa(rules):.3f}"]
        if self.clean:
            rows += [
                "",
                f"compliant items left clean: {self.left_clean}/{self.clean} = {self.left_clean / self.clean:.3f}",
            ]
        return "\n".join(rows)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a JSONL file in order."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def read_lines(path: Path) -> Iterator[LabelledLine]:
    """Labelled lines in the form of ../shared/dev/lines.jsonl."""
    for item in read_jsonl(path):
        turns = (*(Turn(t["speaker"], t["text"]) for t in item["context"]), Turn("agent", item["text"]))
        meta = CallMeta(direction=item["direction"], excerpt=True, from_start=item["first_line"])
        yield LabelledLine(item["id"], Transcript(turns, meta), frozenset(item["labels"]))


def read_calls(path: Path) -> Iterator[LabelledCall]:
    """Labelled calls in the form of ../shared/dev/calls.jsonl."""
    for item in read_jsonl(path):
        raw = item["meta"]
        meta = CallMeta(
            direction=item.get("direction") or raw.get("direction"),
            rings=raw.get("rings"),
            hangup=raw.get("hangup"),
            started_at=datetime.fromisoformat(raw["started_at"]) if raw.get("started_at") else None,
            scenario=raw.get("scenario"),
        )
        turns = tuple(Turn(t["speaker"], t["text"], t.get("start"), t.get("end")) for t in item["turns"])
        lines = {int(index): frozenset(labels) for index, labels in item["line_labels"].items()}
        yield LabelledCall(item["id"], Transcript(turns, meta), lines, frozenset(item["call_labels"]))
