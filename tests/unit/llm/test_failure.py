"""Each failure has a name and a line of its own, is tried again only where that may help, and never for long."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.exceptions import OutputParserException

from coach.assistant.with_model import quiet
from coach.errors import ModelFailure
from coach.llm.failure import _TEXTS, RETRIES, failure, failure_of, pause_before

REQUEST = httpx2.Request("POST", "http://127.0.0.1:9/v1/chat/completions")
KINDS = sorted(_TEXTS)
PASSING = ["cut", "empty", "limited", "refused", "server"]
LONGEST = 8.25
"""Seconds that nobody waits longer for one more try."""


def of_status(code: int, **headers: str) -> ModelFailure:
    response = httpx2.Response(code, headers=headers, request=REQUEST)
    return failure_of(openai.APIStatusError("no", response=response, body=None))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, "unsupported"),
        (401, "unauthorised"),
        (403, "unauthorised"),
        (404, "not_found"),
        (408, "timeout"),
        (422, "unsupported"),
        (429, "limited"),
        (500, "server"),
        (503, "server"),
        (529, "server"),
    ],
)
def test_a_status_is_a_kind(code: int, kind: str) -> None:
    assert of_status(code).kind == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (openai.APITimeoutError(REQUEST), "timeout"),
        (openai.APIConnectionError(request=REQUEST), "refused"),
        (openai.APIError("overloaded", REQUEST, body=None), "server"),
        (OutputParserException("no"), "invalid"),
        (failure("loop"), "loop"),
    ],
)
def test_an_error_is_a_kind(error: Exception, kind: str) -> None:
    assert failure_of(error).kind == kind


def test_each_kind_is_told_in_a_line_of_its_own() -> None:
    lines = {quiet(failure(kind)) for kind in KINDS}
    assert len(lines) == len(KINDS)
    assert all("\n" not in line and line.endswith("这次由内置教练代答。") for line in lines)


@given(st.sampled_from(KINDS), st.integers(2, 9), st.integers())
def test_only_what_may_pass_is_tried_again_and_not_often(kind: str, attempt: int, seed: int) -> None:
    pause = pause_before(attempt, failure(kind), random.Random(seed))
    assert (pause is not None) == (kind in PASSING and attempt <= RETRIES + 1)
    assert pause is None or 0 < pause <= LONGEST


@given(st.integers())
def test_pauses_grow_and_are_jittered(seed: int) -> None:
    chance = random.Random(seed)
    first, second = (pause_before(attempt, failure("server"), chance) for attempt in (2, 3))
    assert first is not None
    assert second is not None
    assert 0.25 <= first <= 0.5 <= second <= 1.0


def test_two_who_fail_together_come_back_apart() -> None:
    assert len({pause_before(2, failure("server"), random.Random(seed)) for seed in range(20)}) == 20


@given(st.floats(0, 8), st.integers())
def test_what_the_service_asks_for_is_kept_to(seconds: float, seed: int) -> None:
    pause = pause_before(2, failure("limited", seconds), random.Random(seed))
    assert pause is not None
    assert seconds <= pause <= seconds + 0.25


@pytest.mark.parametrize("seconds", [8.01, 60, 86_400, float("inf")])
def test_nobody_waits_for_what_takes_too_long(seconds: float) -> None:
    assert pause_before(2, failure("limited", seconds), random.Random(1)) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("3", 3),
        ("1.5", 1.5),
        ("-7", 0),
        ("inf", float("inf")),
        ("", None),
        ("soon", None),
        ("3 seconds", None),
    ],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert of_status(429, **{"retry-after": value}).retry_after == seconds


@pytest.mark.parametrize("later", [-3600, 5, 3600])
def test_retry_after_as_a_date(later: int) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=later), usegmt=True)
    waits = of_status(429, **{"retry-after": at}).retry_after
    assert waits is not None
    assert max(0, later) - 2 <= waits <= max(0, later)


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0001 00:00:00 -0000", "Fri, 31 Dec 9999 23:59:59 -2359", "32 Foo 2026"])
def test_a_date_that_is_none_is_none(date: str) -> None:
    waits = of_status(429, **{"retry-after": date}).retry_after
    assert waits is None or waits >= 0


def test_a_service_that_is_down_may_say_for_how_long() -> None:
    assert of_status(503, **{"retry-after": "60"}).retry_after == 60
