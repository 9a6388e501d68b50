"""The files of mends count as one, and no rule's options are written twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coach.errors import KnowledgeError
from coach.rewrite import load_mends


def test_a_rule_mended_in_two_files_is_refused(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(root / "knowledge", folder)
    again = "version: 1\nmends:\n  transfer.missing-consent:\n    - parts: [{role: ask, text: 您看可以吗？}]\n"
    (folder / "mends" / "zz.yaml").write_text(again, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"transfer\.missing-consent") as caught:
        load_mends(folder)
    assert "zz.yaml" in str(caught.value)
