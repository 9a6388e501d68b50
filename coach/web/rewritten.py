"""A rewrite as HTML: its change marked with what was settled, or why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.rewrite import Rewrite
from coach.web.clauses import clause
from coach.web.marks import change, escape

__all__ = ["not_rewritten", "rewritten"]


def rewritten(rewrite: Rewrite, names: Mapping[str, str], slots: str = "填好下面的空，再核对一次就能复制。") -> str:
    """A verified rewrite; `names` maps rule id → Chinese name, `slots` says what to do about slots."""
    verdict = rewrite.verdict
    lists = "".join(
        _listed(title, items)
        for title, items in (
            ("改掉了", _named(verdict.resolved, names)),
            ("还留着", _named(verdict.remaining, names)),
            ("保留的内容", verdict.kept_facts),
            ("有意去掉的内容", verdict.dropped_facts),
        )
    )
    kept = "下面列出的内容本身不妥，有意去掉了。" if verdict.dropped_facts else "原话里的事实都在。"
    status = f"已核对：没有新的问题，{kept}{slots if verdict.slots else ''}"
    marked = change(rewrite.original, rewrite.rewrite or "")
    return f'<p class="ss-change">{marked}</p><p class="ss-note">{status}</p><dl class="ss-facts">{lists}</dl>'


def _named(rules: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(rule, rule) for rule in rules)


def _listed(title: str, items: Sequence[str]) -> str:
    return f"<dt>{title}</dt><dd>{escape('、'.join(items))}</dd>" if items else ""


def not_rewritten(rewrite: Rewrite) -> str:
    """Why there is no rewrite to show, and the clauses to follow."""
    if rewrite.status == "unchanged":
        return '<p class="ss-note">这句话本身不用改；问题在整通电话的流程上，请看点评里的建议。</p>'
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in rewrite.verdict.reasons)
    clauses = "".join(clause(citation) for citation in rewrite.citations)
    return (
        '<p class="ss-note">这一句没有哪种改法能通过核对，所以不给出改写。最后一次没有通过，是因为：</p>'
        f'<ul class="ss-reasons">{reasons}</ul><p>请照这些条款自己组织：</p>{clauses}'
    )
