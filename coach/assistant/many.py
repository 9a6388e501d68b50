"""Many calls critiqued by several processes: in order, with only as many at hand as keep the processes busy.

Reading the calls, scoring them and showing them is left to callers.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from coach.assistant.coach import Coach
from coach.critique import Critique
from coach.errors import ServiceError
from coach.settings import Settings
from coach.transcripts import Transcript

__all__ = ["cores", "critiques", "jobs_for"]

_CALLS_A_PROCESS = 20
"""Fewer are done before a further process has read the rules."""

_AHEAD = 8
"""Calls handed out for each process: enough that none waits while a long one is judged."""

_mine: list[Coach] = []
"""In a process of the pool: its own coach, opened once. Empty elsewhere."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def jobs_for(calls: int, cores: int) -> int:
    """How many processes so many calls are worth, 1 for fewer than 40."""
    return max(1, min(cores, calls // _CALLS_A_PROCESS))


def critiques(
    calls: Iterable[Transcript], coach: Coach, settings: Settings, standard: str | None, jobs: int
) -> Generator[Critique, None, None]:
    """The critique of each of `calls`, in order; by this process alone if `jobs` is 1.

    Args:
        calls: Taken one by one as results are asked for.
        coach: Judges where there is but one process.
        settings: What `coach` was opened with, for the others.
        standard: Likewise.
        jobs: Number of processes.

    Raises:
        ServiceError: A process ended before its time.
    """
    if jobs == 1:
        yield from map(coach.critique, calls)
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_start, initargs=(settings, standard))
    waiting: deque[Future[Critique]] = deque()
    try:
        for call in calls:
            with _shielded():
                waiting.append(pool.submit(_critique, call))
            if len(waiting) >= jobs * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise ServiceError(
            "一个点评进程中途退出了", where="coach", hint="可能是内存不够，请加 --jobs 1 再试"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _shielded() -> Iterator[None]:
    """Processes started inside hear no Ctrl-C, not even while they start: the one that started them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(settings: Settings, standard: str | None) -> None:
    """Readies a process of the pool. The rules were checked where the pool was made, so here they are not again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it couldn't be shielded
    Thread(target=_leave_with_parent, daemon=True).start()
    _mine.append(Coach.open(settings, standard, check_rules=False, use_model=False))


def _leave_with_parent() -> None:
    """Ends this process once the one that made the pool is gone, killed without a chance to end its pool."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _critique(call: Transcript) -> Critique:
    (coach,) = _mine
    return coach.critique(call)
