"""Saved calls survive what processes do to them: being killed in the middle, and several at one file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from storage_behaviours import NEW, agent, customer, said

from coach.storage import Store

_TESTS = Path(__file__).resolve().parent.parent
_CALLER = """
import itertools, sys
from pathlib import Path
from storage_behaviours import NEW, agent, customer
from coach.storage import Store

store = Store.open(None, Path(sys.argv[1]))
call_id = store.new_call(NEW)
print(call_id, flush=True)
for turn in itertools.count():
    store.append(call_id, [agent(f"坐席{turn}"), customer(f"客户{turn}")], after=2 * turn)
    print(turn, flush=True)  # only now would the answer be shown
"""
_WRITER = """
import sys
from pathlib import Path
from storage_behaviours import NEW, agent
from coach.storage import Store

sys.stdin.readline()
with Store.open(None, Path(sys.argv[1])) as store:
    call_id = store.new_call(NEW)
    for turn in range(15):
        store.append(call_id, [agent(f"{turn}")], after=turn)
"""


def _started(script: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        env={**os.environ, "PYTHONPATH": f"{_TESTS.parent}:{_TESTS}"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("shown", [1, 7, 20])
def test_a_killed_call_has_every_turn_that_was_shown_and_goes_on(shown: int, tmp_path: Path) -> None:
    with _started(_CALLER, tmp_path) as process:
        assert process.stdout is not None
        call_id = process.stdout.readline().strip()
        last = [int(process.stdout.readline()) for _ in range(shown)][-1]
        process.send_signal(signal.SIGKILL)
    with Store.open(None, tmp_path) as store:
        there = said(store, call_id)
        assert len(there) % 2 == 0  # a turn and its answer are kept together
        assert len(there) >= 2 * (last + 1)
        assert there == [text for turn in range(len(there) // 2) for text in (f"坐席{turn}", f"客户{turn}")]
        assert [one.id for one in store.unfinished(NEW.trainee)] == [call_id]
        store.append(call_id, [agent("让您久等了"), customer("没事")], after=len(there), outcome="resolved")
        assert said(store, call_id)[-2:] == ["让您久等了", "没事"]
        assert store.unfinished() == ()


def test_one_killed_while_it_made_the_tables_is_in_nobodys_way(tmp_path: Path) -> None:
    lock = tmp_path / "coach.db.lock"
    with _started(_CALLER, tmp_path) as process:
        while not lock.exists():
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    with Store.open(None, tmp_path, patience=5) as store:
        assert store.append(store.new_call(NEW), [agent("您好")]) == 1


def test_processes_that_open_a_new_file_at_once_all_keep_their_calls(tmp_path: Path) -> None:
    processes = [_started(_WRITER, tmp_path) for _ in range(5)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert errors == ""
    with Store.open(None, tmp_path) as store:
        assert [call.turns for call in store.calls()] == [15] * 5
