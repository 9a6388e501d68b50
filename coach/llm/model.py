"""The model as the coach uses it: one or two chat models, tried in turn, with bounded retries, masking and checked structure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel

from coach.errors import ModelFailure
from coach.llm.endpoint import Endpoint
from coach.llm.guard import visible
from coach.llm.prompts import Messages
from coach.privacy import Masker

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["ChatOf", "Completion", "Model", "Notify"]

Notify = Callable[[str], None]
"""Told, in Chinese, what is being tried: a retry, a fallback."""

Shape = TypeVar("Shape", bound=BaseModel)
_MOST_TOKENS = 1_000


def _silent(_: str) -> None:
    """Tells nobody."""


class ChatOf(Protocol):
    """Makes a chat model: LangChain's over HTTP, or a scripted or recorded one."""

    def __call__(self, endpoint: Endpoint, most_tokens: int) -> BaseChatModel:
        """The model at `endpoint`, its answers limited to `most_tokens`."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model said.

    Attributes:
        text: Its words, personal data put back.
        endpoint: Where they came from.
    """

    text: str
    endpoint: Endpoint


def over_http(endpoint: Endpoint, most_tokens: int) -> BaseChatModel:
    """LangChain's chat model; loaded at first use, since that costs a second."""
    from coach.llm.chat import chat_model

    return chat_model(endpoint, most_tokens)


@dataclass(frozen=True)
class Model:
    """A language model, and the one to fall back to.

    Attributes:
        endpoints: At least one, in the order they are tried.
        mask: Whether personal data are replaced before anything leaves this machine.
        chat_of: Makes the chat models.
        sleep: Waits.
        chance: Jitters.
    """

    endpoints: tuple[Endpoint, ...]
    mask: bool = True
    chat_of: ChatOf = over_http
    sleep: Callable[[float], None] = time.sleep
    chance: random.Random = field(default_factory=random.Random, repr=False)
    _chats: dict[tuple[Endpoint, int], BaseChatModel] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The first model, as people read it."""
        return self.endpoints[0].name

    def masks(self, endpoint: Endpoint) -> bool:
        """Whether what is sent to `endpoint` is masked."""
        return self.mask and not endpoint.local

    @cached_property
    def masks_any(self) -> bool:
        """Whether what is sent to any of the endpoints is masked."""
        return any(self.masks(endpoint) for endpoint in self.endpoints)

    def chat(self, endpoint: Endpoint, most_tokens: int = _MOST_TOKENS) -> BaseChatModel:
        """The chat model at `endpoint`, made once: each would set up TLS and open connections of its own."""
        key = (endpoint, most_tokens)
        if key not in self._chats:
            self._chats[key] = self.chat_of(endpoint, most_tokens)
        return self._chats[key]

    def close(self) -> None:
        """Closes the connections that are kept open; they are opened anew where they are needed again."""
        for key in list(self._chats):
            client = getattr(self._chats.pop(key), "root_client", None)
            if client is not None:
                client.close()

    def since(self, endpoint: Endpoint) -> Model:
        """The same without the models that were tried in vain before `endpoint`."""
        return replace(self, endpoints=self.endpoints[self.endpoints.index(endpoint) :])

    def complete(self, messages: Messages, masker: Masker, notify: Notify = _silent) -> Completion:
        """What the first model that answers says to `messages`; raises the last ModelFailure where none does."""
        return self._first(messages, masker, notify, None)

    def structured(
        self, messages: Messages, shape: type[Shape], masker: Masker, notify: Notify = _silent
    ) -> tuple[Shape, Endpoint]:
        """What the model says to `messages`, as a `shape`.

        A service that knows JSON schemas is held to it; from one that doesn't, JSON is looked for in its words. One more try
        carries what was wrong with the first. Raises ModelFailure (`invalid` where the second is no better).
        """
        from coach.llm.structured import as_shape, schema_format, with_fault

        asked = schema_format(shape)
        completion = self._first(messages, masker, notify, asked)
        value, fault = as_shape(completion.text, shape)
        if value is None:
            notify("模型的回答格式不对，请它重写一次")
            again = self.since(completion.endpoint)
            completion = again._first(with_fault(messages, completion.text, fault), masker, notify, asked)
            value, fault = as_shape(completion.text, shape)
        if value is None:
            from coach.llm.failure import failure

            raise failure("invalid")
        return value, completion.endpoint

    def _first(
        self, messages: Messages, masker: Masker, notify: Notify, response_format: dict[str, Any] | None
    ) -> Completion:
        from coach.llm.failure import MODEL_ERRORS, failure_of

        last: ModelFailure | None = None
        for endpoint in self.endpoints:
            if last is not None:
                notify(f"{last.what}，改用备用模型 {endpoint.name}")
            try:
                return Completion(self._patient(endpoint, messages, masker, notify, response_format), endpoint)
            except MODEL_ERRORS as error:
                last = failure_of(error)
        assert last is not None
        raise last

    def _patient(
        self,
        endpoint: Endpoint,
        messages: Messages,
        masker: Masker,
        notify: Notify,
        response_format: dict[str, Any] | None,
    ) -> str:
        """One endpoint's answer, after as many tries as its failures are worth; one that knows no formats is asked without."""
        from coach.llm.failure import MODEL_ERRORS, again, failure_of, pause_before

        attempt = 1
        while True:
            try:
                return self._once(endpoint, messages, masker, response_format)
            except MODEL_ERRORS as error:
                cause = failure_of(error)
                if cause.kind == "unsupported" and response_format is not None:
                    response_format = None
                    continue
                attempt += 1
                pause = pause_before(attempt, cause, self.chance)
                if pause is None:
                    raise cause from error
                notify(again(attempt, cause, pause))
                self.sleep(pause)

    def _once(
        self, endpoint: Endpoint, messages: Messages, masker: Masker, response_format: dict[str, Any] | None
    ) -> str:
        from langchain_core.messages import HumanMessage, SystemMessage

        from coach.llm.tracing import untraced

        masked = self.masks(endpoint)
        user = masker.mask(messages.user) if masked else messages.user
        chat = self.chat(endpoint, messages.most_tokens)
        asked: list[BaseMessage] = [SystemMessage(messages.system), HumanMessage(user)]
        with untraced():
            if response_format is None:
                said = chat.invoke(asked)
            else:  # as a field of its own it would be sent through the SDK's strict parser
                own = getattr(chat, "extra_body", None) or {}
                said = chat.invoke(asked, extra_body={**own, "response_format": response_format})
        text = visible(str(said.text))
        return masker.unmask(text) if masked else text
