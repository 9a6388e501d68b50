"""Two sentences become a scenario: who calls, what happened, what he wants, the facts. By rules; nothing is added.

The text says of the caller what he would say of himself (“钱先生，宽带用户，上周办了提速却没变快，电话……。他想……”): clauses of
facts become facts, clauses of manner go to the persona, the rest is his story, turned into the first person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

import regex

from coach.errors import InputError
from coach.facts import Fact as StatedFact
from coach.facts import extract, identifiers
from coach.facts.identifiers import COMPOUND_SURNAMES, SURNAMES
from coach.lexicon import words
from coach.roleplay.keywords import keywords
from coach.roleplay.scenario import Caller, Direction, Fact, FactKind, Scenario
from coach.text import normalise

__all__ = ["scenario_from_text"]

_SHORTEST, _LONGEST = 8, 1_000
_SHORTEST_CODE = 5
_SHORTEST_WANT = 3
_MOST_OPENING = 32
_WHAT = r"(?!不|知道|问|咨询|了解)(?P<want>[^,。;!?]+(?:[,、](?:再|并|还|也)[^,。;!?]+)*)"
_WANTS = (
    regex.compile(rf"(?:想要|想着|希望|要求|盼着|打算|(?<![很没不着])想(?![不起到])){_WHAT}"),
    regex.compile(rf"(?:^|,)(?:他|她|我|客户|对方)?(?:就|只|还)?要(?![求是不收开交付上等]){_WHAT}"),
)
"""What says what he wants, the surer first: 要 alone often tells what he has to do (下午要开会)."""
_OWN_DATA = frozenset({"phone", "order", "account", "address"})
_LABEL = regex.compile(r"(?:会员|订单|运单|保单|工单|报案|受理|客户|账|户|卡|单)号|卡?尾号|车牌号?|电话|手机")
_BEFORE_PLACE = regex.compile(r"^.*(?:[送寄改搬]到|改成|换成|住在|家住|位于)(?=.{4})")
_PAID = regex.compile(r"[花付交买存充]了|[花付交存充]的|当时|当初|一共|总共|原价|合计")
_STARTS_WANT = regex.compile(r"^(?:他|她|客户|对方)?(?:就|只|最)?(?:想要|想|希望|要求|要|盼着|打算)")
_ROLES = (
    "家长|新娘|新郎|旅客|乘客|市民|居民|业主|住户|租户|客户|用户|会员|车主|患者|病人|学员|买家|卖家|投保人|顾客|商户"
)
_ROLE = regex.compile(
    rf"^(?:来电的?是|(?:坐席)?(?:回访|致电)|接到|(?:一位|有位)?(?=\p{{Han}}*(?:{_ROLES})))?(?:[^,。]{{1,8}}的(?=\p{{Han}}{{1,3}}(?:经理|总|主任|老师)))?(?:物业|银行|保险|老)?(?:{_ROLES})?"
)
_NICKNAME = regex.compile(rf"^[小老](?P<name>[{SURNAMES}])(?=$|,|是|在|的|买|订|办|上|刚|给)")
_CALLER = regex.compile(
    rf"(?P<name>(?:{COMPOUND_SURNAMES}|[{SURNAMES}])\p{{Han}}{{0,2}}?)(?P<title>先生|女士|小姐|阿姨|大爷|大妈|叔叔|奶奶|爷爷|老师|师傅|老板|经理|同学|太太|总)"
)
_ASKS = regex.compile(r"想(?:知道|问|问问|了解|咨询)")
_IS = regex.compile(
    r"(?:用户|客户|会员|车主|业主|住户|家长|乘客|旅客|患者|病人|买家|卖家|投保人|储户|老客户|学员)$|^退休$|^老人$|^\d+岁$|^(?:[小老]\p{Han}|他|她)是(?:学生|老人|\p{Han}{0,3}(?:客户|用户|业主|会员))$|^(?:一位|有位)?\p{Han}{0,6}(?:打来|来电)(?:投诉|咨询|反映)$"
)
_MANNER = regex.compile(
    r"从[^,]{1,12}(?:说|讲|聊|扯|抱怨|念叨)到|句句|叹气|唠叨|嘟囔|念叨|打断|拍桌|咬定|一口一个|张口|开口|口音|方言|普通话|懂行|行家|急得|催着|话多|话里|啰嗦|客气|笑|腿不好|耳背|听力|记性|年纪|独居|退休|大吼|大叫|吼|嚷|骂|哭|语气|态度|脾气|嗓门|爱(?:从|聊|说|抱怨|唠)|怕(?:泄|别人|被|露)|不肯(?:报|说|留|告)|不愿意?(?:报|说|留|告)|不想(?:报|说|留)|拿[^,]{0,10}来比|什么都不满意|样样不满|反复说|一接通|情绪|说话|陪着|听他说|听她说"
)
_HIDDEN = regex.compile(r"^(?:其实|实际上?|私下|只有(?:问|被问)|(?:实际)?愿意)")
_FAULT = (
    r"没|不(?!锈钢|干胶|粘锅|动产)|却|误|拖(?!鞋|把|车|线板)|停(?!车|机坪)|坏|漏(?!斗|电保护|勺)|错(?!峰)|丢|慢(?!跑|炖)|断(?!桥)|多(?:扣|收)"
    r"|(?<![多至])少(?!儿|年|女|先队)|缺|掉|(?<!点)滴(?!灌|滴|管)|裂|烂|(?<![除加保控])湿(?!巾|度|疹)|(?<![音影])响(?!应|水)|怪味|异味|碎|破|晚(?:点|了|到)|迟|堵|卡住|失灵|死机|乱"
)
_TROUBLE = regex.compile(rf"{_FAULT}|退|催|问|查|办|改|取消|报修|申请|咨询|理赔|预约|挂号|比|分(?:两|几)次")
"""What a clause that tells of the matter holds: something wrong, or an errand."""
_WRONG = regex.compile(_FAULT)
_FRAMES = regex.compile(
    r"^(?:真正(?:的事|要问的|的问题|想问的)?(?:就)?是|真正|其实|实际上?|原来|另外|并且?|而且|还(?!是)|但是?|可是?|又|说(?!好|是|过|法|明)|表示|反映|投诉|来电|打电话来?)+(?=\p{Han}{2})"
)
_KINDS: tuple[tuple[FactKind, str], ...] = (
    ("order", r"单号|报案号|订单|工单|保单号|运单|编号|受理号"),
    ("account", r"卡的?尾号|车牌|账号|账户|卡号|户号|会员号|客户号"),
    ("phone", r"电话|手机|号码|尾号|联系"),
    ("address", r"地址|家住|住在|家里|小区|\d栋|单元|\d室|路\d|街\d"),
    ("amount", r"元|块|钱|费"),
)


def scenario_from_text(text: str) -> Scenario:
    """The scenario that `text` tells.

    Raises:
        InputError: It is too short, too long, or says neither what happened nor what is wanted.
    """
    given = regex.sub(r"\s+", "", text.strip())
    if not _SHORTEST <= len(given) <= _LONGEST:
        raise InputError(
            f"场景要写 {_SHORTEST} 到 {_LONGEST} 个字",
            where="场景",
            hint="一两句话：谁来电、出了什么事、想要什么、知道哪些信息",
        )
    flat = normalise(given).text
    sentences = [part for part in regex.split(r"[。;!?]", flat) if part]
    caller = _caller([clause for sentence in sentences for clause in _parts(sentence)])
    wanting = [one for one in sentences[1:] if _STARTS_WANT.search(one)]
    told = [clause for one in sentences if one not in wanting for clause in _parts(one)]
    beside = [clause for one in wanting for clause in _parts(one)]
    story, facts, asked, wishes = _read(told, caller)
    facts += _beside_wish([*beside, *wishes], facts)
    want = _want("。".join(wanting)) or (f"知道{asked}" if asked else "") or _want(flat)
    story = [clause for clause in story if len(clause) >= 3]
    if not story and not want:
        raise InputError(
            "没有写出了什么事，也没有写想要什么", where="场景", hint="例如：王女士的快递三天没动，想知道什么时候到"
        )
    story = _opened(story, want)
    if not story:
        story = [f"我想{want}"]
    if caller.name or caller.title:
        facts.insert(0, _name_fact(caller))
    summary = given if len(given) <= 400 else given[:400]
    return Scenario(
        id=f"text-{sha256(flat.encode('utf-8')).hexdigest()[:10]}",
        title=story[0][:30],
        industry="自拟",
        direction=_direction(flat),
        mood="complaint" if regex.search(r"投诉|不满|气|吼|骂|说法|赔", flat) else "request",
        caller=caller,
        summary=summary,
        story=tuple(dict.fromkeys(story))[:8],
        want=want or "把这件事弄清楚",
        problem=_problem([*story, want, *(f.say for f in facts if f.kind not in _OWN_DATA | {"name"})], facts),
        facts=tuple(facts[:12]),
    )


def _read(clauses: Sequence[str], caller: Caller) -> tuple[list[str], list[Fact], str, list[str]]:
    """What `clauses` tell: the story, the facts, what is asked (empty if nothing is), and clauses of the wish among them."""
    story: list[str] = []
    facts: list[Fact] = []
    asked = ""
    wishes: list[str] = []
    for clause in clauses:
        if caller.name and _ROLE.sub("", clause) in {
            f"{caller.name}{caller.title}",
            f"我叫{caller.name}",
            f"我姓{caller.name}",
        }:
            continue
        if _STARTS_WANT.search(clause) and not _ASKS.search(clause):
            wishes.append(clause)
            continue
        found = _fact(clause, _stated(clause), len(facts))
        if found is not None:
            facts.append(found)
        if (found is not None and not _TROUBLE.search(clause)) or _HIDDEN.search(clause) or _IS.search(clause):
            continue
        said = _told(clause)
        if question := regex.match(r"我?(?:就)?(?:只)?想(?:知道|问|问问|了解|咨询)(?:一下)?(?P<what>.+)", said):
            asked = question["what"]
            story.append(f"我想问一下{asked}")
        elif not _MANNER.search(clause):
            story.append(said)
    return story, facts, asked, wishes


def _opened(story: list[str], want: str) -> list[str]:
    """The story in the order it is told, but for its opening, which tells the problem: with its first clause, or before all.

    What is wrong comes before an errand (办了年卡): that is only the matter where nothing is wrong.
    """
    if len(story) < 2 or _WRONG.search(story[0]):
        return story
    telling = _WRONG if any(map(_WRONG.search, story)) else _TROUBLE
    if telling.search(story[0]):
        return story
    told = [i for i, clause in enumerate(story) if telling.search(clause)] or range(len(story))
    at = 1 if 1 in told else max(told, key=lambda i: (_weight(story[i], want, telling), -i))
    if at and len(story[0]) + len(story[at]) <= _MOST_OPENING:
        return [f"{story[0]}，{story[at]}", *story[1:at], *story[at + 1 :]]
    return [story[at], *story[:at], *story[at + 1 :]]


def _weight(clause: str, want: str, telling: regex.Pattern[str]) -> float:
    """How much a clause tells of the problem: what of it he wants mended, trouble, length."""
    shared = sum(word in want for word in words(clause) if len(word) > 1)
    return 2 * shared + len(telling.findall(clause)) + min(len(clause), 20) / 20


def _parts(flat: str) -> list[str]:
    return [c for c in regex.split(r"(?<!\d)[,。;!?]|[,。;!?](?!\d)", flat) if c]


def _caller(clauses: Sequence[str]) -> Caller:
    for clause in clauses[:2]:
        bare = _ROLE.sub("", clause)
        if found := _CALLER.match(bare):
            return Caller(name=found["name"], title=found["title"])
        if found := _NICKNAME.match(bare):
            return Caller(name=found["name"])
    own = next((c for c in clauses if regex.match(r"我(?:叫|姓)", c)), "")
    if own and (named := regex.match(rf"我(?:叫|姓)(?P<name>[{SURNAMES}]\p{{Han}}{{0,2}})$", own)):
        return Caller(name=named["name"])
    return Caller()


def _name_fact(caller: Caller) -> Fact:
    whole = len(caller.name) > 1
    return Fact(
        id="name", kind="name", value=caller.name, say=f"我叫{caller.name}" if whole else f"我姓{caller.name}", ask=()
    )


def _told(clause: str) -> str:
    """A clause about the caller, as he says it himself."""
    text = _FRAMES.sub("", clause)
    text = regex.sub(
        rf"^(?:{_ROLES}|物业)*(?:[{SURNAMES}]\p{{Han}}{{0,2}}?(?:先生|女士|小姐|阿姨|大爷|大妈|叔叔|奶奶|爷爷|老师|师傅|老板|经理|同学|太太)|[小老][{SURNAMES}](?=是|在|的|买|订|办)|客户|用户|顾客)(?=\p{{Han}})",
        "我",
        text,
    )
    text = regex.sub(r"他们|她们", "他们", text)
    text = regex.sub(r"(?<![其])[他她](?!们|人)", "我", text)
    text = regex.sub(r"^拿(.+?)(?:来|去)比$", r"\1", text)
    return text.strip(",。 ")


def _want(flat: str) -> str:
    """What he wants, as a verb phrase; empty where it isn't said. The clause that does something counts, not that about being heard."""
    sentences = [s for s in regex.split(r"[。;!?]", flat) if s]
    found = [m["want"] for pattern in _WANTS for s in reversed(sentences) for m in pattern.finditer(s)]
    if not found:
        return ""
    parts = [
        _told(regex.sub(r"^(?:再|并|还|也|又|要|能|想)+(?=\p{Han}{2})", "", part))
        for part in regex.split(r"[,、]|并", found[0])
        if len(part) > 1
    ]
    acting = [part for part in parts if not regex.search(r"有人|听(?:他|她|我)说|陪|认错|道歉", part)] or parts
    best = next((part for part in acting if part.startswith("把")), acting[0] if acting else "")
    if len(best) < _SHORTEST_WANT and len(acting) > 1:  # 取消 alone says too little: 取消, 退回这半年的钱
        best = "，".join(acting[:2])
    return f"拿到{best}" if regex.match(r"(?:个)?(?:说法|补偿|赔偿|答复|时限|结果|发票)", best) else best


def _stated(clause: str) -> list[StatedFact]:
    return [f for f in extract(clause) if f.kind not in {"name", "product", "answer"}]


def _beside_wish(clauses: Sequence[str], known: Sequence[Fact]) -> list[Fact]:
    """Facts that the clauses of the wish state of him; what he asks for (赔200元, 三天内) is none."""
    found: list[Fact] = []
    for clause in clauses:
        wish = _STARTS_WANT.search(clause) is not None
        fact = _fact(clause, _stated(clause), len(known) + len(found))
        if fact is None or any(fact.value == other.value for other in (*known, *found)):
            continue
        if fact.kind in _OWN_DATA:
            label = _LABEL.search(clause)
            bare = f"{label.group()}是{fact.value}" if label else _said(fact.kind, fact.value, fact.value)
            found.append(fact.model_copy(update={"say": bare}) if wish else fact)
        elif fact.kind == "amount" and not wish and _PAID.search(clause):
            found.append(fact)
    return found


def _fact(clause: str, stated: Iterable[StatedFact], number: int) -> Fact | None:
    """The clause as a fact he can be asked for, where it states a number, a code, an address or the like."""
    hidden = _HIDDEN.search(clause) is not None
    for fact in stated:
        kind = _kind(clause, fact)
        if kind is None:
            continue
        if kind == "address" and (whole := regex.search(r"[\p{Han}\d]*\d[\p{Han}\d]*$", clause)):
            say = _told(whole.group())
        else:
            say = _told(regex.sub(r"^(?:实际|其实)?(?:愿意在[^,]*?[后前]留|愿意留|实际上?|其实)?", "", clause))
        say = say.replace(",", "，")
        say = _said(kind, say if fact.text in say else fact.text, fact.text)
        ask = keywords(clause, fact.text, 5)
        if kind == "time":
            ask = ()
            say = f"有{fact.text}了" if fact.kind == "duration" else f"是{fact.text}"
        place = next((i.text for i in identifiers(clause) if i.kind == "address"), "") if kind == "address" else ""
        place = _BEFORE_PLACE.sub("", place)
        plate = regex.search(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}", clause
        )
        if value := place or (plate.group() if plate else ""):
            label = "地址是" if place else "车牌是"
            return Fact(id=f"f{number}", kind=kind, value=value, say=f"{label}{value}", ask=ask)
        personal = kind in {"phone", "name", "address"}
        return Fact(id=f"f{number}", kind=kind, value=fact.text, say=say, ask=ask, hidden=hidden and not personal)
    return None


def _kind(clause: str, fact: StatedFact) -> FactKind | None:
    if fact.kind in {"amount"}:
        return "amount"
    if fact.kind in {"number", "code"} and regex.fullmatch(r"1[3-9]\d{9}", fact.value):
        return "phone"
    if fact.kind in {"number", "code"} and regex.search(r"尾号|末四位", clause):
        return "account" if "卡" in clause else "phone"
    if fact.kind == "code" and len(fact.value) < _SHORTEST_CODE:
        return None
    if fact.kind in {"number", "code"}:
        return next((kind for kind, pattern in _KINDS if regex.search(pattern, clause) and kind != "amount"), "other")
    if fact.kind in {"address"} or (fact.kind == "quantity" and regex.search(r"[栋楼室号单元]", fact.text)):
        return "address"
    if fact.kind in {"date", "time", "duration"}:
        return "time" if _TROUBLE.search(clause) else None
    return None


def _said(kind: FactKind, say: str, value: str) -> str:
    """The fact as a clause that stands alone: a bare number gets its name."""
    if say != value and regex.search(r"\p{Han}{2}", say.replace(value, "")):
        return say
    return {"phone": f"电话是{value}", "order": f"单号是{value}", "address": f"地址是{value}"}.get(kind, say)


def _problem(told: Sequence[str], facts: Sequence[Fact]) -> tuple[str, ...]:
    """Content words of what he tells and wants: what a line that speaks of this problem would use."""
    return keywords("。".join(told), "".join(fact.value for fact in facts)) or (told[0][:2],)


def _direction(flat: str) -> Direction:
    if regex.search(
        r"找(?:你们)?(?:的)?\p{Han}{1,8}(?:经理|工|会计|主任|主管|老师)?,?(?:但|可|不在|\p{Han}{0,5}(?:在开会|出差|外出))|同事不在|不在座位",
        flat,
    ):
        return "proxy"
    return "outbound" if regex.search(r"外呼|回访|坐席(?:打|致电)|接到(?:回访|来电)", flat) else "inbound"
