"""A reply that may be stopped: its steps come, waiting can be broken off, and what is stopped is closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import takewhile

import pytest

from coach.errors import InputError
from coach.web.stopping import stoppable

SOON = 5


def test_steps_come_in_order_and_none_stands_for_a_wait() -> None:
    go_on = threading.Event()

    def steps() -> Iterator[int]:
        yield 1
        assert go_on.wait(SOON)
        yield 2

    taken = stoppable(steps())
    assert next(taken) == 1
    assert next(taken) is None
    go_on.set()
    assert [step for step in taken if step] == [2]


def test_an_error_is_raised_where_the_steps_are_taken() -> None:
    def steps() -> Iterator[int]:
        yield 1
        raise InputError("还没有写内容", hint="写一句")

    taken = stoppable(steps())
    assert next(taken) == 1
    with pytest.raises(InputError, match="还没有写内容"):
        list(taken)


def test_stopping_waits_for_nothing_and_closes_the_steps_at_their_next() -> None:
    go_on, closed = threading.Event(), threading.Event()

    def steps() -> Iterator[int]:
        try:
            yield 1
            assert go_on.wait(SOON)
            yield 2
            yield 3
        finally:
            closed.set()

    taken = stoppable(steps())
    assert list(takewhile(lambda step: step is not None, taken)) == [1]
    taken.close()  # type: ignore[attr-defined]
    assert not closed.is_set()
    go_on.set()
    assert closed.wait(SOON)
