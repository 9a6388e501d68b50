"""What labelled lines teach about mending one: which of its clauses stay, which go, and with what a mended line begins.

Linear models over n-grams, signs and word vectors, trained on labelled lines (`python -m eval.build_adviser`) and shipped as
numbers; nothing is learnt at run time. They only propose: what is shown is left to the verifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from coach.critique.features import LineFeatures, grams, masked
from coach.critique.judge import Model
from coach.errors import KnowledgeError
from coach.lexicon import WordVectors, load_word_vectors
from coach.text import normalise

__all__ = ["ADVISER", "Adviser", "ClauseAdvice", "SaidLine", "clause_features", "opening_features"]

ADVISER = "adviser.npz"
_MARKS = " ,。!?;:、~"
_TYPICAL_CLAUSE = 6.0
_TYPICAL_LINE = 15.0
_CLAUSE_GRAMS = 1.6
_LINE_GRAMS = 1.4
_CLAUSE_WORDS = 2.0
_CUSTOMER_WORDS = 3.0
_ASIDE = 0.7
_MOST = 6
_SURE = 50.0

Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class SaidLine:
    """An agent's line as it was said, all texts normalised.

    Attributes:
        text: The line, marks put where it had none.
        customer: What the customer said just before; empty where nobody spoke.
        agent: The agent's turn before.
        agent_last: Whether that was the last turn.
        direction: inbound or outbound.
        first_line: Whether the line is the agent's first of the call.
        rules: Ids of the rules found broken.
    """

    text: str
    customer: str
    agent: str
    agent_last: bool
    direction: str
    first_line: bool
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class ClauseAdvice:
    """One clause, without its marks, and how likely (0 to 1, together 1) it stays, says it otherwise, or goes."""

    text: str
    keep: float
    reword: float
    drop: float


@dataclass(frozen=True)
class Adviser:
    """Advises on lines; what it needs is read at first use.

    Attributes:
        folder: The knowledge folder.
    """

    folder: Path

    def clauses(self, line: SaidLine) -> tuple[ClauseAdvice, ...]:
        """Advice on every clause of the line, in order."""
        said = [clause.text for clause in normalise(line.text).clauses]
        found = []
        for i, text in enumerate(said):
            shares = _shares(self._models["clause"], clause_features(line, said, i, self._vectors))
            found.append(ClauseAdvice(text.strip(_MARKS), shares["keep"], shares["reword"], shares["drop"]))
        return tuple(found)

    def openings(self, line: SaidLine) -> dict[str, float]:
        """How likely (0 to 1, together 1) each kind of opening fits, most likely first; names as in knowledge/mends/openings.yaml."""
        shares = _shares(self._models["opening"], opening_features(line, self._vectors))
        return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))

    @cached_property
    def _models(self) -> dict[str, Model]:
        try:
            with np.load(self.folder / ADVISER) as file:
                return {
                    kind: Model(
                        {name.removeprefix(f"{kind}."): file[name] for name in file.files if name.startswith(kind)}
                    )
                    for kind in ("clause", "opening")
                }
        except (OSError, ValueError, KeyError) as error:
            raise KnowledgeError(
                "读不出改写所用的模型", where=ADVISER, hint="请重新安装，或运行 make adviser"
            ) from error

    @cached_property
    def _vectors(self) -> WordVectors:
        return load_word_vectors(self.folder)


def _shares(model: Model, features: LineFeatures) -> dict[str, float]:
    odds = np.clip(model.log_odds(features), -_SURE, _SURE)
    each = 1 / (1 + np.exp(-odds))
    return {name: float(share) for name, share in zip(model.rules, each / each.sum(), strict=True)}


def clause_features(line: SaidLine, said: list[str], i: int, vectors: WordVectors) -> LineFeatures:
    """Features of clause `i` of the clauses `said` of a line."""
    texts = [masked(clause.strip(_MARKS)) for clause in said]
    customer = masked(line.customer)
    before, after = (texts[i - 1] if i else ""), (texts[i + 1] if i + 1 < len(texts) else "")
    found = {
        *grams(texts[i], "t"),
        *_pairs(before, "b"),
        *_pairs(after, "f"),
        *_pairs(customer, "c"),
    }
    signs = {
        f"length {min(_MOST, len(texts[i]) // 3)}",
        f"clause {min(4, i)}",
        f"left {min(4, len(said) - i)}",
        f"mark {said[i][-1:]}",
        *(f"rule:{rule}" for rule in line.rules),
    }
    words = np.concatenate([vectors.of_text(texts[i]) * _CLAUSE_WORDS, vectors.of_text(customer) * _ASIDE])
    value = _CLAUSE_GRAMS / float(np.sqrt(len(texts[i]) / _TYPICAL_CLAUSE + 0.5))
    return LineFeatures(frozenset(found), value, frozenset(signs), words)


def opening_features(line: SaidLine, vectors: WordVectors) -> LineFeatures:
    """Features of a line for how it should begin once it is mended."""
    customer, text = masked(line.customer), masked(line.text)
    found = {*grams(customer, "c"), *grams(text, "t"), *grams(masked(line.agent), "a")}
    signs = {
        f"length {min(_MOST, len(customer) // 4)}",
        "first line" if line.first_line else "later line",
        line.direction,
        "agent last" if line.agent_last else "customer last",
        *(f"rule:{rule}" for rule in line.rules),
    }
    words = np.concatenate([vectors.of_text(customer) * _CUSTOMER_WORDS, vectors.of_text(text)])
    value = _LINE_GRAMS / float(np.sqrt(len(customer + text) / _TYPICAL_LINE + 0.5))
    return LineFeatures(frozenset(found), value, frozenset(signs), words)


def _pairs(text: str, kind: str) -> set[str]:
    """Characters and pairs of them, as n-grams of `kind`."""
    padded = f"^{text}$"
    return {f"{kind}:{padded[i : i + size]}" for size in (1, 2) for i in range(len(padded) - size + 1)}
