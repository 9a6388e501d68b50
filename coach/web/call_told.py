"""What a trainer wrote or pasted as a scenario: one or two sentences, or a real call, which a model improves where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from coach.assistant import Coach
from coach.errors import InputError, ModelFailure
from coach.roleplay import Scenario
from coach.roleplay.from_call import scenario_from_call
from coach.roleplay.from_text import scenario_from_text
from coach.settings import prompts_dir
from coach.transcripts import Transcript, parse_text
from coach.web.calls import CallInput, read_calls

__all__ = ["CHECK", "scenarios_told", "uploaded_call"]

CHECK = "请看一遍，不对的地方直接改，再用它或存起来。"
_FROM_CALL = "这是从通话里整理出来的，电话、姓名等已换成编的。"


def scenarios_told(text: str, coach: Coach, call: Transcript | None = None) -> Iterator[tuple[Scenario | None, str]]:
    """The scenario that `text` tells, or that the `call` was, and what to say of it; None while a model still works on it.

    Raises:
        InputError: It tells none.
    """
    call = call or _call(text)
    if call is None:
        yield _sentences(text), CHECK
        return
    scenario = scenario_from_call(call)
    if coach.model is None:
        yield scenario, _FROM_CALL + CHECK
        return
    yield None, "语言模型在整理这通电话……"
    yield _improved(scenario, call, coach)


def uploaded_call(path: str | None) -> Transcript:
    """The first call in an uploaded file; raises TranscriptError where it can't be read."""
    if not path:
        raise InputError("还没有选文件", where="场景")
    return read_calls(CallInput(None, str(Path(path)), None, None, None, None))[0].transcript


def _sentences(text: str) -> Scenario:
    try:
        return scenario_from_text(text)
    except ValidationError as error:
        raise InputError("这段话写不成场景", where="场景", hint="把句子写短一些，一句说一件事") from error


def _call(text: str) -> Transcript | None:
    """The call that `text` is; None where nobody in it is named as speaking."""
    if not text.strip():
        return None
    call = parse_text(text)
    return call if {turn.speaker for turn in call.turns} == {"agent", "customer"} else None


def _improved(scenario: Scenario, call: Transcript, coach: Coach) -> tuple[Scenario, str]:
    from coach.llm import load_prompt
    from coach.roleplay.improve import improve_with_model

    assert coach.model is not None
    try:
        found = improve_with_model(scenario, call, coach.model, load_prompt("scenario", prompts_dir()))
    except ModelFailure as failure:
        return scenario, f"{failure.what}，这份是内置教练整理的。{_FROM_CALL}{CHECK}"
    dropped = f"模型说了 {len(found.dropped)} 处通话里没有的，略去了。" if found.dropped else ""
    return found.scenario, f"{_FROM_CALL}模型润色过。{dropped}{CHECK}"
