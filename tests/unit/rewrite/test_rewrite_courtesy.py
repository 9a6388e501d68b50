"""Curt words that no rule names, in lines mended for something else: they are said as a good agent says them, and only if it verifies."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_line import reasons, rewritten

from coach.errors import KnowledgeError
from coach.rewrite import Rewriter, load_mends
from coach.rewrite.courtesy import courteous
from coach.transcripts import CallMeta, Transcript, Turn


@pytest.mark.parametrize(
    ("customer", "agent", "wanted"),
    [
        ("打印机不动了", "你重启一下试试，再看下指示灯。", "麻烦您"),
        ("缺一份证明怎么办", "盖好章，周三下班前来前台办。你别忘了。", "请您周三下班前来前台办"),
        ("我的表填好了", "行，你把表发我，服务密码报一下。", "请您报一下服务密码"),
        ("奶粉罐压瘪了", "你拍照发过来看看再说。", "麻烦您拍照发过来"),
    ],
)
def test_what_the_customer_is_to_do_is_asked_of_him(rewriter: Rewriter, customer: str, agent: str, wanted: str) -> None:
    assert wanted in rewritten(rewriter, customer, agent)


def test_a_bare_question_is_asked_politely(rewriter: Rewriter) -> None:
    assert "请问您哪天要走" in rewritten(rewriter, "帮我查下周的班次", "你哪天要走啊？")


def test_an_offer_put_as_a_choice_of_two_becomes_a_question(rewriter: Rewriter) -> None:
    assert "请问您需要开吗" in rewritten(rewriter, "那个套餐支持我家吗", "你家支持，下月3号生效，开不开？")


def test_the_customers_word_is_not_thrown_back(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "苹果烂了六个", "六个啊，给你补六个，来店里拿吧")
    assert not said.startswith("六个啊")
    assert "请您来店里拿" in said


def test_the_days_of_everyday_speech_are_written_out_and_stay_the_same_days(rewriter: Rewriter) -> None:
    assert "明天下午两点" in rewritten(rewriter, "啥时候能送", "明儿下午两点给你送。")


def test_calling_again_later_is_no_asking_to_wait(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "我要查话费", "你等会儿再打")
    assert "麻烦您稍后再打来" in said
    assert "大约需要" not in said


def test_must_is_said_as_what_is_needed(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "别家当天就好了", "你这个开通得24小时。")
    assert "需要24小时" in said


@pytest.mark.parametrize("taunt", ["你急着拆它干啥", "反正你又不上班", "快点", "挂了吧", "谁让你来晚了"])
def test_a_taunt_goes_though_the_line_breaks_no_rule_of_manners_that_was_found(rewriter: Rewriter, taunt: str) -> None:
    said = rewritten(rewriter, "纱布几天能拆？", f"你后天来拆，{taunt}")
    assert taunt.replace("你", "您") not in said
    assert "后天" in said


def test_an_answer_that_is_complete_is_followed_by_no_promise_to_look_into_it(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "我要停掉那个会员", "你自己开的，怎么现在又想停？停的话下个月1号生效")
    assert "下个月1号生效" in said
    assert "【时限】" not in said


def test_a_courtesy_that_does_not_verify_is_left_out_and_the_others_are_kept(rewriter: Rewriter) -> None:
    line = "明儿得带身份证,您重启一下光猫。"
    kept = courteous(line, line, "", rewriter.mends, lambda said: "明天" not in said)
    assert "明儿" in kept
    assert "需要带身份证" in kept


def test_a_line_without_a_curt_word_is_left_as_it_was_written(rewriter: Rewriter) -> None:
    line = "您好，麻烦您报一下单号。"
    assert courteous(line, line, "", rewriter.mends, lambda _: True) == line


def test_asking_politely_for_what_was_demanded_keeps_the_line(rewriter: Rewriter) -> None:
    assert not reasons(rewriter, "我查积分", "你卡号报一下，快点。", "好的，麻烦您报一下卡号。")


def test_a_courtesy_with_a_broken_pattern_is_named(tmp_path: Path, root: Path) -> None:
    (tmp_path / "mends").mkdir()
    (tmp_path / "rules").mkdir()
    for file in (root / "knowledge" / "rules").glob("*.yaml"):
        (tmp_path / "rules" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    broken = "version: 1\ncourtesy:\n  - {from: '(', to: ''}\n"
    (tmp_path / "mends" / "courtesy.yaml").write_text(broken, "utf-8")
    with pytest.raises(KnowledgeError, match="courtesy"):
        load_mends(tmp_path)


def test_what_is_demanded_at_once_is_asked_for(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "我想查下我们班几点集合。", "赶紧报班号，后头还排着好几个电话呢")
    assert "麻烦您报一下班号" in said
    assert "排着" not in said


def test_who_is_looking_for_something_is_given_time(rewriter: Rewriter) -> None:
    assert "找到" in rewritten(rewriter, "我在包里翻一下单据。", "快点说，后面还有一堆人排队。")


def test_a_plain_request_answered_with_a_price_is_followed_by_a_question_only(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "我想加一床被子。", "您怎么不早说呢？库房只剩一床羽绒的了，60一晚")
    assert said.endswith("60一晚，您看可以吗？")


def test_how_the_customer_is_doing_is_no_part_of_what_was_asked(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "方便，会跌吗？", "绝对不会跌，稳赚，参考年化3.1%。")
    assert "方便" not in said
    assert "会不会跌" in said


def test_a_no_to_what_was_asked_for_stays(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "那把伞还是没找到吗？", "没找到，我们已经尽力了，按规定最多赔80。")
    assert said.startswith("没找到") or "没有找到" in said


def test_what_the_agent_goes_to_check_stays_his_to_check(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "我明明锁了车还在计费。", "稍等哈，核对一下您的骑行轨迹。")
    assert "麻烦您核对" not in said
    assert "请您核对" not in said


def test_what_is_asked_for_in_a_word_is_asked_for(rewriter: Rewriter) -> None:
    assert "麻烦您报一下身份证号" in rewritten(rewriter, "我想查一下保单。", "身份证号，快点报，报完就能查")


def test_what_was_found_is_told_as_found_for_the_customer(rewriter: Rewriter) -> None:
    turns = (
        Turn("agent", "我查一下，大约一分钟，您稍等可以吗？"),
        Turn("customer", "可以。"),
        Turn("agent", "喂，还在吧？问了，师傅下午四点能到。"),
    )
    result = rewriter.rewrite(Transcript(turns, CallMeta(direction="inbound", excerpt=True)))
    assert result.status == "verified"
    assert "帮您问到了，师傅下午四点能到" in (result.rewrite or "")


def test_what_stopped_by_itself_was_not_stopped_for_the_customer(rewriter: Rewriter) -> None:
    said = rewritten(rewriter, "我家怎么没水？", "停了，你等到下午四点。")
    assert "给您停" not in said


def test_no_number_is_put_in_that_the_line_does_not_say(rewriter: Rewriter) -> None:
    assert "110" not in rewritten(rewriter, "我的包被偷了，怎么办？", "报警啊，你找我干啥，下午三点前来登记。")
