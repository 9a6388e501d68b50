"""A whole run: which cases, with what, kept where; resumable sample by sample."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from os import SEEK_END
from pathlib import Path
from threading import Lock

from pydantic import BaseModel, ValidationError

from coach.errors import InputError
from eval.suite.cache import Cache
from eval.suite.case import TaskName
from eval.suite.grade import Judging
from eval.suite.harness import Setup, run_samples
from eval.suite.load import LoadedCase
from eval.suite.provenance import code_version, provenance
from eval.suite.result import Run, Sample
from eval.suite.rubric import Rubric
from eval.suite.subject import Subject
from eval.suite.tasks import TASK_DEFS
from eval.suite.totals import tag_totals, task_totals

__all__ = ["Journal", "Wanted", "chosen_cases", "read_run", "run_suite"]

_JOURNAL = "samples.jsonl"


@dataclass(frozen=True)
class Wanted:
    """What to run.

    Attributes:
        tasks: Empty: all.
        limit: Cases a task, the first of each; 0: all.
        repeat: How often each case is run.
        workers: How many at once.
        only: Ids of the cases to run; None: all.
        seed: Of intervals.
    """

    tasks: tuple[TaskName, ...] = ()
    limit: int = 0
    repeat: int = 1
    workers: int = 4
    only: frozenset[str] | None = None
    seed: int = 0


def chosen_cases(cases: Sequence[LoadedCase], wanted: Wanted) -> tuple[LoadedCase, ...]:
    """The cases `wanted` asks for, in the order of `cases`; raises InputError where none is left."""
    found: list[LoadedCase] = []
    taken: dict[str, int] = {}
    for loaded in cases:
        if wanted.tasks and loaded.task not in wanted.tasks:
            continue
        if wanted.only is not None and loaded.case.id not in wanted.only:
            continue
        if wanted.limit and taken.get(loaded.task, 0) >= wanted.limit:
            continue
        taken[loaded.task] = taken.get(loaded.task, 0) + 1
        found.append(loaded)
    if not found:
        raise InputError("没有要跑的案例", where="评测", hint="请看 --task、--failed-only 给得对不对")
    return tuple(found)


class _Line(BaseModel):
    key: str
    sample: Sample


@dataclass
class Journal:
    """Samples as they end, a line of JSON each, so that a run that was broken off can be resumed."""

    path: Path
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, key: str, sample: Sample) -> None:
        """Keeps one sample under the key of all it depends on, on a line of its own even behind one cut short."""
        with self._lock, self.path.open("ab+") as file:
            if file.tell():
                file.seek(-1, SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            line = _Line(key=key, sample=sample)
            file.write(line.model_dump_json().encode("utf-8") + b"\n")

    def ended(self) -> dict[str, Sample]:
        """Samples passed or failed, by key; a line cut short is passed over."""
        kept: dict[str, Sample] = {}
        if not self.path.is_file():
            return kept
        for text in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = _Line.model_validate_json(text)
            except ValidationError:
                continue
            if line.sample.status in {"passed", "failed"}:
                kept[line.key] = line.sample
        return kept


def run_suite(
    subject: Subject,
    cases: Sequence[LoadedCase],
    rubrics: Mapping[str, Rubric],
    wanted: Wanted,
    folder: Path,
    *,
    judge: Judging | None = None,
    judge_name: str = "",
    judge_gates: bool = False,
    cache: Path | None = None,
    resume: bool = False,
    done: Callable[[Sample], None] = lambda _: None,
) -> Run:
    """Runs what `wanted` asks for into `folder`.

    With `resume`, samples that the folder's journal has and that nothing they depend on has changed since are taken from there.

    Raises:
        InputError: `folder` holds a run that isn't to be resumed, or can't be written.
    """
    started, clock = datetime.now().astimezone().replace(microsecond=0), time.monotonic()
    some, journal = chosen_cases(cases, wanted), Journal(folder / _JOURNAL)
    _make_room(folder, journal, resume=resume)
    code = code_version()
    kept = Cache(cache, code, subject.name, judge_name)
    wanted_keys = {(one.case.id, i): kept.key(one, i) for one in some for i in range(1, wanted.repeat + 1)}
    ended = journal.ended()
    before = {place: ended[key] for place, key in wanted_keys.items() if key in ended}
    for sample in before.values():
        done(sample)

    def told(sample: Sample) -> None:
        if (sample.case, sample.repeat) not in before:  # a case of which only some repeats are missing is run whole
            journal.add(wanted_keys[sample.case, sample.repeat], sample)
            done(sample)

    left = [one for one in some if any((one.case.id, i) not in before for i in range(1, wanted.repeat + 1))]
    setup = Setup(subject, judge, kept, wanted.repeat, wanted.workers, folder / "inspect", told)
    fresh = {(s.case, s.repeat): s for s in run_samples(setup, left)} if left else {}
    samples = tuple({**fresh, **before}[place] for place in wanted_keys)
    per_task = Counter(one.task for one in cases)
    return Run(
        id=folder.name,
        started=started.isoformat(),
        seconds=round(time.monotonic() - clock, 1),
        complete=len(some) == len(cases),
        whole=tuple(task for task, n in Counter(one.task for one in some).items() if n == per_task[task]),
        provenance=provenance(
            subject.name, judge_name, judge_gates=judge_gates, rubrics=rubrics, seed=wanted.seed, code=code
        ),
        totals=task_totals(samples, TASK_DEFS, wanted.seed),
        by_tag=tag_totals(samples, TASK_DEFS, wanted.seed),
        samples=samples,
    )


def _make_room(folder: Path, journal: Journal, *, resume: bool) -> None:
    """Makes `folder`; raises InputError where a run lies there that isn't to be resumed, or it can't be written."""
    if journal.path.is_file() and not resume:
        raise InputError("这里已经有一次评测", where=str(folder), hint="换一个文件夹；要接着跑断掉的那次，用 --resume")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        journal.path.touch()
    except OSError as error:
        raise InputError(
            "写不了结果", where=str(folder), hint="请检查权限和剩余空间，或用 --out 换一个文件夹"
        ) from error


def read_run(path: Path) -> Run:
    """The run kept in `path` (its results.json, or its folder); raises InputError where there is none that can be read."""
    file = path / "results.json" if path.is_dir() else path
    try:
        return Run.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise InputError(
            "读不出这次评测的结果", where=str(file), hint="请给出一次评测的文件夹，或其中的 results.json"
        ) from error
