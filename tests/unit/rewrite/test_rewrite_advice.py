"""What labelled lines teach: how a mended line begins, and where it had better begin with nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.critique import critique_line
from coach.critique.judge import Model
from coach.errors import KnowledgeError
from coach.rewrite import Rewriter, load_mends
from coach.rewrite.advice import ADVISER, Adviser, SaidLine, said_line
from coach.rewrite.opening import opened
from coach.rewrite.plan import Situation
from coach.transcripts import CallMeta, Transcript, Turn
from eval.build_adviser import OPENINGS, build, read_labelled
from eval.labelled import read_jsonl
from tests.unit.rewrite.one_line import call, rewritten

EXCERPT = CallMeta(direction="inbound", excerpt=True, from_start=False)


def _said(rewriter: Rewriter, customer: str, agent: str) -> SaidLine:
    said = call(customer, agent)
    last = len(said.turns)
    broken = [finding.rule for finding in critique_line(said, last, rewriter.rules, rewriter.standard)]
    return said_line(said, last, broken, rewriter.standard)


def _openings(rewriter: Rewriter, customer: str, agent: str) -> dict[str, float]:
    assert rewriter.mends.adviser is not None
    return rewriter.mends.adviser.openings(_said(rewriter, customer, agent))


def _opened(rewriter: Rewriter, text: str, customer: str, kind: str, sure: float = 1.0) -> str | None:
    line = SaidLine(text, customer, "", False, "inbound", False, frozenset())
    return opened(text, line, Situation(customer, "", False, "inbound"), {kind: sure}, rewriter.mends)


@pytest.mark.parametrize(
    ("customer", "agent", "kind"),
    [
        ("我家的净水器漏水了。", "净水器归厂家管，您找厂家。", "trouble"),
        ("麻烦找一下温老师。", "温老师去开会了。", "sorry"),
        ("帮我把送货时间改到周五。", "等着，我看看。", "accept"),
    ],
)
def test_the_likeliest_opening_takes_up_the_customers_words(
    rewriter: Rewriter, customer: str, agent: str, kind: str
) -> None:
    openings = _openings(rewriter, customer, agent)
    assert next(iter(openings)) == kind
    assert sum(openings.values()) == pytest.approx(1)


def test_every_kind_known_well_enough_has_words(rewriter: Rewriter) -> None:
    kinds = set(_openings(rewriter, "几点开门？", "八点，别催。"))
    assert kinds - set(rewriter.mends.openings) == {"none", "thanks", "confirm"}
    said = {"reassure": "这个我不太会弄。"}
    assert all(
        _opened(rewriter, "师傅明天上门。", said.get(kind, "炉子打不着。"), kind) for kind in rewriter.mends.openings
    )


def test_only_who_worries_is_told_not_to(rewriter: Rewriter) -> None:
    assert _opened(rewriter, "师傅明天上门。", "炉子打不着。", "reassure") is None
    assert (_opened(rewriter, "资料不会外传。", "我怕泄露信息。", "reassure") or "").startswith("您放心")


@pytest.mark.parametrize("line", ["好的，我给您改。", "很抱歉，这个改不了。", "您的心情我理解。我帮您查一下。"])
def test_a_line_that_opens_already_gets_no_second_opening(rewriter: Rewriter, line: str) -> None:
    assert _opened(rewriter, line, "能改吗？", "accept") is None


def test_an_unsure_opening_is_left_out(rewriter: Rewriter) -> None:
    assert _opened(rewriter, "我帮您核实。", "净水器滤芯装反了。", "trouble", 0.5) is None


@pytest.mark.parametrize("kind", ["accept", "trouble", "sorry"])
def test_nothing_goes_before_a_word_that_answers(rewriter: Rewriter, kind: str) -> None:
    assert _opened(rewriter, "可以，师傅明天上门。", "炉子打不着，能来看吗？", kind) is None


def test_nobody_is_sorry_for_a_yes(rewriter: Rewriter) -> None:
    assert _opened(rewriter, "合租可以的，两位都要签字。", "两个人合租可以么？", "sorry") is None


def test_nobody_is_put_at_ease_by_what_is_still_open(rewriter: Rewriter) -> None:
    assert _opened(rewriter, "航班会不会取消，要看【依据】。", "航班会取消吗？", "reassure") is None


def test_bad_news_is_no_good_news(rewriter: Rewriter) -> None:
    text = _opened(rewriter, "今天的场次全满了。", "我要订今晚的球场。", "accept")
    assert text is not None
    assert text.startswith(("很抱歉，", "不好意思，"))


def test_what_happened_is_said_back_where_it_can_be(rewriter: Rewriter) -> None:
    text = _opened(rewriter, "我帮您核实。", "净水器滤芯装反了。", "trouble")
    assert text is not None
    assert text.startswith("净水器滤芯装反了，")


@pytest.mark.parametrize("customer", ["爷爷走丢了。", "我的手机被偷了。", "水管坏了\n厨房都湿了"])
def test_what_isnt_ours_or_takes_two_breaths_is_not_said_back(rewriter: Rewriter, customer: str) -> None:
    text = _opened(rewriter, "我帮您核实。", customer, "trouble")
    assert text is not None
    assert text.startswith("给您")


def test_a_claim_that_the_line_disputes_is_not_said_back_as_a_fact(rewriter: Rewriter) -> None:
    text = rewritten(rewriter, "我没收到取件码", "短信都已经发出去了，您会没收到？")
    assert "没收到取件码，" not in text
    assert "短信都已经发出去了" in text


def test_a_rewrite_begins_with_what_takes_up_the_customers_words(rewriter: Rewriter) -> None:
    assert rewritten(rewriter, "麻烦找一下温老师。", "温老师去开会了。").startswith(("不好意思，", "很抱歉，"))
    assert rewritten(rewriter, "我家的净水器漏水了。", "净水器归厂家管，您找厂家。").startswith("净水器漏水了，")


def test_several_turns_of_the_customers_leave_no_line_break(rewriter: Rewriter) -> None:
    turns = (Turn("customer", "水管坏了"), Turn("customer", "厨房都湿了"), Turn("agent", "水管归厂家管，您找厂家。"))
    result = rewriter.rewrite(Transcript(turns, EXCERPT))
    assert result.rewrite is not None
    assert "\n" not in result.rewrite


def test_without_advice_a_line_is_mended_all_the_same(rewriter: Rewriter) -> None:
    plain = replace(rewriter, mends=replace(rewriter.mends, adviser=None))
    assert plain.rewrite(call("押金什么时候退？", "押金七天内退，您到底有完没完。")).rewrite == "押金七天内退。"


@pytest.mark.parametrize("size", [0, 100, None])
def test_broken_numbers_say_what_to_do(rewriter: Rewriter, root: Path, tmp_path: Path, size: int | None) -> None:
    whole = (root / "knowledge" / ADVISER).read_bytes()
    (tmp_path / ADVISER).write_bytes(b"not numbers" if size is None else whole[:size])
    said = _said(rewriter, "几点开门？", "八点，别催。")
    with pytest.raises(KnowledgeError) as error:
        Adviser(tmp_path).openings(said)
    assert "make adviser" in str(error.value)


def test_a_faulty_opening_is_named_with_its_line(root: Path, tmp_path: Path) -> None:
    for name in ("rules", "signs.yaml"):
        (tmp_path / name).symlink_to(root / "knowledge" / name)
    (tmp_path / "mends").mkdir()
    text = "version: 1\nopenings:\n  accept:\n    - words: 好的，\n    - previous: ['(']\n      words: 行，\n"
    (tmp_path / "mends" / "openings.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_mends(tmp_path)
    assert "第 5 行" in str(error.value)


def test_every_label_is_of_a_line_and_of_known_letters(root: Path) -> None:
    folder = root / "eval/training"
    lines = {row["id"] for path in folder.glob("lines-*.jsonl") for row in read_jsonl(path)}
    labels = list(read_jsonl(folder / "openings.jsonl"))
    assert len({label["id"] for label in labels}) == len(labels)
    assert all(label["id"] in lines for label in labels)
    assert {letter for label in labels for letter in label["opening"]} <= set(OPENINGS)


@pytest.mark.slow
def test_the_adviser_is_what_its_labels_make_it(root: Path) -> None:
    labelled = read_labelled()
    with np.load(root / "knowledge" / ADVISER) as file:
        shipped = Model({name: file[name] for name in file.files})
    fresh = Model(build(labelled))
    same = [np.argmax(shipped.log_odds(one.features)) == np.argmax(fresh.log_odds(one.features)) for one in labelled]
    assert np.mean(same) > 0.99
