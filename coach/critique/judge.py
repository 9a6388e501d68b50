"""The semantic judge: how likely each rule is broken by a line, from n-grams, signs and word vectors under linear models.

Trained on labelled lines (`python -m eval.build_judge`), shipped as numbers; nothing is learnt at run time. It weighs what the
patterns found as well: what it holds unlikely is dropped, what it holds likely is added.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from coach.arrays import read_arrays
from coach.critique.features import LineFeatures, Views, line_features
from coach.critique.view import CallView
from coach.lexicon import WordVectors, load_word_vectors
from coach.text import Sentence

__all__ = ["JUDGE", "Judge", "Model", "Verdict"]

JUDGE = "judge.npz"
_SURE = 50.0
"""Log odds beyond which nothing changes; a line of thousands of characters would overflow."""
_MARKS = "。!?;\n…,、:~ "

Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge holds of one rule on one line: how likely it is broken (0 to 1), and whether that is enough.

    Attributes:
        probability: How likely.
        broken: Whether that reaches the rule's limit.
        share: The probability as a share of the limit.
    """

    probability: float
    broken: bool
    share: float = 0.0


class Model:
    """The numbers of the judge, or of the adviser on rewrites, whose classes then stand in place of the rules.

    Args:
        arrays: rules (ids, joined by line breaks as UTF-8 bytes), grams and signs (likewise), gram_weights (grams, rules), sign_weights
            (signs, rules), word_weights (2 * dimensions, rules), bias (rules), limits (2, rules): log odds from which a rule counts
            as broken, where no pattern fired and where one did.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self.rules = tuple(_lines(arrays["rules"]))
        self._gram = {name: i for i, name in enumerate(_lines(arrays["grams"]))}
        self._sign = {name: i for i, name in enumerate(_lines(arrays["signs"]))}
        self._gram_weights = arrays["gram_weights"].astype(np.float32)
        self._sign_weights = arrays["sign_weights"].astype(np.float32)
        self._word_weights = arrays["word_weights"].astype(np.float32)
        self._bias = arrays["bias"].astype(np.float32)
        self.limits = arrays["limits"].astype(np.float32)

    def log_odds(self, line: LineFeatures) -> Array:
        """Log odds of every rule, in the order of `rules`."""
        found = [row for gram in line.grams if (row := self._gram.get(gram)) is not None]
        held = [row for sign in line.signs if (row := self._sign.get(sign)) is not None]
        total = self._bias + line.words @ self._word_weights
        total += self._gram_weights[sorted(found)].sum(axis=0) * line.gram_value
        total += self._sign_weights[sorted(held)].sum(axis=0)
        return np.asarray(total, dtype=np.float32)


def _lines(joined: np.ndarray[Any, Any]) -> list[str]:
    return bytes(joined).decode("utf-8").split("\n")


@dataclass(frozen=True)
class Judge:
    """Judges lines; what it needs is read at first use.

    Attributes:
        folder: The knowledge folder.
        look_for: Gives the shared patterns to look for.
    """

    folder: Path
    look_for: Callable[[], Views]

    @cached_property
    def model(self) -> Model:
        """The shipped numbers; raises KnowledgeError where they can't be read."""
        return read_arrays(self.folder / JUDGE, Model, "语义判断模型", "judge")

    @cached_property
    def _views(self) -> Views:
        return self.look_for()

    @cached_property
    def _vectors(self) -> WordVectors:
        return load_word_vectors(self.folder)

    def features(self, call: CallView, i: int, fired: Collection[str]) -> LineFeatures:
        """What is seen of the agent's turn `i`, where patterns found the rules `fired`."""
        return line_features(call, i, fired, self._views, self._vectors)

    def verdicts(self, call: CallView, i: int, fired: Collection[str]) -> dict[str, Verdict]:
        """A verdict on every rule the judge knows, for the agent's turn `i`."""
        odds = np.clip(self.model.log_odds(self.features(call, i, fired)), -_SURE, _SURE)
        shares = 1 / (1 + np.exp(-odds))
        alone, beside = self.model.limits
        limits = (beside[j] if rule in fired else alone[j] for j, rule in enumerate(self.model.rules))
        return {
            rule: Verdict(float(share), bool(log_odds >= limit), float(share * (1 + np.exp(-limit))))
            for rule, share, log_odds, limit in zip(self.model.rules, shares, odds, limits, strict=True)
        }

    def verdicts_on(self, call: CallView, i: int, span: tuple[int, int], fired: Collection[str]) -> dict[str, Verdict]:
        """Verdicts on the words in `span` of the original of turn `i` alone, the turns before it as they are."""
        said = call.transcript.turns
        words = replace(said[i], text=said[i].text[span[0] : span[1]])
        excerpt = replace(call.transcript, turns=(*said[:i], words))
        return self.verdicts(replace(call, transcript=excerpt), i, fired)

    def evidence(self, call: CallView, i: int, rule: str) -> tuple[int, int]:
        """The part of turn `i` that by itself speaks most for `rule`: a span of its normal form, end marks left out."""
        turn = call.turns[i]
        parts = [part for part in turn.phrases if part.text.strip(_MARKS)] or list(turn.phrases)

        def odds(part: Sentence) -> float:
            span = turn.starts[part.start], turn.ends[part.end - 1]
            return self.verdicts_on(call, i, span, ())[rule].probability

        best = max(parts, key=odds) if len(parts) > 1 else parts[0]
        end = best.start + len(best.text.rstrip(_MARKS))
        return best.start, max(end, best.start + 1)
