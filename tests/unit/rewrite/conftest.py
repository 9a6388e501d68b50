"""The built-in rewriter over the shipped knowledge, opened once."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.critique import load_rules
from coach.knowledge import load_standard
from coach.rewrite import Rewriter, load_mends


@pytest.fixture(scope="session")
def rewriter(root: Path) -> Rewriter:
    folder = root / "knowledge"
    return Rewriter(load_rules(folder), load_standard("default", folder), load_mends(folder))
