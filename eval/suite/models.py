"""Which coach is under test and who judges: the built-in, an endpoint's model, or recorded exchanges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coach.assistant import Coach
from coach.errors import InputError, ModelFailure, ServiceError
from coach.llm import Model, load_prompt
from coach.llm.endpoint import Endpoint, chat_endpoints, load_presets
from coach.llm.model import ChatOf, over_http
from coach.privacy import Masker
from coach.settings import Settings, knowledge_dir, prompts_dir
from eval.suite.judge import ModelJudge
from eval.suite.subject import BUILTIN, Subject

__all__ = ["RECORDED", "judge_named", "subject_named"]

RECORDED = "recorded"
_PLAYED = Endpoint("http://127.0.0.1:9/v1", RECORDED, "", 5.0, "录音")


def subject_named(name: str, settings: Settings, recordings: Path, *, record: bool = False) -> Subject:
    """The coach under test: `builtin`, `recorded`, or a model of the endpoint (or preset) that the settings name.

    Raises:
        InputError: The settings name no endpoint, or the recordings are not there.
    """
    coach = Coach.open(settings, use_model=False)
    if name == BUILTIN:
        return Subject(coach)
    return Subject(replace(coach, model=_model(name, settings, recordings / "coach", record=record)), name)


def judge_named(name: str, settings: Settings, recordings: Path, *, record: bool = False) -> ModelJudge:
    """A judge; raises InputError as `subject_named` does."""
    model = _model(name, settings, recordings / "judge", record=record)
    return ModelJudge(model, load_prompt("judge", prompts_dir()))


def _model(name: str, settings: Settings, recordings: Path, *, record: bool) -> Model:
    if name == RECORDED:
        if not recordings.is_dir():
            raise InputError("没有录下的对话", where=str(recordings), hint="先用真的模型加 --record 跑一遍")
        return Model((_PLAYED,), chat_of=_recorded(recordings, None))
    presets = load_presets(knowledge_dir())
    if name in presets:
        settings = settings.model_copy(update={"llm_preset": name})
    elif settings.llm_base_url or settings.llm_preset:
        settings = settings.model_copy(update={"llm_model": name})
    else:
        raise InputError(
            f"不知道模型 {name} 在哪里",
            where="--model",
            hint=f"设好 COACH_LLM_BASE_URL，或用这些名字之一：{'、'.join([BUILTIN, RECORDED, *presets])}",
        )
    endpoints = chat_endpoints(settings, presets)
    _ask_whether_there(Model(endpoints, settings.mask))
    return Model(endpoints, settings.mask, chat_of=_recorded(recordings, over_http) if record else over_http)


def _ask_whether_there(model: Model) -> None:
    """Raises ServiceError where the model doesn't answer: the built-in coach would be measured in its place, unseen."""
    try:
        model.complete(load_prompt("doctor-chat", prompts_dir()).render(), Masker())
    except ModelFailure as failure:
        raise ServiceError(failure.what, where=model.name, hint="请用 coach doctor 看哪里要修") from failure
    finally:
        model.close()


def _recorded(folder: Path, live: ChatOf | None) -> ChatOf:
    from langchain_core.language_models import BaseChatModel

    from coach.llm.recorded import RecordedChat

    def chat_of(endpoint: Endpoint, most_tokens: int) -> BaseChatModel:
        return RecordedChat(folder=folder, live=live(endpoint, most_tokens) if live else None)

    return chat_of
