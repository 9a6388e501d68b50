"""Trains what advises on mending lines and writes it to knowledge/adviser.npz.

    python -m eval.build_adviser [--report]

It learns from eval/training/mending.jsonl: for lines of eval/training/lines-*.jsonl, a letter a clause (K keep, R reword, D drop)
and how the mended line should begin. Which rules a line breaks is what the critic finds, as at run time. The held-back lines and
../shared are never read here. The same labels give the same numbers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.critique import load_rules
from coach.critique.features import LineFeatures
from coach.knowledge import load_standard
from coach.lexicon import load_word_vectors
from coach.rewrite.advice import ADVISER, SaidLine, clause_features, opening_features
from coach.rewrite.load import load_mends
from coach.rewrite.verify import Verifier
from coach.settings import knowledge_dir
from coach.text import normalise
from eval.build_judge import Columns, fitted, packed
from eval.labelled import read_jsonl, read_lines

__all__ = ["CLAUSES", "OPENINGS", "Labelled", "read_labelled"]

_TRAINING = Path(__file__).resolve().parent / "training"
CLAUSES = {"K": "keep", "R": "reword", "D": "drop"}
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
"""The letters of the labels → the names of knowledge/mends/openings.yaml."""
_FOLDS = 5

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Labelled:
    """One line, a letter for each of its clauses, and the letters of the openings that fit, the best first."""

    writer: str
    line: SaidLine
    clauses: str
    openings: str


def read_labelled() -> list[Labelled]:
    """The labelled lines; raises ValueError where a label fits no line, or not as many clauses as it has."""
    folder = knowledge_dir()
    rules, standard, mends = load_rules(folder), load_standard("default", folder), load_mends(folder)
    lines = {
        line.id: (path.stem, line) for path in sorted(_TRAINING.glob("lines-*.jsonl")) for line in read_lines(path)
    }
    labelled = []
    for label in read_jsonl(_TRAINING / "mending.jsonl"):
        if label["id"] not in lines:
            raise ValueError(f"mending.jsonl: no line {label['id']}")
        writer, line = lines[label["id"]]
        said = Verifier(line.transcript, len(line.transcript.turns), rules, standard, mends).said
        if len(normalise(said.text).clauses) != len(label["clauses"]):
            raise ValueError(f"mending.jsonl: {label['id']} has {len(label['clauses'])} letters for other clauses")
        labelled.append(Labelled(writer, said, label["clauses"], label["opening"]))
    return labelled


def _features(labelled: Sequence[Labelled]) -> tuple[list[LineFeatures], list[int], list[LineFeatures]]:
    """Features of every clause, the place of its line, and features of every opening."""
    vectors = load_word_vectors(knowledge_dir())
    clauses, owners = [], []
    for number, label in enumerate(labelled):
        said = [clause.text for clause in normalise(label.line.text).clauses]
        clauses += [clause_features(label.line, said, i, vectors) for i in range(len(said))]
        owners += [number] * len(said)
    return clauses, owners, [opening_features(label.line, vectors) for label in labelled]


def _one_of(letters: Sequence[str], classes: Sequence[str]) -> Array:
    """Shape (letters, classes): which class each letter is."""
    return np.array([[letter == of for of in classes] for letter in letters])


def _arrays(
    kind: str, features: Sequence[LineFeatures], letters: Sequence[str], names: dict[str, str]
) -> dict[str, Array]:
    columns = Columns.of(features)
    weights, bias = fitted(columns.table(features), _one_of(letters, list(names)))
    arrays = packed(list(names.values()), columns, weights, bias, np.zeros((2, len(names))))
    return {f"{kind}.{name}": array for name, array in arrays.items()}


def _unseen(features: Sequence[LineFeatures], letters: Sequence[str], names: dict[str, str], folds: Array) -> list[str]:
    """The likeliest letter for each, by a model that has seen nothing of its fold."""
    best = np.empty(len(letters), dtype=object)
    classes = list(names)
    for fold in range(_FOLDS):
        theirs = folds == fold
        rest = [f for f, mine in zip(features, theirs, strict=True) if not mine]
        columns = Columns.of(rest)
        weights, bias = fitted(columns.table(rest), _one_of(letters, classes)[~theirs])
        own = columns.table([f for f, mine in zip(features, theirs, strict=True) if mine])
        best[theirs] = np.array(classes, dtype=object)[(own @ weights + bias).argmax(axis=1)]
    return list(best)


def report(labelled: Sequence[Labelled]) -> str:
    """How often the likeliest letter is right for lines of writers not seen, and the confusions of clauses."""
    clauses, owners, openings = _features(labelled)
    writers = sorted({label.writer for label in labelled})
    folds = np.array([writers.index(label.writer) % _FOLDS for label in labelled])
    letters = [letter for label in labelled for letter in label.clauses]
    found = _unseen(clauses, letters, CLAUSES, folds[owners])
    rows = ["| clause | n | found as K | R | D |", "| --- | --- | --- | --- | --- |"]
    for letter, name in CLAUSES.items():
        of = [f for f, is_ in zip(found, letters, strict=True) if is_ == letter]
        rows.append(f"| {name} | {len(of)} | {of.count('K')} | {of.count('R')} | {of.count('D')} |")
    begun = _unseen(openings, [label.openings[0] for label in labelled], OPENINGS, folds)
    fits = sum(one in label.openings for one, label in zip(begun, labelled, strict=True))
    right = sum(a == b for a, b in zip(found, letters, strict=True))
    rows += [
        "",
        f"clauses right {right / len(letters):.3f}; openings that fit {fits / len(labelled):.3f} of {len(labelled)}",
    ]
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Builds the adviser; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.build_adviser", description=__doc__)
    parser.add_argument("--report", action="store_true", help="also measure it on writers it hasn't seen")
    options = parser.parse_args(argv)
    labelled = read_labelled()
    clauses, _, openings = _features(labelled)
    letters = [letter for label in labelled for letter in label.clauses]
    arrays = {
        **_arrays("clause", clauses, letters, CLAUSES),
        **_arrays("opening", openings, [label.openings[0] for label in labelled], OPENINGS),
    }
    np.savez_compressed(knowledge_dir() / ADVISER, allow_pickle=False, **arrays)
    sys.stdout.write(f"{len(labelled)} lines, {len(letters)} clauses\n")
    if options.report:
        sys.stdout.write(report(labelled) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
