"""A conversation with the coach as HTML: what was said, and the answer or the rewrite. Pure; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coach.assistant import Answer, Disagreement, Point, Reply
from coach.assistant.grounding import Checked
from coach.critique import Critique, Finding
from coach.knowledge import Clause
from coach.reports.plain import SEVERITY_NAMES
from coach.rewrite import Rewrite
from coach.web.clauses import clause, copy_button, phrase_list, sides
from coach.web.marks import escape, highlighted, with_slots
from coach.web.rewritten import not_rewritten, rewritten

__all__ = ["Exchange", "conversation"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and its reply.

    Attributes:
        said: The message.
        reply: The reply.
        standard: Title of the standard it was given by.
        words_only: Whether the handbook was searched by words only, not by meaning.
        searched: Why the embeddings model of the settings wasn't used; empty where it was.
    """

    said: str
    reply: Reply
    standard: str
    words_only: bool
    searched: str = ""


def conversation(exchanges: Sequence[Exchange], names: Mapping[str, str], clauses: Mapping[str, Clause]) -> str:
    """Every exchange in order; `names` maps rule id → Chinese name, `clauses` id → clause."""
    if not exchanges:
        return ""
    turns = "".join(
        f'<article class="ss-turn"><p class="ss-asked"><span class="ss-hidden">您说：</span>{escape(exchange.said)}</p>'
        f'<div class="ss-reply">{_reply(exchange, names, clauses)}</div></article>'
        for exchange in exchanges
    )
    return f'<div class="ss-turns" role="log" aria-label="对话">{turns}</div>'


def _reply(exchange: Exchange, names: Mapping[str, str], clauses: Mapping[str, Clause]) -> str:
    reply = exchange.reply
    foot = f"规范：{exchange.standard}"
    if reply.answer is not None:
        shown = _fluent(reply, [phrase.text for phrase in reply.answer.phrases]) + _behind(
            _answer(reply.answer, clauses), reply
        )
        if exchange.words_only:
            foot += "；这台电脑不支持按意思查找，这次只按字词查了手册"
        if exchange.searched:
            foot += f"；{exchange.searched.rstrip('。')}"
        if reply.answer.question != exchange.said.strip():
            foot = f"按“{reply.answer.question}”查的。{foot}"
    elif reply.rewrite is not None and reply.critique is not None:
        shown = _rewrite(reply.rewrite, reply.critique, names) + _other(reply, names)
    else:
        shown = ""
    note = f'<p class="ss-note ss-quiet">{escape(reply.note)}</p>' if reply.note else ""
    return f'{note}{shown}<p class="ss-source">{escape(foot)}</p>'


def _fluent(reply: Reply, phrases: Sequence[str]) -> str:
    """The model's sentences, each with the clauses it rests on; `phrases` were offered to it."""
    fluent = reply.fluent
    if fluent is None or not fluent.sentences:
        return ""
    said = "".join(_sentence(sentence, phrases) for sentence in fluent.sentences)
    left_out = f"，另有 {len(fluent.left_out)} 句没有通过，略去了" if fluent.left_out else ""
    foot = f"{fluent.model}还在说……" if reply.waiting else f"{fluent.model}的回答，逐句核对过{left_out}。"
    return f'<ul class="ss-points ss-fluent">{said}</ul><p class="ss-source">{escape(foot)}</p>'


def _sentence(sentence: Checked, phrases: Sequence[str]) -> str:
    """One sentence; a phrase that it quotes can be copied."""
    quoted = "".join(f" {copy_button(phrase)}" for phrase in phrases if f"“{phrase.rstrip('。')}" in sentence.text)
    cited = "".join(clause(citation) for citation in sentence.citations)
    return f"<li><p>{with_slots(sentence.text)}{quoted}</p>{cited}</li>"


def _behind(answer: str, reply: Reply) -> str:
    """The built-in answer: folded behind the model's where there is one."""
    if reply.fluent is None or not reply.fluent.sentences:
        return answer
    return f'<details class="ss-more"><summary>手册原文、话术和各方说法</summary>{answer}</details>' if answer else ""


def _other(reply: Reply, names: Mapping[str, str]) -> str:
    """The model's rewrite beside the built-in one."""
    other = reply.other
    if other is None or other.rewrite is None:
        return ""
    hint = f"说之前先填上{'、'.join(other.verdict.slots)}。"
    return (
        f"<h3>也可以这样说（语言模型，已核对）</h3>{rewritten(other, names, hint)}<p>{copy_button(other.rewrite)}</p>"
    )


def _answer(answer: Answer, clauses: Mapping[str, Clause]) -> str:
    if answer.status == "answered" and not answer.points:
        return ""
    if answer.status == "insufficient":
        nearest = "".join(clause(citation, "") for citation in answer.nearest)
        near = f"<p>最接近的内容有这些，您看有没有用：</p>{nearest}" if nearest else ""
        return f'<p class="ss-insufficient">手册里没有说到这个问题，我不乱答。</p>{near}'
    return (
        _section("要点", "".join(_point(point) for point in answer.points), "ss-points")
        + (f"<h3>可以这样说</h3>{phrase_list(answer.phrases)}" if answer.phrases else "")
        + _section("不要这样说", "".join(f"<li>{escape(said)}</li>" for said in answer.avoid), "ss-avoid")
        + "".join(_disagreement(one, clauses) for one in answer.conflicts)
    )


def _section(title: str, items: str, kind: str) -> str:
    return f'<h3>{title}</h3><ul class="{kind}">{items}</ul>' if items else ""


def _point(point: Point) -> str:
    return f"<li><p>{escape(point.text)}</p>{''.join(clause(citation) for citation in point.citations)}</li>"


def _disagreement(one: Disagreement, clauses: Mapping[str, Clause]) -> str:
    listed = sides(one.conflict, one.chosen, one.standard, one.why, clauses)
    return f'<section class="ss-disagreement"><h3>资料说法不一：{escape(one.conflict.question)}</h3>{listed}</section>'


def _rewrite(rewrite: Rewrite, critique: Critique, names: Mapping[str, str]) -> str:
    findings = critique.of_line(rewrite.line)
    found = "".join(_finding(number, finding, names) for number, finding in enumerate(findings, start=1))
    said = f'<h3>原话</h3><p class="ss-said">{highlighted(rewrite.original, findings)}</p>'
    if found:
        said += f'<ol class="ss-findings">{found}</ol>'
    if len(critique.transcript.turns) > 1:
        said += '<p class="ss-note">这里只改坐席的最后一句；整通电话请到“逐句点评”里看。</p>'
    if rewrite.status == "verified" and rewrite.rewrite is not None:
        hint = f"说之前先填上{'、'.join(rewrite.verdict.slots)}。"
        return f"{said}<h3>改成这样</h3>{rewritten(rewrite, names, hint)}<p>{copy_button(rewrite.rewrite)}</p>"
    if rewrite.status == "unchanged" and not _grave(findings):
        return f'{said}<p class="ss-note ss-clean">这句话没有要改的地方，可以这么说。</p>'
    return f"{said}<h3>没有改写</h3>{not_rewritten(rewrite)}"


def _grave(findings: Iterable[Finding]) -> bool:
    return any(finding.counts for finding in findings)


def _finding(number: int, finding: Finding, names: Mapping[str, str]) -> str:
    name = names.get(finding.rule, finding.rule)
    return (
        f'<li class="ss-finding {finding.severity}"><p class="ss-finding-head"><span class="ss-number">{number}</span>'
        f'<span class="ss-badge {finding.severity}">{SEVERITY_NAMES[finding.severity]}</span><b>{escape(name)}</b></p>'
        f"<p>{escape(finding.message)}</p>{''.join(clause(citation) for citation in finding.citations[:1])}</li>"
    )
