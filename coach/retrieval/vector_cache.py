"""Vectors that an endpoint gave, kept on disk as they come: a build that was cut short goes on where it stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from coach.errors import ServiceError

__all__ = ["VectorCache"]

Vector = np.ndarray[Any, np.dtype[np.float32]]
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"


class VectorCache:
    """Key → vector in one file; vectors are rounded to half precision, as the shipped ones are.

    Every method raises ServiceError where the file can't be written. A file that can't be read is begun anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Vector]:
        """All that is known."""
        try:
            with self._open() as connection:
                rows = connection.execute("SELECT key, vector FROM vectors").fetchall()
        except sqlite3.DatabaseError:
            self.clear()
            return {}
        return {key: np.frombuffer(vector, dtype="<f2").astype(np.float32) for key, vector in rows}

    def add(self, vectors: Mapping[str, Vector]) -> None:
        """Keeps `vectors`, all of them or none."""
        rows = [(key, vector.astype("<f2").tobytes()) for key, vector in vectors.items()]
        try:
            with self._open() as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        except sqlite3.DatabaseError as error:
            raise _unwritable(self._path) from error

    def clear(self) -> None:
        """Forgets all."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self._path) from error

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute(_TABLE)
            yield connection


def _unwritable(path: Path) -> ServiceError:
    return ServiceError("写不了索引", where=str(path), hint="请检查权限和剩余空间，或设置 COACH_DATA_DIR")
