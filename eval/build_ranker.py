"""Trains what ranks rewrites and writes it to knowledge/ranker.npz.

    python -m eval.build_ranker [--report]

It learns from eval/training/rewrites.jsonl: rewrites of lines of eval/training/lines-*.jsonl, and whether a reader found each
natural, and its meaning that of the line. The held-back lines and ../shared are never read here. The same judgements give the
same numbers; it reads knowledge/adviser.npz, so build that first (`python -m eval.build_adviser`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from coach.critique import load_rules
from coach.critique.features import LineFeatures
from coach.knowledge import load_standard
from coach.lexicon import load_word_vectors
from coach.rewrite.load import load_mends
from coach.rewrite.rank import RANKER, rewrite_features
from coach.rewrite.verify import Verifier
from coach.settings import knowledge_dir
from eval.build_judge import Columns, fitted, packed
from eval.labelled import read_jsonl, read_lines

__all__ = ["Judged", "read_judged"]

_TRAINING = Path(__file__).resolve().parent / "training"
_ASKED = ("natural", "meaning")
_STRENGTH = 0.06
_FOLDS = 6
_SHOWN = (1.0, 0.9, 0.8, 0.6)

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Judged:
    """A rewrite as the ranker sees it, of which line, and what a reader said: natural, and the same meaning."""

    id: str
    features: LineFeatures
    verdicts: tuple[bool, bool]


def read_judged() -> list[Judged]:
    """The judged rewrites; raises ValueError where one is of no line."""
    folder = knowledge_dir()
    rules, standard, mends = load_rules(folder), load_standard("default", folder), load_mends(folder)
    vectors = load_word_vectors(folder)
    lines = {line.id: line for path in sorted(_TRAINING.glob("lines-*.jsonl")) for line in read_lines(path)}
    verifiers: dict[str, Verifier] = {}
    judged = []
    for row in read_jsonl(_TRAINING / "rewrites.jsonl"):
        if row["id"] not in lines:
            raise ValueError(f"rewrites.jsonl: no line {row['id']}")
        call = lines[row["id"]].transcript
        verifier = verifiers.setdefault(row["id"], Verifier(call, len(call.turns), rules, standard, mends))
        features = rewrite_features(row["rewrite"], verifier.considered, vectors)
        judged.append(Judged(row["id"], features, (bool(row["natural"]), bool(row["meaning"]))))
    return judged


def report(judged: Sequence[Judged]) -> str:
    """How well it tells good from bad on lines not seen: area under the curve, and the share of good ones among the best."""
    labels = np.array([one.verdicts for one in judged])
    ids = sorted({one.id for one in judged})
    folds = np.array([ids.index(one.id) % _FOLDS for one in judged])
    odds = np.zeros(labels.shape)
    for fold in range(_FOLDS):
        rest = [one.features for one, theirs in zip(judged, folds == fold, strict=True) if not theirs]
        columns = Columns.of(rest)
        weights, bias = fitted(columns.table(rest), labels[folds != fold], _STRENGTH)
        own = columns.table([one.features for one, theirs in zip(judged, folds == fold, strict=True) if theirs])
        odds[folds == fold] = own @ weights + bias
    rows = [
        f"| asked | n | yes | AUC | yes among the best {', '.join(f'{share:.0%}' for share in _SHOWN)} |",
        "| --- | --- | --- | --- | --- |",
    ]
    both = (1 / (1 + np.exp(-odds))).prod(axis=1)
    asked = [*zip(_ASKED, labels.T, odds.T, strict=True), ("both", labels.all(axis=1), both)]
    for name, said, score in asked:
        best = [said[score >= np.quantile(score, 1 - share)].mean() for share in _SHOWN]
        area = roc_auc_score(said, score)
        rows.append(
            f"| {name} | {len(said)} | {said.mean():.3f} | {area:.3f} | {', '.join(f'{b:.3f}' for b in best)} |"
        )
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Builds the ranker; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.build_ranker", description=__doc__)
    parser.add_argument("--report", action="store_true", help="also measure it on lines it hasn't seen")
    options = parser.parse_args(argv)
    judged = read_judged()
    features = [one.features for one in judged]
    columns = Columns.of(features)
    labels = np.array([one.verdicts for one in judged])
    weights, bias = fitted(columns.table(features), labels, _STRENGTH)
    np.savez_compressed(
        knowledge_dir() / RANKER, allow_pickle=False, **packed(_ASKED, columns, weights, bias, np.zeros((2, 2)))
    )
    sys.stdout.write(f"{len(judged)} rewrites of {len({one.id for one in judged})} lines\n")
    if options.report:
        sys.stdout.write(report(judged) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
