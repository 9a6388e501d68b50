"""What stands behind 话术求助 and 知识库: replies, clauses and standards as HTML, coaches by standard, guarded steps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import regex

from coach.assistant import Answer, Coach, Disagreement, Point, Reply, Topic
from coach.errors import InputError
from coach.knowledge import Citation, Phrase, load_standard, standard_names
from coach.transcripts import parse_text
from coach.web.boundary import Updates, guarded_steps
from coach.web.clauses import clause_cards, conflict_list, phrase_list
from coach.web.coaches import Coaches
from coach.web.compare import compared
from coach.web.conversation import Exchange, conversation
from coach.web.library import clause_named


def _shown(coach: Coach, said: str, reply: Reply, words_only: bool = False) -> str:
    names = {rule.id: rule.data.name for rule in coach.rules.rules.values()}
    return conversation([Exchange(said, reply, "通用规范", words_only)], names, coach.knowledge.clauses)


def _answer(coach: Coach) -> Answer:
    clause = coach.knowledge.clauses["HLD-04"]
    conflict = coach.conflicts[0]
    side, why = conflict.chosen("default")
    phrase = Phrase("x-01", "hold", "请等【时长】<i>", ("时长",), {"时长": "一分钟"}, ("HLD-04",))
    return Answer(
        "等多久",
        "answered",
        "",
        (Point(clause.text, (Citation.of(clause),)),),
        (phrase,),
        ("“<b>等着”",),
        (Disagreement(conflict, "通用规范", side, why),),
    )


def _rewritten(coach: Coach, text: str) -> Reply:
    transcript = parse_text(text)
    return Reply("rewrite", None, rewrite=coach.rewrite(transcript), critique=coach.critique(transcript))


def test_an_answer_shows_points_phrases_what_to_avoid_and_conflicts_escaped(coach: Coach) -> None:
    html = _shown(coach, "<script>等多久", Reply("answer", Topic("等多久"), answer=_answer(coach)))
    for part in ("依据 HLD-04", "可以这样说", "不要这样说", "资料说法不一", "采用", "按“等多久”查的"):
        assert part in html
    assert "&lt;script&gt;等多久" in html
    assert "&lt;b&gt;等着" in html
    assert '<span class="ss-slot">【时长】</span>&lt;i&gt;' in html
    assert 'data-text="请等【时长】&lt;i&gt;"' in html


def test_what_the_handbook_lacks_is_said_with_the_nearest_clauses(coach: Coach) -> None:
    nearest = coach.knowledge.cite(("HLD-04",))
    answer = Answer("天气", "insufficient", "", nearest=nearest)
    html = _shown(coach, "天气", Reply("answer", None, answer=answer), words_only=True)
    assert "没有说到" in html
    assert "HLD-04" in html
    assert "只按字词查了手册" in html
    assert "要点" not in html


def test_a_rewrite_shows_the_change_and_copies_the_new_line(coach: Coach) -> None:
    html = _shown(coach, "你等一下，我查查", _rewritten(coach, "你等一下，我查查"))
    assert "<del>" in html
    assert "<ins>" in html
    assert "ss-copy" in html


def test_a_line_without_fault_is_said_to_need_nothing(coach: Coach) -> None:
    html = _shown(coach, "请问您贵姓？", _rewritten(coach, "请问您贵姓？"))
    assert "没有要改的地方" in html


def test_a_whole_call_is_sent_to_the_review_tab(coach: Coach) -> None:
    said = "坐席：您好。\n客户：我要投诉。\n坐席：这是公司规定。"
    assert "逐句点评" in _shown(coach, said, _rewritten(coach, said))


def test_every_phrase_clause_and_conflict_can_be_shown(coach: Coach) -> None:
    knowledge = coach.knowledge
    phrases = phrase_list(tuple(knowledge.phrases.values()), knowledge.clauses)
    assert phrases.count("ss-copy") == len(knowledge.phrases)
    cards = clause_cards(tuple(knowledge.clauses.values()))
    assert cards.count("<article") == len(knowledge.clauses)
    for name in standard_names(coach.folder):
        shown = conflict_list(coach.conflicts, knowledge.clauses, name, "某规范")
        assert shown.count("ss-chosen") == len(coach.conflicts)


@pytest.mark.parametrize("typed", ["HLD-04", " hld04 ", "ＨＬＤ－０４", "hld 4"])
def test_a_clause_is_named_however_its_id_is_typed(coach: Coach, typed: str) -> None:
    found = clause_named(typed, dict(coach.knowledge.clauses))
    assert found is not None
    assert found.id == "HLD-04"


def test_words_name_no_clause_and_an_unknown_number_is_told(coach: Coach) -> None:
    clauses = dict(coach.knowledge.clauses)
    assert clause_named("等多久", clauses) is None
    assert clause_named("VIP 1", clauses) is None
    with pytest.raises(InputError, match="没有编号 HLD-99"):
        clause_named("HLD-99", clauses)


def test_standards_are_compared_and_equal_rows_can_be_left_out(coach: Coach) -> None:
    default, telecom = (load_standard(name, coach.folder) for name in ("default", "telecom"))
    every = compared(default, telecom, coach.rules, coach.conflicts, False)
    different = compared(default, telecom, coach.rules, coach.conflicts, True)
    assert "铃响几声内接（声）" in every
    assert "铃响几声内接（声）" not in different
    assert not set(default.parameters) & set(regex.findall(r"[a-z_]+", every))
    assert "等候上限（秒）" in different
    assert every.count('<tr class="ss-differs"') == different.count('<tr class="ss-differs"') > 0
    same = compared(default, default, coach.rules, coach.conflicts, True)
    assert "同一份规范" in same
    assert "ss-differs" not in same


def test_coaches_are_made_once_a_standard_and_the_first_is_the_one_given(coach: Coach) -> None:
    coaches = Coaches(coach)
    assert coaches.choices[0] == (coach.standard.title, coach.standard.name)
    assert {name for _, name in coaches.choices} == set(standard_names(coach.folder))
    assert coaches.under(None) is coach
    assert coaches.under("telecom") is coaches.under("telecom")
    assert coaches.under("telecom").standard.name == "telecom"


def test_steps_before_an_error_are_shown_and_the_error_ends_them() -> None:
    @guarded_steps("beside")
    def handler(wrong: bool) -> Iterator[Updates]:
        yield {"status": "等一等"}
        if wrong:
            raise InputError("不行")
        yield {"status": ""}

    assert list(handler(False)) == [{"status": "等一等"}, {"status": ""}]
    first, second = handler(True)
    assert first == {"status": "等一等"}
    assert "不行" in second["beside"]
