"""Judges against graded answers: agreement by known cases, the recorded weak judge played back without a network, and who may gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.errors import KnowledgeError
from eval.suite import cli, paths
from eval.suite.calibrate import agreement, judge_answers, load_graded, may_gate, save_agreement
from eval.suite.rubric import JudgeData, load_rubrics

RUBRICS = load_rubrics(paths.RUBRICS)
ANSWERS = load_graded(paths.CALIBRATION, RUBRICS)


def test_there_are_enough_graded_answers_of_every_judged_criterion_and_verdict() -> None:
    assert len(ANSWERS) >= 120
    for name in {f"{r.id}.{c.id}" for r in RUBRICS.values() for c in r.criteria if c.judge}:
        grades = [a.grade for a in ANSWERS if a.criterion == name]
        assert len(grades) >= 40, name
        assert set(grades) == {"符合", "部分符合", "不符合"}, name


def test_a_judge_that_agrees_has_kappa_one_and_may_gate(tmp_path: Path) -> None:
    whole, *_ = agreement(ANSWERS, [a.grade for a in ANSWERS], RUBRICS)
    assert (whole.kappa, whole.weighted_kappa, whole.false_pass, whole.unreadable) == (1.0, 1.0, 0.0, 0)
    save_agreement(tmp_path / "judges.json", "好评判", "mark", whole)
    assert may_gate(tmp_path / "judges.json", "好评判", "mark", 0.6)
    assert not may_gate(tmp_path / "judges.json", "好评判", "another mark", 0.6)  # rubric, prompt or answers changed
    assert not may_gate(tmp_path / "judges.json", "没校准过的", "mark", 0.6)


def test_a_judge_that_passes_everything_agrees_no_better_than_chance(tmp_path: Path) -> None:
    whole, *_ = agreement(ANSWERS, ["符合"] * len(ANSWERS), RUBRICS)
    assert (whole.kappa, whole.false_pass) == (0.0, 1.0)
    save_agreement(tmp_path / "judges.json", "好好先生", "mark", whole)
    assert not may_gate(tmp_path / "judges.json", "好好先生", "mark", 0.6)


def test_a_judge_that_mostly_cannot_be_read_may_not_gate(tmp_path: Path) -> None:
    verdicts = [a.grade if i % 4 else None for i, a in enumerate(ANSWERS)]
    whole, *_ = agreement(ANSWERS, verdicts, RUBRICS)
    assert whole.kappa == 1.0
    save_agreement(tmp_path / "judges.json", "含糊", "mark", whole)
    assert not may_gate(tmp_path / "judges.json", "含糊", "mark", 0.6)


def test_every_answer_is_asked_about_with_its_own_question() -> None:
    asked: list[tuple[str, str]] = []

    def judge(question: JudgeData, given: str, said: str, wanted: str) -> tuple[str | None, str]:
        asked.append((question.question, said))
        return None, ""

    assert judge_answers(ANSWERS, RUBRICS, judge, lambda _: None) == [None] * len(ANSWERS)
    assert len({question for question, _ in asked}) == 3
    assert [said for _, said in asked] == [answer.said for answer in ANSWERS]


def test_the_recorded_judge_is_played_back_and_may_not_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "JUDGES", tmp_path / "judges.json")
    monkeypatch.setattr("sys.argv", ["eval", "calibrate"])
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code in {0, None}
    assert "不能计入门槛" in capsys.readouterr().out
    kept = json.loads((paths.CALIBRATION / "judges.json").read_text(encoding="utf-8"))
    assert json.loads((tmp_path / "judges.json").read_text(encoding="utf-8"))["recorded"] == kept["recorded"]


def test_a_grade_that_is_no_verdict_is_refused(tmp_path: Path) -> None:
    text = (paths.CALIBRATION / "ask.yaml").read_text(encoding="utf-8").replace("grade: 符合", "grade: 很好", 1)
    (tmp_path / "ask.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="很好 不是可选的结论"):
        load_graded(tmp_path, RUBRICS)
