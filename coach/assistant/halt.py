"""Ends a model's answer that nobody waits for any more."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import BaseCallbackHandler

__all__ = ["Halt"]


class _Halted(BaseException):
    """Not an Exception: LangChain would log it as a fault."""


class Halt(BaseCallbackHandler):
    """Ends a stream at its next piece once that is `asked` for; given to LangChain as a callback."""

    raise_error = True

    def __init__(self) -> None:
        self.asked = False

    def on_llm_new_token(self, token: str | list[str | dict[str, Any]], **kwargs: Any) -> None:  # noqa: ANN401 - LangChain's own
        """Look whether to go on."""
        if self.asked:
            raise _Halted
