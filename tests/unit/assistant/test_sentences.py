"""Sentences cut from a stream: the same ones at any chunking, each as soon as it is whole, with the clauses it cites."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coach.assistant.sentences import Sentence, SentenceStream, sentence_of

PARTS = [
    "先说明原因",
    "再问是否愿意等😀𠮷",
    "，",
    "。",
    "？",
    "!",
    "\n",
    "〔HLD-01〕",
    "（HLD-02、HLD-03）",
    "[依据：hld-4]",
    "【时限】",
    "（比如查账单）",
    "“请您稍等，可以吗？”",
    "“",
    "”",
    "）",
    "（",
    "〔",
    " ",
    "- ",
    "**",
]
ANSWERS = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)


def streamed(pieces: list[str]) -> list[Sentence]:
    stream = SentenceStream()
    return [sentence for piece in pieces for sentence in stream.add(piece)] + list(stream.rest())


def whole(text: str) -> list[Sentence]:
    return streamed([text])


def pieces_of(text: str, cuts: set[int]) -> list[str]:
    ends = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    return [text[start:end] for start, end in pairwise(ends)]


@given(ANSWERS, st.sets(st.integers(0, 120)))
@example("先说明原因。〔HLD-01〕。再问是否愿意等。", {6, 14})
@example("先说明原因〔HLD-01〕。”再问。", {14})
@example("先说明原因。（比如查账单）再问。", {7})
@example("先说明原因。”〔HLD-01〕再问。", {6})
def test_any_chunking_gives_the_same_sentences(text: str, cuts: set[int]) -> None:
    assert streamed(pieces_of(text, cuts)) == whole(text) == streamed(list(text))


@given(ANSWERS)
def test_no_word_and_no_citation_is_lost(text: str) -> None:
    came = whole(text)
    assert "".join(c for s in came for c in s.text if c in "先说明原因再问是否愿意等") == "".join(
        c for c in text if c in "先说明原因再问是否愿意等"
    )


@pytest.mark.parametrize(
    "text",
    [
        "先说明原因〔HLD-01〕。",
        "先说明原因。〔HLD-01〕",
        "先说明原因。〔HLD-01〕。",
        "先说明原因。\n〔HLD-01〕",
        "先说明原因（依据：HLD-01）。",
        "先说明原因。【hld-01】",
        "- 先说明原因 [参见HLD-01]。",
        "1. **先说明原因**。（HLD-01）",
        "回答：先说明原因。〔HLD-01〕",
    ],
)
def test_a_citation_before_or_after_the_full_stop_is_its_sentence_s(text: str) -> None:
    assert whole(text + "再问是否愿意等〔HLD-02〕。") == [
        Sentence("先说明原因。", ("HLD-01",)),
        Sentence("再问是否愿意等。", ("HLD-02",)),
    ]


@pytest.mark.parametrize(
    "mark",
    [
        "〔HLD-01、HLD-02〕",
        "〔HLD-01〕〔HLD-02〕",
        "（HLD-01，HLD-02）",
        "[HLD-01 HLD-02]",
        "〔HLD-01和HLD-02、HLD-01〕",
    ],
)
def test_several_citations_are_taken_in_order_once_each(mark: str) -> None:
    assert whole(f"先说明原因{mark}。") == [Sentence("先说明原因。", ("HLD-01", "HLD-02"))]


def test_a_sentence_that_cites_is_given_out_at_its_end_mark() -> None:
    stream = SentenceStream()
    assert list(stream.add("先说明原因〔HLD-01〕")) == []
    assert list(stream.add("。")) == [Sentence("先说明原因。", ("HLD-01",))]
    assert list(stream.rest()) == []


def test_a_sentence_whose_citation_follows_is_given_out_with_it() -> None:
    stream = SentenceStream()
    assert list(stream.add("先说明原因。〔HLD")) == []
    assert list(stream.add("-01〕")) == [Sentence("先说明原因。", ("HLD-01",))]


@pytest.mark.parametrize("after", ["再问", "（比如", "【称呼】您好", "〔注〕"])
def test_a_sentence_without_a_citation_waits_for_no_more_than_it_needs(after: str) -> None:
    stream = SentenceStream()
    assert list(stream.add("先说明原因。")) == []
    assert [s.text for s in stream.add(after)] == ["先说明原因。"]


def test_words_quoted_inside_a_sentence_do_not_end_it() -> None:
    text = "可以说“请您稍等，可以吗？我马上回来。”再去查〔HLD-01〕。"
    assert whole(text) == [Sentence("可以说“请您稍等，可以吗？我马上回来。”再去查。", ("HLD-01",))]


def test_a_quote_that_is_never_closed_ends_with_its_paragraph() -> None:
    came = whole("可以说“请您稍等。\n再问是否愿意等〔HLD-02〕。")
    assert [s.ids for s in came] == [(), ("HLD-02",)]


@pytest.mark.parametrize("text", ["", " \n\n ", "。", "。。\n！"])
def test_what_has_no_words_is_no_sentence(text: str) -> None:
    assert whole(text) == []


def test_slots_and_other_brackets_stay_in_the_words() -> None:
    assert sentence_of("请说大约需要【时长】（比如两分钟）〔HLD-02〕。") == Sentence(
        "请说大约需要【时长】（比如两分钟）。", ("HLD-02",)
    )
