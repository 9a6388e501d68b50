"""A real call becomes a scenario: the problem, want, facts and mood are the customer's, what settles it is what the agent offered.

By rules; nothing is added. Personal data are replaced by invented ones first, so nothing real is in the scenario.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from hashlib import sha256
from typing import Literal

import regex

from coach.errors import InputError
from coach.roleplay.call_clauses import Answer, answers, clauses, full_width, pieces, says_nothing
from coach.roleplay.call_facts import caller_of, facts_of, is_answer
from coach.roleplay.call_offers import offers_of, wishes_of
from coach.roleplay.invented import invented_call
from coach.roleplay.keywords import keywords
from coach.roleplay.scenario import Caller, Direction, Fact, Scenario, Settlement
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["scenario_from_call"]

_MOST_STORY, _MOST_TURNS, _MOST_FACTS = 6, 3, 12
_MOST_PROBLEM = 30
_SUBSTANTIAL = 8
_SHORTEST = 4
_HAN = regex.compile(r"\p{Han}")
_WANTED = {"complaint": "把这件事处理好", "enquiry": "把这件事问清楚", "request": "把这件事办好"}
_WANTS = tuple(
    regex.compile(source)
    for source in (
        r"(?:(?:我|他|她|妈|爸|家)(?:就|只|是|最|也|还|现在)*(?:想要|希望|要求|想|要)|^(?:就|只|最好)?(?:希望|要求|想))(?:你们|您们|你|您)?(?:能|可以)?(?:帮我|给我(?!妈|爸|家|们|孩|女|儿)|替我)?(?P<want>(?!知道|问|咨询|了解|投诉|是|不|说|的|多少|多久|跟|等|到|交|求|别的|啊|听|找人|什么|来|吃|上班|看看|问问|开会|出差|走了?$|都行|忙)(?:再|把|尽快|马上|先)?\p{Han}[^,。!?;]{1,24})",
        r"(?:能不能|可不可以|能否)(?:麻烦)?(?:你们|你|您)?(?:先)?(?:帮我|给我|替我|帮忙)(?P<want>[^,。!?;]{2,24})",
        r"(?:帮我|给我|替我)(?P<want>(?!减|算|爸|妈|家|们|记|看看|看一下|个|一个|来|说|讲)[^,。!?;]{2,24})",
    )
)
_ASKS = tuple(
    regex.compile(source)
    for source in (
        r"(?:想|要)?(?:问|知道|咨询|了解|打听)(?:一下|下|问)?(?P<what>[^,。!?;]{3,30})",
        r"(?P<what>(?:\p{Han}{0,10})(?:能不能|可不可以|什么时候|怎么(?!回事|搞|这|办)|要不要|多少(?!遍|次|回)|涨不涨|是不是)[^,。!?;]{1,24})",
    )
)
_COMPLAINT = regex.compile(
    r"投诉|不满|太差|差劲|骗|忽悠|坑|乱扣|乱收|凭什么|什么态度|气死|烦死|太过分|受不了|说法|赔偿|赔钱|曝光|消协|怎么搞的|什么东西|退钱|不负责|推来推去|三番|第[二三四五六]次|都[^,。]{0,4}(?:几|好多|多少)(?:次|天|遍)"
)
_WRONG = regex.compile(
    r"没(?:收到|变|到|拿到|退|给|送|人(?:管|来|联系))|坏了|碎了?|漏|错了?(?=$|[,，。])|(?:写|寄|发|记|开|算)错|丢|乱|多?(?:扣|收)了|多(?:扣|收)|重复|拖|(?:送|来|给)?晚了|迟|晚点|掉线|磕|伤了|说好的?|说是|第[二三四五六七八九]天还|改到半夜|太过"
)
_ENQUIRY = regex.compile(
    r"想?(?:问|咨询|了解|打听)(?:一下|下|问)|请问|怎么(?:办理|收费|申请|算|挂|报)|不知道(?:怎么|能不能|要不要)|能不能|可不可以|多少钱|什么时候"
)
_COURTESY = regex.compile(
    r"祝|来电|生活|愉快|顺利|工号|时间|核对|客服|中心|联系|地址|单号|账号|体谅|支持|配合|短信|打扰"
)
_ASKED = regex.compile(
    r"(?P<what>[^\P{Han}您请问的家里是]{2,6})(?:大概|现在)?(?:是|有|在|叫)?(?:多少|什么|哪|几)(?!时候)"
)
_FOR_ANOTHER = regex.compile(r"(?:我)?找(?:一下)?[^,。!?]{0,12}(?:经理|总|主任|老师|工|会计|主管|部长|医生|先生|女士)")
_MESSAGE = regex.compile(r"(?:留|带|捎)(?:个|一?句)?[话言]|转告(?:一下|他|她)|转达")
_AWAY = regex.compile(r"不在|开会|出差|外出|走开|休假|忙着|接电话呢|在通话")
_INDUSTRIES = (
    ("电信", r"宽带|网速|流量|话费|套餐|停机|短信|路由器|光猫|手机卡|营业厅"),
    ("银行", r"银行|信用卡|转账|存款|取款|贷款|网点|吞卡|理财"),
    ("保险", r"保险|理赔|保单|续保|报案|出险|保费"),
    ("快递", r"快递|包裹|运单|派件|签收|驿站|寄件|物流"),
    ("医院", r"医院|挂号|门诊|专家号|就诊|体检|病历|化验|住院|心内科"),
    ("航空", r"航班|机票|改签|登机|行李|值机|航空"),
    ("供热", r"供暖|暖气|供热|热力|取暖"),
    ("物业", r"物业|电梯|业主|小区门禁|车位|漏水到楼下"),
    ("教育", r"课程|报名|学费|老师|补课|网课|学员"),
    ("照相馆", r"照片|相册|影楼|婚纱|底片|写真|拍摄|全家福|修图|照相"),
    ("汽车服务", r"4S|刹车|底盘|试车|机油|保养|轮胎|年检|试驾|发动机|车险|维修站"),
    ("电商", r"商城|订单|下单|退货|换货|发货|收货|店铺|优惠券|网购"),
)  # fmt: skip


def scenario_from_call(transcript: Transcript) -> Scenario:
    """The scenario that the call `transcript` was.

    Raises:
        InputError: The customer says nothing in it that could be a problem.
    """
    call = invented_call(transcript)
    said = list(answers(call))
    offers, prefers = offers_of(call)
    story, told = _story(said, min((offer.no for offer in offers), default=len(call.turns)))
    if not story:
        raise InputError(
            "这通电话里看不出客户有什么事",
            where="场景",
            hint="请检查哪一方是客户（坐席：、客户：），或者自己写一两句话：谁来电、出了什么事、想要什么",
        )
    direction = _direction(call, said)
    caller = caller_of(call)
    facts = _fitting(facts_of(said, caller, told))
    settle = tuple(Settlement(id=offer.id, title=offer.title, words=offer.words) for offer in offers)
    cannot = wishes_of(call)
    mood = _mood(said, story)
    want = _want(said, {wish.say for wish in cannot}) or _WANTED[mood]
    everything = "\n".join(normalise(turn.text).text for turn in call.turns)
    own = "".join(fact.value for fact in facts)
    problem = _problem(
        call, [*story, *([want] if want not in _WANTED.values() else []), *(one.title for one in settle[:2])], own
    ) or (story[0][:2],)
    return Scenario(
        id=f"call-{sha256(everything.encode('utf-8')).hexdigest()[:10]}",
        title=story[0][:30],
        industry=_industry(everything),
        direction=direction,
        mood=mood,
        caller=caller,
        summary=_summary(caller, story, want),
        story=story,
        want=want,
        problem=problem,
        facts=facts,
        unknown=_unknown(said),
        settle=settle,
        prefers=prefers,
        cannot=cannot,
        purpose=_purpose(call) if direction == "outbound" else "",
    )


def _story(said: Sequence[Answer], until: int) -> tuple[tuple[str, ...], frozenset[int]]:
    """What happened, in his own words, from his first turns of substance before turn `until`, and which turns tell it."""
    kept: list[list[str]] = []
    turns: set[int] = set()
    for answer in said:
        own = [c for c in clauses(answer.text) if _tells(c)]
        length = sum(len(_HAN.findall(clause)) for clause in own)
        if length < _SUBSTANTIAL or is_answer(answer) or (turns and answer.no > until):
            continue
        sentences = regex.findall(r"[^。!?;]+", answer.text)
        kept += [[c for c in clauses(s) if _tells(c)] for s in sentences]
        turns.add(answer.no)
        if len(turns) == _MOST_TURNS:
            break
    if not kept:
        kept = [[c for c in clauses(a.text) if _tells(c)] for a in said if not is_answer(a)]
    found = tuple(dict.fromkeys(piece for piece in pieces(kept) if len(_HAN.findall(piece)) >= _SHORTEST))
    return found[:_MOST_STORY], frozenset(turns)


def _tells(clause: str) -> bool:
    """Whether a clause says something of the matter: no courtesy, no bare number."""
    rest = regex.sub(r"[\dA-Za-z零〇幺一二两三四五六七八九十]{4,}", "", clause)
    bare = rest != clause and len(_HAN.findall(rest)) < _SUBSTANTIAL and not regex.search(r"没|不|坏|错", rest)
    return not bare and not says_nothing(clause) and len(_HAN.findall(rest)) >= _SHORTEST - 1


def _problem(call: Transcript, told: Sequence[str], own: str) -> tuple[str, ...]:
    """Words of the matter: the customer's, and those the agent came back to."""
    lines = [frozenset(keywords(call.turns[i].text, own)) for i in call.agent_lines()]
    again = Counter(word for words in lines for word in words)
    named = (word for word, count in again.items() if count > 1 and not _COURTESY.search(word))
    return tuple(dict.fromkeys([*keywords("。".join(told), own), *sorted(named)]))[:_MOST_PROBLEM]


def _want(said: Sequence[Answer], declined: Set[str]) -> str:
    """What he wants and wasn't `declined`, as a verb phrase; empty where he doesn't say."""
    told = [
        clause
        for answer in said
        for clause in clauses(answer.text)
        if full_width(clause) not in declined and not says_nothing(clause)
    ]
    for pattern in _WANTS:
        for clause in told:
            if found := pattern.search(clause):
                return _verb_phrase(found["want"])
    for pattern in _ASKS:
        for clause in told:
            if asked := pattern.search(clause):
                return f"知道{_verb_phrase(asked['what'])}"
    return ""


def _verb_phrase(text: str) -> str:
    bare = regex.sub(r"(?:行不行|行吗|可以吗|好吗|吗|呢|吧|啊|呀|嘛|哈)+$", "", text)
    return full_width(regex.sub(r"^(?:你们|您|你|能|可以|下|一下)+(?=\p{Han}{2})", "", bare))


def _mood(said: Sequence[Answer], story: Sequence[str]) -> Literal["complaint", "enquiry", "request"]:
    everything = "\n".join(answer.text for answer in said)
    if _COMPLAINT.search(everything):
        return "complaint"
    opening = "\n".join(story)
    if _WRONG.search(opening):
        return "complaint"
    return "enquiry" if _ENQUIRY.search(opening) else "request"


def _direction(call: Transcript, said: Sequence[Answer]) -> Direction:
    if call.meta.direction == "outbound" or (call.meta.direction is None and _was_called(call)):
        return "outbound"
    opening = "\n".join(answer.text for answer in said[:2])
    lines = "\n".join(normalise(call.turns[i].text).text for i in call.agent_lines()[:4])
    if _MESSAGE.search(opening):
        return "message"
    return "proxy" if _FOR_ANOTHER.search(opening) and _AWAY.search(lines) else "inbound"


def _was_called(call: Transcript) -> bool:
    """Whether the customer picked up: he speaks first and says no more than hello."""
    first = call.turns[0]
    return first.speaker == "customer" and len(_HAN.findall(first.text)) <= _SHORTEST + 1


def _industry(text: str) -> str:
    counts = {name: len(regex.findall(pattern, text)) for name, pattern in _INDUSTRIES}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "其他"


def _summary(caller: Caller, story: Sequence[str], want: str) -> str:
    who = f"{caller.surname}{caller.title or '先生或女士'}" if caller.name else "客户"
    return f"{who}：{'。'.join(story)}。想要：{want}。"[:400]


def _unknown(said: Sequence[Answer]) -> tuple[str, ...]:
    """What he was asked and didn't know."""
    found: list[str] = []
    for answer in said:
        if regex.search(r"不(?:知道|清楚|记得|晓得)|没记|忘了|没留意", answer.text) and is_answer(answer):
            asked = _ASKED.findall(answer.question)
            found += asked[-1:] or keywords(answer.question, most=9)[-1:]
    return tuple(dict.fromkeys(found))


def _purpose(call: Transcript) -> str:
    """Why the agent called."""
    for i in call.agent_lines():
        for clause in clauses(normalise(call.turns[i].text).text):
            if regex.search(r"回访|跟您(?:确认|核实|说)|通知您|提醒您|到期|想(?:请|跟|向)您", clause):
                return full_width(clause)
    return ""


def _fitting(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple(facts[:_MOST_FACTS])
