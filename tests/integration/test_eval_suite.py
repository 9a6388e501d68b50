"""The suite as a whole, over small cases: Inspect runs them, our totals stand, runs are cached, resumed and repeated alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from junitparser import JUnitXml
from lxml import etree

from coach.assistant import Coach
from coach.errors import InputError, KnowledgeError
from coach.settings import Settings
from eval.suite import paths
from eval.suite.gate import judged, load_gates
from eval.suite.grade import refuse_unknown_checks
from eval.suite.harness import Setup
from eval.suite.load import LoadedCase, load_cases, schema_text
from eval.suite.models import RECORDED, judge_named, subject_named
from eval.suite.result import Run
from eval.suite.rubric import load_rubrics
from eval.suite.run import Journal, Wanted, chosen_cases, read_run, run_suite
from eval.suite.subject import Subject
from eval.suite.suite import open_suite
from eval.suite.tasks import TASK_DEFS
from eval.suite.write import results_schema, results_schema_text, write_run

RUBRICS = load_rubrics(paths.RUBRICS)


def critique_case(name: str, text: str, *rules: str) -> dict[str, Any]:
    turns = [{"speaker": "customer", "text": "我查一下余额"}, {"speaker": "agent", "text": text}]
    return {"id": name, "tags": ["银行", "试例"], "turns": turns, **({"findings": {2: [*rules]}} if rules else {})}


CRITIQUE = [
    critique_case("critique-try-good", "好的，请问您的卡号后四位是多少？"),
    critique_case("critique-try-bad", "你自己去网上查。", "language.missing-honorific", "language.pass-the-buck"),
]
RETRIEVAL = [{"id": "retrieval-try", "tags": ["等候"], "question": "让客户等多久要回来说一声", "clauses": ["HLD-04"]}]


def write_cases(folder: Path, **files: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for task, cases in files.items():
        data = {"version": 1, "task": task, "rubric": task, "cases": cases}
        (folder / f"{task}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


def load(coach: Coach, folder: Path) -> tuple[LoadedCase, ...]:
    return load_cases(folder, RUBRICS, rules=frozenset(coach.rules.rules), clauses=frozenset(coach.knowledge.clauses))


@pytest.fixture
def cases(coach: Coach, tmp_path: Path) -> tuple[LoadedCase, ...]:
    return load(coach, write_cases(tmp_path / "cases", critique=CRITIQUE, retrieval=RETRIEVAL))


def results_of(run: Run) -> Any:
    """All that two runs on one commit must share."""
    return (
        [{k: v for k, v in s.model_dump().items() if k not in {"seconds", "cached"}} for s in run.samples],
        run.totals,
        run.by_tag,
    )


def test_two_runs_on_one_commit_give_the_same_results(
    coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path
) -> None:
    first = run_suite(Subject(coach), cases, RUBRICS, Wanted(), tmp_path / "one")
    second = run_suite(Subject(coach), cases, RUBRICS, Wanted(workers=1), tmp_path / "two")
    assert results_of(first) == results_of(second)
    assert [t.task for t in first.totals] == ["critique", "retrieval"]
    assert first.complete
    assert list((tmp_path / "one" / "inspect").glob("*.eval"))  # Inspect's own logs, for its viewer


def test_a_sample_in_error_is_counted_as_such_though_inspect_says_success(
    coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Setup.answer

    def breaking(setup: Setup, loaded: LoadedCase) -> dict[str, Any]:
        if loaded.case.id == "critique-try-bad":
            raise RuntimeError("弄坏了")
        return answer(setup, loaded)

    monkeypatch.setattr(Setup, "answer", breaking)
    run = run_suite(Subject(coach), cases, RUBRICS, Wanted(), tmp_path / "run")
    row = next(t for t in run.totals if t.task == "critique")
    assert (row.n, row.errors, row.passed + row.failed) == (2, 1, 1)
    broken = next(s for s in run.samples if s.case == "critique-try-bad")
    assert (broken.status, broken.score) == ("error", None)
    assert "弄坏了" in broken.error
    verdict = judged(run, load_gates(paths.GATES), None)
    assert verdict.exit_code == 3
    assert "1/3" in verdict.breaches[0].what


def test_results_are_cached_by_what_they_depend_on_and_shown_as_cached(
    coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    first = run_suite(Subject(coach), cases, RUBRICS, Wanted(), tmp_path / "one", cache=cache)
    again = run_suite(Subject(coach), cases, RUBRICS, Wanted(), tmp_path / "two", cache=cache)
    assert not any(s.cached for s in first.samples)
    assert all(s.cached for s in again.samples)
    assert results_of(first) == results_of(again)
    other = run_suite(Subject(coach, "别的模型"), cases, RUBRICS, Wanted(), tmp_path / "three", cache=cache)
    assert not any(s.cached for s in other.samples)


def answered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the cases that are put to the coach from now on."""
    asked: list[str] = []
    answer = Setup.answer

    def telling(setup: Setup, loaded: LoadedCase) -> dict[str, Any]:
        asked.append(loaded.case.id)
        return answer(setup, loaded)

    monkeypatch.setattr(Setup, "answer", telling)
    return asked


def test_a_run_broken_off_is_resumed_where_it_was(
    coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    whole = run_suite(Subject(coach), cases, RUBRICS, Wanted(), folder)
    journal = folder / "samples.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines()
    journal.write_text(f"{lines[0]}\n{lines[1][:40]}", encoding="utf-8")  # cut in the middle of a line
    asked = answered(monkeypatch)
    ended: list[str] = []
    resumed = run_suite(
        Subject(coach), cases, RUBRICS, Wanted(), folder, resume=True, done=lambda s: ended.append(s.case)
    )
    assert len(asked) == len(cases) - 1
    assert len(ended) == len(cases)  # so that a bar fills
    assert results_of(resumed) == results_of(whole)
    assert len(Journal(journal).ended()) == len(cases)


def test_what_changed_since_a_run_broke_off_is_run_again(
    coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    run_suite(Subject(coach), cases, RUBRICS, Wanted(), folder)
    monkeypatch.setattr("eval.suite.run.code_version", lambda: "other code")
    asked = answered(monkeypatch)
    run_suite(Subject(coach), cases, RUBRICS, Wanted(), folder, resume=True)
    assert sorted(asked) == sorted(loaded.case.id for loaded in cases)


def test_a_run_does_not_mix_with_one_that_lies_there(
    coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path
) -> None:
    run_suite(Subject(coach), cases[:1], RUBRICS, Wanted(), tmp_path / "run")
    with pytest.raises(InputError, match="已经有一次评测"):
        run_suite(Subject(coach), cases, RUBRICS, Wanted(), tmp_path / "run")


def test_a_task_run_whole_is_held_to_its_thresholds_though_others_are_left_out(
    coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path
) -> None:
    run = run_suite(Subject(coach), cases, RUBRICS, Wanted(tasks=("retrieval",)), tmp_path / "run")
    assert (run.whole, run.complete) == (("retrieval",), False)


def test_each_case_runs_as_often_as_asked(coach: Coach, cases: tuple[LoadedCase, ...], tmp_path: Path) -> None:
    run = run_suite(Subject(coach), cases[:1], RUBRICS, Wanted(repeat=3), tmp_path / "run")
    assert [s.repeat for s in run.samples] == [1, 2, 3]


def test_what_a_run_leaves_can_be_read_by_others(
    coach: Coach, cases: tuple[LoadedCase, ...], root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run = run_suite(Subject(coach), cases, RUBRICS, Wanted(), folder)
    write_run(run, judged(run, load_gates(paths.GATES), None), None, folder)
    data = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, results_schema())
    assert read_run(folder) == run
    made = data["provenance"]
    assert made["rubrics"]["critique"].endswith(RUBRICS["critique"].hash)
    assert {"chat", "judge", "rewrite"} <= set(made["prompts"])
    junit = etree.XMLSchema(etree.parse(root / "tests" / "schemas" / "junit-10.xsd"))
    assert junit.validate(etree.parse(folder / "junit.xml")), junit.error_log
    suites = JUnitXml.fromfile(str(folder / "junit.xml"))
    assert (suites.tests, suites.errors) == (len(cases), 0)
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "http://" not in page
    assert "https://" not in page
    assert "critique-try-bad" in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"extra": 1}, "extra"),
        ({"findings": {2: ["language.no-such-rule"]}}, "language.no-such-rule"),
        ({"findings": {1: ["language.argue"]}}, "第 1 行"),
        ({"tags": []}, "tags"),
        ({"id": "Has Spaces"}, "id"),
    ],
)
def test_a_case_that_cannot_be_right_is_refused_with_its_place(
    coach: Coach, tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    folder = write_cases(tmp_path / "cases", critique=[{**CRITIQUE[0], **change}])
    with pytest.raises(KnowledgeError, match=told) as caught:
        load(coach, folder)
    assert "critique.yaml 第" in str(caught.value)


def test_the_committed_schemas_are_those_of_the_code_and_hold_for_every_case(root: Path) -> None:
    schema = json.loads((root / "eval/cases/schema.json").read_text(encoding="utf-8"))
    assert schema == json.loads(schema_text())
    results = (root / "eval/results.schema.json").read_text(encoding="utf-8")
    assert results == results_schema_text()
    for path in sorted(paths.CASES.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        jsonschema.validate(json.loads(json.dumps(data, ensure_ascii=False)), schema)


def test_each_task_has_its_sixty_cases_over_many_tags(coach: Coach) -> None:
    suite = open_suite(Subject(coach))
    for task in TASK_DEFS:
        cases = [loaded.case for loaded in suite.cases if loaded.task == task]
        assert len(cases) >= 60, task
        assert len({tag for case in cases for tag in case.tags}) >= 12, task


def test_an_id_may_stand_only_once_over_all_files(coach: Coach, tmp_path: Path) -> None:
    folder = write_cases(tmp_path / "cases", critique=CRITIQUE, retrieval=[{**RETRIEVAL[0], "id": "critique-try-bad"}])
    with pytest.raises(KnowledgeError, match=r"critique-try-bad.*critique\.yaml"):
        load(coach, folder)


def test_a_rubric_that_names_no_check_of_its_task_is_refused(tmp_path: Path) -> None:
    text = (paths.RUBRICS / "ask.yaml").read_text(encoding="utf-8").replace("check: cites,", "check: guesses,")
    (tmp_path / "ask.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="guesses"):
        refuse_unknown_checks(load_rubrics(tmp_path), TASK_DEFS)


def test_cases_are_chosen_by_task_and_limit_and_an_empty_choice_is_refused(cases: tuple[LoadedCase, ...]) -> None:
    assert [c.case.id for c in chosen_cases(cases, Wanted(limit=1))] == ["critique-try-good", "retrieval-try"]
    assert [c.task for c in chosen_cases(cases, Wanted(tasks=("retrieval",)))] == ["retrieval"]
    with pytest.raises(InputError, match="没有要跑的案例"):
        chosen_cases(cases, Wanted(tasks=("safety",)))


def test_recorded_exchanges_let_the_model_path_and_its_judge_run_without_a_network(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    subject = subject_named(RECORDED, settings, paths.EXCHANGES)
    judge = judge_named(RECORDED, settings, paths.EXCHANGES)
    suite = open_suite(subject)
    chosen = frozenset((paths.EXCHANGES / "cases.txt").read_text(encoding="utf-8").split())
    run = run_suite(
        subject, suite.cases, suite.rubrics, Wanted(only=chosen), tmp_path / "run", judge=judge, judge_name=RECORDED
    )
    assert not [(s.case, s.error) for s in run.samples if s.status == "error"]
    assert {s.task for s in run.samples} == {"ask", "critique", "rewrite"}
    assert any(c.state in {"met", "unmet"} and c.verdict for s in run.samples for c in s.criteria if c.by == "judge")
    assert any(c.state == "unscored" for s in run.samples for c in s.criteria)  # a weak judge isn't always readable
    assert run.provenance.model == RECORDED
    rewrites = next(totals for totals in run.totals if totals.task == "rewrite")
    assert (
        rewrites.metrics["by_model"] == 0.0
    )  # none of the weak model's passed the checks: the built-in's were measured, and it is said
