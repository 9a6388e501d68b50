"""What each part of the judge adds: trained with some of it left out, scored on the held-back lines and chats.

python -m eval.ablation
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from coach.critique import load_rules
from coach.critique.features import LineFeatures
from coach.critique.judge import Model
from coach.knowledge import load_standard
from coach.settings import knowledge_dir
from eval.build_judge import Examples, all_lines, fit, read_examples
from eval.labelled import Tally, read_lines

_HELD_BACK = Path(__file__).resolve().parent / "heldback"
_SETS = ("lines", "chats")

Array = np.ndarray[Any, np.dtype[Any]]
Keep = Callable[[LineFeatures], LineFeatures]


def _without(*parts: str) -> Keep:
    """Leaves out `parts` of a line's features: grams, context, signs, rules, words."""

    def keep(line: LineFeatures) -> LineFeatures:
        if "grams" in parts:
            line = replace(line, grams=frozenset())
        if "context" in parts:
            line = replace(line, grams=frozenset(g for g in line.grams if g.startswith("t:")))
        if "signs" in parts:
            line = replace(line, signs=frozenset(s for s in line.signs if s.startswith("rule:")))
        if "rules" in parts:
            line = replace(line, signs=frozenset(s for s in line.signs if not s.startswith("rule:")))
        if "words" in parts:
            line = replace(line, words=np.zeros_like(line.words))
        return line

    return keep


_VARIANTS: dict[str, Keep] = {
    "n-grams alone": _without("signs", "rules", "words"),
    "word vectors alone": _without("grams", "signs", "rules"),
    "patterns and n-grams": _without("signs", "words"),
    "patterns and word vectors": _without("grams", "signs"),
    "all but the patterns' findings": _without("rules"),
    "all but the n-grams": _without("grams"),
    "all but the context's n-grams": _without("context"),
    "all but the signs": _without("signs"),
    "all but the word vectors": _without("words"),
    "all": _without(),
}


def _row(name: str, rules: Sequence[str], found: list[tuple[Array, Array]]) -> str:
    cells = []
    for labels, broken in found:
        tally = Tally()
        for expected, reported in zip(labels, broken, strict=True):
            tally.add(
                [r for r, held in zip(rules, expected, strict=True) if held],
                [r for r, held in zip(rules, reported, strict=True) if held],
            )
        every = tally.overall
        cells.append(
            f"{every.precision:.2f} / {every.recall:.2f} / {every.f1:.3f} | {tally.left_clean / tally.clean:.3f}"
        )
    return f"| {name} | {' | '.join(cells)} |"


def _decide(model: Model, features: Sequence[LineFeatures], fired: Array) -> Array:
    alone, beside = model.limits
    odds: Array = np.stack([model.log_odds(line) for line in features])
    return np.asarray(odds >= np.where(fired, beside, alone))


def main() -> int:
    """Prints the table; judged rules only, by the judge's word alone."""
    rules, standard = load_rules(knowledge_dir()), load_standard("default", knowledge_dir())
    if rules.judge is None:
        sys.stdout.write("no judge: run make judge\n")
        return 1
    limits = (rules.judge.model.limits[0], rules.judge.model.limits[1])
    training = read_examples(all_lines(rules, standard), rules, standard)
    held: list[Examples] = [
        read_examples([(name, line) for line in read_lines(_HELD_BACK / f"{name}.jsonl")], rules, standard)
        for name in _SETS
    ]
    head = "".join(f" {name} P / R / F1 | left clean |" for name in _SETS)
    sys.stdout.write(f"| judge |{head}\n| --- |{' --- | --- |' * len(_SETS)}\n")
    sys.stdout.write(_row("patterns alone", training.rules, [(h.labels, h.patterns) for h in held]) + "\n")
    for name, keep in _VARIANTS.items():
        begun = time.perf_counter()
        model = Model(fit(replace(training, features=tuple(map(keep, training.features))), limits))
        found = [(h.labels, _decide(model, [keep(line) for line in h.features], h.patterns)) for h in held]
        sys.stdout.write(_row(name, training.rules, found) + "\n")
        sys.stderr.write(f"{name}: {time.perf_counter() - begun:.0f} s\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
