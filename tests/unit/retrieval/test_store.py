"""The vector store: built beside its place, whole or not there, safe under two processes and a crash."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from coach.errors import ServiceError
from coach.retrieval.entries import Entry, content_hash
from coach.retrieval.store import open_store
from coach.retrieval.vectors import Matrix

ENTRIES = tuple(Entry(f"ABC-{i:02}", "question" if i % 2 else "passage", f"文字{i}") for i in range(12))


def vectors() -> Matrix:
    matrix = np.random.default_rng(7).normal(size=(len(ENTRIES), 384)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)  # type: ignore[no-any-return]


def must_not_build() -> Matrix:
    raise AssertionError("built again")


def test_an_entry_is_nearest_to_itself_and_found_within_its_kind(tmp_path: Path) -> None:
    store = open_store(tmp_path / "index", ENTRIES, vectors)
    clause, similarity = store.nearest("question", vectors()[3], 2)[0]
    assert clause == "ABC-03"
    assert similarity == pytest.approx(1.0, abs=1e-3)
    assert "ABC-03" not in [clause for clause, _ in store.nearest("passage", vectors()[3], 6)]


def test_an_index_that_is_there_is_opened_not_built(tmp_path: Path) -> None:
    open_store(tmp_path, ENTRIES, vectors)
    assert open_store(tmp_path, ENTRIES, must_not_build).nearest("passage", vectors()[0], 1)[0][0] == "ABC-00"


def test_changed_texts_get_an_index_of_their_own_and_the_last_one_stays_for_its_readers(tmp_path: Path) -> None:
    reader = open_store(tmp_path, ENTRIES, vectors)
    changed = (Entry("ABC-00", "passage", "改过"), *ENTRIES[1:])
    open_store(tmp_path, changed, vectors)
    assert json.loads((tmp_path / "manifest.json").read_text())["current"].startswith(content_hash(changed))
    assert reader.nearest("passage", vectors()[0], 1)[0][0] == "ABC-00"


def test_a_crash_in_the_middle_leaves_nothing_that_is_taken_for_an_index(tmp_path: Path) -> None:
    name = content_hash(ENTRIES)
    (tmp_path / f"{name}.building-1").mkdir(parents=True)
    (tmp_path / f"{name}.building-1" / "chroma.sqlite3").write_bytes(b"half")
    (tmp_path / name).mkdir()  # moved into place, but the manifest never written
    store = open_store(tmp_path, ENTRIES, vectors)
    assert len(store.nearest("passage", vectors()[0], 50)) == 6
    assert not list(tmp_path.glob("*.building-1"))


def test_a_manifest_that_cannot_be_read_is_written_anew(tmp_path: Path) -> None:
    open_store(tmp_path, ENTRIES, vectors)
    (tmp_path / "manifest.json").write_text("{half")
    assert open_store(tmp_path, ENTRIES, vectors).nearest("passage", vectors()[2], 1)[0][0] == "ABC-02"


def _open(folder: Path) -> None:
    assert open_store(folder, ENTRIES, vectors).nearest("passage", vectors()[4], 1)[0][0] == "ABC-04"


@pytest.mark.slow
def test_two_processes_opening_at_once_both_get_a_whole_index(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open, args=(tmp_path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServiceError, match="COACH_DATA_DIR"):
        open_store(tmp_path / "file" / "index", ENTRIES, vectors)


def test_two_indexes_of_the_same_entries_find_the_same(tmp_path: Path) -> None:
    entries = tuple(Entry(f"HLD-{i % 90:02d}", "question", f"第 {i} 问") for i in range(3_000))
    drawn = np.random.default_rng(7).normal(size=(3_040, 32)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    one, two = (open_store(tmp_path / name, entries, lambda: vectors[:3_000]) for name in ("one", "two"))
    for query in vectors[3_000:]:
        assert one.nearest("question", query, 200) == two.nearest("question", query, 200)
