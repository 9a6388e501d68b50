"""Opens a retriever over the handbook: words at once, vectors from what ships, the index built where it isn't there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from coach.knowledge import load_knowledge
from coach.knowledge.questions import load_questions
from coach.knowledge.yaml_file import Strict, read_yaml
from coach.lexicon import load_word_vectors
from coach.retrieval.embeddings import built_in_embeddings
from coach.retrieval.entries import Entry, entries_of
from coach.retrieval.figures import load_figures
from coach.retrieval.head import load_head
from coach.retrieval.lexical import Lexical, documents_of, load_synonyms
from coach.retrieval.meaning import MeaningSearch, VectorSearch
from coach.retrieval.retriever import FEATURES, SIGNALS, Ranking, Retriever
from coach.retrieval.store import open_store
from coach.retrieval.vectors import vectors_of

if TYPE_CHECKING:
    from coach.llm.embeddings import EmbeddingModel

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
    folder: Path,
    index: Path,
    progress: Progress = lambda batches, _total: batches,
    *,
    ranking: Ranking | None = None,
    model: EmbeddingModel | None = None,
) -> Retriever:
    """A retriever over the handbook below the knowledge `folder`, its vector index kept below `index`.

    Args:
        folder: The knowledge folder.
        index: Where the vector index is kept; a model's stands beside it.
        progress: Wraps the batches still to embed, to show a bar; not called while the vectors are current.
        ranking: Weights to rank by; those of the knowledge folder if None.
        model: Embeds in place of the built-in embeddings, which answer where it doesn't: see the retriever's `note`.

    Raises:
        ServiceError: The index can't be written.
    """
    clauses = tuple(load_knowledge(folder).clauses.values())
    questions = load_questions(folder)
    synonyms = load_synonyms(folder)
    lexical = Lexical(documents_of(clauses, questions, synonyms, index), synonyms)
    entries = entries_of(clauses, questions)
    built_in = _built_in(entries, folder, index, progress)
    meaning: MeaningSearch | None = built_in
    if model is not None:
        meaning = _by_model(model, entries, folder, index, progress, built_in)
    return Retriever(clauses, lexical, meaning, ranking or load_ranking(folder), load_figures(folder))


def _built_in(entries: Sequence[Entry], folder: Path, index: Path, progress: Progress) -> VectorSearch | None:
    """Search with the built-in embeddings; None where they can't run."""
    embeddings = built_in_embeddings()
    if embeddings is None:
        return None
    store = open_store(index, entries, lambda: vectors_of(entries, folder, embeddings, progress))
    return VectorSearch(store, embeddings, load_head(folder), load_word_vectors(folder))


def _by_model(
    model: EmbeddingModel,
    entries: Sequence[Entry],
    folder: Path,
    index: Path,
    progress: Progress,
    built_in: VectorSearch | None,
) -> MeaningSearch:
    """Search with the `model`, loaded here, since its client costs a second."""
    from coach.llm.embeddings import endpoint_embeddings
    from coach.retrieval.model_index import index_folder
    from coach.retrieval.model_search import Handbook, ModelSearch

    handbook = Handbook(entries, folder, load_head(folder), load_word_vectors(folder))
    place = index_folder(index, model.endpoint)
    search = ModelSearch(model, endpoint_embeddings(model.endpoint), handbook, built_in, place)
    search.open(progress)
    return search
