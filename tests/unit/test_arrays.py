"""A file of shipped numbers that can't be used is named, with what to do."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

import numpy as np
import pytest

from coach.arrays import read_arrays
from coach.errors import KnowledgeError


def _missing(path: Path) -> None:
    assert not path.exists()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    np.savez(path, weights=np.arange(1000))
    path.write_bytes(path.read_bytes()[:500])


def _text(path: Path) -> None:
    path.write_text("version https://git-lfs.github.com/spec/v1\n", "utf-8")


def _single(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.arange(3))


def _other(path: Path) -> None:
    np.savez(path, rows=np.arange(3))


@pytest.mark.parametrize("damage", [_missing, _empty, _cut, _text, _single, _other])
def test_a_file_that_is_missing_damaged_or_of_another_kind_is_named(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = tmp_path / "head.npz"
    damage(path)
    with pytest.raises(KnowledgeError, match="读不出检索模型") as told:
        read_arrays(path, itemgetter("weights"), "检索模型", "retrieval")
    assert "head.npz" in str(told.value)
    assert "make retrieval" in str(told.value)


def test_what_is_there_is_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "head.npz", weights=np.arange(3))
    assert read_arrays(tmp_path / "head.npz", itemgetter("weights"), "检索模型", "retrieval").tolist() == [0, 1, 2]
