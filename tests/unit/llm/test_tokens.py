"""Tokens are counted by a table on disk: in a process of its own, without a network and with nothing downloaded before."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.llm.tokens import count_tokens, latest_within

OFFLINE = """
import socket, sys
def refuse(*_): raise AssertionError("a socket was opened")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from coach.llm.tokens import count_tokens
print(count_tokens("请您稍等，可以吗？"))
"""


def test_a_new_machine_without_a_network_counts_the_same(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        env={"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PATH": "", "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.stderr == ""
    assert int(made.stdout) == count_tokens("请您稍等，可以吗？")


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("hello", 1), ("您好", 2), ("<|endoftext|>", 7)])
def test_known_counts(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


@given(st.text(max_size=60))
def test_any_text_is_counted(text: str) -> None:
    assert 0 <= count_tokens(text) <= len(text.encode("utf-8", "surrogatepass"))


def test_a_long_text_is_counted_soon() -> None:
    start = time.monotonic()
    assert count_tokens("您好啊" * 10_000) > 10_000
    assert time.monotonic() - start < 2


@given(st.lists(st.text("您好请稍等abc", max_size=8), max_size=8), st.integers(0, 60))
def test_the_latest_that_fit_are_kept(texts: list[str], budget: int) -> None:
    kept = latest_within(texts, budget)
    assert sum(map(count_tokens, texts[len(texts) - kept :])) <= budget
    assert kept == len(texts) or sum(map(count_tokens, texts[len(texts) - kept - 1 :])) > budget
