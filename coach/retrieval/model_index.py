"""The index of the handbook by another embeddings model: a folder of its own, built once, never mixed with another model's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import regex
from langchain_core.embeddings import Embeddings

from coach.errors import ServiceError
from coach.llm.endpoint import Endpoint
from coach.retrieval.entries import Entry
from coach.retrieval.scale import Scale, fit_scale, read_scale, write_scale
from coach.retrieval.store import VectorStore, forget_store, open_store
from coach.retrieval.vector_cache import VectorCache
from coach.retrieval.vectors import Matrix

__all__ = ["ModelIndex", "Progress", "forget_index", "index_folder", "open_index", "same_model", "unit"]

Progress = Callable[[Iterable[Sequence[Entry]], int], Iterable[Sequence[Entry]]]
Vector = np.ndarray[Any, np.dtype[np.float32]]
_CACHE = "vectors.sqlite3"
_BATCH = 64
_LONGEST_NAME = 40
_ALIKE = 0.98
"""A model gives the same text the same vector, but for what rounding and batching do to it."""


@dataclass(frozen=True)
class ModelIndex:
    """An index, open.

    Attributes:
        store: Its vectors.
        scale: How its similarities are read.
        probe: The text whose vector shows whether the model is still the same.
    """

    store: VectorStore
    scale: Scale
    probe: str


def index_folder(index: Path, endpoint: Endpoint) -> Path:
    """Where the model's index is kept, beside the built-in one at `index`."""
    key = hashlib.sha256(f"{endpoint.model}\0{endpoint.base_url}".encode()).hexdigest()[:12]
    name = regex.sub(r"[^A-Za-z0-9.]+", "-", endpoint.model)[:_LONGEST_NAME].strip("-.")
    return index.with_name("-".join(filter(None, (index.name, name, key))))


def open_index(
    folder: Path, entries: Sequence[Entry], embeddings: Embeddings, knowledge: Path, progress: Progress
) -> ModelIndex:
    """The index of `entries` in the model's `folder`, built first where it isn't there yet.

    Args:
        folder: From `index_folder`.
        entries: What the index must hold.
        embeddings: The model; asked only to build.
        knowledge: The knowledge folder, for the shipped vectors.
        progress: Wraps the batches still to embed.

    Raises:
        ServiceError: The model didn't answer, another process is building, or the folder can't be written.
    """
    cache = VectorCache(folder / _CACHE)

    def vectors() -> Matrix:
        return _vectors(entries, cache, embeddings, progress)

    def beside(building: Path, matrix: Matrix) -> None:
        write_scale(building, fit_scale(entries, matrix, knowledge))

    store = open_store(folder, entries, vectors, beside, patience=0)
    scale = read_scale(store.folder)
    if scale is None:
        forget_index(folder)
        raise ServiceError("嵌入模型的索引坏了", where=str(folder), hint="下次打开时重建")
    return ModelIndex(store, scale, entries[0].text)


def forget_index(folder: Path) -> None:
    """Makes the next `open_index` of `folder` embed everything anew; raises ServiceError where it can't be written."""
    VectorCache(folder / _CACHE).clear()
    try:
        forget_store(folder)
    except OSError as error:
        raise ServiceError("写不了索引", where=str(folder), hint="请检查权限") from error


def same_model(one: Vector, other: Vector) -> bool:
    """Whether two unit vectors of one text come from the same model."""
    return one.shape == other.shape and float(one @ other) >= _ALIKE


def unit(vector: Sequence[float]) -> Vector:
    """`vector` at length 1."""
    array = np.asarray(vector, dtype=np.float64)
    return np.asarray(array / np.linalg.norm(array), dtype=np.float32)


def _vectors(entries: Sequence[Entry], cache: VectorCache, embeddings: Embeddings, progress: Progress) -> Matrix:
    """Unit vectors of `entries`: those kept from an earlier build by the same model, the rest embedded now."""
    known = cache.read()
    again = next((entry for entry in entries if entry.key in known), None)
    if again is not None and not same_model(known[again.key], unit(embeddings.embed_query(again.text))):
        cache.clear()
        known = {}
    missing = [entry for entry in entries if entry.key not in known]
    batches = [missing[i : i + _BATCH] for i in range(0, len(missing), _BATCH)]
    for batch in progress(batches, len(batches)) if batches else ():
        texts = [entry.text for entry in batch]
        fresh = {
            entry.key: unit(vector) for entry, vector in zip(batch, embeddings.embed_documents(texts), strict=True)
        }
        cache.add(fresh)
        known |= fresh
    lengths = {known[entry.key].shape for entry in entries}
    if len(lengths) > 1:
        cache.clear()
        raise ServiceError("嵌入模型给的向量长短不一", where="COACH_EMBED_MODEL", hint="请检查服务是否中途换了模型")
    return np.stack([known[entry.key] for entry in entries])
