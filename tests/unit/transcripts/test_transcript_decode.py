import codecs

import pytest

from coach.errors import TranscriptError
from coach.transcripts import MAX_BYTES, parse_text, read_transcripts

CALL = "坐席：您好，请问有什么可以帮您？\n客户：我的宽带断了😡，户名𠮷田。\n"
TURNS = (("agent", "您好，请问有什么可以帮您？"), ("customer", "我的宽带断了😡，户名𠮷田。"))


def turns(data: bytes, name: str = "call.txt") -> tuple[tuple[str, str], ...]:
    (call,) = read_transcripts(data, name=name)
    return tuple((turn.speaker, turn.text) for turn in call.turns)


@pytest.mark.parametrize(
    "data",
    [
        CALL.encode(),
        CALL.encode("utf-8-sig"),
        CALL.encode("utf-16"),
        codecs.BOM_UTF16_BE + CALL.encode("utf-16-be"),
        CALL.encode("gb18030"),
        CALL.replace("\n", "\r\n").encode(),
        CALL.replace("\n", "\r").encode(),
        CALL.rstrip().encode(),
        CALL.replace("\n", "\r\n").encode("utf-16"),
        CALL.replace("\n", "\n\n\n").encode("gb18030"),
    ],
    ids=[
        "utf-8",
        "bom",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
        "crlf",
        "cr",
        "no-last-newline",
        "utf-16-crlf",
        "blank-lines",
    ],
)
def test_every_usual_encoding_and_line_end_gives_the_same_turns(data: bytes) -> None:
    assert turns(data) == TURNS


def test_json_may_be_in_gb18030_with_windows_line_ends() -> None:
    text = '{\r\n"turns": [{"speaker": "agent", "text": "您好"}]\r\n}'
    assert turns(text.encode("gb18030"), "call.json") == (("agent", "您好"),)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff".encode(), "\u3000\u200b\n".encode(), codecs.BOM_UTF16_LE])
@pytest.mark.parametrize("name", ["call.txt", "call.json", "call.jsonl"])
def test_an_empty_file_is_refused_as_empty(data: bytes, name: str) -> None:
    with pytest.raises(TranscriptError, match=rf"^{name}：文件是空的"):
        read_transcripts(data, name=name)


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        b"%PDF-1.7 abc",
        b"RIFF....WAVEfmt ",
        "坐席：您好\0".encode(),
        "坐席：您好".encode("utf-16-le"),
        bytes(range(1, 9)) * 10,
        bytes([200, 5, 201, 6]) * 10,
    ],
    ids=["doc", "pdf", "wav", "nul", "utf-16-without-bom", "control-bytes", "not-gb18030"],
)
def test_binary_is_refused_with_the_formats_that_can_be_read(data: bytes) -> None:
    with pytest.raises(TranscriptError, match=r"call：.*txt、json、jsonl"):
        read_transcripts(data, name="call")


@pytest.mark.parametrize("name", ["a.pdf", "a.XLS", "a.html", "a.doc", "a.mp3"])
def test_a_format_not_read_is_refused_by_its_name_rather_than_misread(name: str) -> None:
    with pytest.raises(TranscriptError, match=r"读不了 .*txt、json、jsonl"):
        read_transcripts("speaker,text\nagent,您好".encode(), name=name)


def test_damaged_utf_8_is_not_taken_for_another_encoding() -> None:
    data = "坐席：您好，这里是客服中心\n客户：你好".encode()
    with pytest.raises(TranscriptError, match="第 2 行有坏掉的字节"):
        read_transcripts(data[:-1], name="call.txt")


def test_bytes_in_no_known_encoding_are_refused() -> None:
    with pytest.raises(TranscriptError, match=r"认不出文字编码.*UTF-8"):
        read_transcripts(b"agent: \xff\xff\xff", name="call.txt")


def test_a_cut_utf_16_file_is_refused() -> None:
    with pytest.raises(TranscriptError, match="UTF-16"):
        read_transcripts(CALL.encode("utf-16")[:-1], name="call.txt")


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(TranscriptError, match=r"big\.txt：文件有 20\.0 MB，超过 20\.0 MB 的上限"):
        read_transcripts(bytes(MAX_BYTES + 1), name="big.txt")
    with pytest.raises(TranscriptError, match="上限"):
        read_transcripts("坐席：您好".encode(), name="call.txt", max_bytes=5)


def test_pasted_text_may_have_a_byte_order_mark_and_windows_line_ends() -> None:
    call = parse_text("\ufeff坐席：您好\r\n\r\n客户：你好\r\n")
    assert [turn.text for turn in call.turns] == ["您好", "你好"]


@pytest.mark.parametrize("text", ["", " \n ", "\ufeff", "\u200b"])
def test_blank_pasted_text_is_refused(text: str) -> None:
    with pytest.raises(TranscriptError, match="粘贴的文本：没有通话内容"):
        parse_text(text)
