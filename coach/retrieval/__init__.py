"""Finding the clauses that answer a spoken question: vectors in Chroma, words in BM25, one ranking over both."""

from coach.retrieval.embeddings import built_in_embeddings
from coach.retrieval.open import open_retriever
from coach.retrieval.retriever import Found, Retrieved, Retriever

__all__ = ["Found", "Retrieved", "Retriever", "built_in_embeddings", "open_retriever"]
