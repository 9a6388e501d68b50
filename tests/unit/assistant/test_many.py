"""Many calls: by several processes as by one, in order, none read long before it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import active_children

import pytest

from coach.assistant import Coach
from coach.assistant.many import critiques, jobs_for
from coach.errors import ServiceError, TranscriptError
from coach.settings import Settings
from coach.transcripts import Transcript, parse_text

LINES = ("喂，谁啊？", "你等一下。", "您好，这里是安和物业客服中心，请问有什么可以帮您？", "我找你们经理！", "😊𠮷你好")
CALLS = [parse_text(f"坐席：{LINES[i % 5]}\n客户：第 {i} 通。\n坐席：{LINES[i % 3]}") for i in range(60)]


@pytest.mark.parametrize(
    ("calls", "cores", "jobs"), [(1, 8, 1), (39, 8, 1), (40, 8, 2), (40, 1, 1), (100, 8, 5), (5000, 8, 8), (5000, 2, 2)]
)
def test_processes_are_as_many_as_are_worth_it(calls: int, cores: int, jobs: int) -> None:
    assert jobs_for(calls, cores) == jobs


@pytest.mark.slow
def test_several_processes_give_what_one_gives_in_the_same_order(coach: Coach) -> None:
    settings = Settings(_env_file=None, data_dir=coach.index.parent)
    taken = 0

    def calls() -> Iterator[Transcript]:
        nonlocal taken
        for call in CALLS:
            taken += 1
            yield call

    made = critiques(calls(), coach, settings, "telecom", 2)
    first = next(made)
    assert taken < len(CALLS) // 2  # the rest is read as results are taken
    assert [first, *made] == list(critiques(CALLS, coach.under("telecom"), settings, "telecom", 1))


@pytest.mark.slow
def test_calls_that_end_in_a_fault_end_the_processes_with_it(coach: Coach) -> None:
    def calls() -> Iterator[Transcript]:
        yield from CALLS[:20]
        raise TranscriptError("读不了", where="calls.jsonl 第 21 行")

    with pytest.raises(TranscriptError, match="读不了"):
        list(critiques(calls(), coach, Settings(_env_file=None, data_dir=coach.index.parent), None, 2))


@pytest.mark.slow
def test_what_is_no_longer_asked_for_is_not_judged(coach: Coach) -> None:
    made = critiques(iter(CALLS), coach, Settings(_env_file=None, data_dir=coach.index.parent), None, 2)
    next(made)
    made.close()
    assert list(made) == []


@pytest.mark.slow
def test_a_process_that_is_killed_is_told_in_one_line(coach: Coach) -> None:
    made = critiques(iter(CALLS), coach, Settings(_env_file=None, data_dir=coach.index.parent), None, 2)
    next(made)
    for process in active_children():
        process.kill()
    with pytest.raises(ServiceError, match="进程"):
        list(made)
