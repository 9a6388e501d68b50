"""Every format of a call, from the command line and from the web app's upload: the same lines come out."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from coach.cli.main import run
from coach.transcripts import FORMATS
from coach.web.calls import CallInput, read_calls

ROWS = (("说话人", "内容"), ("坐席", "您好，请讲"), ("客户", "我家断网三天了"))
LINES = [("agent", "您好，请讲"), ("customer", "我家断网三天了")]
TURNS = [{"speaker": speaker, "text": text} for speaker, text in LINES]


def _xlsx() -> bytes:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    for row in ROWS:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _docx() -> bytes:
    document = docx.Document()
    for speaker, text in ROWS[1:]:
        document.add_paragraph(f"{speaker}：{text}")
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


FILES: dict[str, bytes] = {
    "txt": "坐席：您好，请讲\n客户：我家断网三天了\n".encode("gb18030"),
    "json": json.dumps({"turns": TURNS}).encode(),
    "jsonl": "\n".join(map(json.dumps, TURNS)).encode(),
    "csv": "\n".join(map(",".join, ROWS)).encode("gb18030"),
    "xlsx": _xlsx(),
    "docx": _docx(),
    "srt": "1\n00:00:01,000 --> 00:00:02,000\n坐席：您好，请讲\n客户：我家断网三天了\n".encode(),
    "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 坐席>您好，请讲</v><v 客户>我家断网三天了</v>\n".encode(),
}


def test_every_format_that_is_named_has_a_file_here() -> None:
    assert FORMATS.split("、") == list(FILES)


@pytest.mark.parametrize("ending", FILES)
def test_the_web_app_takes_an_upload(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"通话.{ending}"
    file.write_bytes(FILES[ending])
    (call,) = read_calls(CallInput(None, str(file), None, None, None, None))
    assert [(turn.speaker, turn.text) for turn in call.transcript.turns] == LINES


@pytest.mark.parametrize("piped", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("ending", FILES)
def test_the_command_line_takes_a_file_or_a_pipe(
    ending: str, piped: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"通话.{ending}"
    file.write_bytes(FILES[ending])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILES[ending])))
    with pytest.raises(SystemExit) as stop:
        run(["critique", "-" if piped else str(file), "--format", "json", "--fail-on", "never"])
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert stop.value.code == 0
    assert [(line["speaker"], line["text"]) for line in lines] == LINES


def test_a_faulty_file_ends_with_one_line_that_names_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "坏.csv"
    file.write_text("说话人,内容\n坐席,您好\n客户,\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        run(["critique", str(file)])
    assert stop.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("坏.csv 第 3 行：没有说话内容。请补上内容")
