"""Errors, failures and unscored samples stay apart in every total, and the gate says why it fails."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from coach.errors import InputError
from eval.suite.baseline import accepted
from eval.suite.gate import Gates, judged
from eval.suite.junit import junit_xml
from eval.suite.result import Graded, Provenance, Run, Sample, Status
from eval.suite.tasks import TASK_DEFS
from eval.suite.totals import interval, tag_totals, task_totals

GATES = Gates.model_validate(
    {
        "version": 1,
        "errors": 0.02,
        "unscored": 0.1,
        "min_kappa": 0.6,
        "tasks": {"ask": {"score": {"min": 0.8, "noise": 0.0}, "passed": {"min": 0.5, "noise": 0.0}}},
    }
)


def sample(case: str, status: Status, score: float | None = None, *, fatal: bool = False, repeat: int = 1) -> Sample:
    line = Graded(id="states", text="说出了标准", state="met" if status == "passed" else "unmet", weight=1, fatal=fatal)
    given = {"passed": 1.0, "failed": 0.0}.get(status) if score is None else score
    return Sample(
        task="ask",
        case=case,
        repeat=repeat,
        tags=("等候",),
        status=status,
        score=given,
        fatal=fatal,
        asked="问",
        answer={"said": "答"},
        criteria=(line,) if status in {"passed", "failed"} else (),
        error="坏了" if status == "error" else "",
    )


def run_of(*samples: Sample, complete: bool = True) -> Run:
    made = Provenance(commit="abc", code="c", prompts={}, rules="r", handbook="h", rubrics={}, model="builtin")
    return Run(
        id="r",
        started="2026-01-01T00:00:00+00:00",
        seconds=1.0,
        complete=complete,
        whole=("ask",) if complete else (),
        provenance=made,
        totals=task_totals(samples, TASK_DEFS),
        by_tag=tag_totals(samples, TASK_DEFS),
        samples=samples,
    )


def test_every_sample_is_in_exactly_one_column() -> None:
    samples = [sample("a", "passed"), sample("b", "failed"), sample("c", "error"), sample("d", "unscored")]
    (row,) = task_totals(samples, TASK_DEFS)
    assert (row.n, row.passed, row.failed, row.errors, row.unscored) == (4, 1, 1, 1, 1)
    assert row.score.mean == 0.5  # neither the error nor the unscored one is in it
    (tag,) = tag_totals(samples, TASK_DEFS)
    assert (tag.tag, tag.n, tag.errors) == ("等候", 4, 1)


def test_repeats_of_a_case_count_as_one_in_the_interval() -> None:
    one = task_totals([sample("a", "passed"), sample("b", "failed")], TASK_DEFS)[0]
    many = [sample(c, s, repeat=i) for c, s in (("a", "passed"), ("b", "failed")) for i in (1, 2, 3)]
    assert task_totals(many, TASK_DEFS)[0].score == one.score


def test_an_interval_is_the_same_every_time_and_absent_where_nothing_was_scored() -> None:
    assert interval([0.2, 0.9, 1.0]) == interval([0.2, 0.9, 1.0])
    assert interval([]).mean is None


def test_a_tenth_in_error_is_an_exit_of_its_own_and_the_reasons_say_so() -> None:
    run = run_of(*(sample(f"c{i}", "error" if i == 0 else "passed") for i in range(10)))
    verdict = judged(run, GATES, None)
    assert verdict.exit_code == 3
    assert "1/10" in verdict.breaches[0].what
    assert run.totals[0].errors == 1


def test_a_threshold_fails_a_whole_run_and_leaves_a_part_of_one_alone() -> None:
    samples = [sample("a", "passed"), sample("b", "failed"), sample("c", "failed")]
    verdict = judged(run_of(*samples), GATES, None)
    assert verdict.exit_code == 1
    assert {b.kind for b in verdict.breaches} == {"threshold"}
    assert judged(run_of(*samples, complete=False), GATES, None).exit_code == 0


def test_a_fatal_criterion_fails_the_gate_whatever_the_score() -> None:
    samples = [sample(f"c{i}", "passed") for i in range(50)]
    verdict = judged(run_of(*samples, sample("x", "failed", 0.9, fatal=True)), GATES, None)
    assert verdict.exit_code == 1
    assert [b.kind for b in verdict.breaches] == ["fatal"]


def test_a_drop_against_the_baseline_fails_even_above_the_threshold_and_names_the_cases() -> None:
    good = run_of(*(sample(f"c{i}", "passed") for i in range(10)))
    baseline = accepted(good, "第一次接受", date(2026, 1, 1), None)
    worse = run_of(sample("c0", "failed"), *(sample(f"c{i}", "passed") for i in range(1, 10)))
    verdict = judged(worse, GATES, baseline)
    assert verdict.exit_code == 1
    drop = next(b for b in verdict.breaches if b.kind == "drop")
    assert drop.cases == ("c0",)


def test_new_cases_neither_hide_nor_feign_a_drop() -> None:
    baseline = accepted(run_of(sample("a", "passed"), sample("b", "failed")), "第一次接受", date(2026, 1, 1), None)
    more = run_of(sample("a", "passed"), sample("b", "failed"), *(sample(f"n{i}", "passed") for i in range(5)))
    assert not [b for b in judged(more, GATES, baseline).breaches if b.kind == "drop"]
    hidden = run_of(sample("a", "failed"), sample("b", "failed"), *(sample(f"n{i}", "passed") for i in range(50)))
    assert [b for b in judged(hidden, GATES, baseline).breaches if b.kind == "drop"]


def test_repeats_of_a_case_are_compared_by_their_mean() -> None:
    baseline = accepted(run_of(sample("a", "passed")), "第一次接受", date(2026, 1, 1), None)
    twice = run_of(sample("a", "failed", 0.0, repeat=1), sample("a", "passed", 1.0, repeat=2))
    drop = next(b for b in judged(twice, GATES, baseline).breaches if b.kind == "drop")
    assert "降到 0.500" in drop.what


def test_a_drop_within_its_noise_passes() -> None:
    noisy = Gates.model_validate({**GATES.model_dump(), "tasks": {"ask": {"score": {"noise": 0.2}}}})
    baseline = accepted(run_of(*(sample(f"c{i}", "passed") for i in range(10))), "第一次接受", date(2026, 1, 1), None)
    worse = run_of(sample("c0", "failed"), *(sample(f"c{i}", "passed") for i in range(1, 10)))
    assert judged(worse, noisy, baseline).exit_code == 0


@pytest.mark.parametrize(
    ("run", "why", "told"),
    [
        (run_of(sample("a", "passed")), "好", "为什么"),
        (run_of(sample("a", "passed"), complete=False), "因为新手册", "没有跑完"),
        (run_of(sample("a", "error")), "因为新手册", "出错"),
    ],
)
def test_a_baseline_is_accepted_only_from_a_whole_sound_run_with_a_reason(run: Run, why: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        accepted(run, why, date(2026, 1, 1), None)


def test_accepting_keeps_the_reasons_before() -> None:
    first = accepted(run_of(sample("a", "passed")), "第一次接受", date(2026, 1, 1), None)
    second = accepted(run_of(sample("a", "failed")), "手册改了等候的说法", date(2026, 2, 1), first)
    assert [entry.why for entry in second.history] == ["手册改了等候的说法", "第一次接受"]
    assert second.cases == {"ask": {"a": 0.0}}


def test_a_judge_that_may_not_gate_is_shown_and_counts_for_nothing() -> None:
    def judged_sample(case: str, state: str) -> Sample:
        code = Graded(id="states", text="说出了标准", state="met", weight=1, fatal=False)
        by_judge = Graded.model_validate({**code.model_dump(), "id": "natural", "state": state, "by": "judge"})
        status = "unscored" if state == "unscored" else "failed"
        return sample(case, status, None if state == "unscored" else 0.5).model_copy(
            update={"criteria": (code, by_judge)}
        )

    samples = [judged_sample("a", "unmet"), judged_sample("b", "unscored")]
    run = run_of(*samples)
    weak = run.model_copy(update={"provenance": run.provenance.model_copy(update={"judge": "弱模型"})})
    assert (weak.totals[0].failed, weak.totals[0].unscored) == (1, 1)
    assert judged(weak, GATES, None).exit_code == 0
    sure = run.provenance.model_copy(update={"judge": "强模型", "judge_gates": True})
    assert judged(run.model_copy(update={"provenance": sure}), GATES, None).exit_code == 1


def test_junit_keeps_failures_errors_and_unscored_apart_and_holds_what_xml_can(root: Path) -> None:
    odd = sample("e", "error").model_copy(update={"error": "坏了\x00\x1b<b>", "repeat": 2})
    run = run_of(sample("a", "passed"), sample("b", "failed"), odd, sample("d", "unscored"))
    document = etree.fromstring(junit_xml(run).encode())
    schema = etree.XMLSchema(etree.parse(root / "tests" / "schemas" / "junit-10.xsd"))
    assert schema.validate(document), schema.error_log
    (suite,) = document.findall("testsuite")
    counted = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counted == ["4", "1", "1", "1"]
    assert [case.get("name") for case in suite.findall("testcase")] == ["a", "b", "e (2)", "d"]
