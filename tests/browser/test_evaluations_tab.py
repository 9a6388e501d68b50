"""评测 in a real browser: nothing yet, then runs listed, two compared, a case opened; on a desk and on a phone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import CONTRAST, SCREENSHOTS, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _sample(case: str, status: str, score: float, said: str) -> dict[str, Any]:
    state = "met" if status == "passed" else "unmet"
    line = {"id": "kept", "text": "该留的事实都在", "state": state, "fatal": True, "evidence": "丢了：三天"}
    return {
        "task": "rewrite",
        "case": case,
        "tags": ["快递", "等候"],
        "status": status,
        "score": score,
        "asked": "客户：几天能到？\n坐席：三天，急什么。",
        "answer": {"said": said},
        "criteria": [line],
    }


def _run(folder: Path, name: str, *samples: dict[str, Any]) -> None:
    passed = sum(s["status"] == "passed" for s in samples)
    mean = sum(s["score"] for s in samples) / len(samples)
    totals = {"task": "rewrite", "n": len(samples), "passed": passed, "failed": len(samples) - passed}
    data = {
        "id": name,
        "started": "2026-01-01T00:00:00+08:00",
        "provenance": {"commit": "abc123", "model": "builtin"},
        "totals": [{**totals, "errors": 0, "unscored": 0, "score": {"mean": mean, "low": 0.2, "high": 1.0}}],
        "samples": samples,
    }
    (folder / name).mkdir(parents=True)
    (folder / name / "results.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evals")


def _open(page: Page) -> None:
    page.get_by_role("tab", name="评测").click()


def _choose(page: Page, dropdown: str, title: str) -> None:
    page.locator(f"#{dropdown} input").click()
    page.get_by_role("option", name=title).click()


def test_runs_are_listed_compared_and_opened(browser: Browser, data: Path) -> None:
    with serving(data) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        _open(page)
        expect(page.get_by_text("还没有评测结果")).to_be_visible()
        steady = _sample("rewrite-steady", "passed", 1.0, "三天内到。")
        _run(
            data / "evals",
            "20260101-090000-builtin",
            _sample("rewrite-lost", "passed", 1.0, "三天内送到您手上。"),
            steady,
        )
        _run(data / "evals", "20260102-090000-builtin", _sample("rewrite-lost", "failed", 0.4, "会尽快送到。"), steady)
        page.get_by_role("tab", name="知识库").click()
        _open(page)
        shown = page.locator("#ss-eval-shown")
        expect(shown).to_contain_text("-0.300")
        expect(shown.locator(".ss-eval-case")).to_have_count(1)
        shown.locator("summary").first.click()
        expect(shown).to_contain_text("那一次答的")
        expect(shown.get_by_text("三天内送到您手上。")).to_be_visible()
        _choose(page, "ss-eval-show", "全部")
        expect(shown.locator(".ss-eval-case")).to_have_count(2)
        _choose(page, "ss-eval-run", "1月1日 09:00:00 内置教练")
        expect(shown).to_contain_text("+0.300")
        expect(shown).not_to_contain_text("错误")
        ratios = page.evaluate(CONTRAST, ["#ss-eval-shown", [".ss-source", ".ss-eval-passed", "td"]])
        assert ratios
        assert min(ratio for _, ratio in ratios) >= 4.5
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / "test-wide-evaluations.png")
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.screenshot(path=SCREENSHOTS / "test-phone-evaluations.png")
        page.close()
