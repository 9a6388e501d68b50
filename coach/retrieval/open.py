"""Opens a retriever over the handbook: words at once, vectors from what ships, the index built where it isn't there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from coach.knowledge import load_knowledge
from coach.knowledge.questions import load_questions
from coach.knowledge.yaml_file import Strict, read_yaml
from coach.lexicon import load_word_vectors
from coach.retrieval.embeddings import built_in_embeddings
from coach.retrieval.entries import Entry, entries_of
from coach.retrieval.figures import load_figures
from coach.retrieval.head import load_head
from coach.retrieval.lexical import Lexical, documents_of, load_synonyms
from coach.retrieval.retriever import FEATURES, SIGNALS, Ranking, Retriever, VectorSearch
from coach.retrieval.store import open_store
from coach.retrieval.vectors import vectors_of

__all__ = ["load_ranking", "open_retriever"]

Progress = Callable[[Iterable[Sequence[Entry]], int], Iterable[Sequence[Entry]]]


class RankingFile(Strict):
    """knowledge/ranking.yaml, written by `python -m eval.build_retrieval`."""

    version: Literal[1]
    weights: dict[str, float]
    answerable: dict[str, float]
    least_near: float


def load_ranking(folder: Path) -> Ranking:
    """The ranking below the knowledge `folder`; raises KnowledgeError where its features aren't the retriever's."""
    file = read_yaml(folder / "ranking.yaml")
    data = file.validate(RankingFile, file.data)
    if tuple(data.weights) != FEATURES:
        raise file.error(f"weights 应当依次是 {list(FEATURES)}", "weights", hint="请运行 make retrieval")
    if tuple(data.answerable) != SIGNALS:
        raise file.error(f"answerable 应当依次是 {list(SIGNALS)}", "answerable", hint="请运行 make retrieval")
    return Ranking(tuple(data.weights.values()), tuple(data.answerable.values()), data.least_near)


def open_retriever(
    folder: Path, index: Path, progress: Progress = lambda batches, _total: batches, *, ranking: Ranking | None = None
) -> Retriever:
    """A retriever over the handbook below the knowledge `folder`, its vector index kept below `index`.

    Args:
        folder: The knowledge folder.
        index: Where the vector index is kept.
        progress: Wraps the batches still to embed, to show a bar; not called while the shipped vectors are current.
        ranking: Weights to rank by; those of the knowledge folder if None.

    Raises:
        ServiceError: The index can't be written.
    """
    clauses = tuple(load_knowledge(folder).clauses.values())
    questions = load_questions(folder)
    synonyms = load_synonyms(folder)
    lexical = Lexical(documents_of(clauses, questions, synonyms, index), synonyms)
    embeddings = built_in_embeddings()
    vectors = None
    if embeddings is not None:
        entries = entries_of(clauses, questions)
        store = open_store(index, entries, lambda: vectors_of(entries, folder, embeddings, progress))
        vectors = VectorSearch(store, embeddings, load_head(folder), load_word_vectors(folder))
    return Retriever(clauses, lexical, vectors, ranking or load_ranking(folder), load_figures(folder))
