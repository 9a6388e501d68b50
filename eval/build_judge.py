"""Trains the semantic judge and writes it to knowledge/judge.npz.

    python -m eval.build_judge [--report]

One logistic regression a rule over n-grams, signs and word vectors. It learns from the labelled lines and calls of eval/training,
from the rules' own examples and from the phrase bank. The log odds from which a rule counts as broken are chosen on lines of
writers that the model hasn't seen (a file holds one writer's lines). The held-back lines and ../shared are never read here. The
same lines give the same decisions.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from coach.critique import RulePack, critique_line, load_rules
from coach.critique.examples import example_transcript
from coach.critique.features import LineFeatures
from coach.critique.judge import JUDGE
from coach.critique.load import judge_of, load_fragments
from coach.critique.schema import LineExampleData
from coach.critique.view import CallView
from coach.knowledge import Standard, load_knowledge, load_standard
from coach.settings import knowledge_dir
from coach.transcripts import CallMeta, Transcript, Turn
from eval.labelled import LabelledLine, Tally, read_calls, read_lines

__all__ = ["Columns", "Examples", "all_lines", "fit", "fitted", "packed", "read_examples"]

_TRAINING = Path(__file__).resolve().parent / "training"
_SEEN_OFTEN_ENOUGH = 3
_STRENGTH = 2.0
_LIMITS = np.arange(-2.0, 0.05, 0.1)
_LIMITS_BESIDE = np.arange(-3.0, 0.05, 0.2)
_USUAL_LIMIT = -1.2
_PULL = 20.0
_FOLDS = 6
_OWN = "own examples"
_PATTERNS_WRITTEN_BY = ("lines-language", "lines-mixed", "lines-procedure", "calls")
_EXCERPT = CallMeta(direction="inbound", excerpt=True, from_start=False)
_NEGLIGIBLE = 0.02

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Examples:
    """Labelled lines as the judge sees them.

    Attributes:
        rules: The line rules it judges.
        features: What is seen of each line.
        labels: Which rules each line breaks, shape (lines, rules).
        patterns: Which rules the patterns found, shape (lines, rules).
        writers: Who wrote each line.
    """

    rules: tuple[str, ...]
    features: tuple[LineFeatures, ...]
    labels: Array
    patterns: Array
    writers: Array


def read_examples(lines: Sequence[tuple[str, LabelledLine]], rules: RulePack, standard: Standard) -> Examples:
    """Labelled lines, each with its writer, as the judge sees them."""
    names = tuple(rule.id for rule in rules.of_scope("line") if rule.semantic is not None)
    judge = judge_of(knowledge_dir(), rules.rules, load_fragments(knowledge_dir(), check=False))
    patterns_alone = RulePack(rules.rules)
    features, found = [], []
    for _, line in lines:
        last = len(line.transcript.turns)
        fired = {f.rule for f in critique_line(line.transcript, last, patterns_alone, standard)}
        call = CallView(line.transcript, standard, line.transcript.meta.direction)
        features.append(judge.features(call, last - 1, fired))
        found.append([name in fired for name in names])
    labels = [[name in line.labels for name in names] for _, line in lines]
    writers = np.array([writer for writer, _ in lines])
    return Examples(names, tuple(features), np.array(labels), np.array(found), writers)


def all_lines(rules: RulePack, standard: Standard) -> list[tuple[str, LabelledLine]]:
    """Every line to learn from, with its writer: the files of eval/training, the rules' examples, the phrase bank."""
    written = [(p.stem, line) for p in sorted(_TRAINING.glob("lines-*.jsonl")) for line in read_lines(p)]
    spoken = [(p.stem, line) for p in sorted(_TRAINING.glob("calls*.jsonl")) for line in _lines_of_calls(p)]
    phrases = [
        (_OWN, LabelledLine(phrase.id, Transcript((Turn("agent", phrase.filled()),), _EXCERPT), frozenset()))
        for phrase in load_knowledge(knowledge_dir()).phrases.values()
    ]
    return [*written, *spoken, *((_OWN, line) for line in _lines_of_rules(rules, standard)), *phrases]


def _lines_of_calls(path: Path) -> Iterator[LabelledLine]:
    for call in read_calls(path):
        for i in call.transcript.agent_lines():
            meta = replace(call.transcript.meta, excerpt=True, from_start=True)
            before = Transcript(call.transcript.turns[: i + 1], meta)
            yield LabelledLine(f"{call.id}-{i}", before, call.line_labels.get(i, frozenset()))


def _lines_of_rules(rules: RulePack, standard: Standard) -> Iterator[LabelledLine]:
    """The rules' line examples: a bad one breaks its rule and what patterns find besides, a good one doesn't break its rule."""
    for rule in rules.of_scope("line"):
        for held, examples in ((True, rule.data.examples.bad), (False, rule.data.examples.good)):
            for number, example in enumerate(examples):
                if not isinstance(example, LineExampleData):
                    continue
                call = example_transcript(example)
                found = {f.rule for f in critique_line(call, len(call.turns), RulePack(rules.rules), standard)}
                labels = found | {rule.id} if held else found - {rule.id}
                yield LabelledLine(f"{rule.id}-{held}-{number}", call, frozenset(labels))


@dataclass(frozen=True)
class Columns:
    """Which n-grams and signs have a column, in order."""

    grams: tuple[str, ...]
    signs: tuple[str, ...]

    @classmethod
    def of(cls, features: Sequence[LineFeatures]) -> Columns:
        """Those seen often enough in `features`."""
        grams = Counter(gram for line in features for gram in line.grams)
        signs = Counter(sign for line in features for sign in line.signs)
        return cls(
            tuple(sorted(gram for gram, n in grams.items() if n >= _SEEN_OFTEN_ENOUGH)),
            tuple(sorted(sign for sign, n in signs.items() if n >= _SEEN_OFTEN_ENOUGH)),
        )

    def table(self, features: Sequence[LineFeatures]) -> sp.csr_matrix:
        """One row a line: n-grams, signs, word vectors."""
        gram, sign = {g: i for i, g in enumerate(self.grams)}, {s: i for i, s in enumerate(self.signs)}
        first_sign = len(gram)
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for line in features:
            held = sorted(gram[g] for g in line.grams if g in gram)
            also = sorted(first_sign + sign[s] for s in line.signs if s in sign)
            columns += [*held, *also]
            values += [line.gram_value] * len(held) + [1.0] * len(also)
            ends.append(len(columns))
        shape = (len(features), first_sign + len(sign))
        sparse = sp.csr_matrix((values, np.array(columns, np.int32), np.array(ends, np.int32)), shape=shape)
        table = sp.hstack([sparse, sp.csr_matrix(np.stack([line.words for line in features]))]).tocsr()
        table.indices, table.indptr = table.indices.astype(np.int32), table.indptr.astype(np.int32)
        return table


def fitted(table: sp.csr_matrix, labels: Array) -> tuple[Array, Array]:
    """Weights (columns, classes) and biases (classes), each class against the rest."""
    models = [
        LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=0).fit(table, labels[:, j])
        for j in range(labels.shape[1])
    ]
    return np.stack([m.coef_[0] for m in models], axis=1), np.array([m.intercept_[0] for m in models])


def unseen(examples: Examples) -> Array:
    """Log odds of every line by a model that has seen none of its writer's lines, shape (lines, rules)."""
    odds = np.zeros(examples.labels.shape)
    writers = sorted(set(examples.writers) - {_OWN})
    for fold in range(_FOLDS):
        theirs = np.isin(examples.writers, writers[fold::_FOLDS])
        rest = [f for f, mine in zip(examples.features, theirs, strict=True) if not mine]
        columns = Columns.of(rest)
        weights, bias = fitted(columns.table(rest), examples.labels[~theirs])
        own = columns.table([f for f, mine in zip(examples.features, theirs, strict=True) if mine])
        odds[theirs] = own @ weights + bias
    return odds


def choose_limits(examples: Examples, odds: Array) -> tuple[Array, Array]:
    """For each rule the log odds from which it counts as broken where no pattern fired, and where one did.

    Those that give the best F1, drawn towards the usual one where it matters little. Lines that the patterns were written by
    say nothing of the patterns, and our own examples nothing of others' lines: both are left out.
    """
    told = ~np.isin(examples.writers, [_OWN, *_PATTERNS_WRITTEN_BY])
    odds, labels, fired = odds[told], examples.labels[told], examples.patterns[told]
    pairs = [_limits_of_rule(odds[:, j], labels[:, j], fired[:, j]) for j in range(labels.shape[1])]
    return np.array([alone for alone, _ in pairs]), np.array([beside for _, beside in pairs])


def _limits_of_rule(odds: Array, broken: Array, fired: Array) -> tuple[float, float]:
    """The two limits of one rule: first the one without a pattern, then the other, then the first once more."""

    def score(alone: float, beside: float) -> float:
        found = odds >= np.where(fired, beside, alone)
        f1 = 2 * (found & broken).sum() / max(1, found.sum() + broken.sum())
        return float(f1 - (abs(alone - _USUAL_LIMIT) + abs(beside - _USUAL_LIMIT)) / _PULL)

    alone = beside = _USUAL_LIMIT
    for _ in range(2):
        alone = max((float(limit) for limit in _LIMITS), key=lambda limit: score(limit, beside))
        beside = max((float(limit) for limit in _LIMITS_BESIDE), key=lambda limit: score(alone, limit))
    return alone, beside


def fit(examples: Examples, limits: tuple[Array, Array]) -> dict[str, Array]:
    """Arrays of the judge, for `coach.critique.judge.Model`."""
    columns = Columns.of(examples.features)
    weights, bias = fitted(columns.table(examples.features), examples.labels)
    return packed(examples.rules, columns, weights, bias, np.stack(limits))


def packed(classes: Sequence[str], columns: Columns, weights: Array, bias: Array, limits: Array) -> dict[str, Array]:
    """Arrays for `coach.critique.judge.Model`; n-grams that weigh next to nothing are left out."""
    first_sign, first_word = len(columns.grams), len(columns.grams) + len(columns.signs)
    grams = weights[:first_sign]
    kept = np.abs(grams).max(axis=1) > _NEGLIGIBLE
    return {
        "rules": _bytes(classes),
        "grams": _bytes([gram for gram, keep in zip(columns.grams, kept, strict=True) if keep]),
        "signs": _bytes(columns.signs),
        "gram_weights": grams[kept].astype(np.float16),
        "sign_weights": weights[first_sign:first_word].astype(np.float32),
        "word_weights": weights[first_word:].astype(np.float32),
        "bias": bias.astype(np.float32),
        "limits": limits.astype(np.float32),
    }


def _bytes(names: Sequence[str]) -> Array:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def report(examples: Examples, odds: Array, limits: tuple[Array, Array]) -> str:
    """Tables of what unseen writers' lines show: by writer, and by rule for patterns alone and the judge."""
    rows = ["| writer | lines | patterns F1 | judge F1 | judge left clean |", "| --- | --- | --- | --- | --- |"]
    broken = odds >= np.where(examples.patterns, limits[1], limits[0])
    for writer in [*sorted(set(examples.writers) - {_OWN}), ""]:
        rows_of = (examples.writers == writer) if writer else examples.writers != _OWN
        patterns, judge = _tally(examples, examples.patterns, rows_of), _tally(examples, broken, rows_of)
        clean = judge.left_clean / max(1, judge.clean)
        name = writer or "**all**"
        rows.append(f"| {name} | {rows_of.sum()} | {patterns.overall.f1:.3f} | {judge.overall.f1:.3f} | {clean:.3f} |")
    every = examples.writers != _OWN
    patterns, judge = _tally(examples, examples.patterns, every), _tally(examples, broken, every)
    rows += ["", "| rule | n | patterns P / R / F1 | judge P / R / F1 | limits |", "| --- | --- | --- | --- | --- |"]
    for j, rule in enumerate(examples.rules):
        a, b = patterns.rules[rule], judge.rules[rule]
        rows.append(
            f"| {rule} | {a.tp + a.fn} | {a.precision:.2f} / {a.recall:.2f} / {a.f1:.2f} "
            f"| {b.precision:.2f} / {b.recall:.2f} / {b.f1:.2f} | {limits[0][j]:.1f}, {limits[1][j]:.1f} |"
        )
    return "\n".join(rows)


def _tally(examples: Examples, found: Array, rows: Array) -> Tally:
    tally = Tally()
    for labels, reported in zip(examples.labels[rows], found[rows], strict=True):
        tally.add(*([r for r, held in zip(examples.rules, which, strict=True) if held] for which in (labels, reported)))
    return tally


def main() -> int:
    """Writes judge.npz into knowledge/."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="print what lines of unseen writers show")
    options = parser.parse_args()
    rules, standard = load_rules(knowledge_dir()), load_standard("default", knowledge_dir())
    examples = read_examples(all_lines(rules, standard), rules, standard)
    odds = unseen(examples)
    limits = choose_limits(examples, odds)
    arrays = fit(examples, limits)
    np.savez_compressed(knowledge_dir() / JUDGE, allow_pickle=False, **arrays)
    if options.report:
        sys.stdout.write(report(examples, odds, limits) + "\n")
    sys.stdout.write(f"{len(examples.features)} lines, {len(arrays['gram_weights'])} n-grams\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
