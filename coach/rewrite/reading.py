"""Whether a mended line reads well: blunt words left standing, things said twice, and words that are no sentence after a mend."""

from __future__ import annotations

from itertools import pairwise

import regex

from coach.facts import extract, is_manner
from coach.knowledge import SLOT
from coach.rewrite.answer import refuses
from coach.rewrite.faults import ATTITUDE, Alone, Faults
from coach.text import NormalisedText, normalise

__all__ = ["blunt_clauses", "is_gossip", "reads_badly", "superfluous"]

_MARKS = ",。!?;:、~ "
_HAN = regex.compile(r"\p{Han}")
_SHORTEST = 3
_HALF = 0.75
_OF_SOMEBODY = regex.compile(r"[您你我咱谁]|自己|人家|别人|怎么|难道|凭什么|还|才|偏|就不|又不")
_TWICE = regex.compile(r"(?:^|[,。?!])(?P<x>\p{Han}{4,})(?=.*[,。?!](?P=x))")
_SORRY = regex.compile(r"抱歉|对不起|不好意思")
_ASK = regex.compile(r"(?:可以|好|行|成|方便)(?:吗|不(?=[,。?]|$))|好不好|行不行|可不可以")
_NO_WAY = regex.compile(r"(?<!是)没(?:有)?(?:办法|法子|辙|招)(?:的|了|啊)?(?=[,。!]).*有没有(?:别的|其他|可行的)?办法")
_SORRY_FOR_NOTICE = regex.compile(
    r"没有?(?:能)?(?:提前|事先|及时)?(?:提醒|通知|告知|告诉|说明)(?:到|清楚)?您?,?(?:很|非常|真的很?|实在)?(?:抱歉|不好意思|对不起)"
)
_NOT_TOLD = regex.compile(
    r"(?:没|不)(?:有)?(?:人)?(?:跟我|给我)?(?:说|讲|告诉|通知|提醒|提|写|看到|见|收到|知道|晓得|清楚|懂)|才(?:知道|看到|发现)|忘"
)
_RUN_ON = 24
_ANNOUNCED = regex.compile(r"想?先(?:跟|和)您确认一个问题,再听您说,可以吗\?")
_PUTS_ONE = regex.compile(r"几|多少|哪|什么|谁|(?P<a>\p{Han})[没不](?P=a)")
_CHECK_AGAIN = regex.compile(r"再帮您核实")
_SOFTENED = regex.compile(r"抱歉|对不起|不好意思|理解|遗憾|暂时|目前|添麻烦")
_TURNS_TO = regex.compile(r"[您我请帮]|好的|可以|抱歉|对不起|不好意思|谢谢|感谢")
_GUESS = regex.compile(r"(?:觉得|感觉|好像|可能|大概|也许|应该|估计|兴许)[^,。?!]*|[^,。?!]*(?:吧|悬)")
_UNABLE = regex.compile(r"不方便接(?:听)?电话")
_MORE_OF_IT = regex.compile(
    r"呢$|^(?:他|她|人)(?!.*(?:回来|回电|上班|到岗|接手|负责|\d|点))|^(?:家里|听说|据说|整个|工位|反正|到现在|在(?:休息|医院|家|病|外))|(?:走|停|空|哭|病|垮|栽)了?$|赔了|支架|手术|接不了$|见不着|公公|婆婆|爱人|老公|老婆|孩子|离婚|住院|回不了|走的$|^被|^还在\p{Han}{2}|躺|喝(?:多|大|醉)|(?<!我)(?<!我来)[替为堵][他她]|打扰|后半夜|喊都"
)
_PRIVATE = regex.compile(
    r"挨[^,]{0,4}(?:批|骂|训|罚)|睡过头|翘班|闹翻|吵翻|因为[^,]{0,6}(?:少|丢|吵|打|骂|贪)|查出|见了红|保胎|怀孕|流产|停了?职|开除|试用期没过|让人家走"
)
"""What is nobody's business, whatever days or amounts stand beside it."""
_ON_A_DESK = regex.compile(r"^(?:放)?在[他她]?\p{Han}{0,3}[桌柜抽手](?:上|里|子|屉|头)")
"""Where something lies, not somebody."""
_ASIDE = regex.compile(
    r"[您我请帮\d点]|回(?:得)?来|回得?去|不一定|留言|(?:明|后)天|[一两三半几]个?(?:天|周|月|星期|礼拜)|(?:这|本|下)(?:周|个?月|礼拜|星期)|下午|上午|晚上|回电|上班|到岗|来不了|接手|负责|代|好意思|抱歉|吗|不能|不行|手机|电话|合同|单子|订单|报价|材料|文件|票|款|货|窗口|楼|地址|前台|已经"
)
_KEPT_QUESTION = regex.compile(r"[^,。?!]+\?")
_OFFERS = regex.compile(r"[吗?]$|(?<!都)(?:知道|明白)了$|^(?:请|麻烦|好的)|【")

_HE = regex.compile(r"(?<!其)[他她](?!们)")
_WHO = regex.compile(
    r"师傅|老师|同事|经理|主任|医生|大夫|先生|女士|主管|专员|人员|店长|护士|会计|律师|教练|工程师|管家|司机|骑手|快递员|科长|处长|组长|队长|老板|阿姨|叔叔|大爷|大妈|小\p{Han}|老\p{Han}|\p{Han}(?:工|总|姐|哥|导)(?!\p{Han})"
)


def reads_badly(faults: Faults, candidate: str, previous: str, alone: Alone) -> list[str]:
    """Why a mended line reads badly, as reasons in Chinese.

    `previous` is what the customer said just before; `alone` tells how words would be judged if they were all that is said.
    """
    if not faults.findings:
        return []
    turn, line = normalise(candidate), normalise(faults.line).text
    parts = _parts(turn)
    rude = blunt_clauses(faults, candidate, alone)
    rules = ("any", *faults.rules)
    unfit = [faults.mends.unfit[rule] for rule in rules if rule in faults.mends.unfit]
    bad = [turn.text[start:end] for pattern in unfit for start, end in pattern.spans(turn.text)]
    return [
        *(f"“{words}”仍然生硬" for words in rude),
        *(f"“{words}”读起来不通顺" for words in bad),
        *_repeated(turn.text, line),
        *_contradicted(turn.text, parts, line, faults, normalise(previous).text),
        *(["只剩半句，没有回应客户"] if _is_half(turn.text, line, normalise(previous).text, faults) else []),
    ]


def superfluous(faults: Faults, candidate: str) -> list[str]:
    """Clauses of a candidate that tell more of a colleague than where he can be had; without their marks."""
    if "proxy.privacy-leak" not in faults.rules:
        return []
    line, unable = normalise(faults.line).text, _UNABLE.search(candidate)
    parts = [part for part in _parts(normalise(candidate)) if part in line]
    return [part for part in parts if _PRIVATE.search(part) or (unable and _is_aside(part))]


def blunt_clauses(faults: Faults, candidate: str, alone: Alone) -> list[str]:
    """Clauses of a candidate that are rude, or that were taken over from the line and are still blunt; without their marks."""
    turn, line = normalise(candidate), normalise(faults.line).text
    rude = [part for part in _parts(turn) if faults.is_rude(part)]
    return rude + [part for part in _parts(turn) if part not in rude and _left_blunt(part, line, faults, alone)]


def _parts(turn: NormalisedText) -> list[str]:
    return [part for clause in turn.clauses if (part := clause.text.strip(_MARKS))]


def _left_blunt(part: str, line: str, faults: Faults, alone: Alone) -> bool:
    """Whether `part` of a candidate was taken over from the line and by itself still breaks a rule of manners."""
    if len(_HAN.findall(part)) < _SHORTEST or _OFFERS.search(part) or part not in line.replace("你", "您"):
        return False
    return not _states_fact(part) and (faults.is_premise(part) or faults.blunt(part, alone))


def _states_fact(part: str) -> bool:
    """Whether a clause tells a figure, day or time and doesn't speak of the customer or the agent: the judge knows it by its neighbours only."""
    return not _OF_SOMEBODY.search(part) and any(not is_manner(fact) for fact in extract(part))


def _repeated(text: str, line: str) -> list[str]:
    """What the candidate says twice that the line said once: words, apologies, requests for consent."""
    spoken = SLOT.sub("|", text)
    twice = _TWICE.search(spoken)
    reasons = []
    if twice and line.count(twice["x"]) < 2:
        reasons.append(f"“{twice['x']}”说了两遍")
    for pattern, what in ((_SORRY, "道歉"), (_ASK, "征求同意")):
        times = len(pattern.findall(text))
        if times > 1 and times > len(pattern.findall(line)):
            reasons.append(f"{what}说了两遍")
    return reasons


def _contradicted(text: str, parts: list[str], line: str, faults: Faults, previous: str) -> list[str]:
    """Sentences of the candidate that don't go together."""
    reasons = [f"“{p}”是同事的私事，多余的" for p in superfluous(faults, text)]
    asked = [m[0] for m in _KEPT_QUESTION.finditer(text) if m[0] in line and faults.challenge(m[0])]
    reasons += [f"反问“{question}”还留着" for question in asked]
    if (unasked := _SORRY_FOR_NOTICE.search(text)) and unasked[0] not in line and not _NOT_TOLD.search(previous):
        reasons.append("客户没有说没通知到，不必为此道歉")
    if _SORRY.search(text) and not _SORRY.search(line):
        run_on = [p for p in parts if len(_HAN.findall(p)) >= _RUN_ON and p in line]
        reasons += [f"“{p}”一句到底，没有标点" for p in run_on]
    if (of := _HE.search(text)) and not _WHO.search(text[: of.start()] + previous) and _WHO.search(line):
        reasons.append(f"“{of[0]}”说的是谁不清楚了")
    if (asked_for := _ANNOUNCED.search(text)) and "?" not in text[asked_for.end() :] and _PUTS_ONE.search(line):
        reasons.append("说了要确认一个问题，却没有问")
    if _NO_WAY.search(text):
        reasons.append("先说没办法，又说去问有没有办法")
    if refuses(text) and _CHECK_AGAIN.search(text) and not _SOFTENED.search(text):
        reasons.append("直接说了“不”，又说再核实，没有缓和")
    if "commitment.vague" in faults.rules and "核实" in text:
        reasons += [f"“{p}”是猜测，还留着" for p in parts if _GUESS.fullmatch(p) and p in line]
    return reasons


def _is_aside(part: str) -> bool:
    """Whether a clause beside “can't come to the phone” tells only more of where the colleague is, or why."""
    return bool(_MORE_OF_IT.search(part)) or (
        len(_HAN.findall(part)) > _SHORTEST and not _ASIDE.search(part) and not _ON_A_DESK.search(part)
    )


def is_gossip(part: str) -> bool:
    """Whether a clause tells more of why a colleague is away, and nothing of use to the customer."""
    return bool(_PRIVATE.search(part)) or (bool(_MORE_OF_IT.search(part)) and not _ASIDE.search(part))


def _is_half(text: str, line: str, previous: str, faults: Faults) -> bool:
    """Whether little is left of a line of bad manners, and that neither turns to the customer nor takes up a word of theirs."""
    taken_up = any(a + b in previous for a, b in pairwise(_HAN.findall(text)))
    short = bool(faults.rules & ATTITUDE) and len(text) < _HALF * len(line)
    return short and not taken_up and not _TURNS_TO.search(text)
