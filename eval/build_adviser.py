"""Trains what advises on how a mended line begins and writes it to knowledge/adviser.npz.

    python -m eval.build_adviser [--report]

It learns from eval/training/openings.jsonl: for lines of eval/training/lines-*.jsonl, how the mended line should begin. Which rules
a line breaks is what the critic finds, as at run time. The held-back lines and ../shared are never read here. The same labels give
the same numbers.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.critique import critique_line, load_rules
from coach.critique.features import LineFeatures
from coach.knowledge import load_standard
from coach.lexicon import load_word_vectors
from coach.rewrite.advice import ADVISER, opening_features, said_line
from coach.settings import knowledge_dir
from eval.build_judge import Columns, fitted, packed
from eval.labelled import read_jsonl, read_lines

__all__ = ["OPENINGS", "Labelled", "build", "read_labelled"]

_TRAINING = Path(__file__).resolve().parent / "training"
OPENINGS = {
    "n": "none",
    "h": "accept",
    "s": "sorry",
    "t": "trouble",
    "u": "feelings",
    "w": "wish",
    "g": "reassure",
    "y": "thanks",
    "a": "confirm",
    "q": "topic",
}
"""The letters of the labels → kinds of opening."""
_FOLDS = 5
_SURE = (0.0, 0.5, 0.8)

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Labelled:
    """One line as the adviser sees it, who wrote it, and the letters of the openings that fit, the best first."""

    writer: str
    features: LineFeatures
    openings: str


def read_labelled() -> list[Labelled]:
    """The labelled lines; raises ValueError where a label is of no line."""
    folder = knowledge_dir()
    rules, standard = load_rules(folder), load_standard("default", folder)
    vectors = load_word_vectors(folder)
    lines = {
        line.id: (path.stem, line) for path in sorted(_TRAINING.glob("lines-*.jsonl")) for line in read_lines(path)
    }
    labelled = []
    for label in read_jsonl(_TRAINING / "openings.jsonl"):
        if label["id"] not in lines:
            raise ValueError(f"openings.jsonl: no line {label['id']}")
        writer, line = lines[label["id"]]
        last = len(line.transcript.turns)
        broken = [finding.rule for finding in critique_line(line.transcript, last, rules, standard)]
        said = said_line(line.transcript, last, broken, standard)
        labelled.append(Labelled(writer, opening_features(said, vectors), label["opening"]))
    return labelled


def _fitted(labelled: Sequence[Labelled]) -> tuple[Columns, Array, Array]:
    columns = Columns.of([label.features for label in labelled])
    best = np.array([[label.openings[0] == letter for letter in OPENINGS] for label in labelled])
    return columns, *fitted(columns.table([label.features for label in labelled]), best)


def report(labelled: Sequence[Labelled]) -> str:
    """How often the likeliest opening fits lines of writers not seen, by how sure it is, and by kind.

    The rules found are the shipped critic's, whose judge has seen these lines.
    """
    writers = sorted({label.writer for label in labelled})
    sure, fits, found = [], [], []
    for fold in range(_FOLDS):
        theirs = [label for label in labelled if writers.index(label.writer) % _FOLDS == fold]
        columns, weights, bias = _fitted([label for label in labelled if writers.index(label.writer) % _FOLDS != fold])
        shares = 1 / (1 + np.exp(-(columns.table([label.features for label in theirs]) @ weights + bias)))
        shares /= shares.sum(axis=1, keepdims=True)
        best = [list(OPENINGS)[j] for j in shares.argmax(axis=1)]
        sure += list(shares.max(axis=1))
        fits += [letter in label.openings for letter, label in zip(best, theirs, strict=True)]
        found += best
    likely, right = np.array(sure), np.array(fits)
    rows = ["| at least so sure | lines | fits |", "| --- | --- | --- |"]
    rows += [f"| {s} | {(likely >= s).mean():.2f} | {right[likely >= s].mean():.3f} |" for s in _SURE]
    rows += ["", "| kind | found, 0.8 sure | fits |", "| --- | --- | --- |"]
    for letter, n in Counter(f for f, s in zip(found, likely, strict=True) if s >= _SURE[-1]).most_common():
        ok = [r for f, r, s in zip(found, right, likely, strict=True) if f == letter and s >= _SURE[-1]]
        rows.append(f"| {OPENINGS[letter]} | {n} | {np.mean(ok):.3f} |")
    return "\n".join(rows)


def build(labelled: Sequence[Labelled]) -> dict[str, Array]:
    """Arrays of the adviser, for `coach.critique.judge.Model`."""
    columns, weights, bias = _fitted(labelled)
    return packed(list(OPENINGS.values()), columns, weights, bias, np.zeros((2, len(OPENINGS))))


def main(argv: Sequence[str] | None = None) -> int:
    """Builds the adviser; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.build_adviser", description=__doc__)
    parser.add_argument("--report", action="store_true", help="also measure it on writers it hasn't seen")
    options = parser.parse_args(argv)
    labelled = read_labelled()
    np.savez_compressed(knowledge_dir() / ADVISER, allow_pickle=False, **build(labelled))
    sys.stdout.write(f"{len(labelled)} lines\n")
    if options.report:
        sys.stdout.write(report(labelled) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
