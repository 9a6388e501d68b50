"""A chat model that says what a script tells it to: for tests, for demonstrations, and as the worst model there could be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

from coach.llm.endpoint import Endpoint

__all__ = ["SCRIPTED", "Line", "ScriptedChat", "scripted"]

Line = str | AIMessage | Exception | Callable[[Sequence[BaseMessage]], "str | AIMessage | Exception"]
"""What is said (or raised) next, or a function of the messages that decides."""

SCRIPTED = Endpoint("http://127.0.0.1:9/v1", "scripted", "", 5.0, "脚本")
_PIECE = 8


class ScriptedChat(BaseChatModel):
    """Says the `lines` in order; a function as the only line answers every time. Raises LookupError when they run out."""

    lines: list[Any] = Field(default_factory=list)
    seen: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:  # noqa: ANN401 - LangChain's own
        """The same: a script knows what it will call."""
        return self

    def _next(self, messages: Sequence[BaseMessage]) -> AIMessage:
        self.seen.append(list(messages))
        if not self.lines:
            raise LookupError("the script has run out")
        line = self.lines[0] if len(self.lines) == 1 and callable(self.lines[0]) else self.lines.pop(0)
        said = line(messages) if callable(line) else line
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, AIMessage) else AIMessage(said)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's own
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's own
    ) -> Iterator[ChatGenerationChunk]:
        said = self._next(messages)
        text = said.text
        for start in range(0, len(text), _PIECE):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=text[start : start + _PIECE]))
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk
        calls = [
            {"name": call["name"], "args": _json(call["args"]), "id": call["id"], "index": i, "type": "tool_call_chunk"}
            for i, call in enumerate(said.tool_calls)
        ]
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", tool_call_chunks=calls), generation_info={"finish_reason": "stop"}
        )


def _json(value: Any) -> str:  # noqa: ANN401 - JSON
    import json

    return json.dumps(value, ensure_ascii=False)


def scripted(*lines: Line) -> tuple[ScriptedChat, Callable[[Endpoint, int], BaseChatModel]]:
    """A scripted chat model, and what makes a `Model` use it: `Model((SCRIPTED,), chat_of=…)`."""
    chat = ScriptedChat(lines=list(lines))
    return chat, lambda _endpoint, _most_tokens: chat
