"""What stands behind 驳回 and 恢复 on the page: rulings, what they change in a reviewed call, and how it is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.assistant import Coach
from coach.critique import Critique, Finding, PlacedDismissal
from coach.critique.model import Dismissal
from coach.errors import InputError
from coach.transcripts import parse_text
from coach.web.calls import Call
from coach.web.cards import cards
from coach.web.dismissing import carried, ruled
from coach.web.downloads import ReportFiles
from coach.web.marks import highlighted
from coach.web.reviewed import Reviewed, review, with_rulings
from coach.web.summary import summary

CALL = "坐席：您好，云桥通信，工号三零二六。\n客户：我的话费不对。\n坐席：等着啊。\n客户：行。"


@pytest.fixture(scope="module")
def before(coach: Coach) -> Reviewed:
    return review(coach, parse_text(CALL))


def _all_of(reviewed: Reviewed, line: int, reason: str = "演练") -> list[PlacedDismissal]:
    return [PlacedDismissal.of(finding.rule, line, reason) for finding in reviewed.critique.of_line(line)]


def test_a_ruling_dismisses_replaces_and_restores(before: Reviewed) -> None:
    call, rule = Call("甲", before.transcript), before.critique.of_line(3)[0].rule
    once = ruled(call, before.critique, rule, 3, "一")
    again = ruled(once, before.critique, rule, 3, "二")
    assert [one.reason for one in again.dismissals] == ["二"]
    assert ruled(again, before.critique, rule, 3, None) == call


@pytest.mark.parametrize(("line", "reason", "words"), [(3, " ", "理由"), (2, "不算", "不在点评里")])
def test_a_ruling_without_a_reason_or_a_finding_is_refused(
    before: Reviewed, line: int, reason: str, words: str
) -> None:
    rule = before.critique.of_line(3)[0].rule
    with pytest.raises(InputError, match=words):
        ruled(Call("甲", before.transcript), before.critique, rule, line, reason)


def test_score_counts_and_lines_to_rewrite_follow_and_come_back(coach: Coach, before: Reviewed) -> None:
    after = with_rulings(coach, before, _all_of(before, 3))
    assert after.card.total > before.card.total
    assert sum(after.counts.values()) == sum(before.counts.values()) - len(before.critique.of_line(3))
    assert (3 in before.faulty, 3 in after.faulty, 3 in after.wanted) == (True, False, False)
    restored = with_rulings(coach, after, [])
    assert (restored.card, restored.faulty, restored.wanted) == (before.card, before.faulty, before.wanted)


def test_dismissals_last_through_a_standard_that_does_not_find_the_fault(coach: Coach, before: Reviewed) -> None:
    stray = PlacedDismissal.of("no.rule", 3, "别的规范才有")
    after = review(coach, before.transcript, [stray, *_all_of(before, 3)])
    assert after.critique.warnings == before.critique.warnings
    assert len(after.critique.dismissed) == len(before.critique.of_line(3))


def test_the_same_call_read_again_keeps_its_dismissals_and_another_does_not(before: Reviewed) -> None:
    old = Call("甲", before.transcript, tuple(_all_of(before, 3)))
    same, other = Call("乙", before.transcript), Call("丙", parse_text("坐席：您好。"))
    assert carried([same, other], [old]) == (Call("乙", before.transcript, old.dismissals), other)
    assert carried([other], [old]) == (other,)


def test_a_dismissed_finding_is_struck_through_with_its_reason_escaped(coach: Coach, before: Reviewed) -> None:
    shown = cards(with_rulings(coach, before, _all_of(before, 3, "<b>演练</b>")))
    name = before.names[before.critique.of_line(3)[0].rule]
    assert f"<b><s>{name}</s></b>" in shown
    assert "已驳回：&lt;b&gt;演练&lt;/b&gt;" in shown
    assert shown.count('class="ss-restore"') == len(before.critique.of_line(3))
    assert "<s>" not in cards(before)


def test_the_filter_offers_what_was_dismissed(coach: Coach, before: Reviewed) -> None:
    after = with_rulings(coach, before, _all_of(before, 3))
    assert f"已驳回 {len(after.critique.dismissed)}" in summary(after, "甲", "通用规范")
    assert "已驳回" not in summary(before, "甲", "通用规范")


def test_a_mark_goes_by_the_findings_that_stand() -> None:
    def found(severity: str, span: tuple[int, int], reason: str = "") -> Finding:
        dismissed = Dismissal(reason) if reason else None
        return Finding("a.b", severity, 1, span, "", "", "pattern", 1, (), (), dismissed)  # type: ignore[arg-type]

    both = (found("error", (0, 2), "演练"), found("warning", (1, 2)))
    assert highlighted("等着啊", both) == (
        '<mark class="dismissed">等</mark><mark class="warning" data-n="2">着</mark>啊'
    )


def test_the_files_say_what_was_dismissed_and_leave_out_its_rewrite(
    coach: Coach, before: Reviewed, tmp_path: Path
) -> None:
    markdown, data = ReportFiles(tmp_path).write(with_rulings(coach, before, _all_of(before, 3, "演练 *用*")))
    report = json.loads(data.read_text(encoding="utf-8"))
    assert {finding["line"] for finding in report["findings"] if finding["dismissed"]} == {3}
    assert report["findings"][-1]["dismissed"] in (None, {"reason": "演练 *用*"})
    assert 3 not in [rewrite["line"] for rewrite in report["rewrites"]]
    text = markdown.read_text(encoding="utf-8")
    assert "~~ **已驳回**：演练 \\*用\\*" in text


def test_a_critique_without_findings_needs_no_ruling(coach: Coach) -> None:
    empty = Critique(parse_text("坐席：您好。"), "default", ())
    with pytest.raises(InputError):
        ruled(Call("甲", empty.transcript), empty, "a.b", None, None)
