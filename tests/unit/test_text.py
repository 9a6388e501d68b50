"""Normalised text: what it folds, and that every span leads back to the original."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.text import normalise


def found(original: str, words: str) -> str:
    turn = normalise(original)
    at = turn.text.index(words)
    start, end = turn.span(at, at + len(words))
    return original[start:end]


def test_full_width_forms_are_folded_and_lead_back() -> None:
    assert normalise("ＯＫ，８６元？").text == "OK,86元?"
    assert found("好，ＯＫ啦", "OK") == "ＯＫ"


def test_traditional_characters_are_read_as_simplified() -> None:
    assert normalise("請問您貴姓").text == "请问您贵姓"
    assert found("請問您貴姓", "贵姓") == "貴姓"


def test_stray_blanks_beside_chinese_are_dropped_and_kept_between_words() -> None:
    assert normalise("您 稍 等　一下 Smart TV").text == "您稍等一下Smart TV"
    assert found("请您 稍 等。", "稍等") == "稍 等"


def test_an_emoji_inside_a_word_is_dropped_but_stays_in_the_span() -> None:
    assert found("您稍👍🏽等", "稍等") == "稍👍🏽等"


def test_a_rare_character_outside_the_basic_plane_counts_as_one() -> None:
    turn = normalise("𠮷先生您好")
    assert turn.span(turn.text.index("您好"), turn.text.index("您好") + 2) == (3, 5)


def test_one_character_that_folds_to_several_maps_each_back_to_it() -> None:
    turn = normalise("㈱½")
    assert all(start == 0 for start, char in zip(turn.starts, turn.text, strict=True) if char != "½" and start == 0)
    assert turn.span(0, len(turn.text)) == (0, 2)


def test_sentences_keep_their_marks_and_cover_the_text() -> None:
    turn = normalise("好的。请稍等，我查一下！10:30可以吗？")
    assert [s.text for s in turn.sentences] == ["好的。", "请稍等,我查一下!", "10:30可以吗?"]
    assert [c.text for c in turn.clauses] == ["好的。", "请稍等,", "我查一下!", "10:30可以吗?"]


def test_quotations_are_masked_at_the_same_length() -> None:
    turn = normalise("师傅说“你这根管子得换”，对吗")
    assert len(turn.unquoted) == len(turn.text)
    assert "你" not in turn.unquoted


@given(st.text(max_size=60))
def test_every_span_of_any_text_lies_in_the_original(text: str) -> None:
    turn = normalise(text)
    assert len(turn.text) == len(turn.starts) == len(turn.ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(turn.starts, turn.ends, strict=True))
    assert list(turn.starts) == sorted(turn.starts)
    assert "".join(part.text for part in turn.clauses) == turn.text
