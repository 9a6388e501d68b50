"""What a request to rewrite a line answers: verified, rejected or unchanged, and never an unverified line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.critique import load_rules
from coach.errors import InputError
from coach.knowledge import load_standard
from coach.rewrite import Rewriter, load_mends
from coach.transcripts import CallMeta, Transcript, Turn


@pytest.fixture(scope="module")
def rewriter(root: Path) -> Rewriter:
    folder = root / "knowledge"
    return Rewriter(load_rules(folder), load_standard("default", folder), load_mends(folder))


def call(*turns: tuple[str, str]) -> Transcript:
    meta = CallMeta(direction="inbound", excerpt=True, from_start=False)
    return Transcript(tuple(Turn(speaker, text) for speaker, text in turns), meta)  # type: ignore[arg-type]


def training(root: Path) -> list[Transcript]:
    calls = []
    for name in ("lines-language", "lines-procedure"):
        for line in (root / "knowledge" / "training" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if item["labels"]:
                turns = [*((turn["speaker"], turn["text"]) for turn in item["context"]), ("agent", item["text"])]
                meta = CallMeta(direction=item["direction"], excerpt=True, from_start=item["first_line"])
                calls.append(Transcript(call(*turns).turns, meta))
    return calls


def test_a_hold_keeps_its_reason_and_asks(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", "钱到了没有？"), ("agent", "你等一下，我看看您那笔2000元的转账")))
    assert result.status == "verified"
    assert result.rewrite == "我看看您那笔2000元的转账，大约需要【时长】，请您稍等，可以吗？"
    assert result.verdict.slots == ("时长",)
    assert result.verdict.kept_facts == ("2000元",)


def test_a_faultless_line_is_unchanged(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", "几点送？"), ("agent", "您的包裹今天下午四点前送到。")))
    assert (result.status, result.rewrite, result.attempts) == ("unchanged", None, 0)


def test_a_rejection_keeps_reasons_and_clauses_and_shows_no_line(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", "换主板要几天？"), ("agent", "三五天？兴许一个礼拜，看厂家心情。")))
    assert result.status == "rejected"
    assert result.rewrite is None
    assert result.verdict.reasons
    assert result.citations
    assert result.attempts >= 1


def test_text_with_a_backslash_or_emoji_breaks_nothing(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", r"路径是C:\1\g<2>😀？"), ("agent", r"你打开C:\1\g<2>就可以了😀。")))
    assert result.status in {"verified", "rejected"}


@pytest.mark.parametrize("line", [0, 1, 9])
def test_a_line_that_is_not_the_agents_is_refused(rewriter: Rewriter, line: int) -> None:
    with pytest.raises(InputError):
        rewriter.rewrite(call(("customer", "在吗"), ("agent", "您好")), line)


@pytest.mark.slow
def test_what_is_shown_is_verified_and_converges(rewriter: Rewriter, root: Path) -> None:
    results = [(calls, rewriter.rewrite(calls)) for calls in training(root)]
    for calls, result in results:
        if result.status != "verified":
            assert result.rewrite is None
            continue
        assert result.rewrite
        assert rewriter.verify(calls, result.line, result.rewrite).verified
        rewritten = Transcript((*calls.turns[:-1], Turn("agent", result.rewrite)), calls.meta)
        assert rewriter.rewrite(rewritten).status == "unchanged"
    faulty = [result for _, result in results if result.status != "unchanged"]
    assert sum(result.status == "verified" for result in faulty) >= 0.9 * len(faulty)
