"""Where things are: in the checkout what is committed, in the user's data folder what runs leave."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import regex

from coach.settings import Settings

__all__ = [
    "BASELINE",
    "CALIBRATION",
    "CASES",
    "EXCHANGES",
    "GATES",
    "JUDGES",
    "RUBRICS",
    "cache_folder",
    "new_run_folder",
    "runs_folder",
]

_EVAL = Path(__file__).resolve().parents[1]
CASES = _EVAL / "cases"
RUBRICS = _EVAL / "rubrics"
GATES = _EVAL / "gates.yaml"
BASELINE = _EVAL / "baseline.json"
CALIBRATION = _EVAL / "calibration"
JUDGES = CALIBRATION / "judges.json"
EXCHANGES = _EVAL / "recorded"


def runs_folder(settings: Settings) -> Path:
    """Where runs are kept; the app's 评测 tab reads them there."""
    return settings.data_folder() / "evals"


def cache_folder(settings: Settings) -> Path:
    """Where results of samples are kept between runs."""
    return settings.data_folder() / "eval-cache"


def new_run_folder(settings: Settings, model: str) -> Path:
    """A folder named by date, time and model, that isn't there yet."""
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{regex.sub(r'[^A-Za-z0-9.-]+', '-', model).strip('-') or 'model'}"
    folder, i = runs_folder(settings) / stem, 2
    while folder.exists():
        folder, i = runs_folder(settings) / f"{stem}-{i}", i + 1
    return folder
