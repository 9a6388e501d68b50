"""Runs samples on Inspect AI: one Inspect task for each of ours, the coach as its solver, the rubric as its scorer.

Inspect gives concurrency, repeats, isolation of errors and its own logs; statuses and totals are ours, read from its samples.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.suite.cache import Cache
from eval.suite.grade import Judging, grade, score_of, status_of
from eval.suite.load import LoadedCase
from eval.suite.result import Sample
from eval.suite.subject import Subject
from eval.suite.tasks import TASK_DEFS

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.log import EvalLog

__all__ = ["Setup", "run_samples", "sample_of"]

Done = Callable[[Sample], None]


@dataclass(frozen=True)
class Setup:
    """How samples are run.

    Attributes:
        subject: The coach under test.
        judge: Asks a model judge; None where there is none.
        cache: Kept results.
        repeat: How often each case is run.
        workers: How many at once.
        logs: Folder of Inspect's own logs.
        done: Told of every sample as it ends.
    """

    subject: Subject
    judge: Judging | None
    cache: Cache
    repeat: int
    workers: int
    logs: Path
    done: Done

    def answer(self, loaded: LoadedCase) -> dict[str, Any]:
        """The coach's answer to a case."""
        return TASK_DEFS[loaded.task].answer(self.subject, loaded.case)


def sample_of(setup: Setup, loaded: LoadedCase, repeat: int) -> Sample:
    """The case answered and graded; from the cache where it is there. Raises whatever answering or grading raises."""
    kept = setup.cache.get(loaded, repeat)
    if kept is not None:
        return kept
    task, started = TASK_DEFS[loaded.task], time.monotonic()
    answer = setup.answer(loaded)
    criteria = grade(loaded, task, answer, setup.judge)
    status = status_of(criteria, loaded.rubric.passing)
    failing = any(c.fatal and c.state == "unmet" for c in criteria)
    sample = Sample(
        task=loaded.task,
        case=loaded.case.id,
        repeat=repeat,
        tags=loaded.case.tags,
        status=status,
        score=None if status == "unscored" else round(score_of(criteria), 6),
        fatal=loaded.case.fatal or failing,
        asked=task.asked(loaded.case),
        answer={**answer, "said": task.said(answer)},
        criteria=criteria,
        seconds=round(time.monotonic() - started, 3),
        counts=task.counts(loaded.case, answer),
        passing=loaded.rubric.passing,
        rubric=f"{loaded.rubric.id} {loaded.rubric.version} {loaded.rubric.hash}",
    )
    setup.cache.put(loaded, sample)
    return sample


def run_samples(setup: Setup, cases: Sequence[LoadedCase]) -> tuple[Sample, ...]:
    """Every case, `setup.repeat` times, in the order of `cases`; a sample that raises becomes one with status error."""
    from inspect_ai import eval as inspect_eval

    by_task: dict[str, list[LoadedCase]] = {}
    for loaded in cases:
        by_task.setdefault(loaded.task, []).append(loaded)
    run = partial(
        inspect_eval,
        [_task(setup, name, some) for name, some in by_task.items()],
        model="none/none",
        display="none",
        log_dir=str(setup.logs),
        log_level="error",
        fail_on_error=False,
        epochs=setup.repeat,
        max_samples=setup.workers,
        max_tasks=1,
        ctl_server=False,
    )
    logs = _apart(run)
    if len(logs) < len(by_task) or any(log.status == "cancelled" for log in logs):  # Inspect takes Ctrl-C for itself
        raise KeyboardInterrupt
    found = {(sample.case, sample.repeat): sample for log in logs for sample in _graded(log)}
    told = {(str(s.id), s.epoch): s.error.message for log in logs for s in log.samples or () if s.error}
    samples = []
    for loaded in cases:
        for i in range(1, setup.repeat + 1):
            sample = found.get((loaded.case.id, i))
            if sample is None:  # whatever has none of ours is an error, whatever Inspect says of it
                sample = _errored(loaded, i, told.get((loaded.case.id, i), "没有结果"))
                setup.done(sample)
            samples.append(sample)
    return tuple(samples)


def _apart(run: Callable[[], list[EvalLog]]) -> list[EvalLog]:
    """What `run` gives; in a thread of its own where an event loop runs already (a notebook, a browser's driver), since Inspect starts one."""
    if not _in_loop():
        return run()
    with ThreadPoolExecutor(1, "inspect") as pool:
        return pool.submit(run).result()


def _in_loop() -> bool:
    """Whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _task(setup: Setup, name: str, cases: Sequence[LoadedCase]) -> Task:
    """The Inspect task: the solver answers and grades in a worker thread, the scorer hands the score over."""
    import anyio.to_thread
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset
    from inspect_ai.dataset import Sample as InspectSample
    from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
    from inspect_ai.solver import Generate, Solver, TaskState, solver

    by_id = {loaded.case.id: loaded for loaded in cases}

    @solver(name="coach")
    def coach_solver() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            loaded = by_id[str(state.sample_id)]
            result = await anyio.to_thread.run_sync(partial(sample_of, setup, loaded, state.epoch))
            setup.done(result)
            state.metadata["sample"] = result.model_dump_json()
            state.output.completion = str(result.answer["said"])
            return state

        return solve

    @scorer(name="rubric", metrics=[mean(), stderr()])
    def rubric_scorer() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            result = Sample.model_validate_json(state.metadata["sample"])
            lines = [f"{c.id} {c.state} {c.evidence}" for c in result.criteria]
            return Score(value=result.score or 0.0, explanation="\n".join(lines), metadata={"status": result.status})

        return score

    dataset = MemoryDataset(
        [
            InspectSample(
                id=loaded.case.id,
                input=TASK_DEFS[loaded.task].asked(loaded.case),
                metadata={"tags": [*loaded.case.tags]},
            )
            for loaded in cases
        ],
        name=name,
    )
    return Task(dataset=dataset, solver=coach_solver(), scorer=rubric_scorer(), name=name)


def _graded(log: EvalLog) -> Iterator[Sample]:
    """Our samples out of Inspect's, as far as there are any."""
    for sample in log.samples or ():
        kept = sample.metadata.get("sample")
        if sample.error is None and kept is not None:
            yield Sample.model_validate_json(kept)


def _errored(loaded: LoadedCase, repeat: int, why: str) -> Sample:
    asked = TASK_DEFS[loaded.task].asked(loaded.case)
    return Sample(
        task=loaded.task,
        case=loaded.case.id,
        repeat=repeat,
        tags=loaded.case.tags,
        status="error",
        score=None,
        fatal=loaded.case.fatal,
        asked=asked,
        answer={"said": ""},
        error=why,
    )
