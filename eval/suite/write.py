"""Writes what a run leaves: results.json, junit.xml, index.html; and the JSON Schema of the first, for whoever reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval.suite.baseline import Baseline
from eval.suite.gate import Verdict
from eval.suite.junit import junit_xml
from eval.suite.page import page_html
from eval.suite.result import Run

__all__ = ["results_schema", "write_run"]


def write_run(run: Run, verdict: Verdict, baseline: Baseline | None, folder: Path) -> None:
    """The three files, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (folder / "junit.xml").write_text(junit_xml(run), encoding="utf-8")
    (folder / "index.html").write_text(page_html(run, verdict, baseline), encoding="utf-8")


def results_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of results.json."""
    schema = Run.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "三声评测结果"}


def results_schema_text() -> str:
    """`results_schema` as the file eval/results.schema.json holds it."""
    return json.dumps(results_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
