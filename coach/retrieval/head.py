"""A linear head over a query's vector and its character n-grams: how likely each clause is asked for.

Trained on the ways people ask (`python -m eval.build_retrieval`), shipped as numbers; nothing is learnt at run time.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from coach.arrays import read_arrays

__all__ = ["BUCKETS", "HEAD", "Head", "hashed_ngrams", "load_head", "query_features"]

HEAD = "head.npz"
BUCKETS = 4096
VECTOR_SCALE = 5.0
NGRAM_SCALE = 3.0
_LONGEST = 3

Array = np.ndarray[Any, np.dtype[np.float32]]


def hashed_ngrams(text: str) -> Array:
    """Counts of the character n-grams (1 to 3) of `text` in 4,096 hash buckets."""
    counts = np.zeros(BUCKETS, dtype=np.float32)
    for size in range(1, _LONGEST + 1):
        for i in range(len(text) - size + 1):
            counts[zlib.crc32(text[i : i + size].encode()) % BUCKETS] += 1
    return counts


def query_features(vectors: Array, texts: Sequence[str], mean: Array, idf: Array) -> Array:
    """Features of queries: centred vectors and tf-idf of hashed n-grams, shape (queries, 384 + 4096)."""
    counts = np.stack([hashed_ngrams(text) for text in texts])
    weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * idf
    norms = np.linalg.norm(weights, axis=1, keepdims=True)
    scaled = weights / np.maximum(norms, 1e-9)
    return np.concatenate([(vectors - mean) * VECTOR_SCALE, scaled * NGRAM_SCALE], axis=1).astype(np.float32)


class Head:
    """The trained head.

    Args:
        arrays: clauses (ids), weights (clauses, 384 + 4096), bias (clauses), mean (384), idf (4096); domain (384 + 4096 + 1):
            weights and bias of whether a question is of the kind the handbook answers.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self.clauses = tuple(str(clause) for clause in arrays["clauses"])
        self._weights = arrays["weights"].astype(np.float32)
        self._bias = arrays["bias"].astype(np.float32)
        self._mean = arrays["mean"].astype(np.float32)
        self._idf = arrays["idf"].astype(np.float32)
        self._domain = arrays["domain"].astype(np.float32)

    def judge(self, vector: Array, text: str) -> tuple[Array, float]:
        """For a query's unit vector and folded text: log probability of each of `clauses`, and its domain score."""
        features = query_features(vector[None], [text], self._mean, self._idf)[0]
        scores = self._weights @ features + self._bias
        scores -= scores.max()
        log_probabilities = np.asarray(scores - np.log(np.exp(scores).sum()), dtype=np.float32)
        return log_probabilities, float(features @ self._domain[:-1] + self._domain[-1])


@lru_cache(maxsize=2)
def load_head(folder: Path) -> Head:
    """The head below the knowledge `folder`; raises KnowledgeError where it can't be read."""
    return read_arrays(folder / HEAD, Head, "检索模型", "retrieval")
