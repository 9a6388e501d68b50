"""`coach calls`: one's own mock calls are kept step by step, listed with their trend, shown as they were, and deleted."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coach.cli.main import run
from coach.roleplay import load_scenarios
from coach.storage import NewCall, Store

SLOW = load_scenarios(Path(__file__).resolve().parents[2] / "knowledge")["broadband-slow-after-upgrade"]
GOOD, BAD = SLOW.example_good, SLOW.example_bad
SETUP = ("mock", "--persona", "抱怨成癖", "--scenario", SLOW.id, "--seed", "3", "--format", "json")

Runner = Callable[..., SimpleNamespace]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("COACH_DATABASE_URL", raising=False)

    def call(*arguments: str, stdin: str = "") -> SimpleNamespace:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        with pytest.raises(SystemExit) as stop:
            run(arguments)
        out, err = capsys.readouterr()
        return SimpleNamespace(code=stop.value.code, out=out, err=err)

    return call


def typed(cli: Runner, lines: Sequence[str], *more: str) -> dict[str, Any]:
    result = cli(*SETUP, *more, stdin="\n".join(lines))
    assert result.code == 0
    data: dict[str, Any] = json.loads(result.out)
    return data


def listed(cli: Runner, *more: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(cli("calls", "list", "--format", "json", *more).out)
    return data


def test_a_typed_call_is_kept_and_shown_as_it_was(cli: Runner) -> None:
    call = typed(cli, GOOD, "--trainee", "小王")
    (kept,) = listed(cli)["calls"]
    assert (kept["trainee"], kept["outcome"], kept["turns"]) == ("小王", "resolved", len(call["turns"]))
    assert kept["total"] == call["scorecard"]["total"]
    shown = json.loads(cli("calls", "show", kept["id"][:6], "--format", "json").out)
    assert shown["turns"] == call["turns"]
    assert shown["scorecard"]["total"] == call["scorecard"]["total"]
    text = cli("calls", "show", kept["id"]).out
    assert all(word in text for word in ("小王", GOOD[0], "结果：问题解决了", "得分 "))


def test_scripts_are_kept_only_if_wanted_and_typed_calls_only_if_not_unwanted(cli: Runner, tmp_path: Path) -> None:
    (tmp_path / "agent.txt").write_text("\n".join(GOOD), encoding="utf-8")
    cli(*SETUP, "--agent", "agent.txt")
    typed(cli, GOOD[:2], "--no-save")
    typed(cli, [])
    assert listed(cli)["calls"] == []
    told = cli(*SETUP, "--agent", "agent.txt", "--save")
    (kept,) = listed(cli)["calls"]
    assert kept["id"][:8] in told.err
    assert json.loads(told.out)["outcome"] == kept["outcome"] == "resolved"


def test_a_line_taken_back_makes_a_second_try_and_both_are_kept(cli: Runner) -> None:
    typed(cli, [GOOD[0], BAD[1], "/重来", GOOD[1]])
    (kept,) = listed(cli)["calls"]
    assert kept["tries"] == 2
    first, second = (
        json.loads(cli("calls", "show", kept["id"], "--try", no, "--format", "json").out) for no in ("1", "2")
    )
    assert BAD[1] in [turn["text"] for turn in first["turns"]]
    assert [turn["text"] for turn in second["turns"] if turn["speaker"] == "agent"] == list(GOOD[:2])
    assert cli("calls", "show", kept["id"], "--try", "3").code == 2


def test_every_step_is_on_disk_before_its_answer_is_shown(cli: Runner, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "coach", *SETUP]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONUTF8": "1"}, **pipes) as program:
        assert program.stdin is not None
        assert program.stderr is not None
        for line in GOOD[:2]:
            program.stdin.write(f"{line}\n".encode())
            program.stdin.flush()
            while "客户：" not in program.stderr.readline().decode():
                pass
        program.kill()
    with Store.open(None, tmp_path / "data") as store:
        (unfinished,) = store.unfinished()
    assert unfinished.turns == 4
    assert "还没打完" in cli("calls", "show", unfinished.id).out


def test_the_list_is_newest_first_with_a_trend(cli: Runner) -> None:
    assert "还没有" in cli("calls").out
    typed(cli, BAD, "--trainee", "小李")
    typed(cli, GOOD, "--trainee", "小王")
    text = cli("calls", "list").out
    assert text.index("小王") < text.index("小李")
    assert "走势" in text
    assert "投诉处理" in text
    data = listed(cli)
    assert [one["trainee"] for one in data["calls"]] == ["小王", "小李"]
    assert data["trend"][0]["total"] < data["trend"][1]["total"]
    assert [one["trainee"] for one in listed(cli, "--trainee", "小李")["calls"]] == ["小李"]
    assert len(listed(cli, "--limit", "1")["calls"]) == 1


def test_a_call_is_deleted_with_what_lies_beside_it(cli: Runner, tmp_path: Path) -> None:
    typed(cli, GOOD[:1])
    typed(cli, GOOD[:2])
    gone, kept = (one["id"] for one in listed(cli)["calls"])
    notes = tmp_path / "data" / "call-notes"
    notes.mkdir()
    for id_ in (gone, kept):
        (notes / f"{id_}.json").write_text("{}", encoding="utf-8")
    assert cli("calls", "delete", gone[:8]).code == 0
    assert [one["id"] for one in listed(cli)["calls"]] == [kept]
    assert [path.stem for path in notes.iterdir()] == [kept]
    assert cli("calls", "show", gone).code == 2


def test_old_calls_are_forgotten(cli: Runner, tmp_path: Path) -> None:
    with Store.open(None, tmp_path / "data", clock=lambda: datetime.now(UTC) - timedelta(days=40)) as store:
        store.new_call(
            NewCall("", "abusive", SLOW.id, SLOW.title, {}, "normal", 1, "default", "inbound", {"emotion": 5})
        )
    typed(cli, GOOD[:1])
    assert len(listed(cli)["calls"]) == 2
    assert "1 通" in cli("calls", "forget", "--days", "30").out
    assert [one["persona"] for one in listed(cli)["calls"]] == ["chronic-complainer"]
    assert "1 通" in cli("calls", "forget", "--days", "0").out
    assert listed(cli)["calls"] == []


def test_a_call_that_cannot_be_kept_goes_on_and_that_is_said_once(
    cli: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path / "file"))
    result = cli(*SETUP, stdin="\n".join(GOOD))
    assert json.loads(result.out)["outcome"] == "resolved"
    assert result.err.count("没有存下来") == 1
    assert cli("calls", "list").code == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("calls", "show", "no-such"), ("no-such", "coach calls list")),
        (("calls", "show", ""), ("coach calls list",)),
        (("calls", "delete"), ("ID",)),
        (("calls", "forget"), ("--days",)),
        (("calls", "forget", "--days", "-1"), ("--days",)),
        (("calls", "sing"), ("sing",)),
        (("mock", "--batch", "b.jsonl", "--save"), ("--batch", "--save")),
    ],
)
def test_bad_input_gets_one_clear_line_and_exit_code_two(
    cli: Runner, arguments: Sequence[str], words: Sequence[str]
) -> None:
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert len(result.err.strip().splitlines()) == 1
    assert all(word in result.err for word in words), result.err
