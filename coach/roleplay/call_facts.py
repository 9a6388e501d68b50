"""The facts a customer gave in a call, and who he is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import regex

from coach.facts import extract, identifiers
from coach.facts.identifiers import COMMON_SURNAMES, COMPOUND_SURNAMES, SURNAMES
from coach.facts.numerals import DIGIT_CHARS
from coach.roleplay.call_clauses import Answer, clauses, full_width, says_nothing
from coach.roleplay.keywords import keywords
from coach.roleplay.scenario import Caller, Fact, FactKind
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["caller_of", "facts_of", "is_answer"]

_HAN = regex.compile(r"\p{Han}")
_D = f"[0-9{DIGIT_CHARS}]"
_QUESTION = regex.compile(
    r"[^。!?]*(?:[?]|[吗么呢](?=[。!]|$)|什么|哪|几|多少|多久|怎么|贵姓|提供|报一下|报给|留(?:一?个|一下)?|说一下|告诉我)[^。!?]*[。!?]?$"
)
_CONSENT = regex.compile(
    r"(?:可以|好|行|对|是|方便|成|愿意)(?:吗|吧|不|么)|您看|还有(?:其他|别的|什么)|有什么(?:可以|能|需要)?(?:帮|为您|转告)|对不对|是不是"
)
_YES_OR_NO = regex.compile(
    r"(?:对的?|是的?|好的?|行吧?|可以|嗯+|没有|不是|没错|不用|谢谢|不客气|好吧|成|方便|有的?|会的?|能|不能|不行|不要|[,。!])+"
)
_ACCOUNT = regex.compile(
    rf"(?P<label>(?:宽带|银行|信用)?(?:账号|帐号|账户|卡号|户号|客户号|会员号|车牌号?|缴费号|病历号|尾号|末四位|后四位|身份证号?码?))(?:后四位)?(?:就?是|为|:|,)*(?P<code>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?[A-Za-z]{{0,4}}{_D}{{3,20}})"
)
_BARE_CODE = regex.compile(rf"(?:是|,|^)?(?P<code>[A-Za-z]{{0,4}}{_D}{{3,20}})[,。]?$")
_ASKED_ACCOUNT = regex.compile(
    r"账号|帐号|账户|卡号|户号|客户号|会员号|车牌|缴费号|病历号|尾号|末四位|身份证(?:号码?)?(?:的)?(?:后四位)?|后四位"
)
_SAY: dict[str, tuple[FactKind, str]] = {
    "phone": ("phone", "电话是{}"),
    "order": ("order", "单号是{}"),
    "address": ("address", "地址是{}"),
    "name": ("name", "我叫{}"),
}
_TITLE = r"先生|女士|小姐|阿姨|大爷|大妈|叔叔|奶奶|爷爷|老师|师傅|经理|同学|太太"
_SURNAME = rf"(?:{COMPOUND_SURNAMES}|[{SURNAMES}])"
_ASKED_NAME = regex.compile(r"贵姓|怎么称呼|如何称呼|姓名|名字|您是哪位|叫什么")
_OWN_NAME = regex.compile(
    rf"(?:我|免贵|敝)姓(?P<name>{_SURNAME})(?:[,。]?(?P<full>(?P=name)\p{{Han}}{{1,2}})(?=$|[,。]))?"
)
_REPLIED_NAME = regex.compile(rf"^(?:我)?(?:是|叫|姓|免贵姓)?(?P<name>{_SURNAME}\p{{Han}}{{0,2}})(?=$|[,。!])")
_SOUGHT = regex.compile(rf"找(?:一下)?[^,。!?]{{0,8}}?(?P<name>{_SURNAME}\p{{Han}}{{0,2}}?)(?:{_TITLE})")
_INTRODUCED = regex.compile(
    rf"我(?:这边)?是[^,。!?]{{2,12}}的(?P<name>[{COMMON_SURNAMES}林周高马何孙钟汪田夏孔康毛顾段雷钱]\p{{Han}}{{1,2}})(?=[,。!?]|$)"
)
_RELATION = regex.compile(r"我(?:妈|爸|母亲|父亲|老公|老婆|爱人|孩子|儿子|女儿|奶奶|爷爷|外婆)|孩子|就诊人")
_LONGEST_SAY = 30
_WHEN = ("date", "time")
_CHOSEN = regex.compile(r"我(?:就)?选|那就|就按|第[一二]种")
_WISH = regex.compile(r"能不能|可不可以|要是|[?]|怎么")
_KIND_OF: dict[str, FactKind] = {
    "amount": "amount",
    "date": "date",
    "time": "time",
    "duration": "time",
    "quantity": "quantity",
}


def is_answer(answer: Answer) -> bool:
    """Whether the customer's words only answer what the agent asked: short, after a question that isn't about his matter at large."""
    asked = _QUESTION.search(answer.question)
    if (
        asked is None
        or _CONSENT.search(asked.group())
        or regex.search(r"(?:帮|为|替)(?:到)?您|什么事|请讲|怎么回事|什么情况|什么问题|转告", asked.group())
    ):
        return False
    own = [clause for clause in clauses(answer.text) if not says_nothing(clause)]
    length = sum(len(_HAN.findall(clause)) for clause in own)
    return length <= _LONGEST_SAY and not any(_WISH.search(clause) for clause in own)


def caller_of(call: Transcript) -> Caller:
    """Who calls, as he says himself or is called by the agent."""
    name, question, sought = "", "", ""
    for turn in call.turns:
        flat = normalise(turn.text).text
        if turn.speaker == "agent":
            question = flat
            continue
        if found := _SOUGHT.search(flat):
            sought = sought or found["name"]
        if own := _OWN_NAME.search(flat):
            name = own["full"] or name or own["name"]
        elif full := next((i.value for i in identifiers(flat, question) if i.kind == "name"), None):
            name = full if not name or full.startswith(name) else name
        elif introduced := _INTRODUCED.search(flat):
            name = name or introduced["name"]
        elif _ASKED_NAME.search(question) and (bare := _REPLIED_NAME.match(flat)):
            name = name or bare["name"]
        question = ""
    lines = "\n".join(normalise(call.turns[i].text).text for i in call.agent_lines())
    surname = regex.escape(name[0]) if name else _SURNAME
    for called in regex.finditer(rf"(?P<name>{surname}\p{{Han}}{{0,2}}?)(?P<title>{_TITLE})", lines):
        if name or called["name"] != sought:
            return Caller(name=name or called["name"], title=called["title"])
    return Caller(name=name)


def facts_of(said: Sequence[Answer], caller: Caller, story: Set[int]) -> list[Fact]:
    """What he told that may be asked for; what isn't in one of the turns of the `story` is told only when asked."""
    found: list[Fact] = []
    if caller.name:
        whole = len(caller.name) > 1
        other = any(_RELATION.search(answer.text + answer.question) for answer in said)
        found.append(
            _fact(
                "name",
                "name",
                caller.name,
                f"{'名字' if whole and other else '我'}{'叫' if whole else '姓'}{caller.name}",
            )
        )
    for answer in said:
        own = [*_identified(answer), *_stated(answer, answer.no in story), *_replied(answer, answer.no in story)]
        for fact in own:
            if not any(fact.value in other.value or other.value in fact.value for other in found):
                found.append(fact.model_copy(update={"id": f"{fact.kind}{len(found)}"}))
    return found


def _identified(answer: Answer) -> list[Fact]:
    facts = []
    for item in identifiers(answer.text, answer.question):
        kind, say = _SAY[item.kind]
        if kind != "name":
            facts.append(_fact(kind, kind, item.value, say.format(item.value)))
    facts += [
        _fact("account", "account", match["code"], f"{match['label']}是{match['code']}")
        for match in _ACCOUNT.finditer(answer.text)
    ]
    asked = _ASKED_ACCOUNT.search(answer.question)
    if asked and not facts and (bare := _BARE_CODE.search(answer.text)):
        facts.append(_fact("account", "account", bare["code"], f"{asked.group()}是{bare['code']}"))
    return facts


def _stated(answer: Answer, told: bool) -> list[Fact]:
    """Amounts, times and counts, each in the clause that states it."""
    facts = []
    for clause in clauses(answer.text):
        if identifiers(clause, answer.question) or _ACCOUNT.search(clause):
            continue
        if len(clause) > _LONGEST_SAY or _WISH.search(clause):
            continue
        for kind, value in _values(clause):
            if not (kind == "quantity" and told):
                say = full_width(clause) if len(clause) > len(value) + 1 else f"是{value}"
                facts.append(_fact(kind, kind, value, say, _asking(answer, clause, value), hidden=not told))
    return facts


def _values(clause: str) -> Iterator[tuple[FactKind, str]]:
    """Kind and words of what the clause states; a day and an hour side by side are one."""
    stated = [fact for fact in extract(clause) if fact.kind in _KIND_OF]
    at = 0
    while at < len(stated):
        start, end = stated[at].span
        kind = _KIND_OF[stated[at].kind]
        while (
            at + 1 < len(stated)
            and kind in _WHEN
            and _KIND_OF[stated[at + 1].kind] in _WHEN
            and stated[at + 1].span[0] <= end
        ):
            at += 1
            end = max(end, stated[at].span[1])
        yield kind, clause[start:end]
        at += 1


def _replied(answer: Answer, told: bool) -> list[Fact]:
    """A plain answer to a plain question: anything he knows."""
    question = _QUESTION.search(answer.question)
    if (
        told
        or question is None
        or not is_answer(answer)
        or _CONSENT.search(question.group())
        or _CHOSEN.search(answer.text)
    ):
        return []
    if _identified(answer) or _ASKED_NAME.search(question.group()) or _ASKED_ACCOUNT.search(question.group()):
        return []
    first = next((c for c in clauses(answer.text) if not _YES_OR_NO.fullmatch(c) and not says_nothing(c)), "")
    ask = keywords(question.group(), most=5)
    vague = regex.search(r"不(?:知道|清楚|记得|晓得)|没记|忘了", answer.text)
    if not ask or vague or not 2 <= len(_HAN.findall(first)) <= _LONGEST_SAY or extract(first):
        return []
    say = full_width(first)
    return [_fact("other", "other", say, say, ask, hidden=True)]


def _asking(answer: Answer, clause: str, value: str) -> tuple[str, ...]:
    """Words of a question for it: those of the agent's question, where it was one, and of the clause."""
    question = _QUESTION.search(answer.question) if is_answer(answer) else None
    return tuple(dict.fromkeys([*keywords(question.group() if question else "", most=3), *keywords(clause, value, 3)]))


def _fact(id_: str, kind: FactKind, value: str, say: str, ask: tuple[str, ...] = (), *, hidden: bool = False) -> Fact:
    return Fact(id=id_, kind=kind, value=value, say=say, ask=ask, hidden=hidden)
