"""The chat model behind an endpoint: LangChain's, watched while it streams. Retries are left to `model`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai.chat_models.base import BaseChatOpenAI
from openai import OpenAIError
from pydantic import SecretStr

from coach.llm.endpoint import Endpoint
from coach.llm.failure import failure, failure_of
from coach.llm.watch import Watch

__all__ = ["WatchedChat", "chat_model"]

_WHOLE = 4.0
_CONNECT_SECONDS = 5.0
_TEMPERATURE = 0.3


class WatchedChat(BaseChatOpenAI):
    """A chat model over the OpenAI API whose every answer streams and is watched; what it raises is a ModelFailure."""

    whole_seconds: float = 120.0

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:  # noqa: ANN401 - LangChain's own
        """Pieces of the answer; raises ModelFailure."""
        watch = Watch(self.whole_seconds, tools=bool(kwargs.get("tools")))
        finish: str | None = None
        try:
            for chunk in super()._stream(*args, **kwargs):
                message = chunk.message
                watch.saw(chunk.text, acted=bool(getattr(message, "tool_call_chunks", None)))
                finish = (chunk.generation_info or {}).get("finish_reason") or finish
                yield chunk
        except (httpx.HTTPError, OpenAIError) as error:
            raise failure_of(error) from error
        except (TypeError, KeyError, AttributeError, ValueError) as error:  # LangChain reading what no chat API says
            raise failure("invalid") from error
        watch.ended(finish)


def chat_model(endpoint: Endpoint, most_tokens: int) -> WatchedChat:
    """The model at `endpoint`, its answers limited to `most_tokens`; nothing is sent yet."""
    extra: dict[str, Any] = {endpoint.limit_field: most_tokens}
    return WatchedChat(
        model=endpoint.model,
        base_url=endpoint.base_url,
        api_key=SecretStr(endpoint.api_key or "none"),
        timeout=httpx.Timeout(endpoint.timeout, connect=min(endpoint.timeout, _CONNECT_SECONDS)),
        max_retries=0,
        streaming=True,
        stream_usage=False,
        temperature=_TEMPERATURE if endpoint.temperature else None,
        extra_body=extra,
        whole_seconds=endpoint.timeout * _WHOLE,
    )
