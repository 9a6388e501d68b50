"""Asks an endpoint small things, each the way the coach asks them, to see what it can do. What that means is left to `doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from coach.errors import ModelFailure
from coach.llm.endpoint import Endpoint
from coach.llm.prompts import load_prompt
from coach.llm.structured import as_shape, schema_format

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from openai import OpenAI

    from coach.llm.chat import WatchedChat

__all__ = ["Heard", "Probe", "dimensions", "listed_models"]

T = TypeVar("T")
_TOOL = {
    "type": "function",
    "function": {
        "name": "search_handbook",
        "description": "查电话礼仪手册的条款",
        "parameters": {
            "type": "object",
            "properties": {"topic": {"type": "string", "description": "要查的话题"}},
            "required": ["topic"],
        },
    },
}
_TEXTS = ("铃响三声之内接起", "请稍等，我帮您转接")


class _Advice(BaseModel):
    rings: int
    advice: str


class _Listed(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Listed]


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as it came in.

    Attributes:
        text: All of it.
        first: Seconds until its first characters.
        seconds: Seconds until its end.
        pieces: In how many pieces it came.
    """

    text: str
    first: float
    seconds: float
    pieces: int


@dataclass(frozen=True)
class Probe:
    """One endpoint to be asked, with the prompts in the folder `prompts`; every method raises ModelFailure."""

    endpoint: Endpoint
    prompts: Path

    def streamed(self) -> Heard:
        """An answer as the coach asks for it: streamed."""
        return _told(self._streamed)

    def whole(self) -> Heard:
        """An answer asked for in one piece."""
        return _told(self._whole)

    def calls_tool(self) -> bool:
        """Whether it calls a tool that it is offered, and with arguments that can be read."""
        return _told(self._calls_tool)

    def keeps_schema(self) -> bool:
        """Whether it keeps to a JSON schema; False where it only answers JSON when asked in words. Raises `invalid` where neither."""
        from coach.llm.failure import failure

        asked = schema_format(_Advice)
        try:
            if as_shape(_told(lambda: self._said("doctor-json", asked)), _Advice)[0]:
                return True
        except ModelFailure as error:
            if error.kind not in {"unsupported", "empty", "invalid", "loop", "too_long"}:
                raise
        if as_shape(_told(lambda: self._said("doctor-json", None)), _Advice)[0]:
            return False
        raise failure("invalid")

    def _streamed(self) -> Heard:
        from coach.llm.failure import failure

        started, marks, text = monotonic(), [], ""
        with self._chat("doctor-chat") as (chat, messages):
            for piece in chat.stream(messages):
                if piece.text:
                    marks.append(monotonic() - started)
                    text += piece.text
        if not marks:  # it called a tool that nobody offered
            raise failure("empty")
        return Heard(text, marks[0], monotonic() - started, len(marks))

    def _whole(self) -> Heard:
        from coach.llm.failure import failure

        started = monotonic()
        with self._chat("doctor-chat") as (chat, messages):
            text = str(chat.model_copy(update={"streaming": False}).invoke(messages).text)
        if not text.strip():
            raise failure("empty")
        return Heard(text, monotonic() - started, monotonic() - started, 1)

    def _calls_tool(self) -> bool:
        with self._chat("doctor-tool") as (chat, messages):
            said = chat.bind_tools([_TOOL]).invoke(messages)
        return any(call["name"] == "search_handbook" and call["args"].get("topic") for call in said.tool_calls)

    def _said(self, prompt: str, response_format: dict[str, Any] | None) -> str:
        with self._chat(prompt) as (chat, messages):
            extra = {**(chat.extra_body or {}), **({"response_format": response_format} if response_format else {})}
            return str(chat.invoke(messages, extra_body=extra).text)

    @contextmanager
    def _chat(self, prompt: str) -> Iterator[tuple[WatchedChat, Sequence[BaseMessage]]]:
        """The chat model and what to ask it; its connections are closed afterwards, also those that a failure left open."""
        from langchain_core.messages import HumanMessage, SystemMessage

        from coach.llm.chat import chat_model

        asked = load_prompt(prompt, self.prompts).render()
        chat = chat_model(self.endpoint, asked.most_tokens)
        try:
            yield chat, [SystemMessage(asked.system), HumanMessage(asked.user)]
        finally:
            chat.root_client.close()


def listed_models(endpoint: Endpoint) -> tuple[str, ...]:
    """The models that the service lists; raises ModelFailure."""

    def listed() -> tuple[str, ...]:
        with _client(endpoint) as client:
            answer = client.models.with_raw_response.list().http_response.text
        return tuple(model.id for model in _Models.model_validate_json(answer).data)

    return _told(listed)


def dimensions(endpoint: Endpoint) -> int:
    """How many dimensions the endpoint's vectors have; raises ModelFailure, `invalid` where they can't be used."""
    from coach.llm.embeddings import endpoint_embeddings

    return len(_told(lambda: endpoint_embeddings(endpoint).embed_documents(list(_TEXTS)))[0])


def _client(endpoint: Endpoint) -> AbstractContextManager[OpenAI]:
    from openai import OpenAI

    return OpenAI(
        api_key=endpoint.api_key or "none", base_url=endpoint.base_url, timeout=endpoint.timeout, max_retries=0
    )


def _told(ask: Callable[[], T]) -> T:
    """What `ask` gives; what it raises as a ModelFailure. Nothing is traced."""
    from coach.llm.failure import MODEL_ERRORS, failure, failure_of
    from coach.llm.tracing import untraced

    try:
        with untraced():
            return ask()
    except MODEL_ERRORS as error:
        raise failure_of(error) from error
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:  # no chat API says that
        raise failure("invalid") from error
