"""What every test may use: the shipped knowledge, opened once."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.assistant import Coach
from coach.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Coach:
    data = tmp_path_factory.getbasetemp() / "coach-data"
    return Coach.open(Settings(_env_file=None, standard="default", rules=None, data_dir=data))
