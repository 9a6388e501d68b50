"""Prints what the coach adds to a model: how long after its last token a checked sentence is shown, and how long prompts are.

    python -m eval.bench_model

A local server with fixed delays plays the model: it says the clauses that it was offered, one token of four characters every
20 ms. Needs the checkout, for that server.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import regex

from coach.assistant import Coach, Topic, answered, replies
from coach.assistant.fluent import Exchange
from coach.llm import Endpoint, Model
from coach.llm.tokens import count_tokens
from coach.settings import Settings

_ROOT = Path(__file__).resolve().parent.parent
_QUESTIONS = (
    "让客户等候之前要说什么？",
    "客户一直骂人，我怎么说？",
    "同事不在，怎么接电话？",
    "转接之前要征得同意吗？",
    "电话里没有声音怎么办？",
    "谁先挂电话？",
    "客户要找领导怎么办？",
    "打电话给客户几点合适？",
    "客户的话听不清怎么办？",
    "怎样跟客户道别？",
)
_DELAY = 0.02
_LONGEST_LINE = 300


def _clauses(body: dict[str, Any]) -> str:
    """The first two clauses that the prompt offers, each with its citation."""
    text = "\n".join(str(message.get("content")) for message in body["messages"])
    offered = list(islice(regex.finditer(r"〔([A-Z]+-\d+)〕[^：]+：([^\n。]+)。", text), 2))
    return "".join(f"{found[2]}〔{found[1]}〕。" for found in offered) or "手册里没有说到。"


def main() -> int:
    """Prints medians and the longest."""
    sys.path.insert(0, str(_ROOT / "tests"))
    server_of_tests = import_module("openai_server")

    coach = Coach.open(Settings(), use_model=False)
    coach.ask(_QUESTIONS[0])

    def says(body: dict[str, Any]) -> object:
        return server_of_tests.Says(_clauses(body), chunk=4, delay_seconds_per_chunk=_DELAY)

    waits: list[float] = []
    with server_of_tests.OpenAIServer(says) as server:
        endpoint = Endpoint(server.base_url, "test-model", "", 30, "bench")
        other = replace(coach, model=Model((endpoint,)))
        vars(other)["retriever"] = coach.retriever
        for question in (_QUESTIONS[0], *_QUESTIONS):
            first = None
            for step in answered(other, question):
                if first is None and step.fluent is not None and step.fluent.sentences:
                    first = time.monotonic()
            sent = server.sent[-1]
            end = next((at for text, at in sent if "〕。" in text), None)
            if first is not None and end is not None:
                waits.append(1000 * (first - end))
        tokens = [sum(count_tokens(str(m.get("content"))) for m in chat.body["messages"]) for chat in server.chats]
        before = tuple(Exchange(q, coach.ask(q).text) for q in _QUESTIONS)
        list(replies(other, "那外呼呢？", Topic(question=_QUESTIONS[0], before=before)))
        long = sum(count_tokens(str(m.get("content"))) for m in server.chats[-1].body["messages"])
        list(replies(other, "坐席：" + "你等一下，我查查" * (_LONGEST_LINE // 8)))
        rewrite = sum(count_tokens(str(m.get("content"))) for m in server.chats[-1].body["messages"])
    shown = waits[1:]
    write = sys.stdout.write
    write(f"first checked sentence after its last token: median {statistics.median(shown):.0f} ms, ")
    write(f"longest {max(shown):.0f} ms, n {len(shown)} (the first answer of a process: {waits[0]:.0f} ms)\n")
    write(f"prompt of an answer: median {statistics.median(tokens):.0f} tokens, longest {max(tokens)}")
    write(f", with ten exchanges before it {long}; of a rewrite of {_LONGEST_LINE} characters: {rewrite}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
