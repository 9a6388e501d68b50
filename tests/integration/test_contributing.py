"""CONTRIBUTING.md is followed to the letter: its case and its rubric, one file each, are loaded, run and graded."""

from __future__ import annotations

from pathlib import Path

import regex

from coach.assistant import Coach
from eval.suite import paths
from eval.suite.run import Wanted, run_suite
from eval.suite.subject import Subject
from eval.suite.suite import open_suite


def _blocks(root: Path) -> list[str]:
    return regex.findall(r"```yaml\n(.*?)```", (root / "CONTRIBUTING.md").read_text(encoding="utf-8"), regex.DOTALL)


def test_the_case_and_the_rubric_of_the_guide_work_as_it_says(coach: Coach, root: Path, tmp_path: Path) -> None:
    case, rubric = _blocks(root)
    assert len(case.splitlines()) <= 10
    cases, rubrics = tmp_path / "cases", tmp_path / "rubrics"
    cases.mkdir()
    rubrics.mkdir()
    for path in paths.RUBRICS.glob("*.yaml"):
        (rubrics / path.name).write_bytes(path.read_bytes())
    (rubrics / "mine.yaml").write_text(rubric, encoding="utf-8")
    (cases / "my-lines.yaml").write_text(case, encoding="utf-8")
    strict = case.replace("rubric: critique", "rubric: critique-strict").replace("-01", "-02")
    (cases / "strict.yaml").write_text(strict, encoding="utf-8")
    suite = open_suite(Subject(coach), cases, rubrics)
    run = run_suite(Subject(coach), suite.cases, suite.rubrics, Wanted(), tmp_path / "run")
    assert [(s.case, s.status) for s in run.samples] == [
        ("critique-bill-hold-01", "passed"),
        ("critique-bill-hold-02", "passed"),
    ]
    assert [c.id for c in run.samples[1].criteria] == ["complete", "nothing-more"]
    assert run.provenance.rubrics["critique-strict"].startswith("1 ")


def test_the_example_is_no_case_of_the_suite_itself(coach: Coach) -> None:
    assert "critique-bill-hold-01" not in {loaded.case.id for loaded in open_suite(Subject(coach)).cases}
