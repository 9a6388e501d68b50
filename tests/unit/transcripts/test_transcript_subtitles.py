"""Calls as subtitles: labels and voice tags say who speaks, cues say when, and nothing is lost unseen."""

from __future__ import annotations

import pytest

from coach.errors import TranscriptError
from coach.transcripts import Transcript, Turn, parse_text, read_transcripts

SRT = """1
00:00:01,000 --> 00:00:03,500
坐席：您好，请问有什么可以帮您？

2
00:00:04,000 --> 00:00:06,250
客户：我的宽带断了😡
"""
VTT = """WEBVTT - 通话

NOTE
这是注释

intro/0
00:01.000 --> 00:03.500 align:start
<v 坐席>您好，请问有什么可以帮您？</v>

00:00:04.000 --> 00:00:06.250
<v.loud 客户>我的<b>宽带</b>断了😡</v>
"""
TURNS = (Turn("agent", "您好，请问有什么可以帮您？", 1.0, 3.5), Turn("customer", "我的宽带断了😡", 4.0, 6.25))


def read(text: str, name: str = "call.srt", agent: str | None = None) -> Transcript:
    (call,) = read_transcripts(text.encode(), name=name, agent_label=agent)
    return call


def refused(text: str, name: str = "call.srt") -> TranscriptError:
    with pytest.raises(TranscriptError) as caught:
        read(text, name)
    assert caught.value.hint
    return caught.value


def srt(*cues: str) -> str:
    """Cues a second long, ten seconds apart."""
    return "\n".join(f"{i}\n00:{i:02d}:10,000 --> 00:{i:02d}:11,000\n{cue}\n" for i, cue in enumerate(cues, start=1))


@pytest.mark.parametrize(("text", "name"), [(SRT, "call.srt"), (VTT, "call.vtt"), (SRT, "标准输入"), (VTT, "call.txt")])
def test_cues_are_turns_with_their_times(text: str, name: str) -> None:
    call = read(text, name)
    assert call.turns == TURNS
    assert call.notes == ()
    assert parse_text(text).turns == TURNS


@pytest.mark.parametrize("data", [SRT.encode("gb18030"), SRT.encode("utf-8-sig"), SRT.replace("\n", "\r\n").encode()])
def test_subtitles_are_read_in_every_usual_encoding(data: bytes) -> None:
    assert read_transcripts(data, name="call.srt")[0].turns == TURNS


def test_cues_without_a_number_are_read() -> None:
    assert read("\n".join(line for line in SRT.split("\n") if not line.isdigit())).turns == TURNS


def test_a_cue_without_a_label_continues_the_turn_and_wrapped_lines_are_joined() -> None:
    call = read(srt("坐席：您好，这里是\n客服中心", "请问您\nAnna 女士在吗", "客户：在"))
    assert call.turns == (
        Turn("agent", "您好，这里是客服中心\n请问您 Anna 女士在吗", 70.0, 131.0),
        Turn("customer", "在", 190.0, 191.0),
    )


def test_where_two_speak_in_one_cue_only_its_outer_times_are_known() -> None:
    call = read(srt("- 坐席：好的\n- 客户：快点"))
    assert call.turns == (Turn("agent", "好的", 70.0, None), Turn("customer", "快点", None, 71.0))


def test_several_voices_in_one_cue_are_several_turns() -> None:
    call = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v 坐席 小王>请说</v>\n<v 客户>查 A&amp;B\n套餐", "call.vtt")
    assert call.turns == (Turn("agent", "请说", 1.0, None), Turn("customer", "查 A&B 套餐", None, 2.0))


def test_speakers_that_speech_recognition_numbered_are_guessed_and_may_be_named() -> None:
    text = SRT.replace("坐席", "说话人2").replace("客户", "说话人1")
    assert read(text).turns == TURNS
    assert read(text).notes == ("按说话内容推断：说话人2 是坐席，如有误请用 --agent 指定",)
    assert [turn.speaker for turn in read(text, agent="说话人1").turns] == ["customer", "agent"]


def test_any_name_may_stand_in_a_voice_tag() -> None:
    call = read(VTT.replace("坐席", "Alice Wang").replace("客户", "Bob Li (mobile)"), "call.vtt")
    assert call.turns == TURNS
    assert "Alice Wang 是坐席" in call.notes[0]


def test_text_in_angle_brackets_that_is_no_tag_stays() -> None:
    assert read(srt("坐席：<i>请</i>按<1>键，<静音>")).turns[0].text == "请按<1>键，<静音>"


def test_a_number_at_the_end_of_what_is_said_stays() -> None:
    assert read(srt("坐席：请拨打\n10010")).turns[0].text == "请拨打 10010"


def test_subtitles_without_labels_are_one_agent_turn_and_said_so() -> None:
    call = read(srt("您好", "请讲"))
    assert call.turns == (Turn("agent", "您好\n请讲", 70.0, 131.0),)
    assert call.notes[0].startswith("没有说话人标签，2 条字幕合为坐席的一轮")


def test_a_cue_without_text_is_skipped_and_noted() -> None:
    call = read(srt("坐席：您好", "", "客户：", "坐席：喂"))
    assert [turn.text for turn in call.turns] == ["您好", "喂"]
    assert call.notes == ("第 2 条字幕没有文字，已跳过", "第 3 条字幕只有说话人、没有内容，已跳过")


@pytest.mark.parametrize(
    ("text", "name", "where", "what"),
    [
        (SRT.replace("00:00:04,000", "00:00:4x"), "a.srt", "a.srt 第 6 行", "时间“00:00:4x --> 00:00:06,250”读不懂"),
        (SRT.replace("00:00:06,250", "00:00:75,000"), "a.srt", "a.srt 第 6 行", "读不懂"),
        (SRT.replace("00:00:06,250", "00:00:03,000"), "a.srt", "a.srt 第 6 行", "结束时间早于开始时间"),
        (SRT.replace("坐席：", ""), "a.srt", "a.srt 第 1 条字幕", "开头看不出是谁说的：“您好，请问有什么可以帮您？”"),
        (f"通话记录\n{SRT}", "a.srt", "a.srt 第 1 行", "上面没有时间"),
        ("坐席：您好\n", "a.srt", "a.srt", "字幕里没有时间"),
        (srt("", ""), "a.srt", "a.srt", "字幕里没有说话内容"),
        (srt("坐席："), "a.srt", "a.srt", "只有说话人"),
        (SRT, "a.vtt", "a.vtt 第 1 行", "不是 vtt 字幕"),
        ("WEBVTT\n", "a.vtt", "a.vtt", "字幕里没有时间"),
        (VTT.replace("06.250", "06,250"), "a.vtt", "a.vtt 第 10 行", "读不懂"),
        (VTT.replace("06.250", "02.000"), "a.vtt", "a.vtt 第 10 行", "结束时间早于开始时间"),
        (f"{VTT}\n客户：还有\n", "a.vtt", "a.vtt 第 13 行", "上面没有时间"),
    ],
)
def test_a_fault_is_told_with_its_line_or_cue(text: str, name: str, where: str, what: str) -> None:
    error = refused(text, name)
    assert error.where == where
    assert what in error.what


def test_naming_an_agent_that_is_not_there_is_refused() -> None:
    with pytest.raises(TranscriptError, match="没有“王芳”这个说话人"):
        read(SRT, agent="王芳")
    with pytest.raises(TranscriptError, match="没有“王芳”这个说话人"):
        read(srt("您好", "喂"), agent="王芳")
