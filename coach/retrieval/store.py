"""The vector store: Chroma on disk, safe under several processes and a crash.

An open Chroma doesn't see another process's writes, so nothing is ever written where somebody reads: an index is built
in a folder of its own under one writer lock, moved into place whole, and named by a manifest. Source: design.md.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout

from coach.errors import ServiceError
from coach.retrieval.entries import KINDS, Entry, Kind, content_hash
from coach.retrieval.vectors import Matrix

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

__all__ = ["VectorStore", "forget_store", "open_store"]

Beside = Callable[[Path, Matrix], None]

_MANIFEST = "manifest.json"
_LOCK = "writer.lock"
_BATCH = 2000
_HNSW: Any = {"space": "cosine", "ef_search": 1_000, "num_threads": 1}
"""One thread builds the same graph every time, so that the same question finds the same clauses on every machine."""
_LOCK_SECONDS = 120.0


class VectorStore:
    """One index, open for reading.

    Attributes:
        folder: Where it is.
    """

    def __init__(self, folder: Path, collections: Mapping[Kind, Collection]) -> None:
        self.folder = folder
        self._collections = collections
        self._sizes: dict[Kind, int] = {kind: collection.count() for kind, collection in collections.items()}

    def size(self, kind: Kind) -> int:
        """How many entries of `kind` there are."""
        return self._sizes[kind]

    def nearest(self, kind: Kind, vector: np.ndarray[Any, np.dtype[np.float32]], count: int) -> list[tuple[str, float]]:
        """The `count` entries of `kind` nearest to the unit `vector`: clause id and cosine similarity, best first."""
        count = min(count, self._sizes[kind])
        with _told_if_broken(self.folder):
            found = self._collections[kind].query(
                query_embeddings=[vector.tolist()], n_results=count, include=["metadatas", "distances"]
            )
        metadatas, distances = (found["metadatas"] or [[]])[0], (found["distances"] or [[]])[0]
        return [(str(m["clause"]), 1.0 - float(d)) for m, d in zip(metadatas, distances, strict=True)]


def open_store(
    folder: Path,
    entries: Sequence[Entry],
    vectors: Callable[[], Matrix],
    beside: Beside | None = None,
    patience: float = _LOCK_SECONDS,
) -> VectorStore:
    """The index of `entries` below `folder`, built first where it isn't there yet.

    Args:
        folder: Where indexes are kept; made if missing.
        entries: What the index must hold.
        vectors: Gives their vectors, shape (len(entries), dimensions); called only to build.
        beside: Given the new index's folder and the vectors, writes what belongs to them into it.
        patience: Seconds to wait for another process that is building.

    Raises:
        ServiceError: The folder can't be written, the index can't be read, or another process has been building for so long.
    """
    content = content_hash(entries)
    if not _is_current(folder, content):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / _LOCK, timeout=patience):
                if not _is_current(folder, content):
                    _build(folder, f"{content}.{secrets.token_hex(4)}", entries, vectors(), beside)
        except Timeout as error:
            raise ServiceError("另一个程序正在建索引，还没好", where=str(folder), hint="请稍后再试") from error
        except OSError as error:
            raise ServiceError(
                "写不了索引", where=str(folder), hint="请检查权限和剩余空间，或设置 COACH_DATA_DIR"
            ) from error
    current = folder / str(_manifest(folder))
    with _told_if_broken(folder):
        client = _client(current)
        return VectorStore(current, {kind: client.get_collection(kind, embedding_function=None) for kind in KINDS})


@contextmanager
def _told_if_broken(folder: Path) -> Iterator[None]:
    """What Chroma says of an index that it can't read becomes a ServiceError."""
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise ServiceError("索引坏了", where=str(folder), hint="请删掉这个文件夹，下次用时会重新建") from error


def forget_store(folder: Path) -> None:
    """Makes the next `open_store` of `folder` build anew; who has the index open keeps it. Raises OSError."""
    (folder / _MANIFEST).unlink(missing_ok=True)


def _is_current(folder: Path, content: str) -> bool:
    """Whether the manifest names a whole index of `content`. An index has a name of its own: another process may have an older one open."""
    name = _manifest(folder)
    return name is not None and name.partition(".")[0] == content and (folder / name).is_dir()


def _manifest(folder: Path) -> str | None:
    """Name of the current index; None where there is none or the manifest can't be read."""
    try:
        return str(json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["current"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _client(path: Path) -> Any:  # noqa: ANN401 (chromadb's client type costs its import)
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(path), settings=Settings(anonymized_telemetry=False))


def _build(folder: Path, name: str, entries: Sequence[Entry], vectors: Matrix, beside: Beside | None) -> None:
    """Builds the index beside its place, moves it there whole, then names it in the manifest; clears older leftovers.

    The index before this one stays: another process may have it open.
    """
    previous = _manifest(folder)
    for old in folder.iterdir():
        if old.is_dir() and old.name not in {name, previous}:
            shutil.rmtree(old, ignore_errors=True)
    building = folder / f"{name}.building-{os.getpid()}"
    client = _client(building)
    for kind in KINDS:
        rows = [i for i, entry in enumerate(entries) if entry.kind == kind]
        collection = client.create_collection(kind, embedding_function=None, configuration={"hnsw": _HNSW})
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            collection.add(
                ids=[str(i) for i in part],
                embeddings=vectors[part],
                metadatas=[{"clause": entries[i].clause} for i in part],
            )
    client.close()
    if beside is not None:
        beside(building, vectors)
    building.rename(folder / name)
    draft = folder / f"{_MANIFEST}.{os.getpid()}"
    draft.write_text(json.dumps({"current": name}), encoding="utf-8")
    draft.replace(folder / _MANIFEST)
