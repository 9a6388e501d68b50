"""Scores the critique against labelled lines and calls.

    python -m eval.critique_score [--lines FILE]… [--calls FILE]… [--errors] [--rule PREFIX]

Without files: ../shared/dev (skipped politely where it isn't there) and the project's own held-back files.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from coach.critique import RulePack, critique, critique_line, load_rules
from coach.knowledge import Standard, load_standard
from coach.settings import knowledge_dir
from eval.labelled import Tally, read_calls, read_lines

__all__ = ["score_calls", "score_lines"]

_ROOT = Path(__file__).resolve().parent.parent
_SHARED = _ROOT.parent / "shared" / "dev"
_HELD_BACK = _ROOT / "eval" / "heldback"

Report = Callable[[str, set[str], set[str], str], None]


def score_lines(path: Path, rules: RulePack, standard: Standard, report: Report) -> Tally:
    """Line-scope findings of each labelled line against its labels."""
    tally = Tally()
    for item in read_lines(path):
        found = critique_line(item.transcript, len(item.transcript.turns), rules, standard)
        reported = {finding.rule for finding in found}
        tally.add(item.labels, reported)
        context = " / ".join(turn.text for turn in item.transcript.turns)
        report(item.id, set(item.labels) - reported, reported - item.labels, context)
    return tally


def score_calls(path: Path, rules: RulePack, standard: Standard, report: Report) -> tuple[Tally, Tally]:
    """Findings of each labelled call: by line (line-scope rules without timing), and of the call as a whole."""
    lines, calls = Tally(), Tally()
    of_call = {rule.id for rule in rules.of_scope("call")}
    for item in read_calls(path):
        result = critique(item.transcript, rules, standard)
        for i in item.transcript.agent_lines():
            expected = set(item.line_labels.get(i, ()))
            reported = {
                f.rule for f in result.of_line(i + 1) if f.rule not in of_call and f.rule != "timing.speech-rate"
            }
            lines.add(expected, reported)
            report(f"{item.id}#{i}", expected - reported, reported - expected, item.transcript.turns[i].text)
        whole = {f.rule for f in result.findings if f.rule in of_call}
        calls.add(item.call_labels, whole)
        text = "\n    ".join(f"{i} {t.speaker[0]} {t.text}" for i, t in enumerate(item.transcript.turns))
        report(item.id, set(item.call_labels) - whole, whole - item.call_labels, text)
    return lines, calls


def _reporter(wanted: bool, prefix: str) -> Report:
    def report(name: str, missed: set[str], wrong: set[str], text: str) -> None:
        marks = [f"-{r}" for r in sorted(missed) if r.startswith(prefix)] + [
            f"+{r}" for r in sorted(wrong) if r.startswith(prefix)
        ]
        if wanted and marks:
            sys.stdout.write(f"{name} {' '.join(marks)}\n    {text}\n")

    return report


def main() -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, action="append", default=[])
    parser.add_argument("--calls", type=Path, action="append", default=[])
    parser.add_argument("--errors", action="store_true", help="print every miss (-) and false alarm (+)")
    parser.add_argument("--rule", default="", help="with --errors: only rules whose id starts so")
    options = parser.parse_args()
    if not options.lines and not options.calls:
        options.lines = [_SHARED / "lines.jsonl", _HELD_BACK / "lines.jsonl", _HELD_BACK / "chats.jsonl"]
        options.calls = [_SHARED / "calls.jsonl", _HELD_BACK / "calls.jsonl"]
    rules = load_rules(knowledge_dir())
    standard = load_standard("default", knowledge_dir())
    report = _reporter(options.errors, options.rule)
    of_line = sum(not rule.data.needs for rule in rules.of_scope("line"))
    for path in [*options.lines, *options.calls]:
        if not path.is_file():
            sys.stdout.write(f"skipped: {path.parent.name}/{path.name} is not here\n")
            continue
        name = f"{path.parent.name}/{path.name}"
        if path in options.lines:
            sys.stdout.write(score_lines(path, rules, standard, report).table(name, of_line) + "\n\n")
        else:
            lines, calls = score_calls(path, rules, standard, report)
            sys.stdout.write(
                lines.table(f"{name}: lines", of_line)
                + "\n\n"
                + calls.table(f"{name}: calls", len(rules.of_scope("call")))
                + "\n\n"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
