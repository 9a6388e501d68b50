"""Dismissals on a critique: what they name stays and no longer counts; what they can't be used for is told."""

from __future__ import annotations

import pytest

from coach.assistant import Coach
from coach.critique import LONGEST_REASON, Critique, Dismissal, PlacedDismissal, with_dismissals
from coach.errors import InputError
from coach.transcripts import parse_text

CALL = "坐席：喂，谁啊？\n客户：我家断网三天了！\n坐席：你等一下。\n坐席：你再等一下。"
HONORIFIC = "language.missing-honorific"


@pytest.fixture(scope="module")
def critique(coach: Coach) -> Critique:
    return coach.critique(parse_text(CALL))


def _at(critique: Critique) -> set[tuple[str, int | None]]:
    return {(finding.rule, finding.line) for finding in critique.dismissed}


def test_a_dismissal_takes_the_findings_of_its_rule_and_line_and_no_other(critique: Critique) -> None:
    after = with_dismissals(critique, [PlacedDismissal.of(HONORIFIC, 3, "方言")])
    assert _at(after) == {(HONORIFIC, 3)}
    assert after.dismissed[0].dismissed == Dismissal("方言")
    assert not after.dismissed[0].counts
    assert [f.rule for f in after.findings] == [f.rule for f in critique.findings]
    assert after.warnings == critique.warnings


def test_a_finding_about_the_whole_call_is_named_without_a_line(critique: Critique) -> None:
    whole = next(finding for finding in critique.findings if finding.line is None)
    assert _at(with_dismissals(critique, [PlacedDismissal.of(whole.rule, None, "已在别处确认")])) == {
        (whole.rule, None)
    }


def test_what_is_no_longer_named_stands_again_and_the_last_reason_holds(critique: Critique) -> None:
    twice = [PlacedDismissal.of(HONORIFIC, 3, reason) for reason in ("一", "二")]
    after = with_dismissals(critique, twice)
    assert [finding.dismissed for finding in after.dismissed] == [Dismissal("二")]
    assert with_dismissals(after, []) == critique


@pytest.mark.parametrize(
    ("rule", "line", "words"), [(HONORIFIC, 1, "第 1 行"), (HONORIFIC, 99, "第 99 行"), ("no.rule", None, "整通电话")]
)
def test_a_dismissal_of_nothing_is_a_warning(critique: Critique, rule: str, line: int | None, words: str) -> None:
    after = with_dismissals(critique, [PlacedDismissal.of(rule, line, "不算")])
    assert after.findings == critique.findings
    assert rule in after.warnings[-1]
    assert words in after.warnings[-1]


def test_a_dismissal_of_a_line_that_reads_otherwise_now_is_a_warning(critique: Critique) -> None:
    said = critique.transcript.turns[2].text
    assert _at(with_dismissals(critique, [PlacedDismissal.of(HONORIFIC, 3, "方言", said=said)]))
    after = with_dismissals(critique, [PlacedDismissal.of(HONORIFIC, 3, "方言", said="您等一下。")])
    assert after.dismissed == ()
    assert "不一样" in after.warnings[-1]


def test_a_dismissed_fault_no_longer_costs_points(coach: Coach, critique: Critique) -> None:
    everything = [PlacedDismissal.of(finding.rule, finding.line, "演练") for finding in critique.findings]
    before, after = coach.score(critique), coach.score(with_dismissals(critique, everything))
    assert before.total < after.total
    found = {finding.rule for finding in critique.findings}
    assert not [checked for checked in after.failed if found & set(checked.item.rules)]


def test_a_reason_becomes_one_line_and_keeps_its_characters() -> None:
    assert PlacedDismissal.of("a.b", 1, "  客户\n原话\x1b[31m😀𠮷\ud800 ").reason == "客户 原话 [31m😀𠮷"


@pytest.mark.parametrize("reason", ["", " \n　", "\u200b\ufeff", "长" * (LONGEST_REASON + 1)])
def test_a_reason_has_to_say_something_and_not_too_much(reason: str) -> None:
    with pytest.raises(InputError, match="理由"):
        PlacedDismissal.of("a.b", 1, reason)
