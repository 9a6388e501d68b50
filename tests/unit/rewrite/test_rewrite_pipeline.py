"""What a request to rewrite a line answers: verified, rejected or unchanged, and never an unverified line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from one_line import rewritten

from coach.errors import InputError
from coach.rewrite import Rewriter
from coach.transcripts import CallMeta, Transcript, Turn, read_transcripts


def call(*turns: tuple[str, str]) -> Transcript:
    meta = CallMeta(direction="inbound", excerpt=True, from_start=False)
    return Transcript(tuple(Turn(speaker, text) for speaker, text in turns), meta)  # type: ignore[arg-type]


def training(root: Path) -> list[Transcript]:
    calls = []
    for name in ("lines-language", "lines-procedure"):
        for line in (root / "eval" / "training" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if item["labels"]:
                turns = [*((turn["speaker"], turn["text"]) for turn in item["context"]), ("agent", item["text"])]
                meta = CallMeta(direction=item["direction"], excerpt=True, from_start=item["first_line"])
                calls.append(Transcript(call(*turns).turns, meta))
    return calls


def test_a_hold_keeps_its_reason_and_asks(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", "钱到了没有？"), ("agent", "你等一下，我看看您那笔2000元的转账")))
    assert result.status == "verified"
    assert result.rewrite == "好的，我看看您那笔2000元的转账，大约需要【时长】，麻烦您稍等，好吗？"
    assert result.verdict.slots == ("时长",)
    assert result.verdict.kept_facts == ("2000元",)


def test_a_faultless_line_is_unchanged(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", "几点送？"), ("agent", "您的包裹今天下午四点前送到。")))
    assert (result.status, result.rewrite, result.attempts) == ("unchanged", None, 0)


def test_a_rejection_keeps_reasons_and_clauses_and_shows_no_line(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(
        call(("customer", "我记成上午了。"), ("agent", "白纸黑字下午两点，您能记成上午，怪得了谁呢。"))
    )
    assert result.status == "rejected"
    assert result.rewrite is None
    assert result.verdict.reasons
    assert result.citations
    assert result.attempts >= 1


def test_text_with_a_backslash_or_emoji_breaks_nothing(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", r"路径是C:\1\g<2>😀？"), ("agent", r"你打开C:\1\g<2>就可以了😀。")))
    assert result.status in {"verified", "rejected"}


@pytest.mark.parametrize(
    ("customer", "agent", "rewrite"),
    [
        ("押金什么时候退？", "押金七天内退，您到底有完没完。", "跟您说明一下，押金七天内退。"),
        (
            "我家从早上就没水，我",
            "打住，您先听我说，停水从9点到17点。",
            "抱歉，停水从9点到17点。",
        ),
        ("路口红绿灯坏了。", "过几天他们会处理。", "路口红绿灯坏了，给您添麻烦了，很抱歉。他们会在【时限】内处理。"),
        ("暖气不热。", "回头我让师傅再给您看看。", "给您带来不便，很抱歉。我会在【时限】内让师傅再给您看看。"),
        ("电话没打通吧？", "等着，我再拨一次。", "好的，我再拨一次看看，大约需要【时长】，请您稍等，可以吗？"),
    ],
)
def test_rude_words_beside_a_fact_go_and_the_fact_stays(
    rewriter: Rewriter, customer: str, agent: str, rewrite: str
) -> None:
    assert rewriter.rewrite(call(("customer", customer), ("agent", agent))).rewrite == rewrite


def test_a_line_of_which_nothing_can_stay_becomes_one_that_fits(rewriter: Rewriter) -> None:
    result = rewriter.rewrite(call(("customer", "算了，那我不办了。"), ("agent", "不办拉倒。")))
    assert result.status == "verified"
    assert result.rewrite is not None
    assert "拉倒" not in result.rewrite
    assert "核实" not in result.rewrite  # he asked for nothing


def test_wording_varies_with_the_customer_and_not_from_run_to_run(rewriter: Rewriter) -> None:
    said = [f"都等了{n}天了，你们到底管不管！" for n in "二三四五六七"]
    calls = [call(("customer", words), ("agent", "师傅下午三点到。")) for words in said]
    first, second = ([rewriter.rewrite(c).rewrite for c in calls] for _ in range(2))
    assert first == second
    assert len(set(first)) > 1


@pytest.mark.parametrize("line", [0, 1, 9])
def test_a_line_that_is_not_the_agents_is_refused(rewriter: Rewriter, line: int) -> None:
    with pytest.raises(InputError):
        rewriter.rewrite(call(("customer", "在吗"), ("agent", "您好")), line)


@pytest.mark.slow
def test_what_is_shown_is_verified_and_converges(rewriter: Rewriter, root: Path) -> None:
    results = [(calls, rewriter.rewrite(calls)) for calls in training(root)]
    for calls, result in results:
        if result.status != "verified":
            assert result.rewrite is None
            continue
        assert result.rewrite
        assert rewriter.verify(calls, result.line, result.rewrite).verified
        rewritten = Transcript((*calls.turns[:-1], Turn("agent", result.rewrite)), calls.meta)
        assert rewriter.rewrite(rewritten).status == "unchanged"
    faulty = [result for _, result in results if result.status != "unchanged"]
    assert sum(result.status == "verified" for result in faulty) >= 0.9 * len(faulty)


def test_an_answered_question_gets_no_offer_to_look_into_it(rewriter: Rewriter) -> None:
    asked = ("customer", "这把锁怎么恢复出厂设置？")
    result = rewriter.rewrite(
        call(asked, ("agent", "说明书上写得明明白白，您不会自己看吗？按住背后的小孔十秒就恢复了。"))
    )
    assert result.rewrite is not None
    assert "按住背后的小孔十秒就恢复了" in result.rewrite
    assert "【时限】" not in result.rewrite


def test_a_no_keeps_its_way_on(rewriter: Rewriter) -> None:
    asked = ("customer", "用过的还能退吗？")
    result = rewriter.rewrite(call(asked, ("agent", "退不了。")))
    assert result.rewrite is not None
    assert "【时限】" in result.rewrite


def test_sympathy_that_did_not_help_gives_way_to_other_words(rewriter: Rewriter) -> None:
    angry = ("customer", "洗衣机修了四次还是漏水，我真是受够了！")
    result = rewriter.rewrite(call(angry, ("agent", "后天下午三点师傅再去一次。")))
    assert result.rewrite is not None
    assert result.rewrite.endswith("后天下午三点师傅再去一次。")


@pytest.mark.parametrize(
    ("customer", "agent", "told"),
    [
        ("洗牙要多久？", "放心，绝对洗得雪白，一次268", "一次268"),
        ("维生素D要买哪种好？", "哪种都差不多，滴剂48，胶囊62，随便", "滴剂48，胶囊62"),
    ],
)
def test_what_a_line_tells_beside_a_boast_or_a_guess_is_told_first(
    rewriter: Rewriter, customer: str, agent: str, told: str
) -> None:
    said = rewritten(rewriter, customer, agent)
    assert told in said
    assert said.index(told) < said.index("【")


def test_a_colleagues_trouble_is_not_told_for_the_figures_in_it(rewriter: Rewriter) -> None:
    line = "小许前两天因为账上少了五百块，被老板停了职，现在由我接她的事。"
    said = rewritten(rewriter, "你们厂子的出纳小许在不在？", line)
    assert "五百块" not in said
    assert "由我接" in said


def test_every_faulty_line_of_the_example_calls_gets_a_rewrite(rewriter: Rewriter, root: Path) -> None:
    rejected = []
    for file in sorted((root / "examples").glob("0*")):
        for call in read_transcripts(file.read_bytes(), name=file.name):
            results = (rewriter.rewrite(call, i + 1) for i in call.agent_lines())
            rejected += [result.original for result in results if result.status == "rejected"]
    assert rejected == []


def test_nothing_is_left_of_words_that_went_but_a_particle(rewriter: Rewriter) -> None:
    said = rewritten(
        rewriter, "我没开过会员，怎么乱扣钱！", "您确定不是自己点错了？开通都有短信提醒的，是您自己没看清楚吧。"
    )
    assert "，吧" not in said
    assert "短信提醒" in said


def test_a_message_is_taken_though_it_was_granted_in_haste(rewriter: Rewriter) -> None:
    assert "您请" in rewritten(rewriter, "那能不能帮我留个话？", "可以，快点说，我这儿还忙着呢。")
