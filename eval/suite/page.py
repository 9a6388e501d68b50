"""A run as one HTML page that needs nothing else: no script from elsewhere, no font, no network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, select_autoescape

from eval.suite.baseline import Baseline
from eval.suite.console import own_figures, score_text
from eval.suite.gate import Verdict
from eval.suite.result import Run, Sample
from eval.suite.tasks import TASK_DEFS

__all__ = ["page_html"]


def page_html(run: Run, verdict: Verdict, baseline: Baseline | None) -> str:
    """The page: the gate's word, totals, by tag, then every sample with input, answer, evidence and what changed since the baseline."""
    environment = Environment(autoescape=select_autoescape(default=True), undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(files("eval.suite").joinpath("page.html.j2").read_text(encoding="utf-8"))
    changes = {} if baseline is None else _changes(run, baseline)
    html: str = template.render(
        run=run,
        verdict=verdict,
        titles={name: definition.title for name, definition in TASK_DEFS.items()},
        score_text=score_text,
        accepted=baseline.history[0] if baseline else None,
        changes=changes,
        samples=sorted(run.samples, key=lambda s: (_ORDER[s.status], changes.get(_key(s), {"by": 0})["by"])),
        own=own_figures,
        when=datetime.fromisoformat(run.started).strftime("%Y-%m-%d %H:%M"),
    )
    return html


_ORDER = {"error": 0, "failed": 1, "unscored": 2, "passed": 3}


def _key(sample: Sample) -> tuple[str, str, int]:
    return sample.task, sample.case, sample.repeat


def _changes(run: Run, baseline: Baseline) -> Mapping[tuple[str, str, int], dict[str, Any]]:
    """What changed: better or worse by how much, or new."""
    changes: dict[tuple[str, str, int], dict[str, Any]] = {}
    for sample in run.samples:
        before = baseline.cases.get(sample.task, {}).get(sample.case)
        if before is None:
            changes[_key(sample)] = {"kind": "new", "by": 0.0, "before": None}
        elif sample.score is not None and abs(sample.score - before) > 1e-9:
            by = sample.score - before
            changes[_key(sample)] = {"kind": "better" if by > 0 else "worse", "by": by, "before": before}
    return changes
