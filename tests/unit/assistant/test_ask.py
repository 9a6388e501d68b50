"""Answers: every word from a clause that exists, both sides of a conflict, an honest refusal."""

from __future__ import annotations

import pytest

from coach.assistant import Coach, Topic, reply
from coach.assistant.converse import followed_up, line_in
from coach.errors import InputError, TranscriptError

QUESTIONS = [
    "让客户等之前要说什么",
    "客户骂人怎么办",
    "转接之前要做什么",
    "怎么记留言",
    "外呼什么时间合适",
    "报修要问哪些",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_point_is_the_text_of_the_clause_it_cites(coach: Coach, question: str) -> None:
    answer = coach.ask(question)
    assert answer.status == "answered"
    for point in answer.points:
        (citation,) = point.citations
        assert point.text == citation.text == coach.knowledge.clauses[citation.clause].text
        assert point.text in answer.text


def test_a_conflict_shows_every_side_and_the_one_the_standard_takes(coach: Coach) -> None:
    default, telecom = coach.ask("客户最多能等多久"), coach.under("telecom").ask("客户最多能等多久")
    conflict = next(d for d in default.conflicts if d.conflict.id == "hold-limit")
    other = next(d for d in telecom.conflicts if d.conflict.id == "hold-limit")
    assert len(conflict.conflict.sides) >= 3
    assert conflict.chosen != other.chosen
    cited = {citation.clause for point in default.points for citation in point.citations}
    assert all(cited & set(side.clauses) for side in conflict.conflict.sides)


def test_what_the_handbook_does_not_say_is_not_answered(coach: Coach) -> None:
    answer = coach.ask("公司食堂几点开饭")
    assert answer.status == "insufficient"
    assert answer.points == ()
    assert "没有说到" in answer.text


def test_phrases_fit_and_have_known_situations(coach: Coach) -> None:
    phrases = coach.ask("怎么请客户稍等").phrases
    assert phrases
    assert {phrase.situation for phrase in phrases} <= {"hold", "hold-extend", "hold-return"}


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_blank_question_is_told(coach: Coach, text: str) -> None:
    with pytest.raises(InputError, match="还没有写"):
        coach.ask(text)
    with pytest.raises(TranscriptError, match="还没有写"):
        reply(coach, text)


def test_a_short_follow_up_takes_the_question_before_with_it() -> None:
    topic = Topic("让客户等之前要说什么")
    assert followed_up("那外呼呢？", topic) == "外呼：让客户等之前要说什么"
    assert followed_up("转接之前要征得同意吗？", topic) == "转接之前要征得同意吗？"
    assert followed_up("那外呼呢？", None) == "那外呼呢？"


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("你等一下，我查查", "你等一下，我查查"),
        ("“这是公司规定。”", "这是公司规定。"),
        ("帮我改一下：你怎么不早说", "你怎么不早说"),
        ("坐席：喂，谁啊", "坐席：喂，谁啊"),
        ("客户一直骂，我怎么说", None),
        ("谁先挂电话？", None),
        ("让客户等之前要说什么", None),
    ],
)
def test_a_pasted_line_is_told_from_a_question(message: str, line: str | None) -> None:
    assert line_in(message) == line


def test_a_pasted_line_comes_back_compliant_and_the_topic_stays(coach: Coach) -> None:
    topic = Topic("谁先挂电话")
    answer = reply(coach, "你的订单三天内送到", topic)
    assert answer.kind == "rewrite"
    assert answer.rewrite is not None
    assert answer.rewrite.rewrite == "您的订单三天内送到。"
    assert answer.topic.question == topic.question
    assert answer.topic.line == "你的订单三天内送到"
