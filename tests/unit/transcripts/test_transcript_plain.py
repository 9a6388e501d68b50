import time

import pytest

from coach.errors import TranscriptError
from coach.transcripts import Transcript, parse_text, read_transcripts

ASR = "说话人1：喂，我想问一下我的宽带怎么断了？\n说话人2：您好，请您提供一下办理时的号码，我为您查询。\n说话人1：好的。\n"


def said(call: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in call.turns]


@pytest.mark.parametrize(
    "label", ["坐席", "客服", "话务员", "顾问", "我方", "Agent", "A", "座席", "接线员", "agent", "客户经理"]
)
@pytest.mark.parametrize("colon", ["：", ":"])
def test_every_agent_label_is_known(label: str, colon: str) -> None:
    call = parse_text(f"{label}{colon}您好\n客户{colon}你好")
    assert said(call) == [("agent", "您好"), ("customer", "你好")]
    assert call.notes == ()


@pytest.mark.parametrize("label", ["客户", "用户", "顾客", "来电人", "对方", "Customer", "C", "customer", "客戶"])
def test_every_customer_label_is_known(label: str) -> None:
    assert said(parse_text(f"坐席：您好\n{label}: 你好")) == [("agent", "您好"), ("customer", "你好")]


@pytest.mark.parametrize(
    "opening",
    [
        "坐席：",
        "  坐席 ： ",
        "1. 坐席：",
        "12、坐席：",
        "（3）坐席：",
        "- 坐席：",
        "**坐席：**",
        "**坐席**：",
        "1. **坐席**：",
        "> 坐席：",
        "\u200b坐席：",
        "## 坐席：",
    ],
)
def test_numbers_bullets_and_bold_before_a_label_are_dropped(opening: str) -> None:
    assert said(parse_text(f"{opening}您好\n客户：你好")) == [("agent", "您好"), ("customer", "你好")]


@pytest.mark.parametrize(
    "label",
    [
        "坐席A",
        "坐席1",
        "坐席01",
        "客服小王",
        "客服 小王",
        "客服李晓明",
        "客服（小王）",
        "客服001号",
        "客服代表",
        "Agent 1",
        "坐席王经理",
        "客服阿珍",
    ],
)
def test_a_label_may_carry_a_number_or_a_name(label: str) -> None:
    assert said(parse_text(f"{label}：您好\n客户王女士：你好")) == [("agent", "您好"), ("customer", "你好")]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("[00:12]", 12.0, None),
        ("[01:02:03]", 3723.0, None),
        ("【00:12】", 12.0, None),
        ("【00：12】 ", 12.0, None),
        ("(00:12)", 12.0, None),
        ("（75:10） ", 4510.0, None),
        ("[00:12.5]", 12.5, None),
        ("[00:12-00:15]", 12.0, 15.0),
        ("00:12 ", 12.0, None),
        ("3. [00:12] ", 12.0, None),
    ],
)
def test_a_time_before_the_label_is_the_start(written: str, start: float, end: float | None) -> None:
    turn = parse_text(f"{written}坐席：您好\n客户：你好").turns[0]
    assert (turn.speaker, turn.text, turn.start, turn.end) == ("agent", "您好", start, end)


@pytest.mark.parametrize("written", ["[00:75]", "[01:60:00]", "[00:15-00:12]"])
def test_an_impossible_time_is_refused_with_its_line(written: str) -> None:
    with pytest.raises(TranscriptError, match=r"粘贴的文本 第 2 行：时间 \["):
        parse_text(f"客户：喂\n{written} 坐席：您好")


def test_a_time_may_follow_the_label_with_the_words_below() -> None:
    call = parse_text("说话人1 00:03\n您好，很高兴为您服务。\n说话人2 00:07\n我想问个事。")
    assert [(turn.speaker, turn.start, turn.text) for turn in call.turns] == [
        ("agent", 3.0, "您好，很高兴为您服务。"),
        ("customer", 7.0, "我想问个事。"),
    ]


def test_lines_without_a_label_continue_the_turn() -> None:
    call = parse_text("坐席：您好，\n  请稍等，\n\n我为您查询。\n客户：\n好的\n")
    assert said(call) == [("agent", "您好，\n请稍等，\n我为您查询。"), ("customer", "好的")]


@pytest.mark.parametrize(
    "line",
    ["地址：和平路10号", "时间：10:30", "10:30", "客服电话：12345", "客户姓名：李明", "用户名：abc", "客户说：不行", "用户余额：86元", "顾问费：200", "对方账号：6222",
     "客服高峰期：晚上", "客户您好：这里有个通知", "http://example.com", "Customer ID: 3", "客户谢谢：好", "C盘：满了", "注意：别挂机", "的客户：王"],
)  # fmt: skip
def test_a_colon_in_a_sentence_is_no_speaker_label(line: str) -> None:
    assert said(parse_text(f"坐席：您看一下\n{line}\n客户：好")) == [("agent", f"您看一下\n{line}"), ("customer", "好")]
    assert said(parse_text(line)) == [("agent", line)]


def test_options_read_out_by_letter_belong_to_the_turn() -> None:
    options = "A：全退\nB：换货\nC：赔券"
    assert said(parse_text(f"坐席：您选哪个？\n{options}\n客户：全退")) == [
        ("agent", f"您选哪个？\n{options}"),
        ("customer", "全退"),
    ]
    assert said(parse_text(f"您选哪个？\n{options}")) == [("agent", f"您选哪个？\n{options}")]


def test_letters_a_and_b_are_two_speakers_to_be_told_apart() -> None:
    call = parse_text("A：喂，我要投诉！\nB：您好，很高兴为您服务，请问有什么可以帮您？\nA：你们怎么回事")
    assert [turn.speaker for turn in call.turns] == ["customer", "agent", "customer"]
    assert "B 是坐席" in call.notes[0]


def test_text_before_the_first_label_is_refused_with_its_line() -> None:
    with pytest.raises(TranscriptError, match="粘贴的文本 第 2 行：开头看不出是谁说的：“通话记录”。请在每轮开头"):
        parse_text("\n通话记录\n坐席：您好")


def test_one_line_without_a_label_is_an_agents_excerpt() -> None:
    call = parse_text(" 不知道，你问别人吧。 ")
    assert said(call) == [("agent", "不知道，你问别人吧。")]
    assert (call.meta.excerpt, call.meta.from_start, call.notes) == (True, False, ())


def test_several_lines_without_a_label_are_one_turn_and_the_user_is_told() -> None:
    call = parse_text("您好。\n\n请稍等。")
    assert said(call) == [("agent", "您好。\n请稍等。")]
    assert "2 行合为坐席的一轮" in call.notes[0]


def test_one_labelled_turn_is_an_excerpt_and_two_are_a_call() -> None:
    one, two = parse_text("客户：喂"), parse_text("客户：喂\n坐席：您好")
    assert (one.meta.excerpt, one.meta.from_start) == (True, False)
    assert (two.meta.excerpt, two.meta.from_start) == (False, True)


def test_a_label_with_nothing_said_is_skipped_and_noted() -> None:
    call = parse_text("坐席：您好\n客户：\n坐席：请讲\n客户：  ")
    assert said(call) == [("agent", "您好"), ("agent", "请讲")]
    assert call.notes == ("第 2、4 行只有说话人、没有内容，已跳过",)


def test_labels_alone_are_refused() -> None:
    with pytest.raises(TranscriptError, match="只有说话人，没有说话内容"):
        parse_text("坐席：\n客户：")


@pytest.mark.parametrize(
    "form", ["说话人{}", "说话人 {}", "发言人{}", "Speaker {}", "speaker_{}", "SPEAKER_0{}", "说话人{} "]
)
def test_the_agent_among_unknown_speakers_is_guessed_from_their_words(form: str) -> None:
    first, second = form.format(1), form.format(2)
    call = parse_text(ASR.replace("说话人1", first).replace("说话人2", second))
    assert [turn.speaker for turn in call.turns] == ["customer", "agent", "customer"]
    assert call.notes == (f"按说话内容推断：{second.strip()} 是坐席，如有误请用 --agent 指定",)


@pytest.mark.parametrize("label", ["说话人1", "说话人 1", "说话人１", "说话人1："])
def test_the_user_may_name_the_agents_label(label: str) -> None:
    call = parse_text(ASR, agent_label=label)
    assert [turn.speaker for turn in call.turns] == ["agent", "customer", "agent"]
    assert call.notes == ()


def test_a_label_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(TranscriptError, match="没有“说话人3”这个说话人。文中的说话人有：说话人1、说话人2"):
        parse_text(ASR, agent_label="说话人3")
    with pytest.raises(TranscriptError, match="没有“说话人1”这个说话人"):
        parse_text("您好", agent_label="说话人1")


def test_when_words_do_not_tell_the_first_speaker_is_the_agent_and_the_user_is_told() -> None:
    call = parse_text("说话人1：嗯\n说话人2：哦")
    assert [turn.speaker for turn in call.turns] == ["agent", "customer"]
    assert "看不出谁是坐席" in call.notes[0]


def test_further_unknown_speakers_are_customers_and_noted() -> None:
    call = parse_text(ASR + "说话人3：爸，怎么了\n")
    assert [turn.speaker for turn in call.turns] == ["customer", "agent", "customer", "customer"]
    assert call.notes[1] == "说话人1、说话人3 都当作客户"


def test_an_unknown_speaker_beside_a_known_one_is_the_other_party() -> None:
    assert [turn.speaker for turn in parse_text("坐席：您好\n说话人2：我为您服务").turns] == ["agent", "customer"]
    assert [turn.speaker for turn in parse_text("客户：您好\n说话人2：喂").turns] == ["customer", "agent"]


def test_naming_the_customers_label_swaps_the_sides() -> None:
    call = parse_text("坐席：喂\n客户：您好", agent_label="客户")
    assert [turn.speaker for turn in call.turns] == ["customer", "agent"]


def test_people_called_by_name_are_speakers_where_every_line_has_a_name() -> None:
    text = "王芳：您好，很高兴为您服务。\n李明：我的快递怎么还没到？\n王芳：我为您查询。"
    assert [turn.speaker for turn in parse_text(text).turns] == ["agent", "customer", "agent"]
    assert [turn.speaker for turn in parse_text(text, agent_label="李明").turns] == ["customer", "agent", "customer"]


@pytest.mark.parametrize("text", ["客服：您好\n王先生：喂", "客服：您好\n李明：喂\n客服：请讲\n李明：嗯"])
def test_names_are_the_other_side_where_only_one_side_has_labels(text: str) -> None:
    call = parse_text(text)
    assert [turn.speaker for turn in call.turns][:2] == ["agent", "customer"]
    assert len(call.notes) == 1
    assert said(parse_text("客服：请记一下\n单号：12")) == [("agent", "请记一下\n单号：12")]


@pytest.mark.parametrize("form", ["【{}】", "[{}]", "【{}】：", "[00:01] 【{}】 "])
def test_a_label_in_square_brackets_needs_no_colon(form: str) -> None:
    call = parse_text(f"{form.format('坐席')}您好\n{form.format('客户')}喂")
    assert said(call) == [("agent", "您好"), ("customer", "喂")]


def test_a_name_beside_known_labels_is_told_to_the_user_or_named_by_them() -> None:
    text = "客户：喂\n王芳：您好\n客户：嗯，\n行\n王芳：请讲"
    assert "“王芳：”没有当作说话人" in parse_text(text).notes[0]
    call = parse_text(text, agent_label="王芳")
    assert [turn.speaker for turn in call.turns] == ["customer", "agent", "customer", "agent"]


def test_ten_thousand_turns_are_read_in_under_a_second() -> None:
    data = "".join(
        f"[{i // 60:02d}:{i % 60:02d}] 说话人{i % 2 + 1}：您好，第{i}句，我为您查询。\n" for i in range(10_000)
    ).encode()
    began = time.perf_counter()
    (call,) = read_transcripts(data, name="long.txt")
    assert len(call.turns) == 10_000
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("fill", ["好", " ", "1", "**", "[", "A", "\\", "：", "小", "00:12 ", "1. ", "\u3000x", "“"])
@pytest.mark.parametrize("head", ["坐席：", "", "说话人1：", "坐席：您好\n", "坐席"])
def test_a_line_of_a_megabyte_is_read_in_under_a_second(head: str, fill: str) -> None:
    text = head + fill * (1_000_000 // len(fill)) + "。"
    began = time.perf_counter()
    call = parse_text(text)
    assert call.turns[0].text.endswith("。")
    assert time.perf_counter() - began < 1


def test_a_hundred_thousand_blank_lines_do_no_harm() -> None:
    began = time.perf_counter()
    assert len(parse_text("坐席：您好" + "\n" * 100_000 + "客户：喂").turns) == 2
    assert time.perf_counter() - began < 1


def test_every_error_is_one_line() -> None:
    with pytest.raises(TranscriptError) as caught:
        parse_text("很长" * 100 + "\u2028没有标签\n坐席：您好")
    assert len(str(caught.value).splitlines()) == 1
