"""The wheel carries the knowledge and the migrations: built offline, installed elsewhere, it critiques and keeps calls."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_wheel_built_offline_critiques_in_another_environment(root: Path, tmp_path: Path) -> None:
    offline = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        check=True, capture_output=True, cwd=root, env=offline,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = place / "bin" / "python"
    subprocess.run(
        ["uv", "pip", "install", "--offline", "--quiet", "--no-deps", "--python", str(python), str(wheel)],
        check=True, capture_output=True, env={**offline, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    call = tmp_path / "call.txt"
    call.write_text("坐席：喂，谁啊？\n客户：我找你们经理。\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}  # the dependencies, not the checkout
    done = subprocess.run(
        [str(place / "bin" / "coach"), "critique", str(call)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=env,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "opening.banned-word" in done.stdout
    where = subprocess.run(
        [str(python), "-c", "import coach; print(coach.__file__)"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=env,
        check=True,
    )
    assert str(place) in where.stdout
    saved = tmp_path / "saved"
    opened = subprocess.run(
        [
            str(python),
            "-c",
            f"from pathlib import Path; from coach.storage import Store; print(Store.open(None, Path({str(saved)!r})).calls())",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=env,
        check=False,
    )
    assert (opened.stdout, opened.stderr) == ("()\n", "")  # the migrations are in the wheel
    assert (saved / "coach.db").exists()
