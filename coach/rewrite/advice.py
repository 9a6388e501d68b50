"""What labelled lines teach of how a mended line begins, so that it takes up what the customer said.

A linear model over n-grams, signs and word vectors, trained on labelled lines (`python -m eval.build_adviser`) and shipped as
numbers; nothing is learnt at run time. It only proposes: what is shown is left to the verifier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from coach.arrays import read_arrays
from coach.critique.features import LineFeatures, grams, masked
from coach.critique.judge import Model
from coach.critique.view import CallView
from coach.knowledge import Standard
from coach.lexicon import WordVectors, load_word_vectors
from coach.rewrite.marks import punctuated
from coach.transcripts import Transcript

__all__ = ["ADVISER", "Adviser", "SaidLine", "opening_features", "said_line"]

ADVISER = "adviser.npz"
_TYPICAL_LINE = 15.0
_LINE_GRAMS = 1.4
_CUSTOMER_WORDS = 3.0
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


def said_line(transcript: Transcript, line: int, rules: Iterable[str], standard: Standard) -> SaidLine:
    """The 1-based `line` of a call, which breaks `rules`, as it was said."""
    i = line - 1
    call = CallView(transcript, standard, transcript.meta.direction)
    return SaidLine(
        punctuated(transcript.turns[i].text),
        call.previous_customer(i),
        call.previous_agent(i),
        i > 0 and transcript.turns[i - 1].speaker == "agent",
        transcript.meta.direction or "inbound",
        call.is_first_line(i),
        frozenset(rules),
    )


@dataclass(frozen=True)
class Adviser:
    """Advises on lines; what it needs is read at first use.

    Attributes:
        folder: The knowledge folder.
    """

    folder: Path

    def openings(self, line: SaidLine) -> dict[str, float]:
        """How likely (0 to 1, together 1) each kind of opening fits, most likely first; `none` among them."""
        odds = np.clip(self._model.log_odds(opening_features(line, self._vectors)), -_SURE, _SURE)
        each = 1 / (1 + np.exp(-odds))
        shares = {name: float(share) for name, share in zip(self._model.rules, each / each.sum(), strict=True)}
        return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))

    @cached_property
    def _model(self) -> Model:
        return read_arrays(self.folder / ADVISER, Model, "改写所用的模型", "adviser")

    @cached_property
    def _vectors(self) -> WordVectors:
        return load_word_vectors(self.folder)


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
