"""What labelled lines teach: how a mended line begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coach.errors import KnowledgeError
from coach.rewrite import Rewriter
from coach.rewrite.advice import ADVISER, Adviser
from coach.rewrite.opening import opened
from coach.rewrite.plan import Situation
from coach.rewrite.verify import Verifier
from eval.build_adviser import OPENINGS
from eval.labelled import read_jsonl
from tests.unit.rewrite.one_line import call, rewritten


def _verifier(rewriter: Rewriter, customer: str, agent: str) -> Verifier:
    said = call(customer, agent)
    return rewriter.verifier(said, len(said.turns))


def _around(customer: str) -> Situation:
    return Situation(customer, "", False, "inbound")


@pytest.mark.parametrize(
    ("customer", "agent", "kind"),
    [
        ("我家的净水器漏水了。", "净水器归厂家管，您找厂家。", "trouble"),
        ("麻烦找一下温老师。", "温老师去开会了。", "sorry"),
        ("帮我把送货时间改到周五。", "等着，我看看。", "accept"),
    ],
)
def test_a_line_begins_with_what_takes_up_the_customers_words(
    rewriter: Rewriter, customer: str, agent: str, kind: str
) -> None:
    openings = _verifier(rewriter, customer, agent).openings
    assert next(iter(openings)) == kind
    assert sum(openings.values()) == pytest.approx(1)


def test_every_kind_of_opening_known_well_enough_has_words(rewriter: Rewriter) -> None:
    kinds = set(_verifier(rewriter, "几点开门？", "八点，别催。").openings)
    assert kinds - set(rewriter.mends.openings) == {"none", "thanks"}


def test_a_line_that_opens_already_gets_no_second_opening(rewriter: Rewriter) -> None:
    for line in ("好的，我给您改。", "很抱歉，这个改不了。", "您的心情我理解。我帮您查一下。"):
        assert opened(line, _around("能改吗？"), {"accept": 1.0}, rewriter.mends) is None


def test_an_opening_says_what_happened_where_that_can_be_said_back(rewriter: Rewriter) -> None:
    said = opened("我帮您核实。", _around("净水器滤芯装反了。"), {"trouble": 1.0}, rewriter.mends)
    assert said is not None
    assert said.startswith("净水器滤芯装反了，")


def test_nobody_is_put_at_ease_by_what_is_still_open(rewriter: Rewriter) -> None:
    line = "航班会不会取消，要看【依据】。"
    assert opened(line, _around("航班会取消吗？"), {"reassure": 1.0}, rewriter.mends) is None


def test_a_rewrite_begins_with_what_takes_up_the_customers_words(rewriter: Rewriter) -> None:
    assert rewritten(rewriter, "麻烦找一下温老师。", "温老师去开会了。").startswith(("不好意思，", "很抱歉，"))
    assert rewritten(rewriter, "我家的净水器漏水了。", "净水器归厂家管，您找厂家。").startswith("净水器漏水了，")


def test_an_unsure_opening_is_left_out(rewriter: Rewriter) -> None:
    assert opened("我帮您核实。", _around("净水器滤芯装反了。"), {"trouble": 0.5, "none": 0.4}, rewriter.mends) is None


def test_without_advice_a_line_is_mended_all_the_same(rewriter: Rewriter) -> None:
    plain = replace(rewriter, mends=replace(rewriter.mends, adviser=None))
    result = plain.rewrite(call("押金什么时候退？", "押金七天内退，您到底有完没完。"))
    assert result.rewrite == "押金七天内退。"


def test_broken_numbers_say_what_to_do(rewriter: Rewriter, tmp_path: Path) -> None:
    (tmp_path / ADVISER).write_bytes(b"not numbers")
    said = _verifier(rewriter, "几点开门？", "八点，别催。").said
    with pytest.raises(KnowledgeError) as error:
        Adviser(tmp_path).openings(said)
    assert "make adviser" in str(error.value)


def test_every_label_is_of_a_line_and_of_known_letters(root: Path) -> None:
    folder = root / "eval/training"
    lines = {row["id"] for path in folder.glob("lines-*.jsonl") for row in read_jsonl(path)}
    labels = list(read_jsonl(folder / "openings.jsonl"))
    assert len({label["id"] for label in labels}) == len(labels)
    assert all(label["id"] in lines for label in labels)
    assert {letter for label in labels for letter in label["opening"]} <= set(OPENINGS)
