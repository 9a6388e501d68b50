"""What a model says is watched while it streams: it is ended where it goes wrong, at whatever places it is cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import ModelFailure
from coach.llm.watch import Watch

ANSWER = "请客户等候之前，先讲明为什么要等，比如要查什么、要跟谁核对。等得久了，隔一会儿说一声进展😀𠮷。"


def kind_of(*pieces: str, tools: bool = False, most: int = 6_000, finish: str | None = "stop") -> str:
    """The kind of failure that the pieces end in; "" where they are a whole answer."""
    watch = Watch(60, most, tools=tools)
    try:
        for piece in pieces:
            watch.saw(piece)
        watch.ended(finish)
    except ModelFailure as failure:
        return failure.kind
    return ""


def cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


@given(st.integers(1, 60))
def test_a_good_answer_passes_however_it_is_cut(size: int) -> None:
    assert kind_of(*cut(ANSWER, size), tools=True) == ""


@pytest.mark.parametrize("finish", ["stop", "length", "content_filter"])
def test_whatever_reason_is_given_ends_an_answer(finish: str) -> None:
    assert kind_of(ANSWER, finish=finish) == ""


@given(st.integers(1, 60), st.sampled_from(["好的。", "请您稍等，我马上为您查询。", "哈哈", "客户您好，" * 7]))
def test_a_loop_is_told_however_it_is_cut(size: int, sentence: str) -> None:
    assert kind_of(*cut("先说明原因。" + sentence * 40, size)) == "loop"


def test_a_loop_is_told_long_before_the_answer_is_too_long() -> None:
    assert kind_of(*cut("请您稍等。" * 12, 5), finish=None) == "loop"


@pytest.mark.parametrize("said", ["请您稍等。" * 4, "不，不，不，不是的。", "A" * 11, "一" * 3 + "二" * 3])
def test_what_is_said_a_few_times_is_no_loop(said: str) -> None:
    assert kind_of(*cut(said + "然后再请客户等候，说明要多久。", 3)) == ""


def test_blanks_and_rulers_are_no_loop() -> None:
    indented = '{\n    "findings": [\n        {\n            "rule": "a",\n            "line": 2\n        }\n    ]\n}'
    for size in range(1, 40):
        assert kind_of("x" * (size % 12), *cut(indented, size)) == ""
        assert kind_of(*cut("先说原因。\n" + "—" * 30 + "\n再问是否愿意等。", size)) == ""


def test_an_answer_may_have_so_many_characters() -> None:
    said = "".join(chr(0x4E00 + i) for i in range(200))
    assert kind_of(said, most=200) == ""
    assert kind_of(said, "多", most=200) == "too_long"


def test_an_answer_may_take_so_long() -> None:
    watch = Watch(-1)
    with pytest.raises(ModelFailure) as told:
        watch.saw("请")
    assert told.value.kind == "timeout"


@pytest.mark.parametrize(
    ("pieces", "finish", "kind"),
    [
        ((), None, "invalid"),
        (("",), "stop", "empty"),
        (("", " \n"), "stop", "empty"),
        (("", " \n"), None, "empty"),
        ((ANSWER,), None, "cut"),
    ],
)
def test_an_answer_ends_with_words_and_a_reason(pieces: tuple[str, ...], finish: str | None, kind: str) -> None:
    assert kind_of(*pieces, finish=finish) == kind


def test_a_call_of_a_tool_needs_no_words() -> None:
    watch = Watch(60, tools=True)
    watch.saw("", acted=True)
    watch.saw("")
    watch.ended("tool_calls")


@pytest.mark.parametrize(
    "said", ['{"name": "search_handbook"}', '```json\n{"a": 1}', '\n[ {"name": 1}]', "<tool_call>{"]
)
def test_a_call_written_as_text_is_told_where_tools_were_offered(said: str) -> None:
    for size in (1, 3, 100):
        assert kind_of(*cut(said, size), tools=True) == "no_tools"
    assert kind_of(said) == ""


@pytest.mark.parametrize("said", ["先说原因{时长}。", "〔HLD-01〕先说原因。", "[1] 先说原因。", "<先>说原因。"])
def test_other_brackets_are_no_call(said: str) -> None:
    assert kind_of(*cut(said, 2), tools=True) == ""
