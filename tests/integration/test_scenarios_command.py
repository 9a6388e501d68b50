"""`coach scenarios` and `coach personas`: what a trainer without code reads, writes and checks."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from coach.cli.main import run
from coach.reports.scenario_yaml import scenario_yaml
from coach.roleplay import load_personas, load_scenarios, read_scenario

TOLD = "王女士寄的快递停在中转站三天没动，单号YT88210467，电话13900004321，想知道什么时候能到。"

Runner = Callable[..., SimpleNamespace]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path / "data"))

    def call(*arguments: str, stdin: str | bytes = "") -> SimpleNamespace:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(SystemExit) as stop:
            run(arguments)
        out, err = capsys.readouterr()
        return SimpleNamespace(code=stop.value.code, out=out, err=err)

    return call


def test_scenarios_and_personas_are_listed_whole_in_text_and_json(cli: Runner, root: Path) -> None:
    for command, there in (
        ("scenarios", load_scenarios(root / "knowledge")),
        ("personas", load_personas(root / "knowledge")),
    ):
        items = json.loads(cli(command, "--format", "json").out)
        assert {item["id"] for item in items} == set(there)
        assert len(cli(command).out.splitlines()) == len(there)


@pytest.mark.parametrize("name", ["abusive", "辱骂"])
def test_a_persona_is_shown_by_id_and_by_name(cli: Runner, name: str) -> None:
    result = cli("personas", name)
    assert (result.code, result.err) == (0, "")
    assert all(word in result.out for word in ("会激怒他的", "能让他平静的", "怎么应对", "处理的步骤", "ABN-06"))
    assert [one["id"] for one in json.loads(cli("personas", name, "--format", "json").out)] == ["abusive"]


@pytest.mark.parametrize("name", ["broadband-slow-after-upgrade", "提速以后网没变快"])
def test_a_scenario_is_shown_with_what_it_hides_and_what_settles_it(cli: Runner, name: str) -> None:
    out = cli("scenarios", "show", name).out
    assert all(word in out for word in ("问到才说", "怎样算解决", "给不了的"))


def test_two_sentences_become_a_file_that_checks(cli: Runner, tmp_path: Path) -> None:
    assert cli("scenarios", "new", "快递.yaml", "--text", TOLD).code == 0
    result = cli("scenarios", "check", "快递.yaml")
    assert (result.code, result.err) == (0, "")
    scenario = read_scenario(tmp_path / "快递.yaml")
    assert scenario.id == "快递"
    assert {"YT88210467", "13900004321"} <= {fact.value for fact in scenario.facts}
    assert "# settle:" in (tmp_path / "快递.yaml").read_text(encoding="utf-8")  # what is left out is explained


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_sentences_may_be_piped_in_and_the_file_out(cli: Runner, tmp_path: Path, encoding: str) -> None:
    result = cli("scenarios", "new", stdin=TOLD.encode(encoding))
    (tmp_path / "new.yaml").write_text(result.out, encoding="utf-8")
    assert "13900004321" in {fact.value for fact in read_scenario(tmp_path / "new.yaml").facts}


def test_without_sentences_there_is_a_template_that_checks(cli: Runner, tmp_path: Path) -> None:
    assert cli("scenarios", "new", "mine.yaml").code == 0
    assert cli("scenarios", "check", "mine.yaml").code == 0
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert "id: mine" in text
    assert text.count("\n# ") > 15


def test_a_real_call_becomes_a_file_that_checks_without_its_real_data(cli: Runner, tmp_path: Path) -> None:
    call = (
        "坐席：您好，顺达快递，请问有什么可以帮您？\n"
        "客户：我的快递停在中转站三天没动了，单号是YT88210467，你们能不能今天给我送到？我电话13912345678。\n"
        "坐席：很抱歉让您着急了，我联系中转站核实，下午五点前给您回电，您看可以吗？\n"
        "客户：行吧，那我等你电话。\n"
    )
    (tmp_path / "call.txt").write_text(call, encoding="utf-8")
    assert cli("scenarios", "new", "real.yaml", "--call", "call.txt").code == 0
    assert cli("scenarios", "check", "real.yaml").code == 0
    text = (tmp_path / "real.yaml").read_text(encoding="utf-8")
    assert "快递停在中转站" in text
    assert "13912345678" not in text
    assert "YT88210467" not in text


def test_a_file_that_is_there_is_not_written_over_unasked(cli: Runner, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("id: 1\n", encoding="utf-8")
    refused = cli("scenarios", "new", "mine.yaml", "--text", TOLD)
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "id: 1\n"
    assert cli("scenarios", "new", "mine.yaml", "--text", TOLD, "--force").code == 0


def test_every_fault_names_its_file_and_line_and_the_good_ones_are_told_too(cli: Runner, tmp_path: Path) -> None:
    cli("scenarios", "new", "good.yaml")
    good = (tmp_path / "good.yaml").read_text(encoding="utf-8")
    for name, old, new in (
        ("persona.yaml", "普通咨询", "普通客户"),
        ("key.yaml", "stop:", "stopp:"),
        ("value.yaml", "say: 我叫王秀兰", "say: 我叫王兰"),
        ("id.yaml", "id: good", "id: a b"),
        ("prefers.yaml", "prefers: trace", "prefers: nothing"),
    ):
        (tmp_path / name).write_text(good.replace(old, new), encoding="utf-8")
    files = ["persona.yaml", "key.yaml", "value.yaml", "id.yaml", "prefers.yaml", "none.yaml"]
    result = cli("scenarios", "check", "good.yaml", *files)
    assert result.code == 2
    assert result.out.startswith("good.yaml：没有问题")
    told = result.err.splitlines()
    assert [any(file in line for line in told) for file in files] == [True] * len(files)
    assert len(told) == len(files)
    assert "普通客户" in told[0]
    assert "String should" not in result.err


def test_every_shipped_scenario_survives_being_written_as_yaml(root: Path, tmp_path: Path) -> None:
    template = (root / "knowledge" / "roleplay" / "scenario-template.yaml").read_text(encoding="utf-8")
    for scenario in load_scenarios(root / "knowledge").values():
        file = tmp_path / "written.yaml"
        file.write_text(scenario_yaml(scenario, template), encoding="utf-8")
        assert read_scenario(file) == scenario


def test_ones_own_scenarios_are_listed_and_faulty_ones_told(cli: Runner, tmp_path: Path) -> None:
    own = tmp_path / "data" / "scenarios"
    own.mkdir(parents=True)
    cli("scenarios", "new", str(own / "mine.yaml"), "--text", TOLD)
    (own / "broken.yaml").write_text("id: [", encoding="utf-8")
    result = cli("scenarios")
    assert "mine " in result.out
    assert "broken.yaml" in result.err
    assert result.code == 0


def test_the_schema_refuses_what_the_reader_refuses(cli: Runner) -> None:
    schema = json.loads(cli("scenarios", "schema").out)
    assert schema["additionalProperties"] is False
    assert {"id", "title", "story", "want"} <= set(schema["required"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("scenarios", "show", "no-such"), ("no-such", "coach scenarios")),
        (("scenarios", "new", "--text", "太短了"), ("8",)),
        (("scenarios", "new", "nowhere/mine.yaml", "--text", TOLD), ("nowhere", "文件夹")),
        (("scenarios", "new", "--text", TOLD, "--call", "-"), ("--text", "--call")),
        (("scenarios", "new", "--call", "missing.txt"), ("missing.txt",)),
        (("scenarios", "check"), ("FILE",)),
        (("scenarios", "sing"), ("sing",)),
        (("personas", "nobody"), ("nobody", "普通咨询")),
    ],
)
def test_bad_input_gets_one_clear_line_and_exit_code_two(
    cli: Runner, arguments: Sequence[str], words: Sequence[str]
) -> None:
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert len(result.err.strip().splitlines()) == 1
    assert all(word in result.err for word in words), result.err
