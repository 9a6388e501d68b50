"""The embeddings behind an endpoint: LangChain's, with bounded retries and checked answers. What is embedded is left to retrieval."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings
from pydantic import SecretStr

from coach.errors import ModelFailure
from coach.llm.endpoint import Endpoint
from coach.privacy import Masker

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

__all__ = ["EmbeddingModel", "EndpointEmbeddings", "endpoint_embeddings"]

_MOST_TEXTS = 64
_FEW_TEXTS = 10
"""What the strictest services take in one request."""
_CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """An embeddings model that a user chose in place of the built-in one.

    Attributes:
        endpoint: Where it is.
        mask: Whether personal data are replaced before a query leaves this machine.
        in_background: Whether its index is built while the built-in embeddings answer, because nobody watches it.
    """

    endpoint: Endpoint
    mask: bool = True
    in_background: bool = False

    def masked(self, query: str) -> str:
        """`query` as it may be sent."""
        return Masker().mask(query) if self.mask and not self.endpoint.local else query


class EndpointEmbeddings(Embeddings):
    """Embeddings over the OpenAI API; what it raises is a ModelFailure.

    Args:
        endpoint: Where they are; nothing is sent yet.
        sleep: Waits before a further try.
        chance: Jitters.
    """

    def __init__(
        self, endpoint: Endpoint, sleep: Callable[[float], None] = time.sleep, chance: random.Random | None = None
    ) -> None:
        self._client = _client(endpoint)
        self._sleep = sleep
        self._chance = chance or random.Random()
        self._most = _MOST_TEXTS

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of `texts`, all of one length, in as many requests as the service wants."""
        vectors: list[list[float]] = []
        while len(vectors) < len(texts):
            part = texts[len(vectors) : len(vectors) + self._most]
            try:
                vectors += self._patient(part)
            except ModelFailure as error:
                if error.kind != "unsupported" or len(part) <= _FEW_TEXTS:
                    raise
                self._most = _FEW_TEXTS
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Vector of a question."""
        return self.embed_documents([text])[0]

    def _patient(self, texts: list[str]) -> list[list[float]]:
        """One request, tried again as often as its failures are worth."""
        from coach.llm.failure import pause_before

        attempt = 1
        while True:
            try:
                return self._once(texts)
            except ModelFailure as cause:
                attempt += 1
                pause = pause_before(attempt, cause, self._chance)
                if pause is None:
                    raise
                self._sleep(pause)

    def _once(self, texts: list[str]) -> list[list[float]]:
        from coach.llm.failure import MODEL_ERRORS, failure, failure_of

        try:
            vectors = self._client.embed_documents(texts, chunk_size=len(texts))
        except MODEL_ERRORS as error:
            raise failure_of(error) from error
        except (TypeError, KeyError, AttributeError, ValueError) as error:  # the SDK reading what no such API says
            raise failure("invalid") from error
        if not _usable(vectors, len(texts)):
            raise failure("invalid")
        return vectors


def endpoint_embeddings(endpoint: Endpoint) -> EndpointEmbeddings:
    """The embeddings at `endpoint`; nothing is sent yet."""
    return EndpointEmbeddings(endpoint)


def _client(endpoint: Endpoint) -> OpenAIEmbeddings:
    """LangChain's client, loaded at first use, since that costs a second. It counts no tokens, as it would download their table."""
    from langchain_openai import OpenAIEmbeddings
    from openai import Timeout

    return OpenAIEmbeddings(
        model=endpoint.model,
        openai_api_base=endpoint.base_url,
        openai_api_key=SecretStr(endpoint.api_key or "none"),
        request_timeout=Timeout(endpoint.timeout, connect=min(endpoint.timeout, _CONNECT_SECONDS)),
        max_retries=0,
        check_embedding_ctx_length=False,
        model_kwargs={"encoding_format": "float"},  # the SDK would ask for base64, which not every service knows
    )


def _usable(vectors: list[list[float]], count: int) -> bool:
    """Whether there are `count` vectors, all of one length, of numbers that have a direction."""
    if len(vectors) != count or not all(isinstance(vector, list) and vector for vector in vectors):
        return False
    if len({len(vector) for vector in vectors}) != 1:
        return False
    if not all(isinstance(value, int | float) for vector in vectors for value in vector):
        return False
    return all(math.isfinite(norm) and norm > 0 for norm in (math.hypot(*vector) for vector in vectors))
