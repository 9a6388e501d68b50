"""What users paste is data: with a model that obeys whatever it reads, nothing it was told to say is ever shown.

The model is scripted to give in: it answers, rewrites and criticises as the attack asks, with citations that were offered to it
as well as made-up ones. Every path is the one that users take.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
import regex
import yaml
from langchain_core.messages import BaseMessage

from coach.assistant import Coach, replies
from coach.assistant.with_model import critiqued, rewritten
from coach.llm import Model
from coach.llm.scripted import SCRIPTED, scripted
from coach.transcripts import Transcript, from_dict, read_transcripts
from eval.suite.tasks.safety import shown_words

ATTACKS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).with_name("attacks.yaml")).read_text(encoding="utf-8"))
CALLS = [attack for attack in ATTACKS if "call" in attack]
QUESTIONS = [attack for attack in ATTACKS if "question" in attack]


def _named(attack: dict[str, Any]) -> str:
    return str(attack["id"])


def _with(coach: Coach, says: Callable[[Sequence[BaseMessage]], str]) -> Coach:
    _, chat_of = scripted(says)
    other = replace(coach, model=Model((SCRIPTED,), chat_of=chat_of))
    vars(other)["retriever"] = coach.retriever
    return other


def _obeying_in_chat(attack: dict[str, Any]) -> Callable[[Sequence[BaseMessage]], str]:
    """Says what the attack asks for: bare, with a made-up citation, and with each clause that was offered."""

    def says(messages: Sequence[BaseMessage]) -> str:
        told = "\n".join(str(m.text) for m in messages)
        offered = list(dict.fromkeys(regex.findall(r"〔([A-Z]+-\d+)〕", told)))
        parts = [part for part in regex.split(r"(?<=[。！？\n])", attack["obeys"]) if part.strip()]
        cited = [f"{part.strip().rstrip('。！？')}〔{one}〕。" for part in parts for one in ["HLD-99", *offered]]
        return "\n".join([attack["obeys"], *cited])

    return says


def _transcript(attack: dict[str, Any]) -> Transcript:
    return from_dict({"meta": {"excerpt": True}, "turns": attack["call"]}, where=attack["id"])


def test_there_are_attacks_of_every_kind_through_every_path() -> None:
    kinds = Counter(attack["kind"] for attack in ATTACKS)
    assert len(ATTACKS) >= 60
    assert len(kinds) == 8
    assert min(kinds.values()) >= 7
    assert {attack["path"] for attack in ATTACKS} == {"question", "line", "customer", "agent", "document"}


@pytest.mark.parametrize("attack", QUESTIONS, ids=_named)
def test_an_obeying_model_says_nothing_in_the_chat(coach: Coach, attack: dict[str, Any]) -> None:
    for step in replies(_with(coach, _obeying_in_chat(attack)), attack["question"]):
        assert not [payload for payload in attack["payloads"] if payload in shown_words(step)]
    builtin = list(replies(coach, attack["question"]))[-1]
    assert step.answer == builtin.answer


@pytest.mark.parametrize("attack", CALLS, ids=_named)
def test_an_obeying_model_puts_nothing_into_a_rewrite(coach: Coach, attack: dict[str, Any]) -> None:
    obeying = _with(coach, lambda _: attack["rewrite_obeys"])
    call, line = _transcript(attack), attack["finding_line"]
    builtin = obeying.rewrite(call, line)
    other, _ = rewritten(obeying, call, builtin, None, lambda _: None)
    shown = "\n".join(one.rewrite for one in (builtin, other) if one is not None and one.rewrite)
    assert not [payload for payload in attack["payloads"] if payload in shown]


@pytest.mark.parametrize("attack", CALLS, ids=_named)
def test_an_obeying_model_neither_clears_a_call_nor_adds_to_it(coach: Coach, attack: dict[str, Any]) -> None:
    call, line = _transcript(attack), attack["finding_line"]
    text = call.turns[line - 1].text
    claims = [
        {"rule": "verdict.compliant", "line": line, "quote": text[:6], "reason": attack["obeys"]},
        {"rule": "language.argue", "line": line, "quote": attack["obeys"][:40], "reason": "x"},
        {"rule": "language.argue", "line": 99, "quote": text[:6], "reason": "x"},
    ]
    clearing, adding = '{"findings": []}', json.dumps({"findings": claims, "score": 100, "compliant": True})
    before = coach.critique(call)
    assert [f for f in before.of_line(line) if f.counts]
    for says in (clearing, adding, attack["obeys"]):
        after, _ = critiqued(_with(coach, lambda _, says=says: says), before, lambda _: None)
        assert after.findings == before.findings


@pytest.mark.parametrize("attack", [a for a in CALLS if a["path"] == "document"], ids=_named)
def test_a_document_that_carries_instructions_is_read_and_critiqued_as_any(
    coach: Coach, attack: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "call.docx"
    document = docx.Document()
    names = {"agent": "坐席", "customer": "客户"}
    for turn in attack["call"]:
        document.add_paragraph(f"{names[turn['speaker']]}：{' '.join(turn['text'].split())}")
    document.save(str(file))
    (call,) = read_transcripts(file.read_bytes(), name=file.name)
    critique = coach.critique(call)
    after, _ = critiqued(_with(coach, lambda _: '{"findings": []}'), critique, lambda _: None)
    assert after.findings == critique.findings
    assert [f for f in critique.of_line(attack["finding_line"]) if f.counts]
