"""A chat model that plays back recorded exchanges, keyed by the messages; an unknown one is an error, never a call.

Recording wraps a real model once; the files then let the model's path run anywhere, offline.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, messages_from_dict, messages_to_dict
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

from coach.errors import InputError

__all__ = ["RecordedChat"]


class RecordedChat(BaseChatModel):
    """Plays back what `folder` holds; with `live`, asks that model for what it lacks and keeps the answer."""

    folder: Path
    live: Any = None
    tools: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "recorded"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:  # noqa: ANN401 - LangChain's own
        """The same, its tools part of what an exchange is known by."""
        return self.model_copy(update={"tools": list(tools)})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's own
    ) -> ChatResult:
        path = self.folder / f"{self.key(messages)}.json"
        if path.is_file():
            (said,) = messages_from_dict([json.loads(path.read_text(encoding="utf-8"))["answer"]])
        elif self.live is not None:
            model = self.live.bind_tools(self.tools) if self.tools else self.live
            said = model.invoke(messages, **kwargs)
            kept = {
                "asked": [{"type": m.type, "text": m.text} for m in messages],
                "answer": messages_to_dict([AIMessage(said.content, tool_calls=said.tool_calls)])[0],
            }
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        else:
            raise InputError(f"没有录下这次对话（{path.stem}）", where=str(self.folder), hint="请重新录一遍")
        assert isinstance(said, AIMessage)
        return ChatResult(generations=[ChatGeneration(message=said)])

    def key(self, messages: list[BaseMessage]) -> str:
        """What the exchange is known by: 24 hexadecimal digits of a hash over roles, texts and tools' names."""
        told: list[Any] = [[m.type, m.text, [c["name"] for c in getattr(m, "tool_calls", [])]] for m in messages]
        told.append(sorted(getattr(tool, "name", str(tool)) for tool in self.tools))
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8")).hexdigest()[:24]
