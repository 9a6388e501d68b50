"""Searches and answers as data and text. The shapes are fixed in design.md, Interfaces that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coach.reports.data import citation_data, phrase_data

if TYPE_CHECKING:
    from coach.assistant.answer import Answer, Disagreement
    from coach.assistant.fluent import FluentAnswer
    from coach.assistant.grounding import Checked
    from coach.retrieval import Found

__all__ = ["answer_data", "answer_text", "search_data", "search_text"]


def search_data(query: str, found: Found) -> dict[str, Any]:
    """What a search found."""
    passages = []
    for result in found.results:
        clause = result.clause
        passages.append(
            {
                "id": clause.id,
                "document": "handbook",
                "title": clause.title,
                "section": clause.chapter,
                "text": clause.text,
                "score": result.score,
                "clause": clause.id,
            }
        )
    return {"query": query, "passages": passages}


def search_text(found: Found) -> str:
    """What a search found, best first."""
    if not found.results:
        return "没有找到相关的条款。"
    lines = [] if found.answered else ["手册里没有直接说到，最接近的是："]
    lines += [f"{r.clause.id}  {r.clause.title}（{r.clause.chapter}）\n        {r.clause.text}" for r in found.results]
    return "\n".join(lines)


def answer_data(answer: Answer, fluent: FluentAnswer | None = None, note: str = "") -> dict[str, Any]:
    """An answer; `fluent` is what a model made of it, `note` why there is nothing of a model's."""
    return {
        "status": answer.status,
        "answer": fluent.text if fluent else answer.text,
        "source": "model" if fluent else "builtin",
        "model": fluent.model if fluent else None,
        "left_out": list(fluent.left_out) if fluent else [],
        "note": note,
        "points": [{"text": p.text, "citations": [citation_data(c) for c in p.citations]} for p in answer.points],
        "phrases": [
            {key: phrase_data(p)[key] for key in ("text", "situation", "clauses", "slots")} for p in answer.phrases
        ],
        "avoid": list(answer.avoid),
        "conflicts": [_conflict(d) for d in answer.conflicts],
        "nearest": [citation_data(c) for c in answer.nearest],
    }


def _cited(sentence: Checked) -> str:
    return f"（{'、'.join(c.clause for c in sentence.citations)}）" if sentence.citations else ""


def _conflict(disagreement: Disagreement) -> dict[str, Any]:
    sides = [
        {
            "id": side.id,
            "title": side.title,
            "clauses": list(side.clauses),
            "sources": [{"document": s.document, "section": s.section} for s in side.sources],
            "chosen": side is disagreement.chosen,
        }
        for side in disagreement.conflict.sides
    ]
    conflict = disagreement.conflict
    return {"question": conflict.question, "sides": sides, "chosen": disagreement.chosen.id, "why": disagreement.why}


def answer_text(answer: Answer, fluent: FluentAnswer | None = None, _note: str = "") -> str:
    """An answer for a terminal."""
    if answer.status == "insufficient":
        return answer.text
    lines = [answer.text]
    if fluent:
        foot = f"（{fluent.model} 的回答，逐句核对过{f'，略去 {len(fluent.left_out)} 句' if fluent.left_out else ''}）"
        lines = [*(f"{s.text}{_cited(s)}" for s in fluent.sentences), foot, "", "手册原文：", answer.text]
    if answer.phrases:
        lines += ["", "可以这样说：", *(f"  · {phrase.text}" for phrase in answer.phrases)]
    if answer.avoid:
        lines += ["", "不要这样说：", *(f"  · {words}" for words in answer.avoid)]
    return "\n".join(lines)
