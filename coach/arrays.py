"""Shipped numbers: .npz files, with one clear error where they are missing, damaged or lack something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from coach.errors import KnowledgeError

__all__ = ["read_arrays"]

Arrays = Mapping[str, np.ndarray[Any, np.dtype[Any]]]
_T = TypeVar("_T")


def read_arrays(path: Path, build: Callable[[Arrays], _T], what: str, target: str) -> _T:
    """What `build` makes of the arrays of the file at `path`.

    Args:
        path: An .npz file.
        build: Takes name → array.
        what: What the file holds, in Chinese, for the error.
        target: The make target that builds it anew.

    Raises:
        KnowledgeError: It can't be read, isn't such a file, or lacks an array.
    """
    try:
        with path.open("rb") as raw, np.load(raw) as file:
            return build({name: file[name] for name in file.files})
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, BadZipFile) as error:
        raise KnowledgeError(f"读不出{what}", where=path.name, hint=f"请重新安装，或运行 make {target}") from error
