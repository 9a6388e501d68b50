"""The command line as a user meets it: output, exit codes, and one clear line for bad input."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from coach.cli.main import run

BAD_CALL = "坐席：喂，谁啊？\n客户：我家断网三天了，你们到底管不管！\n坐席：你等一下。\n"
GOOD_LINE = "您好，这里是安和物业客服中心，工号12，请问有什么可以帮您？"

Runner = Callable[..., SimpleNamespace]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: str | bytes = "") -> SimpleNamespace:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(SystemExit) as stop:
            run(arguments)
        out, err = capsys.readouterr()
        return SimpleNamespace(code=stop.value.code, out=out, err=err)

    return call


def test_a_bad_call_is_critiqued_in_text_with_exit_code_one(cli: Runner) -> None:
    result = cli("critique", "-", stdin=BAD_CALL)
    assert result.code == 1
    assert "opening.banned-word" in result.out
    assert "依据：" in result.out
    assert result.err == ""


def test_the_json_has_the_shape_that_stays(cli: Runner) -> None:
    result = cli("critique", "-", "--format", "json", "--direction", "inbound", stdin=BAD_CALL)
    data = json.loads(result.out)
    assert list(data) == ["schema_version", "standard", "lines", "findings", "score", "warnings"]
    assert data["lines"][0] == {"no": 1, "speaker": "agent", "text": "喂，谁啊？", "start": None, "end": None}
    finding = next(f for f in data["findings"] if f["rule"] == "opening.banned-word")
    assert finding["line"] == 1
    assert finding["citations"][0]["sources"][0]["document"].endswith(".txt")
    assert set(data["score"]["groups"]) == {"礼貌程度", "沟通能力", "耐心程度", "流程", "投诉处理"}
    assert "断网" in result.out  # not escaped


def test_several_calls_give_one_json_object_a_line_in_order(cli: Runner) -> None:
    calls = [{"turns": [{"speaker": "agent", "text": text}]} for text in ("你好。", GOOD_LINE)]
    result = cli("critique", "-", "--format", "json", stdin="\n".join(json.dumps(c) for c in calls))
    first, second = (json.loads(line) for line in result.out.splitlines())
    assert [f["rule"] for f in first["findings"]] == ["language.missing-honorific"]
    assert second["findings"] == []


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_fail_on_decides_the_exit_code(cli: Runner, fail_on: str, code: int) -> None:
    assert cli("critique", "-", "--fail-on", fail_on, stdin="你好，请讲。").code == code


def test_a_clean_line_says_so_and_exits_zero(cli: Runner) -> None:
    result = cli("critique", "-", stdin=GOOD_LINE)
    assert (result.code, "没有发现问题" in result.out) == (0, True)


def test_markdown_shows_html_in_a_call_as_text(cli: Runner) -> None:
    result = cli("critique", "-", "--format", "markdown", stdin="你<script>alert(1)</script>**好**")
    assert "<script>" not in result.out
    assert "**好**" not in result.out


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("critique", "missing.txt"), "", ("missing.txt", "找不到")),
        (("critique", "-"), "", ("标准输入", "空")),
        (("critique", "-"), b"\x00\x01\x02", ("标准输入",)),
        (("critique", "-", "--standard", "nope"), GOOD_LINE, ("nope", "default")),
        (("critique", "-", "--rings", "many"), GOOD_LINE, ("--rings",)),
        (("critique", "-", "--agent", "张三"), BAD_CALL, ("张三",)),
        (("critique",), "", ("FILE",)),
        (("sing",), "", ("sing",)),
        (("rewrite", "-", "--line", "9"), BAD_CALL, ("第 9 行", "3 行")),
        (("rewrite", "-", "--line", "2"), BAD_CALL, ("客户",)),
        (("rewrite",), "", ("--batch",)),
        (("clauses", "XXX-99"), "", ("XXX-99",)),
        (("rules", "no.rule"), "", ("no.rule",)),
        (("phrases", "no-situation"), "", ("no-situation",)),
        (("serve", "--host", "0.0.0.0"), "", ("0.0.0.0", "127.0.0.1")),
    ],
)
def test_bad_input_gets_one_clear_line_and_exit_code_two(
    cli: Runner, arguments: Sequence[str], stdin: str | bytes, words: Sequence[str]
) -> None:
    result = cli(*arguments, stdin=stdin)
    assert result.code == 2
    assert result.out == ""
    assert len(result.err.strip().splitlines()) == 1
    assert "Traceback" not in result.err
    assert all(word in result.err for word in words), result.err


def test_a_line_is_rewritten_and_says_what_was_settled(cli: Runner) -> None:
    result = cli("rewrite", "-", "--format", "json", stdin="你的订单三天内送到。")
    data = json.loads(result.out)
    assert result.code == 0
    assert data["status"] == "verified"
    assert data["rewrite"] == "您的订单三天内送到。"
    assert data["resolved"] == ["language.missing-honorific"]
    assert data["kept_facts"] == ["三天"]


def test_what_was_settled_is_told_in_the_rules_chinese_names(cli: Runner) -> None:
    said = cli("rewrite", "-", stdin="你的订单三天内送到。").out
    assert "改掉了：未用敬称" in said
    assert "language." not in said


def test_a_compliant_line_is_left_unchanged(cli: Runner) -> None:
    data = json.loads(cli("rewrite", "-", "--format", "json", stdin=GOOD_LINE).out)
    assert (data["status"], data["rewrite"]) == ("unchanged", None)


def test_a_batch_answers_line_by_line_and_puts_errors_in_their_place(cli: Runner, tmp_path: Path) -> None:
    requests = [
        {"turns": [{"speaker": "agent", "text": "你的订单到了。"}]},
        {"turns": [{"speaker": "agent", "text": "您好。"}], "line": 4},
        {"nonsense": 1},
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join([*(json.dumps(r) for r in requests), "{oops", ""]), encoding="utf-8")
    result = cli("rewrite", "--batch", str(file))
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 0
    assert answers[0]["rewrite"] == "您的订单到了。"
    assert "line 是 4" in answers[1]["error"]
    assert "error" in answers[2]
    assert "JSON" in answers[3]["error"]


@pytest.mark.parametrize(("command", "least"), [("rules", 47), ("clauses", 60), ("phrases", 90)])
def test_listings_are_whole_in_text_and_json(cli: Runner, command: str, least: int) -> None:
    assert len(json.loads(cli(command, "--format", "json").out)) >= least
    assert len(cli(command).out.splitlines()) >= least


def test_a_users_own_rules_are_read_and_a_bad_one_is_told(
    cli: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = """version: 1
rules:
  - id: own.no-hedgehog
    name: 不提刺猬
    scope: line
    severity: error
    message: 说了{words}。
    advice: 换一种动物。
    clauses: [TAB-01]
    checks: [{kind: phrase, phrases: [刺猬]}]
    examples:
      bad: [{text: 刺猬, span: 刺猬}, {text: 小刺猬, span: 刺猬}, {text: 大刺猬, span: 刺猬}]
      good: [{text: 豪猪}, {text: 松鼠}, {text: 狗}]
  - {id: own.broken, name: 坏}
"""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "own.yaml").write_text(rule, encoding="utf-8")
    monkeypatch.setenv("COACH_RULES", str(tmp_path / "pack"))
    result = cli("critique", "-", "--format", "json", stdin="您要的刺猬到了。")
    data = json.loads(result.out)
    assert [f["rule"] for f in data["findings"]] == ["own.no-hedgehog"]
    assert "own.yaml 第 14 行" in data["warnings"][0]
    assert "own.yaml" in result.err


def test_the_program_runs_as_a_process_and_ends_quietly_when_its_reader_leaves(tmp_path: Path) -> None:
    file = tmp_path / "call.txt"
    file.write_text(BAD_CALL * 200, encoding="utf-8")
    command = f'"{sys.executable}" -m coach critique "{file}" --format json | head -c 10'
    done = subprocess.run(command, shell=True, capture_output=True, check=False, env={**os.environ})
    assert done.stdout.startswith(b"{")
    assert done.stderr == b""


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path_factory.getbasetemp() / "coach-data"))


@pytest.mark.usefixtures("data_dir")
def test_a_search_gives_passages_of_the_handbook(cli: Runner) -> None:
    result = cli("search", "谁先挂电话", "-k", "3", "--format", "json")
    data = json.loads(result.out)
    assert data["query"] == "谁先挂电话"
    assert len(data["passages"]) == 3
    assert set(data["passages"][0]) == {"id", "document", "title", "section", "text", "score", "clause"}
    assert "END-04" in [passage["clause"] for passage in data["passages"]]


@pytest.mark.usefixtures("data_dir")
def test_an_answer_has_the_shape_that_stays(cli: Runner) -> None:
    data = json.loads(cli("ask", "最多能让客户等多久", "--format", "json").out)
    assert data["status"] == "answered"
    assert {"status", "answer", "points", "phrases", "avoid", "conflicts"} <= set(data)
    assert data["points"][0]["citations"][0]["text"] == data["points"][0]["text"]
    assert len(data["conflicts"][0]["sides"]) >= 2
    assert "HLD-04" in cli("ask", "最多能让客户等多久").out


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(("command", "key"), [("search", "query"), ("ask", "question")])
def test_questions_in_a_batch_are_answered_in_order_with_errors_in_their_place(
    cli: Runner, command: str, key: str
) -> None:
    lines = [json.dumps({key: "谁先挂电话"}), "{}", "oops", json.dumps({key: "响几声接"})]
    answers = [json.loads(line) for line in cli(command, "--batch", "-", stdin="\n".join(lines)).out.splitlines()]
    assert ["error" in answer for answer in answers] == [False, True, True, False]


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    "arguments", [("ask",), ("ask", " "), ("search",), ("ask", "一", "--batch", "x"), ("standards", "no")]
)
def test_bad_questions_get_one_clear_line(cli: Runner, arguments: Sequence[str]) -> None:
    result = cli(*arguments)
    assert (result.code, result.out, len(result.err.strip().splitlines())) == (2, "", 1)


def test_standards_are_listed_shown_and_compared(cli: Runner) -> None:
    assert len(cli("standards").out.splitlines()) == 5
    assert "90 / 30" in cli("standards", "default", "telecom").out
    assert len(json.loads(cli("standards", "--format", "json").out)) == 5
