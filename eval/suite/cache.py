"""Results of samples kept between runs, keyed by everything they depend on; shown as cached, and bypassed with --no-cache."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from eval.suite.load import LoadedCase
from eval.suite.result import Sample

__all__ = ["Cache"]


@dataclass(frozen=True)
class Cache:
    """Kept results.

    Attributes:
        folder: Where they are; None keeps nothing.
        code: Hash over coach, knowledge, prompts and suite.
        model: Who answered.
        judge: Who judged; empty where nobody did.
    """

    folder: Path | None
    code: str
    model: str
    judge: str

    def key(self, loaded: LoadedCase, repeat: int) -> str:
        """What the result of a sample depends on: case, rubric, prompts and code, model, judge, which repeat."""
        parts = [loaded.task, loaded.hash, loaded.rubric.hash, self.code, self.model, self.judge, str(repeat)]
        return hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()[:32]

    def get(self, loaded: LoadedCase, repeat: int) -> Sample | None:
        """The kept result, marked as cached; None where there is none that can be read."""
        if self.folder is None:
            return None
        path = self._path(loaded, repeat)
        try:
            kept = Sample.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValidationError, UnicodeDecodeError):
            return None
        return kept.model_copy(update={"cached": True, "seconds": 0.0})

    def put(self, loaded: LoadedCase, sample: Sample) -> None:
        """Keeps a result; errors and unscored ones are tried anew next time."""
        if self.folder is None or sample.status not in {"passed", "failed"}:
            return
        path = self._path(loaded, sample.repeat)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sample.model_dump_json(), encoding="utf-8")

    def _path(self, loaded: LoadedCase, repeat: int) -> Path:
        assert self.folder is not None
        key = self.key(loaded, repeat)
        return self.folder / key[:2] / f"{key}.json"
