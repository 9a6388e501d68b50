"""Work that a user may stop: taken on a thread of its own, so that nobody waits for a model that says nothing."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from queue import Empty, SimpleQueue
from typing import TypeVar

__all__ = ["stoppable"]

_BEAT = 0.25

Step = TypeVar("Step")


def stoppable(steps: Generator[Step] | Iterator[Step]) -> Iterator[Step | None]:
    """What `steps` yields, and None whenever a quarter of a second brings nothing: only then can Gradio cancel an event.

    Closed, it returns at once; `steps` is closed on its own thread as soon as it yields again. What it raises is raised here.
    """
    box: SimpleQueue[tuple[str, object]] = SimpleQueue()
    stopped = threading.Event()

    def run() -> None:
        try:
            for step in steps:
                box.put(("step", step))
                if stopped.is_set():
                    break
            box.put(("done", None))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            box.put(("failed", error))
        finally:
            if isinstance(steps, Generator):
                steps.close()

    threading.Thread(target=run, name="reply", daemon=True).start()
    try:
        while True:
            try:
                kind, value = box.get(timeout=_BEAT)
            except Empty:
                yield None
                continue
            if kind == "failed":
                assert isinstance(value, BaseException)
                raise value
            if kind == "done":
                return
            yield value  # type: ignore[misc]
    finally:
        stopped.set()
