"""Keeps LangChain from sending traces anywhere, whatever the environment says."""

from __future__ import annotations

from contextlib import AbstractContextManager

__all__ = ["untraced"]


def untraced() -> AbstractContextManager[None]:
    """While this is open, LangChain traces nothing."""
    from langsmith import tracing_context

    return tracing_context(enabled=False)
