"""`coach critique` for other programs: SARIF, JUnit XML, and files of many calls."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import Draft4Validator
from lxml import etree

from coach.cli.main import run
from coach.cli.source import open_calls, uri_of
from coach.errors import InputError
from coach.transcripts import MAX_BYTES

BAD_CALL = "坐席：喂，谁啊？\n客户：我家断网三天了，你们到底管不管！\n坐席：你等一下。\n"
GOOD_LINE = "您好，这里是安和物业客服中心，工号12，请问有什么可以帮您？"

Runner = Callable[..., SimpleNamespace]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> SimpleNamespace:
        with pytest.raises(SystemExit) as stop:
            run(("critique", *arguments))
        out, err = capsys.readouterr()
        return SimpleNamespace(code=stop.value.code, out=out, err=err)

    return call


def write_calls(file: Path, *texts: str) -> Path:
    calls = [{"turns": [{"speaker": "agent", "text": text}, {"speaker": "customer", "text": "喂"}]} for text in texts]
    file.write_text("".join(json.dumps(call, ensure_ascii=False) + "\n" for call in calls), encoding="utf-8")
    return file


@pytest.fixture
def call_file(tmp_path: Path) -> Path:
    file = tmp_path / "通 话.txt"
    file.write_text(BAD_CALL, encoding="utf-8")
    return file


def test_sarif_is_valid_names_the_file_and_keeps_the_exit_code(cli: Runner, call_file: Path, root: Path) -> None:
    result = cli(call_file.name, "--format", "sarif")
    log = json.loads(result.out)
    schema = json.loads((root / "tests" / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    Draft4Validator(schema).validate(log)
    (run_,) = log["runs"]
    assert (result.code, result.err) == (1, "")
    assert run_["artifacts"][0]["location"]["uri"] == "%E9%80%9A%20%E8%AF%9D.txt"
    assert "opening.banned-word" in [found["ruleId"] for found in run_["results"]]
    assert cli(call_file.name, "--format", "sarif", "--fail-on", "never").code == 0


def test_junit_is_valid_and_keeps_the_exit_code(cli: Runner, call_file: Path, root: Path) -> None:
    result = cli(str(call_file), "--format", "junit")
    document = etree.fromstring(result.out.encode())
    assert etree.XMLSchema(etree.parse(root / "tests" / "schemas" / "junit-10.xsd")).validate(document)
    assert (result.code, result.err) == (1, "")
    assert document.xpath("testsuite/@name") == ["通 话.txt"]
    assert document.xpath("//failure[contains(text(), 'opening.banned-word')]")


def test_dismissals_are_suppressed_in_sarif_and_skipped_in_junit(cli: Runner, tmp_path: Path) -> None:
    (tmp_path / "line.txt").write_text("你好。", encoding="utf-8")
    one = {"rule": "language.missing-honorific", "line": 1, "reason": "熟客"}
    (tmp_path / "dismissed.json").write_text(json.dumps([one]), encoding="utf-8")
    options = ("line.txt", "--dismissals", "dismissed.json", "--format")
    (found,) = json.loads(cli(*options, "sarif").out)["runs"][0]["results"]
    assert found["suppressions"][0]["justification"] == "熟客"
    assert "熟客" in etree.fromstring(cli(*options, "junit").out.encode()).xpath("//skipped/@message")[0]


@pytest.mark.parametrize("format_", ["sarif", "junit"])
def test_several_calls_make_one_document(cli: Runner, tmp_path: Path, format_: str) -> None:
    file = write_calls(tmp_path / "calls.jsonl", "你好。", GOOD_LINE, "你好。")
    out = cli(str(file), "--format", format_).out
    if format_ == "junit":
        names = etree.fromstring(out.encode()).xpath("testsuite/@name")
        assert names == [f"calls.jsonl 第 {n} 通" for n in (1, 2, 3)]
    else:
        (run_,) = json.loads(out)["runs"]
        honorific = [r for r in run_["results"] if r["ruleId"] == "language.missing-honorific"]
        assert [found["properties"]["call"] for found in honorific] == [1, 3]
        assert len({found["partialFingerprints"]["sansheng/v1"] for found in honorific}) == 2


@pytest.mark.slow
@pytest.mark.parametrize("format_", ["json", "sarif"])
def test_processes_change_no_format(cli: Runner, tmp_path: Path, format_: str) -> None:
    file = write_calls(tmp_path / "calls.jsonl", *(f"你好，第 {n} 位。" for n in range(12)))
    one, two = (cli(str(file), "--format", format_, "--jobs", jobs) for jobs in ("1", "2"))
    assert (one.code, one.out, one.err) == (two.code, two.out, two.err)
    assert [two.out.find(f"第 {n} 位") for n in range(12)] == sorted(two.out.find(f"第 {n} 位") for n in range(12))


@pytest.mark.parametrize("format_", ["json", "sarif", "junit"])
def test_a_call_that_cannot_be_read_is_told_with_its_line_before_anything_is_printed(
    cli: Runner, tmp_path: Path, format_: str
) -> None:
    file = write_calls(tmp_path / "calls.jsonl", *["你好。"] * 50)
    lines = file.read_text(encoding="utf-8").splitlines()
    for bad in ('{"turns": [{"speaker": "robot", "text": "喂"}]}', '{"turns": [', '{"speaker": "agent", "text": "喂"}'):
        lines[44] = bad
        file.write_text("\n".join(lines), encoding="utf-8")
        result = cli(str(file), "--format", format_, "--jobs", "2")
        assert (result.code, result.out) == (2, "")
        assert "calls.jsonl 第 45 行" in result.err
        assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize(("option", "value"), [("--rings", "-1"), ("--jobs", "0")])
def test_a_bad_option_leaves_no_half_document(cli: Runner, call_file: Path, option: str, value: str) -> None:
    result = cli(str(call_file), "--format", "sarif", option, value)
    assert (result.code, result.out) == (2, "")
    assert option in result.err


def test_jsonl_may_be_larger_than_other_files_but_not_a_line_of_it(tmp_path: Path) -> None:
    turns = [{"speaker": "agent", "text": "您好😊"}]
    padded = json.dumps({"id": "x" * (MAX_BYTES // 2), "turns": turns}, ensure_ascii=False)
    large = tmp_path / "large.jsonl"
    large.write_text("\ufeff" + f"{padded}\r\n" * 3, encoding="utf-8")
    calls = open_calls(str(large), None)
    assert large.stat().st_size > MAX_BYTES
    assert (len(calls), [call.turns[0].text for call in calls]) == (3, ["您好😊"] * 3)
    large.write_text(f"{padded}\n" * 2 + '{"turns"\n', encoding="utf-8")
    with pytest.raises(InputError, match="JSON") as cut:
        open_calls(str(large), None)
    assert cut.value.where == "large.jsonl 第 3 行"
    large.write_bytes(f"{padded}\n".encode("gb18030") * 3)
    with pytest.raises(InputError, match="UTF-8"):
        open_calls(str(large), None)
    large.write_text(json.dumps({"id": "x" * MAX_BYTES, "turns": turns}), encoding="utf-8")
    with pytest.raises(InputError, match="20 MB") as long:
        open_calls(str(large), None)
    assert long.value.where == "large.jsonl 第 1 行"
    (large.with_suffix(".json")).write_text(padded * 3, encoding="utf-8")
    with pytest.raises(InputError, match=r"20\.0 MB"):
        open_calls(str(large.with_suffix(".json")), None)


def test_a_file_is_named_relative_to_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri_of("a b/通话.txt") == "a%20b/%E9%80%9A%E8%AF%9D.txt"
    assert uri_of(str(tmp_path / "a.txt")) == "a.txt"
    assert uri_of("/elsewhere/a.txt") == "file:///elsewhere/a.txt"
    assert uri_of("-") == "stdin"


@pytest.mark.slow
@pytest.mark.parametrize(("calls", "shown"), [(21, True), (20, False)])
def test_a_bar_on_a_terminal_leaves_the_output_alone(tmp_path: Path, calls: int, shown: bool) -> None:
    file = write_calls(tmp_path / "calls.jsonl", *[GOOD_LINE] * calls)
    terminal, ours = pty.openpty()
    command = [sys.executable, "-m", "coach", "critique", str(file), "--format", "json", "--fail-on", "never"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=ours, check=True, env={**os.environ, "TERM": "xterm-256color"}
    )
    os.close(ours)
    os.set_blocking(terminal, False)
    try:
        written = os.read(terminal, 1 << 20)
    except (BlockingIOError, OSError):
        written = b""
    os.close(terminal)
    assert ("正在点评".encode() in written) is shown
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == calls
