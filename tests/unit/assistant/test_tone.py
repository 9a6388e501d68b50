"""A message may ask for another tone, with its line or of the line before."""

from __future__ import annotations

import pytest

from coach.assistant.tone import is_tone_alone, tone_in, without_tone


@pytest.mark.parametrize(
    ("message", "tone"),
    [
        ("再简短一点", "shorter"),
        ("更亲切一些", "warmer"),
        ("能不能更正式一点？", "formal"),
        ("改得更亲切一点：你等一下，我查查", "warmer"),
        ("说得简短些：您好，请问您有什么事情需要我帮您处理", "shorter"),
    ],
)
def test_a_tone_asked_for_is_heard(message: str, tone: str) -> None:
    assert tone_in(message) == tone


@pytest.mark.parametrize(
    "message", ["客户嫌我不亲切怎么办", "正式的开场白怎么说？", "你等一下，我查查", "短信收不到怎么回"]
)
def test_a_message_that_only_has_such_a_word_asks_for_no_tone(message: str) -> None:
    assert tone_in(message) is None


def test_a_tone_alone_is_about_the_line_before_and_one_with_a_line_is_not() -> None:
    assert is_tone_alone("再简短一点。")
    assert not is_tone_alone("改得更亲切一点：你等一下")
    assert without_tone("改得更亲切一点：你等一下") == "改写：你等一下"
