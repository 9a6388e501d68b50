"""The agent's tools over what exists: search, phrases, critique, rewrite, rules. What each finds becomes evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from langchain_core.tools import BaseTool, tool

from coach.assistant.grounding import Evidence
from coach.errors import InputError
from coach.knowledge import Clause
from coach.llm.guard import as_data, visible
from coach.transcripts import parse_text

if TYPE_CHECKING:
    from coach.assistant.coach import Coach

__all__ = ["agent_tools"]

_FOUND = 4
_MOST_PHRASES = 5
_MOST_FINDINGS = 12
_LONGEST = 4_000


def agent_tools(coach: Coach, evidence: Evidence, unmask: Callable[[str], str]) -> list[BaseTool]:
    """The tools of one turn; `unmask` puts personal data back into what a model passes on."""
    knowledge = coach.knowledge

    def clauses(found: list[Clause]) -> str:
        evidence.offer(found)
        return "\n".join(f"〔{c.id}〕{c.title}：{c.text}" for c in found)

    def given(text: str) -> str:
        return visible(unmask(text[:_LONGEST]))

    @tool
    def search_handbook(query: str) -> str:
        """在手册里查条款。query：要查的问题。"""
        if not (asked := given(query)).strip():
            return "没有写要查什么。"
        found = coach.search(asked, _FOUND)
        if not found.answered:
            return "手册里没有说到。"
        return clauses([result.clause for result in found.results])

    @tool
    def find_phrases(situation: str) -> str:
        """找现成话术。situation：什么情形，例如“让客户等候”。"""
        if not (asked := given(situation)).strip():
            return "没有写是什么情形。"
        found = coach.ask(asked)
        evidence.offer(sayings=[phrase.text for phrase in found.phrases])
        evidence.offer([knowledge.clauses[i] for phrase in found.phrases for i in phrase.clauses])
        listed = [f"“{p.text}”〔{'、'.join(p.clauses)}〕" for p in found.phrases[:_MOST_PHRASES]]
        return "\n".join(listed) or "没有找到现成的话术。"

    @tool
    def critique_call(text: str) -> str:
        """点评坐席的一句话，或一通电话（一行一轮，行首写“坐席：”或“客户：”）。"""
        try:
            critique = coach.critique(parse_text(given(text)))
        except InputError as error:
            return f"读不了：{error}"
        findings = critique.findings[:_MOST_FINDINGS]
        evidence.offer([knowledge.clauses[c.clause] for f in findings for c in f.citations])
        told = [
            f"第 {f.line or '—'} 行：{f.message}{f.advice}〔{'、'.join(c.clause for c in f.citations)}〕"
            for f in findings
        ]
        return as_data("\n".join(told)) or "没有发现问题。"

    @tool
    def rewrite_line(text: str) -> str:
        """把坐席的一句话改成合规的说法（也可以给整段对话，改最后一句坐席的话）。"""
        try:
            rewrite = coach.rewrite(parse_text(given(text)))
        except InputError as error:
            return f"读不了：{error}"
        if rewrite.rewrite is None:
            return "这句话不用改。" if rewrite.status == "unchanged" else "没有能通过核对的改法。"
        evidence.offer(sayings=[rewrite.rewrite])
        return f"核对过的改法：“{as_data(rewrite.rewrite)}”"

    @tool
    def explain_rule(rule: str) -> str:
        """解释一条规则。rule：规则编号或名称，例如 hold.missing-duration。"""
        for known in coach.rules.rules.values():
            if rule.strip() in {known.id, known.data.name}:
                return f"{known.data.name}：{known.data.message}{known.data.advice}\n" + clauses(
                    [knowledge.clauses[i] for i in known.data.clauses]
                )
        return "没有这条规则。"

    return [search_handbook, find_phrases, critique_call, rewrite_line, explain_rule]
