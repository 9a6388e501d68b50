"""评测: what changed comes first, failures stay visible, and nothing of a result file is taken for markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coach.errors import InputError
from coach.reports.evaluations import EvalRun, changes, list_runs, read_run
from coach.web.evaluations import cases_html, totals_html


def sample(case: str, status: str, score: float | None, said: str = "答") -> dict[str, Any]:
    line = {"id": "kept", "text": "该留的事实都在", "state": "unmet", "fatal": True, "evidence": "丢了：三天"}
    return {
        "task": "rewrite",
        "case": case,
        "repeat": 1,
        "tags": ["快递"],
        "status": status,
        "score": score,
        "asked": "坐席：<b>三天</b>",
        "answer": {"said": said},
        "criteria": [line],
        "error": "坏了" if status == "error" else "",
        "a_newer_field": 1,
    }


def run(name: str, *samples: dict[str, Any], mean: float = 0.5) -> dict[str, Any]:
    totals = {"task": "rewrite", "n": 4, "passed": 1, "failed": 1, "errors": 1, "unscored": 1}
    return {
        "id": name,
        "started": "2026-01-01T00:00:00+08:00",
        "seconds": 3.0,
        "provenance": {"commit": "abc", "model": "builtin"},
        "totals": [{**totals, "score": {"mean": mean, "low": 0.1, "high": 0.9}}],
        "samples": list(samples),
    }


def keep(folder: Path, data: dict[str, Any]) -> None:
    (folder / data["id"]).mkdir(parents=True)
    (folder / data["id"] / "results.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


BEFORE = run(
    "20260101-100000-builtin", sample("a", "passed", 1.0), sample("b", "failed", 0.2), sample("c", "passed", 1.0)
)
NOW = run(
    "20260102-100000-builtin",
    sample("b", "passed", 1.0),
    sample("c", "passed", 1.0),
    sample("d", "error", None),
    sample("a", "failed", 0.4, "<script>x</script>"),
    mean=0.25,
)


def test_runs_are_listed_newest_first_and_a_broken_file_is_told(tmp_path: Path) -> None:
    keep(tmp_path, BEFORE)
    keep(tmp_path, NOW)
    assert list_runs(tmp_path) == (NOW["id"], BEFORE["id"])
    assert read_run(tmp_path, NOW["id"]).samples[0].case == "b"
    (tmp_path / NOW["id"] / "results.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="读不出"):
        read_run(tmp_path, NOW["id"])
    with pytest.raises(InputError, match="没有这次评测"):
        read_run(tmp_path, "../../etc")
    assert list_runs(tmp_path / "nothing") == ()


def test_what_got_worse_comes_first_then_what_is_not_passed() -> None:
    found = changes(EvalRun.model_validate(NOW), EvalRun.model_validate(BEFORE))
    assert [change.now.case for change in found] == ["a", "d", "b", "c"]
    assert [round(change.by, 1) for change in found] == [-0.6, 0.0, 0.8, 0.0]


def test_both_answers_of_a_changed_case_are_shown_and_never_as_markup() -> None:
    found = changes(EvalRun.model_validate(NOW), EvalRun.model_validate(BEFORE))
    html = cases_html(found, "", "notable")
    assert "那一次答的" in html
    assert "<script>" not in html
    assert "<b>三天</b>" not in html
    assert "出错：坏了" in html
    assert "<b>c</b>" not in html  # unchanged and passed
    assert "<b>c</b>" in cases_html(found, "", "all")
    assert "没有这样的案例" in cases_html(found, "ask", "all")


def test_totals_keep_errors_and_unscored_apart_and_say_how_the_score_moved() -> None:
    html = totals_html(EvalRun.model_validate(NOW), EvalRun.model_validate(BEFORE))
    assert "<td>4</td><td>1</td><td>1</td><td>1</td><td>1</td>" in html
    assert "-0.250" in html
