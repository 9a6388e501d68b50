"""OpenAI's own client, for tests of `openai_server`: it knows no proxy, and tries again only where told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openai import DefaultHttpxClient, OpenAI

__all__ = ["connected"]


@contextmanager
def connected(url: str, *, retries: int = 0, timeout: float = 10) -> Iterator[OpenAI]:
    with OpenAI(
        base_url=url,
        api_key="sk-test",
        max_retries=retries,
        timeout=timeout,
        http_client=DefaultHttpxClient(trust_env=False),
    ) as client:
        yield client
