"""`coach mock`: typed live, from a script, in a batch; the same seed and lines give the same call."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openai_server import OpenAIServer, Says, Status

from coach.cli.main import run
from coach.roleplay import load_personas, load_scenarios

FOLDER = Path(__file__).resolve().parents[2] / "knowledge"
SLOW = load_scenarios(FOLDER)["broadband-slow-after-upgrade"]
GOOD, BAD = SLOW.example_good, SLOW.example_bad
TOLD = "王女士寄的快递停在中转站三天没动，单号YT88210467，电话13900004321，想知道什么时候能到。"
OPENING = "您好，顺达快递，工号12，请问有什么可以帮您？"

Runner = Callable[..., SimpleNamespace]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COACH_DATA_DIR", str(tmp_path / "data"))

    def call(*arguments: str, stdin: str | bytes = "") -> SimpleNamespace:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        with pytest.raises(SystemExit) as stop:
            run(arguments)
        out, err = capsys.readouterr()
        return SimpleNamespace(code=stop.value.code, out=out, err=err)

    return call


@pytest.fixture
def script(cli: Runner, tmp_path: Path) -> Callable[..., SimpleNamespace]:
    """Plays lines from a file, as JSON unless told otherwise."""

    def played(lines: Sequence[str], *arguments: str, encoding: str = "utf-8", form: str = "json") -> SimpleNamespace:
        file = tmp_path / "agent.txt"
        file.write_bytes("\n".join(lines).encode(encoding))
        result = cli("mock", "--agent", str(file), "--format", form, *arguments)
        result.call = json.loads(result.out) if form == "json" and result.code == 0 else None
        return result

    return played


SETUP = ("--persona", "抱怨成癖", "--scenario", SLOW.id)


def words(call: dict[str, Any]) -> list[str]:
    return [turn["text"] for turn in call["turns"] if turn["speaker"] == "customer"]


def test_the_json_has_the_shape_that_stays(script: Runner) -> None:
    result = script(GOOD, *SETUP, "--seed", "3")
    call = result.call
    assert (result.code, result.err) == (0, "")
    assert {"turns", "outcome", "scorecard"} <= set(call)
    assert (call["outcome"], call["hung_up_by"], call["unused_lines"]) == ("resolved", "customer", 0)
    assert [turn["speaker"] for turn in call["turns"][:2]] == ["agent", "customer"]
    for turn in call["turns"]:
        assert {"speaker", "text", "act", "state"} <= set(turn)
        assert set(turn["state"]) == {"emotion", "trust", "patience"}
        assert all(value == round(value, 1) and 0 <= value <= 10 for value in turn["state"].values())
    assert all(turn["act"] for turn in call["turns"] if turn["speaker"] == "customer")
    assert any(move["why"] for turn in call["turns"] for move in turn["transitions"])
    assert 0 <= call["scorecard"]["total"] <= 100
    assert set(call["scorecard"]["groups"]) == {"礼貌程度", "沟通能力", "耐心程度", "流程", "投诉处理"}
    assert "钱志远" in result.out  # not escaped


def test_a_good_agent_resolves_what_a_bad_one_does_not(script: Runner) -> None:
    good, bad = (script(lines, *SETUP, "--seed", "1").call for lines in (GOOD, BAD))
    assert (good["outcome"], bad["outcome"] != "resolved") == ("resolved", True)
    assert good["scorecard"]["total"] > bad["scorecard"]["total"]
    assert good["turns"][-1]["state"]["emotion"] < bad["turns"][-1]["state"]["emotion"]


def test_the_same_seed_and_lines_give_the_same_bytes_and_another_seed_other_words(script: Runner) -> None:
    first, again, other = (script(GOOD, *SETUP, "--seed", seed) for seed in ("7", "7", "8"))
    assert first.out == again.out
    assert words(first.call) != words(other.call)


def test_the_bytes_are_the_same_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "agent.txt").write_text("\n".join(GOOD), encoding="utf-8")
    command = [sys.executable, "-m", "coach", "mock", *SETUP, "--agent", "agent.txt", "--format", "json"]
    env = {**os.environ, "COACH_DATA_DIR": str(tmp_path / "data")}
    first, second = (
        subprocess.run(command, cwd=tmp_path, env={**env, "PYTHONHASHSEED": hashes}, check=True, capture_output=True)
        for hashes in ("1", "2")
    )
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["outcome"] == "resolved"


def test_a_persona_goes_by_id_and_by_name_a_scenario_by_id_and_by_title(script: Runner) -> None:
    by_name = script(GOOD[:2], "--persona", "抱怨成癖", "--scenario", SLOW.title)
    by_id = script(GOOD[:2], "--persona", "chronic-complainer", "--scenario", SLOW.id)
    assert by_name.out == by_id.out


def test_levels_differ(script: Runner) -> None:
    start = {level: script(GOOD[:1], *SETUP, "--level", level).call["start"] for level in ("easy", "normal", "hard")}
    assert start["easy"]["emotion"] < start["normal"]["emotion"] < start["hard"]["emotion"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_the_lines_are_read_in_any_usual_encoding(script: Runner, encoding: str) -> None:
    lines = [GOOD[0], "", "  ", *GOOD[1:3]]
    told = script(lines, *SETUP, encoding=encoding).call
    assert [turn["text"] for turn in told["turns"] if turn["speaker"] == "agent"] == list(GOOD[:3])


def test_the_lines_may_come_from_standard_input(cli: Runner) -> None:
    result = cli("mock", *SETUP, "--agent", "-", "--format", "json", stdin="\r\n".join(GOOD).encode("gb18030"))
    assert json.loads(result.out)["outcome"] == "resolved"


def test_lines_after_the_end_are_left_out_and_that_is_said(script: Runner) -> None:
    result = script([*GOOD, "喂？", "还在吗？"], *SETUP)
    assert result.call["unused_lines"] == 2
    assert "2 句" in result.err
    assert "还在吗" not in result.out


def test_a_call_that_just_stops_is_hung_up_by_the_agent(script: Runner) -> None:
    call = script(GOOD[:3], *SETUP).call
    assert (call["outcome"], call["hung_up_by"]) == ("unresolved", "agent")
    assert "closing.agent-hung-up-first" in {finding["rule"] for finding in call["findings"]}


def test_where_the_agent_calls_the_customer_answers_first(script: Runner) -> None:
    scenario = next(one for one in load_scenarios(FOLDER).values() if one.direction == "outbound")
    call = script(scenario.example_good, "--scenario", scenario.id, "--persona", scenario.personas[-1]).call
    assert call["turns"][0]["speaker"] == "customer"
    assert call["turns"][0]["text"].startswith("喂")
    assert call["turns"][1]["text"] == scenario.example_good[0]


def test_who_is_not_named_is_drawn_by_the_seed_and_suits(script: Runner) -> None:
    drawn = [script([OPENING], "--seed", str(seed)).call for seed in (1, 1, 2, 3)]
    pairs = [(call["persona"]["name"], call["scenario"]["id"]) for call in drawn]
    assert pairs[0] == pairs[1]
    assert len(set(pairs)) > 1
    assert all(name in load_scenarios(FOLDER)[scenario].personas for name, scenario in pairs)
    elder = script([OPENING], "--persona", "礼貌老人").call
    assert "礼貌老人" in load_scenarios(FOLDER)[elder["scenario"]["id"]].personas
    silent = script([OPENING], "--persona", "沉默无声").call
    assert silent["scenario"]["direction"] == "inbound"


def test_a_scenario_may_be_a_file_or_two_sentences(script: Runner, cli: Runner) -> None:
    cli("scenarios", "new", "parcel.yaml", "--text", TOLD)
    by_file = script([OPENING], "--persona", "普通咨询", "--scenario", "parcel.yaml").call
    by_text = script([OPENING], "--persona", "普通咨询", "--scenario", TOLD).call
    assert (by_file["scenario"]["id"], by_text["scenario"]["id"][:5]) == ("parcel", "text-")
    assert all("快递" in words(call)[0] for call in (by_file, by_text))


def test_the_text_tells_the_call_its_end_the_mood_what_moved_it_and_the_score(script: Runner) -> None:
    out = script(BAD, *SETUP, form="text").out
    assert "人设：抱怨成癖" in out
    assert "  1  坐席：喂，说。" in out
    assert "[错误]" in out
    assert "结果：" in out
    mood = next(line for line in out.splitlines() if line.startswith("  情绪 "))
    assert len(set(mood.split()[1]) & set("▁▂▃▄▅▆▇█")) > 1
    assert "→" in mood
    assert any(line.startswith("  第 1 行") and "情绪 +" in line for line in out.splitlines())
    assert "得分 " in out
    assert "✗ 不指责" in out


def test_holding_and_passing_on_are_commands_in_a_script_too(script: Runner) -> None:
    call = script([*GOOD[:2], "/等候 请您稍等一分钟，我查一下，您看可以吗？", "/挂机"], *SETUP).call
    agent = [turn for turn in call["turns"] if turn["speaker"] == "agent"]
    assert [turn["act"] for turn in agent] == ["", "", "hold"]
    assert agent[-1]["text"].startswith("请您稍等")
    assert call["hung_up_by"] == "agent"


def test_a_call_in_which_nothing_was_said_has_no_score(script: Runner) -> None:
    assert script(["/挂机"], *SETUP).call["scorecard"] is None
    assert "不评分" in script(["/挂机"], *SETUP, form="text").out


# a batch


def batch(cli: Runner, tmp_path: Path, lines: Sequence[object], *arguments: str) -> list[dict[str, Any]]:
    file = tmp_path / "batch.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join(texts), encoding="utf-8")
    result = cli("mock", "--batch", str(file), *arguments)
    assert result.code == 0
    return [json.loads(line) for line in result.out.splitlines()]


def test_a_batch_answers_in_order_and_puts_errors_in_their_place(cli: Runner, tmp_path: Path) -> None:
    told = batch(
        cli,
        tmp_path,
        [
            {"persona": "抱怨成癖", "scenario": SLOW.id, "seed": 3, "agent": GOOD, "id": "good"},
            {"persona": "没有这人", "scenario": SLOW.id, "seed": 3, "agent": GOOD},
            {"persona": "抱怨成癖", "scenario": "no-such", "agent": GOOD, "id": 7},
            "",
            {"persona": "抱怨成癖", "scenario": SLOW.id, "seed": 3, "agent": BAD},
            {"agent": []},
            {"agent": ["  "]},
            {"agent": ["您好", 5]},
            {"agent": ["您好"], "sead": 1},
            {"agent": ["您好"], "level": "very hard"},
            {"agent": ["好" * 3000]},
            '{"agent": ["\\ud800"]}',
            "[1]",
            "{oops",
            {"scenario": TOLD, "seed": 4, "agent": [OPENING]},
        ],
    )
    assert [told[0]["outcome"], told[3]["outcome"] != "resolved", told[-1]["scenario"]["title"]] == [
        "resolved",
        True,
        "我寄的快递停在中转站三天没动",
    ]
    assert (told[0]["id"], told[2]["id"]) == ("good", 7)
    for at, said in {
        1: ("第 2 行", "没有这人", "抱怨成癖"),
        2: ("第 3 行", "no-such", "coach scenarios"),
        4: ("第 6 行", "agent", "空"),
        5: ("第 7 行", "没有坐席的话"),
        6: ("第 8 行", "第 2 句", "文字"),
        7: ("第 9 行", "sead"),
        8: ("第 10 行", "level", "hard"),
        9: ("第 11 行", "第 1 句", "2000"),
        10: ("第 12 行", "半个代理对"),
        11: ("第 13 行", "对象"),
        12: ("第 14 行", "JSON"),
    }.items():
        assert all(word in told[at]["error"] for word in said), told[at]


def test_a_batch_plays_as_a_script_does_and_options_fill_what_it_leaves_open(
    cli: Runner, script: Runner, tmp_path: Path
) -> None:
    alone = script(GOOD, *SETUP, "--seed", "5", "--level", "hard").call
    (told,) = batch(cli, tmp_path, [{"agent": GOOD, "seed": 5}], *SETUP, "--level", "hard", "--seed", "9")
    assert told == alone


# typed live


def test_a_call_is_typed_live(cli: Runner) -> None:
    typed = "\n".join(
        [GOOD[0], "", "/帮助", "/跳舞", GOOD[1], "/等候 请您稍等一分钟，我查一下，可以吗？", "/挂机 再见。"]
    )
    result = cli("mock", *SETUP, "--seed", "3", stdin=typed)
    assert (result.code, result.err[:7]) == (0, "这通电话存下了")
    live, report = result.out.split("人设：", 1)
    assert "能给的办法：安排师傅上门检测" in live
    assert live.count("客户：") == 4
    assert "情绪 " in live
    assert "没有“/跳舞”这个命令" in live
    assert "[错误]" not in live  # findings are for the end
    assert "坐席挂的电话" in report
    assert "只有二十兆" not in live  # what the customer hides isn't told before


def test_findings_are_shown_at_once_if_wanted(cli: Runner) -> None:
    live = cli("mock", *SETUP, "--hints", stdin=f"{GOOD[0]}\n{BAD[1]}\n").out.split("人设：", 1)[0]
    assert "[错误]" in live
    assert "建议：" in live


def test_a_line_can_be_taken_back(cli: Runner) -> None:
    typed = "\n".join(["/重来", GOOD[0], BAD[1], "/重来", GOOD[1]])
    result = cli("mock", *SETUP, "--seed", "3", "--format", "json", stdin=typed)
    call = json.loads(result.out)
    assert [turn["text"] for turn in call["turns"] if turn["speaker"] == "agent"] == list(GOOD[:2])
    assert "您还没有说过话" in result.err


def test_with_json_all_that_is_not_json_goes_to_standard_error(cli: Runner) -> None:
    result = cli("mock", *SETUP, "--seed", "3", "--format", "json", stdin="\n".join(GOOD))
    assert json.loads(result.out)["outcome"] == "resolved"
    assert result.err.count("坐席> ") == len(GOOD)


def test_the_end_of_input_hangs_up(cli: Runner) -> None:
    call = json.loads(cli("mock", *SETUP, "--format", "json", stdin=GOOD[0]).out)
    assert (call["outcome"], call["hung_up_by"]) == ("unresolved", "agent")


def test_without_a_seed_the_one_drawn_is_told_and_gives_the_same_call_again(cli: Runner) -> None:
    first = cli("mock", "--format", "json", stdin=OPENING)
    seed = json.loads(first.out)["seed"]
    assert cli("mock", "--format", "json", "--seed", str(seed), stdin=OPENING).out == first.out


def test_typed_bytes_that_are_no_text_are_told(cli: Runner) -> None:
    result = cli("mock", *SETUP, stdin=b"\xc4\xfa\xba\xc3\n")
    assert (result.code, "编码" in result.err) == (2, True)


# with a model


def asked_for(body: dict[str, Any]) -> str:
    """What the prompt wants said."""
    return str(body["messages"][-1]["content"]).split("〖这一句要说到的〗")[1].split("〖")[0].strip()


def test_a_models_words_are_shown_where_they_pass(script: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer(lambda body: Says(f"哎，{asked_for(body)}，可把我愁坏了。")) as server:
        monkeypatch.setenv("COACH_LLM_BASE_URL", server.base_url)
        monkeypatch.setenv("COACH_LLM_MODEL", "test-model")
        result = script(GOOD[:1], *SETUP, "--seed", "3")
        built_in = script(GOOD[:1], *SETUP, "--seed", "3", "--no-llm")
        assert len(server.chats) == 1
    said = result.call["turns"][1]
    assert (said["source"], said["text"][:2]) == ("model", "哎，")
    assert "模型说了 1/1 句" in result.err
    assert [turn["state"] for turn in built_in.call["turns"]] == [turn["state"] for turn in result.call["turns"]]
    assert (built_in.call["turns"][1]["source"], built_in.err) == ("builtin", "")


def test_a_model_that_speaks_as_the_agent_or_fails_changes_nothing(
    script: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_in = script(GOOD, *SETUP, "--seed", "3", "--no-llm").out
    monkeypatch.setenv("COACH_LLM_MODEL", "test-model")
    for answer, said in ((Says("您好，请问有什么可以帮您？"), "没通过核对"), (Status(500), "没有回应 2 次")):
        with OpenAIServer(lambda _, answer=answer: answer) as server:
            monkeypatch.setenv("COACH_LLM_BASE_URL", server.base_url)
            result = script(GOOD, *SETUP, "--seed", "3")
        assert (result.code, result.out) == (0, built_in)
        assert said in result.err


@pytest.mark.parametrize("persona", [one.id for one in load_personas(FOLDER).values() if one.procedure])
def test_who_is_handled_by_procedure_plays_too(script: Runner, persona: str) -> None:
    result = script([OPENING, "您好，电话已经接通，请讲。", "您好，请问能听到吗？"], "--persona", persona)
    assert (result.code, len(words(result.call)) > 0) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words_"),
    [
        (("--persona", "nobody", "--agent", "-"), ("nobody", "抱怨成癖")),
        (("--scenario", "no-such", "--agent", "-"), ("no-such", "coach scenarios")),
        (("--scenario", "没有", "--agent", "-"), ("没有", "coach scenarios")),
        (("--scenario", "missing.yaml", "--agent", "-"), ("missing.yaml",)),
        (("--agent", "missing.txt"), ("missing.txt", "找不到")),
        (("--agent", "-", "--batch", "b.jsonl"), ("--agent", "--batch")),
        (("--batch", "missing.jsonl"), ("missing.jsonl", "找不到")),
        (("--level", "extreme", "--agent", "-"), ("--level",)),
        (("--seed", "many", "--agent", "-"), ("--seed",)),
        (("--standard", "nope", "--agent", "-"), ("nope", "default")),
    ],
)
def test_bad_input_gets_one_clear_line_and_exit_code_two(
    cli: Runner, arguments: Sequence[str], words_: Sequence[str]
) -> None:
    result = cli("mock", *arguments, stdin="您好。")
    assert (result.code, result.out) == (2, "")
    assert len(result.err.strip().splitlines()) == 1
    assert all(word in result.err for word in words_), result.err


@pytest.mark.parametrize(
    ("stdin", "words_"), [("", ("空",)), ("/跳舞\n", ("/跳舞", "第 1 句")), ("好" * 2001, ("2000",))]
)
def test_a_script_that_cannot_be_played_says_why(cli: Runner, stdin: str, words_: Sequence[str]) -> None:
    result = cli("mock", *SETUP, "--agent", "-", stdin=stdin)
    assert (result.code, result.out) == (2, "")
    assert all(word in result.err for word in words_), result.err
