"""Scores the built-in rewrites against labelled lines with faults.

    python -m eval.rewrite_score [--file FILE] [--show]

Without a file: ../shared/dev/rewrite.jsonl, skipped politely where it isn't there. Claims are for a reader to judge.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from coach.critique import load_rules
from coach.knowledge import load_standard
from coach.rewrite import Rewrite, Rewriter, load_mends
from coach.settings import knowledge_dir
from coach.text import normalise
from coach.transcripts import CallMeta, Transcript, Turn
from eval.labelled import read_jsonl

__all__ = ["kept", "said_against"]

_SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "dev" / "rewrite.jsonl"
_CLAIM = "claim:"


def kept(must_keep: list[str], text: str) -> list[str]:
    """Of `must_keep` (alternatives joined by a bar), what `text` does not say."""
    normal = normalise(text).text
    return [item for item in must_keep if not any(normalise(part).text in normal for part in item.split("|"))]


def said_against(must_not: list[str], text: str) -> list[str]:
    """Of `must_not`, the strings that `text` says; claims are left to a reader."""
    normal = normalise(text).text
    return [item for item in must_not if not item.startswith(_CLAIM) and normalise(item).text in normal]


def _transcript(item: dict[str, Any]) -> Transcript:
    turns = (*(Turn(t["speaker"], t["text"]) for t in item["context"]), Turn("agent", item["text"]))
    return Transcript(turns, CallMeta(direction=item["direction"], excerpt=True, from_start=not item["context"]))


def _show(item: dict[str, Any], result: Rewrite) -> str:
    reasons = "; ".join(result.verdict.reasons)
    return f"{item['id']} {result.status}\n    {item['text']}\n    {result.rewrite or reasons}"


def main() -> int:
    """Prints the counts, and with --show every rewrite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, default=_SHARED)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if not options.file.is_file():
        sys.stdout.write(f"skipped: {options.file.parent.name}/{options.file.name} is not here\n")
        return 0
    folder = knowledge_dir()
    rewriter = Rewriter(load_rules(folder), load_standard("default", folder), load_mends(folder))
    counts = {"items": 0, "verified": 0, "rejected": 0, "unchanged": 0, "facts all kept": 0, "must_not free": 0}
    for item in read_jsonl(options.file):
        result = rewriter.rewrite(_transcript(item))
        counts["items"] += 1
        counts[result.status] += 1
        if result.rewrite is not None:
            lost, against = kept(item["must_keep"], result.rewrite), said_against(item["must_not"], result.rewrite)
            counts["facts all kept"] += not lost
            counts["must_not free"] += not against
            if lost or against:
                sys.stdout.write(f"{item['id']} lost {lost} says {against}: {result.rewrite}\n")
        if options.show:
            sys.stdout.write(_show(item, result) + "\n")
    rows = "\n".join(f"| {name} | {n} |" for name, n in counts.items())
    sys.stdout.write(
        f"### {options.file.parent.name}/{options.file.name}: rewrites\n\n| | n |\n| --- | --- |\n{rows}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
