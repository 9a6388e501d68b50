"""`coach critique --dismissals`: lists and saved reports, what they change, and one clear line for bad files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach.cli.main import run

CALL = "坐席：喂，谁啊？\n客户：我家断网三天了，你们到底管不管！\n坐席：你等一下。\n"
BANNED = {"rule": "opening.banned-word", "line": 1, "reason": "客户先这么说的"}
NAMELESS = {"rule": "opening.missing-self-intro", "line": 1, "reason": "内线 <b>电话</b>"}


class _Command:
    """`coach critique` on a file, with a file of dismissals beside it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys
        self.call = folder / "通话.txt"
        self.call.write_text(CALL, encoding="utf-8")

    def __call__(self, dismissals: object, *options: str, call: Path | None = None) -> tuple[int, str, str]:
        """Exit code, output, errors; what isn't text or bytes goes into the file as JSON."""
        file = self._folder / "驳回.json"
        text = dismissals if isinstance(dismissals, (str, bytes)) else json.dumps(dismissals)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.run("critique", str(call or self.call), "--dismissals", str(file), *options)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            run(arguments)
        out, err = self._capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, out, err

    def report(self, *options: str, call: Path | None = None) -> str:
        return self.run("critique", str(call or self.call), "--format", "json", *options)[1]


@pytest.fixture
def critique(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> _Command:
    return _Command(tmp_path, capsys)


def _dismissed(report: str) -> dict[str, str]:
    return {f["rule"]: f["dismissed"]["reason"] for f in json.loads(report)["findings"] if f["dismissed"]}


def test_a_list_dismisses_raises_the_score_and_settles_the_exit_code(critique: _Command) -> None:
    before = json.loads(critique.report())
    code, out, err = critique([BANNED, NAMELESS], "--format", "json")
    after = json.loads(out)
    assert (code, err) == (0, "")
    assert _dismissed(out) == {one["rule"]: one["reason"] for one in (BANNED, NAMELESS)}
    assert after["score"]["total"] > before["score"]["total"]
    assert len(after["findings"]) == len(before["findings"])
    assert critique([BANNED])[0] == 1
    assert critique([BANNED, NAMELESS], "--fail-on", "warning")[0] == 1


def test_text_shows_what_was_dismissed_and_counts_only_the_rest(critique: _Command) -> None:
    _, out, _ = critique([BANNED, NAMELESS])
    assert "[错误，已驳回]" in out
    assert "已驳回：客户先这么说的" in out
    assert "另有 2 个已驳回" in out
    assert "错误 " not in out.splitlines()[-1]


def test_markdown_strikes_it_through_and_escapes_the_reason(critique: _Command) -> None:
    _, out, _ = critique([NAMELESS], "--format", "markdown")
    line = next(line for line in out.splitlines() if NAMELESS["rule"] in line)
    assert line.startswith("- ~~错误")
    assert line.endswith("~~ **已驳回**：内线 &lt;b&gt;电话&lt;/b&gt;")


def test_a_saved_report_is_taken_over(critique: _Command) -> None:
    saved = critique([BANNED, NAMELESS], "--format", "json")[1]
    assert _dismissed(critique(saved, "--format", "json")[1]) == _dismissed(saved)
    assert _dismissed(critique(saved.encode("utf-16"), "--format", "json")[1]) == _dismissed(saved)


def test_a_report_is_not_taken_over_where_the_line_has_changed(critique: _Command) -> None:
    saved = critique([BANNED, NAMELESS], "--format", "json")[1]
    critique.call.write_text(CALL.replace("喂，谁啊", "喂，谁呀"), encoding="utf-8")
    code, out, _ = critique(saved, "--format", "json")
    assert (code, _dismissed(out)) == (1, {})
    assert sum("第 1 行的话和驳回时不一样了" in warning for warning in json.loads(out)["warnings"]) == 2


def test_an_unknown_dismissal_is_a_warning(critique: _Command) -> None:
    code, out, _ = critique([{"rule": "no.rule", "line": None, "reason": "没有"}, BANNED, NAMELESS])
    assert code == 0
    assert "说明：整通电话没有 no.rule 这个问题" in out


def test_reports_of_several_calls_go_to_their_calls_in_order(critique: _Command, tmp_path: Path) -> None:
    calls = tmp_path / "几通.jsonl"
    turns = [{"speaker": "agent", "text": "你好。"}, {"speaker": "agent", "text": "你稍等。"}]
    calls.write_text("\n".join(json.dumps({"turns": [turn]}) for turn in turns), encoding="utf-8")
    reports: list[Any] = [json.loads(line) for line in critique.report(call=calls).splitlines()]
    reports[1]["findings"][0]["dismissed"] = {"reason": "方言"}
    saved = "\n".join(json.dumps(report) for report in reports)
    first, second = critique(saved, "--format", "json", call=calls)[1].splitlines()
    assert _dismissed(first) == {}
    assert list(_dismissed(second).values()) == ["方言"]
    for file, words in ((saved.splitlines()[0], "1 份报告"), ([BANNED], "哪一通")):
        code, out, err = critique(file, call=calls)
        assert (code, out) == (2, "")
        assert words in err


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("", "空的"),
        (b"\x00\x01", "不是文本"),
        ("[", "不是合法的 JSON"),
        ("[" * 100_000, "不是合法的 JSON"),
        ('{"findings": []}\n{oops', "第 2 行"),
        ({"turns": []}, "既不是驳回清单"),
        ("3", "既不是驳回清单"),
        ([BANNED, 3], "第 2 项 应是对象"),
        ([{**BANNED, "line": 0}], "line 应从 1 数起"),
        ([{**BANNED, "line": "1"}], "line 应是整数"),
        ([{"rule": "a.b", "reason": "不算"}], "line 没有写"),
        ([{**BANNED, "reason": " "}], "没有写理由"),
        ([{**BANNED, "why": "不算"}], "why 是不认识的字段"),
        ({"findings": 3}, "findings 应是列表"),
        ({"schema_version": 9, "findings": []}, "schema_version"),
        ({"findings": [{"rule": "a.b", "line": 1, "dismissed": {"reason": ""}}]}, "没有写理由"),
    ],
)
def test_a_bad_file_gets_one_clear_line(critique: _Command, file: object, words: str) -> None:
    code, out, err = critique(file)
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
    assert "驳回.json" in err
    assert words in err


def test_call_and_dismissals_cannot_both_come_from_standard_input(critique: _Command) -> None:
    code, _, err = critique.run("critique", "-", "--dismissals", "-")
    assert code == 2
    assert "--dismissals" in err
