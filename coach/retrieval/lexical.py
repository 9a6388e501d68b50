"""Lexical search: BM25 over jieba's words, spoken synonyms folded into one word first."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import numpy as np
import regex

from coach.knowledge import Clause
from coach.knowledge.yaml_file import Strict, read_yaml
from coach.lexicon import cutter
from coach.text import normalise

__all__ = ["Lexical", "Synonyms", "Words", "documents_of", "load_synonyms"]

Words = tuple[str, ...]
Scores = np.ndarray[tuple[int], np.dtype[np.float32]]
_WORD = regex.compile(r"[\p{Han}\p{L}\d]")


class SynonymFile(Strict):
    """knowledge/synonyms.yaml: a word → what people say for it; `stop` are words that tell nothing."""

    version: Literal[1]
    synonyms: dict[str, tuple[str, ...]]
    stop: tuple[str, ...]


class Synonyms:
    """Folds spoken variants into one word, longest first, and cuts text into words."""

    def __init__(self, data: SynonymFile) -> None:
        self._canonical = {variant: word for word, variants in data.synonyms.items() for variant in variants}
        longest = sorted(self._canonical, key=len, reverse=True)
        self._pattern = regex.compile("|".join(regex.escape(variant) for variant in longest) or r"(?!)")
        self._stop = frozenset(data.stop)
        self.key = repr(data)
        self._cutter = cutter()
        for word in data.synonyms:
            self._cutter.add_word(word)

    def fold(self, text: str) -> str:
        """Normal form of `text` with every variant replaced by its word."""
        return self._pattern.sub(lambda m: self._canonical[m.group()], normalise(text).text.lower())

    def words(self, text: str) -> Words:
        """Words of `text` that tell something, in order."""
        cut = self._cutter.cut_for_search(self.fold(text))
        return tuple(word for word in cut if _WORD.search(word) and word not in self._stop)


@lru_cache(maxsize=2)
def load_synonyms(folder: Path) -> Synonyms:
    """The synonyms below the knowledge `folder`."""
    file = read_yaml(folder / "synonyms.yaml")
    return Synonyms(file.validate(SynonymFile, file.data))


def documents_of(
    clauses: Sequence[Clause], questions: Mapping[str, tuple[str, ...]], synonyms: Synonyms, cache: Path | None = None
) -> list[list[str]]:
    """Words of each clause: title twice, text, and the ways people ask; cut once and kept below `cache`."""
    texts = [
        (clause.title, clause.title, clause.text, *clause.asked_as, *questions.get(clause.id, ())) for clause in clauses
    ]
    key = hashlib.sha256(repr((synonyms.key, texts)).encode()).hexdigest()[:24]
    file = cache / f"words-{key}.json" if cache else None
    if file is not None and file.is_file():
        with contextlib.suppress(OSError, ValueError):
            return cast("list[list[str]]", json.loads(file.read_text(encoding="utf-8")))
    documents = [[word for text in parts for word in synonyms.words(text)] for parts in texts]
    if file is not None:
        with contextlib.suppress(OSError):  # only a cache: without it the words are cut again
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(documents, ensure_ascii=False), encoding="utf-8")
            draft.replace(file)
    return documents


class Lexical:
    """BM25 over the clauses.

    Args:
        documents: Words of each clause, in clause order.
        synonyms: Cuts the queries.
    """

    def __init__(self, documents: Sequence[Sequence[str]], synonyms: Synonyms) -> None:
        import bm25s

        self._synonyms = synonyms
        self._index = bm25s.BM25(method="lucene", b=0.5)
        self._index.index([list(words) for words in documents], show_progress=False)
        self._words = [frozenset(document) for document in documents]
        frequency: dict[str, int] = {}
        for words in self._words:
            for word in words:
                frequency[word] = frequency.get(word, 0) + 1
        self._frequency = frequency

    def fold(self, query: str) -> str:
        """Normal form of `query`, spoken variants folded."""
        return self._synonyms.fold(query)

    def words(self, text: str) -> Words:
        """Words of `text` that tell something, in order."""
        return self._synonyms.words(text)

    def scores(self, query: str) -> Scores:
        """BM25 of each clause for `query`, in clause order; all zero where no word is known."""
        words = [word for word in self._synonyms.words(query) if word in self._frequency]
        if not words:
            return np.zeros(len(self._words), dtype=np.float32)
        return np.asarray(self._index.get_scores(words), dtype=np.float32)

    def weights(self, query: str) -> dict[str, float]:
        """The query's words, each with how telling it is: the rarer in the handbook, the more."""
        words = dict.fromkeys(self._synonyms.words(query))
        size = len(self._words)
        return {word: float(np.log(1 + size / (1 + self._frequency.get(word, 0)))) for word in words}

    def covered(self, query: str, clause: int | None = None) -> float:
        """Weighed share of the query's words that stand in the clause of index `clause`, or anywhere; 0 to 1."""
        weights = self.weights(query)
        whole = sum(weights.values())
        known = self._frequency if clause is None else self._words[clause]
        return sum(weight for word, weight in weights.items() if word in known) / whole if whole else 0.0
