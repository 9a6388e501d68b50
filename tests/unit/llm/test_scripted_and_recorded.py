"""The two chat models that need no service: one says what a script tells it to, one plays back what was recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool

from coach.errors import InputError, ModelFailure
from coach.llm import Messages, Model
from coach.llm.failure import failure
from coach.llm.recorded import RecordedChat
from coach.llm.scripted import SCRIPTED, ScriptedChat, scripted
from coach.privacy import Masker

MESSAGES = Messages("你是教练。", "怎么请客户稍等？", "0" * 16, 100)
ASKED: list[BaseMessage] = [SystemMessage("你是教练。"), HumanMessage("怎么请客户稍等？😀𠮷")]
CALL = AIMessage(
    "", tool_calls=[{"name": "search_handbook", "args": {"query": "等候"}, "id": "1", "type": "tool_call"}]
)


@tool
def search_handbook(query: str) -> str:
    """查手册。"""
    return query


def test_a_script_is_said_in_order_and_then_runs_out() -> None:
    chat, chat_of = scripted("先说原因。", "再问是否愿意等。")
    model = Model((SCRIPTED,), chat_of=chat_of)
    assert [model.complete(MESSAGES, Masker()).text for _ in range(2)] == ["先说原因。", "再问是否愿意等。"]
    assert [[m.type for m in seen] for seen in chat.seen] == [["system", "human"]] * 2
    with pytest.raises(LookupError, match="run out"):
        model.complete(MESSAGES, Masker())


def test_a_function_alone_answers_every_time() -> None:
    _, chat_of = scripted(lambda messages: f"听到了：{messages[-1].text}")
    model = Model((SCRIPTED,), chat_of=chat_of)
    assert {model.complete(MESSAGES, Masker()).text for _ in range(3)} == {"听到了：怎么请客户稍等？"}


def test_a_script_may_fail_and_is_then_asked_again() -> None:
    waits: list[float] = []
    _, chat_of = scripted(failure("server"), "好。")
    told: list[str] = []
    model = Model((SCRIPTED,), chat_of=chat_of, sleep=waits.append)
    assert model.complete(MESSAGES, Masker(), told.append).text == "好。"
    assert len(waits) == len(told) == 1
    _, chat_of = scripted(failure("loop"), "好。")
    with pytest.raises(ModelFailure):
        Model((SCRIPTED,), chat_of=chat_of).complete(MESSAGES, Masker())


def test_a_script_streams_its_words_and_calls() -> None:
    chat = ScriptedChat(lines=["请您稍等，我马上为您查询。", CALL])
    pieces = list(chat.stream(ASKED))
    assert "".join(piece.text for piece in pieces) == "请您稍等，我马上为您查询。"
    assert len(pieces) > 1
    first, *rest = chat.stream(ASKED)
    for piece in rest:
        first += piece
    assert first.tool_calls == CALL.tool_calls


@pytest.mark.parametrize("said", ["先说原因。😀𠮷", CALL])
def test_what_was_recorded_is_played_back_without_a_model(tmp_path: Path, said: str | AIMessage) -> None:
    live = ScriptedChat(lines=[said])
    first = RecordedChat(folder=tmp_path, live=live).invoke(ASKED)
    again = RecordedChat(folder=tmp_path).invoke(ASKED)
    assert (again.text, again.tool_calls) == (first.text, first.tool_calls)
    assert len(live.seen) == 1
    (kept,) = tmp_path.iterdir()
    assert json.loads(kept.read_text(encoding="utf-8"))["asked"][1] == {"type": "human", "text": ASKED[1].text}
    assert "\\u" not in kept.read_text(encoding="utf-8")


def test_what_is_recorded_already_is_not_asked_for_again(tmp_path: Path) -> None:
    chat = RecordedChat(folder=tmp_path, live=ScriptedChat(lines=["先说原因。"]))
    assert chat.invoke(ASKED).text == chat.invoke(ASKED).text


def test_what_was_not_recorded_is_an_error_and_never_a_call(tmp_path: Path) -> None:
    RecordedChat(folder=tmp_path, live=ScriptedChat(lines=["先说原因。"])).invoke(ASKED)
    with pytest.raises(InputError, match="没有录下"):
        RecordedChat(folder=tmp_path).invoke([*ASKED, HumanMessage("再说一次")])


def test_roles_words_and_tools_tell_exchanges_apart(tmp_path: Path) -> None:
    chat = RecordedChat(folder=tmp_path)
    with_tools = chat.bind_tools([search_handbook])
    assert isinstance(with_tools, RecordedChat)
    keys = [
        chat.key(ASKED),
        chat.key(ASKED[1:]),
        chat.key([SystemMessage(ASKED[1].text), ASKED[1]]),
        chat.key([HumanMessage("你是教练。"), ASKED[1]]),
        chat.key([*ASKED, CALL]),
        chat.key([*ASKED, AIMessage("")]),
        with_tools.key(ASKED),
    ]
    assert len(set(keys)) == len(keys)
    assert chat.key(list(ASKED)) == chat.key(ASKED)
