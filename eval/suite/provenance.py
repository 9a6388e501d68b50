"""What a run was made with: commit and hashes. Reads files and asks git; nothing else."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from coach.settings import knowledge_dir, prompts_dir
from eval.suite.result import Provenance
from eval.suite.rubric import Rubric

__all__ = ["ROOT", "code_version", "provenance"]

ROOT = Path(__file__).resolve().parents[2]
_CODE = ("coach", "knowledge", "prompts", "eval/suite", "eval/scripted_agents.py")
_SUFFIXES = frozenset({".py", ".yaml", ".md", ".npz", ".json", ".j2"})


def _hash(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name).encode("utf-8"))
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return [p for p in folder.rglob("*") if p.suffix in _SUFFIXES and "__pycache__" not in p.parts]


def code_version() -> str:
    """Hash over everything an answer may depend on: the coach, its knowledge, its prompts and this suite."""
    return _hash(path for name in _CODE for path in _files(ROOT / name))


def provenance(
    model: str, judge: str, *, judge_gates: bool, rubrics: Mapping[str, Rubric], seed: int, code: str
) -> Provenance:
    """What a run over `rubrics` with `model` and `judge` is made with."""
    knowledge, prompts = knowledge_dir(), prompts_dir()
    return Provenance(
        commit=_commit(),
        code=code,
        prompts={path.stem: _hash([path]) for path in sorted(prompts.glob("*.md"))},
        rules=_hash(_files(knowledge / "rules")),
        handbook=_hash(_files(knowledge / "handbook")),
        rubrics={rubric.id: f"{rubric.version} {rubric.hash}" for rubric in rubrics.values()},
        model=model,
        judge=judge,
        judge_gates=judge_gates,
        seed=seed,
        python=platform.python_version(),
        inspect=version("inspect-ai"),
    )


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        commit = git("rev-parse", "--short=12", "HEAD")
        return commit + ("+" if commit and git("status", "--porcelain") else "")
    except OSError:
        return ""
