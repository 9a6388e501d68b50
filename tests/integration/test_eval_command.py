"""`python -m eval` as users call it: exit codes, options, what is left on disk, and one line for every misuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.suite import cli, harness, paths

CASES = """version: 1
task: critique
rubric: critique
cases:
  - id: critique-hold-try-01
    tags: [等候, 银行]
    turns: [{speaker: customer, text: 我查一下余额。}, {speaker: agent, text: 您先等我一下，我去看看。}]
    findings: {2: [hold.missing-duration, hold.missing-consent]}
  - id: critique-clean-try-02
    tags: [查询, 银行]
    turns: [{speaker: customer, text: 我查一下余额。}, {speaker: agent, text: 好的，请问您的卡号后四位是多少？}]
"""
WRONG = """  - id: critique-wrong-try-03
    tags: [查询, 银行]
    turns: [{speaker: customer, text: 我查一下余额。}, {speaker: agent, text: 好的，您的余额是三百元。}]
    findings: {2: [language.argue]}
"""

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command with a small suite and a data folder of its own: exit code, stdout, stderr."""
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "lines.yaml").write_text(CASES, encoding="utf-8")
    monkeypatch.setattr(paths, "CASES", cases)
    monkeypatch.setattr(paths, "BASELINE", tmp_path / "baseline.json")
    monkeypatch.setattr("eval.suite.suite.open_suite.__defaults__", (cases, paths.RUBRICS))
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["eval", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.run()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def runs(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "data" / "evals").iterdir())


def test_a_run_that_passes_leaves_results_and_says_so(call: Call, tmp_path: Path) -> None:
    code, out, _ = call()
    assert code == 0
    assert "门槛：通过" in out
    (folder,) = runs(tmp_path)
    assert {"results.json", "junit.xml", "index.html", "inspect"} <= {p.name for p in folder.iterdir()}
    code, out, _ = call()
    assert "2 个取自缓存" in out
    _, out, _ = call("--no-cache")
    assert "取自缓存" not in out


def test_a_drop_below_the_accepted_baseline_is_exit_1_and_named(call: Call, tmp_path: Path) -> None:
    call()
    code, out, _ = call("baseline", "--accept", "第一次接受，作为起点")
    assert code == 0
    assert "critique 1.000" in out
    kept = json.loads((tmp_path / "baseline.json").read_text(encoding="utf-8"))
    assert kept["history"][0]["why"] == "第一次接受，作为起点"
    file = tmp_path / "cases" / "lines.yaml"
    file.write_text(CASES.replace("hold.missing-duration, ", "language.argue, "), encoding="utf-8")
    code, out, _ = call()
    assert code == 1
    assert "critique-hold-try-01" in out
    assert "降到" in out


def test_only_what_failed_before_is_run_again(call: Call, tmp_path: Path) -> None:
    (tmp_path / "cases" / "lines.yaml").write_text(CASES + WRONG, encoding="utf-8")
    call()
    (folder,) = runs(tmp_path)
    code, out, _ = call("--failed-only", str(folder))
    assert "1 个样本" in out
    assert "critique-wrong-try-03" in out
    assert code == 0  # a part of the suite is not held to thresholds


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--task", "nonsense"), "没有任务 nonsense"),
        (("--model", "nowhere"), "不知道模型 nowhere 在哪里"),
        (("--failed-only", "no/such/run"), "读不出这次评测的结果"),
        (("--baseline", "no/such/file.json"), "没有这个基线文件"),
        (("--out", "/proc/nowhere"), "写不了结果"),
        (("baseline", "--accept", "还没有跑过就接受"), "还没有跑过评测"),
        (("mutate", "--only", "nothing"), "没有这种弄坏的办法"),
    ],
)
def test_misuse_is_one_line_and_exit_2(call: Call, arguments: tuple[str, ...], told: str) -> None:
    code, _, err = call(*arguments)
    assert code == 2
    assert told in err
    assert len(err.strip().splitlines()) == 1


def test_a_folder_that_holds_a_run_is_not_written_over_unless_it_is_resumed(call: Call, tmp_path: Path) -> None:
    folder = str(tmp_path / "mine")
    call("--out", folder)
    code, _, err = call("--out", folder)
    assert code == 2
    assert "这里已经有一次评测" in err
    code, out, _ = call("--resume", folder)
    assert code == 0
    assert "2 个样本" in out


def test_a_run_broken_off_says_how_to_go_on(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = harness._apart
    monkeypatch.setattr(harness, "_apart", lambda run: whole(run)[:0])  # Inspect takes Ctrl-C and gives what it has
    code, _, err = call()
    assert code == 130
    assert "--resume" in err


def test_a_setting_that_is_wrong_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_LLM_TIMEOUT", "soon")
    code, _, err = call()
    assert code == 2
    assert "COACH_LLM_TIMEOUT" in err


@pytest.mark.parametrize("option", ["--model", "--judge"])
def test_a_model_that_does_not_answer_ends_the_run_before_it_begins(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    monkeypatch.setenv("COACH_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setattr("time.sleep", lambda _: None)
    code, _, err = call(option, "nobody")
    assert code == 3
    assert "连不上模型" in err
    assert not (tmp_path / "data" / "evals").exists()


def test_an_unknown_option_is_exit_2(call: Call) -> None:
    code, _, _ = call("--no-such-option")
    assert code == 2


def test_a_mutation_is_caught_by_a_case_that_looks_for_it(call: Call) -> None:
    code, out, _ = call("mutate", "--fast", "--only", "rule-off", "--only", "span-beyond")
    assert code == 0
    assert "全都发现了" in out


def test_a_mutation_that_no_case_looks_for_goes_unnoticed_and_fails(call: Call) -> None:
    code, out, _ = call("mutate", "--fast", "--only", "never-calms")
    assert code == 1
    assert "没有发现：never-calms" in out
