"""Which of several rewrites reads best: how likely a reader finds it natural, and its meaning that of the line.

Two linear models over n-grams, signs and word vectors, trained on rewrites that readers judged (`python -m eval.build_adviser`) and
shipped as numbers. The order is all they decide: what may be shown is the verifier's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import regex

from coach.critique.features import LineFeatures, grams, masked
from coach.critique.judge import Model
from coach.errors import KnowledgeError
from coach.facts import extract, same_fact
from coach.knowledge import SLOT
from coach.lexicon import WordVectors, load_word_vectors
from coach.rewrite.advice import ClauseAdvice, SaidLine
from coach.rewrite.answer import answer_of, refuses
from coach.rewrite.likeness import similar
from coach.text import normalise

__all__ = ["RANKER", "Considered", "Ranker", "rewrite_features", "untold"]

RANKER = "ranker.npz"
_MARKS = " ,。!?;:、~"
_SAID = 0.3
_GOES = 0.85
_TOLD = 0.6
_NEARLY = 0.5
_SHORTEST = 3
_TYPICAL = 20.0
_GRAMS = 1.2
_WORDS = 1.5
_SURE = 50.0
_WEIGHTS = np.array([1.0, 2.0])
_HAN = regex.compile(r"\p{Han}")
_OFFERS = regex.compile(r"(?:可以|好)吗|【时限】|随时|转告|帮您|为您")
_ASKS = regex.compile(r"[?吗呢么]|多少|什么|怎么|哪|几|(?P<a>\p{Han})[不没](?P=a)")

Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Considered:
    """What a rewrite is judged against.

    Attributes:
        line: The line as it was said.
        advice: Which of its clauses stay and which go.
        opening: The kind of opening advised.
    """

    line: SaidLine
    advice: Sequence[ClauseAdvice]
    opening: str


@dataclass(frozen=True)
class Ranker:
    """Ranks rewrites; what it needs is read at first use.

    Attributes:
        folder: The knowledge folder.
    """

    folder: Path

    def score(self, text: str, considered: Considered) -> float:
        """The log of how likely a reader finds `text` natural, plus that of how likely its meaning is unchanged; that weighs more."""
        odds = np.clip(self._model.log_odds(rewrite_features(text, considered, self._vectors)), -_SURE, _SURE)
        return float(np.log(1 / (1 + np.exp(-odds))) @ _WEIGHTS)

    @cached_property
    def _model(self) -> Model:
        try:
            with np.load(self.folder / RANKER) as file:
                return Model({name: file[name] for name in file.files})
        except (OSError, ValueError, KeyError) as error:
            raise KnowledgeError(
                "读不出改写所用的模型", where=RANKER, hint="请重新安装，或运行 make adviser"
            ) from error

    @cached_property
    def _vectors(self) -> WordVectors:
        return load_word_vectors(self.folder)


def untold(considered: Considered, text: str) -> frozenset[str]:
    """Clauses and facts of the line that tell the customer something and that `text` says nothing of."""
    said = normalise(text).text
    stated = extract(said)
    telling = [one.text for one in considered.advice if one.drop < _GOES and len(_HAN.findall(one.text)) >= _SHORTEST]
    facts = [f for f in extract(considered.line.text) if not any(same_fact(f, other) for other in stated)]
    return frozenset(words for words in telling if similar(words, said) < _TOLD) | {fact.text for fact in facts}


def rewrite_features(text: str, considered: Considered, vectors: WordVectors) -> LineFeatures:
    """Features of `text` as a rewrite of a line."""
    said = normalise(text)
    line, customer = considered.line, masked(considered.line.customer)
    found = {*grams(masked(said.text), "t"), *grams(customer, "c")}
    parts = [part for clause in said.clauses if (part := clause.text.strip(_MARKS))]
    ends = "offers" if _OFFERS.search(said.text) else "ends"
    stated = extract(said.text)
    signs = {
        *(f"rule:{rule}" for rule in line.rules),
        *(f"rule:{rule} {ends}" for rule in line.rules),
        f"answer {answer_of(line.text)}, then {answer_of(said.text)}",
        f"refused {refuses(line.text)}, then {refuses(said.text)}",
        f"asked {bool(_ASKS.search(line.customer))}, {ends}",
        f"facts gone {min(3, sum(not any(same_fact(fact, other) for other in stated) for fact in extract(line.text)))}",
        *_signs_of_clauses(parts, said.text, considered.advice),
        f"advised {considered.opening}",
        f"advised {considered.opening}, begins {parts[0][:3] if parts else ''}",
        f"length {min(10, len(said.text) // 10)}",
        f"growth {min(6, int(2 * len(said.text) / max(1, len(line.text))))}",
        f"parts {min(8, len(parts))}",
        f"slots {len(SLOT.findall(text))}",
        f"taken up {min(6, _taken_up(said.text, line.customer))}",
        f"taken up at once {min(4, _taken_up(parts[0] if parts else '', line.customer))}",
    }
    value = _GRAMS / float(np.sqrt(max(1, len(said.text)) / _TYPICAL + 0.5))
    return LineFeatures(frozenset(found), value, frozenset(signs), vectors.of_text(said.text) * _WORDS)


def _signs_of_clauses(parts: Sequence[str], text: str, advice: Sequence[ClauseAdvice]) -> set[str]:
    """What became of the clauses of the line: left as they were, nearly so, or gone, and what was advised on them."""
    by_text = {one.text.replace("你", "您"): one for one in advice}
    left = [by_text[part] for part in parts if part in by_text]
    changed = [
        max(advice, key=lambda one, part=part: similar(one.text, part))  # type: ignore[misc]
        for part in parts
        if part not in by_text and any(similar(one.text, part) > _NEARLY for one in advice)
    ]
    gone = [one for one in advice if len(_HAN.findall(one.text)) >= _SHORTEST and similar(one.text, text) < _SAID]
    return {
        _level("reword left", [one.reword for one in left]),
        _level("drop left", [one.drop for one in left]),
        _level("drop changed", [one.drop for one in changed]),
        _level("reword changed", [one.reword for one in changed]),
        _level("keep gone", [one.keep for one in gone]),
        _level("reword gone", [one.reword for one in gone]),
        f"left {min(5, len(left))}",
        f"changed {min(3, len(changed))}",
        f"gone {min(4, len(gone))}",
    }


def _level(name: str, shares: Sequence[float]) -> str:
    return f"{name} {int(5 * max(shares)) if shares else '-'}"


def _taken_up(text: str, customer: str) -> int:
    """How many pairs of characters of `text` the customer used."""
    return len({a + b for a, b in pairwise(_HAN.findall(text)) if a + b in customer})
