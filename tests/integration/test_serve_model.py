"""`coach serve-model`: what is wrong is told in one line, before a model is loaded. No model and no xllamacpp are needed here."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from coach.cli.main import run
from coach.llm.serve import HOST

Runner = Callable[..., SimpleNamespace]

FAKE = '''"""Stands in for xllamacpp in a process of its own: it takes the parameters, listens, and answers nothing."""
import socket
import time
from types import SimpleNamespace


def CommonParams():
    return SimpleNamespace(
        model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
    )


class Server:
    def __init__(self, params):
        if b"broken" in open(params.model.path, "rb").read():
            raise RuntimeError("Failed to init server")
        if b"slow" in open(params.model.path, "rb").read():
            print("loading", flush=True)
            time.sleep(60)
        self.socket = socket.create_server((params.hostnames[0], params.port))
        print(sorted(params.model_alias), params.n_ctx, params.cpuparams.n_threads, flush=True)

    def __del__(self):
        if hasattr(self, "socket"):
            time.sleep(60)  # as xllamacpp's may: it waits for threads that don't end
'''


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "xllamacpp", None)  # not to be imported, whether it is installed or not

    def call(*arguments: str) -> SimpleNamespace:
        with pytest.raises(SystemExit) as stop:
            run(("serve-model", *arguments))
        out, err = capsys.readouterr()
        return SimpleNamespace(code=stop.value.code, out=out, err=err)

    return call


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF\x03\x00\x00\x00")
    return file


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as holder:
        yield int(holder.getsockname()[1])


@pytest.fixture
def free(taken: int) -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def assert_told(result: SimpleNamespace, *words: str) -> None:
    assert (result.code, result.out, len(result.err.strip().splitlines())) == (2, "", 1), result
    assert all(word in result.err for word in words), result.err


def test_a_file_that_is_not_there_is_told(cli: Runner) -> None:
    assert_told(cli("none.gguf"), "none.gguf", "找不到")


def test_a_folder_is_told(cli: Runner, tmp_path: Path) -> None:
    assert_told(cli(str(tmp_path)), "文件夹", ".gguf")


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 a zip", "模型".encode()])
def test_a_file_that_is_no_model_is_told_by_its_first_bytes(cli: Runner, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.gguf").write_bytes(content)
    assert_told(cli("a.gguf"), "a.gguf", "不是 GGUF", "下载")


def test_a_port_that_is_taken_is_told_with_another(cli: Runner, model: Path, taken: int) -> None:
    assert_told(cli(str(model), "--port", str(taken)), f"端口 {taken}", "占用", "--port")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com"])
def test_no_address_but_this_machines_is_served(cli: Runner, model: Path, host: str) -> None:
    assert_told(cli(str(model), "--host", host), host, HOST)


def test_what_is_not_installed_is_told_with_how_to_install_it(cli: Runner, model: Path, free: int) -> None:
    assert_told(cli(str(model), "--port", str(free)), "xllamacpp", "pip install", "llm-local")


@pytest.mark.parametrize("arguments", [("--port", "0"), ("--context", "10"), ("--threads", "0"), ("--port", "x")])
def test_figures_out_of_range_are_told(cli: Runner, model: Path, arguments: tuple[str, str]) -> None:
    assert_told(cli(str(model), *arguments), arguments[0])


Served = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def served(tmp_path: Path, model: Path, free: int) -> Iterator[Served]:
    """`coach serve-model` as a process, with a stand-in for xllamacpp."""
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "xllamacpp.py").write_text(FAKE, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "fake"), *filter(None, [os.environ.get("PYTHONPATH")])])
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str, content: str = "") -> subprocess.Popen[str]:
        model.write_bytes(b"GGUF" + content.encode())
        command = [sys.executable, "-m", "coach", "serve-model", str(model), "--port", str(free), *arguments]
        running.append(
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": path},
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_to_set_and_ends_quietly_with_code_zero(served: Served, free: int, number: int) -> None:
    process = served("--context", "4096", "--threads", "3")
    assert lines(process, 3) == [
        "['local'] 4096 3",
        f"COACH_LLM_BASE_URL=http://{HOST}:{free}/v1",
        "COACH_LLM_MODEL=local",
    ]
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "Ctrl+C" in err
    assert "Traceback" not in err


def test_it_can_be_ended_while_it_loads(served: Served) -> None:
    process = served(content="slow")
    assert lines(process, 1) == ["loading"]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_model_that_cannot_be_loaded_is_told(served: Served) -> None:
    process = served(content="broken")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert "model.gguf：装不进这个模型" in err.splitlines()[-1]
