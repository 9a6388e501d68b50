"""Whether a candidate keeps what the line states: its facts, and its clauses without a fault."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from coach.facts import Fact, extract, is_idle, same_fact
from coach.facts.numerals import NUMERAL
from coach.rewrite.faults import BY_SENTENCE, EXCUSED_ALL, Alone, Faults, Span, overlaps
from coach.rewrite.load import Mends
from coach.rewrite.reading import is_gossip
from coach.text import normalise

__all__ = ["facts_kept", "invented", "parts_changed", "similar"]

_MARKS = ",。!?;:、~ "
_SIMILAR = 0.4
_PARTLY = 0.35
_SHORTEST = 4
_LONG_REST = 7
_RUN_ON = 20
_DROPPABLE = frozenset(
    {"proxy.privacy-leak", "language.internal-jargon", "commitment.overpromise", "commitment.vague"}
    | {"language.service-taboo", "language.argue", "language.over-familiar", "language.impatient"}
)
"""Rules whose faulty words may themselves be a fact that has to go."""
_SCOLDING = frozenset({"language.argue", "language.impatient", "language.rhetorical-challenge"})
"""Rules whose faulty clauses may count what the customer did, to reproach them."""
_SHORT_TERM = 4
_COUNTED = frozenset({"duration", "quantity"})
_REPROACH = regex.compile(
    r"等(?:了|您|着)|都|才|早(?:来|说|点|晚)|迟|非得?|怎么|吱声|小孩|孩子|(?:说|讲|问|念|报|催|教|重复)[了过]?(?:您|你)?|懒|拖|耗|磨|三岁"
)
"""What a clause says that counts to reproach: 都等您两分钟了, 早来俩钟头, 三岁小孩都懂."""
_INFORMS = regex.compile(
    r"规定|收费|以[内上下]|之[内前后]|内|需要|可以|免费|期|有效|到账|退|送达?|赔|付|元|截止|预计|大概|还有|还要|只要|必须|至少|最[多少快慢]"
)
"""What a clause says that tells the customer something, whatever its manners."""
_EXAGGERATED = regex.compile(
    r"百分[之百]|100%|(?:一|半)[毛秒分天点块个句丝](?:钱|钟)?(?:都|也|不|没)|[少断差缺误晚慢](?:您|你)?[一半]"
)
_BOAST = regex.compile(r"翻(?:\p{Han}{1,2})?[番倍]|放[^,]{1,5}个心|稳赚|只涨|保本|头一个|没跑")
_GUESSED = regex.compile(
    r"大概|大约|差不多|也?有(?:人)?说|可能|也许|估计|估摸|应该|好像|似乎|八成|或许|兴许|没准|说不定|左右|来着|还是|呗|吧|那阵子|前后|上下|准头|要不就|有时候?|随性|[那上]回|没数|快的话|觉得|感觉|印象|记得|\?$"
)
_ASKS_ITSELF = regex.compile(r"(?:^|[,。?!])[^,。?!您你]{1,6}\?$")
"""A guess put as a question to oneself: 一个礼拜?"""
_PUT_OFF = regex.compile(
    r"有的[^,]*有的|见过|因人而异|不一样|再说|再看|的话[,。]?$|^(?:要是|如果|万一|看情况)|嘛[,。]?$|(?:不|没)(?:太)?(?:确定|清楚|准)"
)
_MOSTLY = 0.5
_AS_RULE = regex.compile(
    r"(?:这|那)?(?:是|按)?(?P<ground>公司|制度|规定|政策|合同|条款|协议|文件|标准|流程)(?:里|上|就|都|也|是|又)*(?:这么|这样|如此)(?:写|定|规定|说|要求)[的着了]*[,。!]?"
)
"""A clause that says no more than what a rule rests on: 文件就是这么写的."""
_TERM = regex.compile(r"[A-Za-z]\+?-?\d|[级户线档层](?!楼)")
"""A figure that is part of an internal term: L3, T+7, 二级, 三户."""
_STATES = regex.compile(
    r"^(?!(?:不|甭|别)\p{Han}{1,2}了)(?!.*(?:不会|也不|就不|自己|怪|谁|怎么|难道|凭什么|没用|都是这个|不信|听我|听着))(?=.*(?:现在|可以|需要|(?<![不别甭重主想首只])要(?!求|是|不|么|紧)|收(?!住|声|口|尾|拾)|修|(?<!别)换(?!我|句|作|成)"
    r"|恢复|送|到账|退|补|(?<![实现正])在(?!意|乎|行|说)|(?<![不要还可但总老就])是(?!不是|吧)))"
)
"""Clauses that say something of their own beside the fault in their sentence."""
_SETTLED = regex.compile(r"缺货|没货|断货|路上|不含|不包|反正|已经|可以|需要|(?<!别)换|收|修|恢复|送|到账|退|补")
"""Clauses that say something settled in a sentence that guesses."""
_LETTER = regex.compile(r"[\p{Han}\p{L}\d]")
_PUTS_THROUGH = regex.compile(
    r"(?!.*\d)(?:"
    r"[^,。?!]{0,10}(?:给|帮|替|为|把|我|这[就头边]|马上|现在|要)(?:您)?(?:的)?(?:电话|线)?(?:转|接|拨|切|串|挪|搭|引|甩|倒|丢|扔|交|递)(?:接|通)?(?:过去|走|出去|给|到|至|上|进去|相关|有关|去|线|了|[,。?!]?$)[^,。?!]{0,12}"
    r"|[^,。?!]{0,4}嘟[^,。?!]*|[^,。?!您我]{2,8}(?:部|组|科|处|室|中心|窗口)接(?:一)?下[^,。?!]{0,6}|听(?:见|到)[^,。?!]{0,12}|您听[^,。?!]{1,6}|您?(?:直接|去)?(?:跟|和|问|找|同)(?:他|她|人家|那边|那头)们?[^,。?!]{0,5}|您(?:看)?(?:方便|愿意|同意|答应|介意|乐意|允许)[^,。?!]{0,6}|您?(?:先)?(?:别|不要|莫)(?:挂|动|走开|急)[^,。?!]{0,3}|(?:后面|那头|那边|里头|里面|人家|他们)(?:会|来)?(?:处理|接|讲|说|办|答)[^,。?!]{0,3}"
    r"|(?!.*不)[^,。?!]{0,12}(?:有|的)(?:专人|人|同事|那位)[^,。?!]{0,5}|您?(?:去)?(?:说|点头?|听听?)(?:行|好|就|那头|那边|他们|人家)[^,。?!]{0,4}"
    r")[,。?!]?"
)
"""A clause that puts through to nobody by name, or says that somebody is there, or that the customer may talk to them."""
_FILLER = regex.compile(
    rf"{NUMERAL}(?:多|来)?(?:个)?(?:分半|分钟?|秒钟?|小时)|去去就回|回到线上|听一段音乐|占用|时间|稍候|稍后|等待|等候|片刻|一会儿?|会儿|一下"
    r"|那(?:头|边)儿?|值班|管(?:这|那)(?:块|事)|手上|合适不|拿着|走(?:远|开)|听(?:见|到)声音|答应一[句声]|[查核看问弄打说](?:完|好|清楚)|来?告诉您|把?(?:电话|线路?)?(?:推|切|甩|拨|转)(?:出去|过去|走)|跟您(?:说|讲)|不要挂断|先别挂断?|别挂|挂断|挂机|电话|在线上?|麻烦|劳驾|耐心|大约|大概|左右|之内|以内|样子|马上|很快|就好|回来|不介意|愿意|方便"
    r"|可以|行不行|好不好|好吗|行吗|成吗|需要|现在|正在|这就|直接|转过去|转一下|转接|不好意思|持机|这会儿|相关部门|同事|有人|另有人员|另外|专门管?|受理|号码|试试|一个"
    r"|[,。?!;、那呃嗯啊请您你先我稍等候得让要吗呢吧哈了的看就给为帮把转接过不能好是在去]"
)
"""Words of asking to wait or of putting through, which a mend may say anew."""


def facts_kept(
    faults: Faults, candidate: str, customer: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Facts of the line kept, dropped because they were the fault, and lost; `customer` is what the customer said so far."""
    stated = extract(candidate)
    faulty = _gossip(faults) + [span for f in faults.findings if f.rule in _DROPPABLE for span in faults.touched(f)]
    words = [
        span
        for f in faults.findings
        if f.rule in BY_SENTENCE or not faults.is_whole(f)
        for span in faults.touched(f, widen=False)
    ]
    attitude = [span for f in faults.findings if f.rule in _SCOLDING for span in faults.touched(f, widen=True)]
    given = [fact for text in customer for fact in extract(text)]
    kept, dropped, lost = [], [], []
    for fact in extract(faults.line):
        if any(same_fact(fact, other) for other in stated) or _stands(fact, candidate):
            kept.append(fact.text)
        elif (
            overlaps(fact.span, faulty)
            or any(is_idle(fact, faults.line[s:e]) for s, e in faults.rude() if overlaps(fact.span, [(s, e)]))
            or (overlaps(fact.span, [*attitude, *faults.rude()]) and _reproaches(fact, faults.line))
            or _is_fault(fact, faults)
            or (_goes(fact, faults, words) and any(same_fact(fact, other) for other in given))
        ):
            dropped.append(fact.text)
        else:
            lost.append(fact.text)
    return tuple(kept), tuple(dropped), tuple(lost)


def _gossip(faults: Faults) -> list[Span]:
    """Where a line that tells a colleague's private matters tells still more of them."""
    if "proxy.privacy-leak" not in faults.rules:
        return []
    turn = normalise(faults.line)
    return [turn.span(c.start, c.end) for c in turn.clauses if is_gossip(c.text.strip(_MARKS))]


def _goes(fact: Fact, faults: Faults, words: Sequence[Span]) -> bool:
    """Whether a fact the customer gave stands in what goes: faulty words, a rude clause, a challenge."""
    turn = normalise(faults.line)
    asked = [turn.span(c.start, c.end) for c in turn.clauses if faults.challenge(c.text)]
    return overlaps(fact.span, [*words, *faults.rude(), *asked])


def _reproaches(fact: Fact, line: str) -> bool:
    """Whether the fact, in a clause of bad manners, counts what the customer did, or how long one waited for them."""
    clause = _clause_of(fact, line)
    return fact.kind in _COUNTED and bool(_REPROACH.search(clause)) and not _INFORMS.search(clause)


def _is_fault(fact: Fact, faults: Faults) -> bool:
    """Whether the fact is itself the exaggeration, the guess or the internal term of its sentence."""
    reach = {rule: [s for f in faults.findings if f.rule == rule for s in faults.reach(f)] for rule in faults.rules}
    clause = _clause_of(fact, faults.line)
    if overlaps(fact.span, reach.get("commitment.overpromise", [])) and (
        _EXAGGERATED.search(_around(fact, faults.line)) or _BOAST.search(clause)
    ):
        return True
    guessed = overlaps(fact.span, reach.get("commitment.vague", [])) and ("-" in fact.value or _GUESSED.search(clause))
    if guessed or ("commitment.vague" in faults.rules and _ASKS_ITSELF.search(clause)):
        return True
    inside = fact.kind in {"code", "number", "quantity"} and len(fact.text) <= _SHORT_TERM
    return "language.internal-jargon" in faults.rules and inside and bool(_TERM.search(_around(fact, faults.line)))


def _clause_of(fact: Fact, line: str) -> str:
    """The clause the fact stands in."""
    turn = normalise(line)
    return next((c.text for c in turn.clauses if turn.span(c.start, c.end)[1] >= fact.span[1]), turn.text)


def _around(fact: Fact, line: str) -> str:
    """The fact in its words: two characters before, three behind."""
    return line[max(0, fact.span[0] - 2) : fact.span[1] + 3]


def invented(candidate: str, said: Sequence[str]) -> list[Fact]:
    """Facts of the candidate that nothing `said` states."""
    known = [fact for text in said for fact in extract(text)]
    return [
        fact
        for fact in extract(candidate)
        if not any(same_fact(fact, other) for other in known) and not any(_stands(fact, text) for text in said)
    ]


def parts_changed(faults: Faults, candidate: str, alone: Alone) -> bool:
    """Whether the candidate says too little of what stands in the line without a fault, and isn't too blunt to stay."""
    text = _without_facts(normalise(candidate).text)
    mends = faults.mends
    return any(
        _changed(part, text, _SIMILAR, mends) for part in _faultless(faults) if not _may_go(part, faults, alone)
    ) or any(_changed(part, text, _PARTLY, mends) for part in _beside(faults) if not _may_go(part, faults, alone))


def _may_go(part: str, faults: Faults, alone: Alone) -> bool:
    """Whether a part of the line is a challenge, or too blunt to stay; what runs on may say something beside."""
    clause = part.strip(_MARKS)
    return faults.challenge(part) or (len(clause) <= _RUN_ON and faults.blunt(clause, alone))


def similar(part: str, text: str) -> float:
    """Share of the part's character pairs that stand in `text`."""
    chars = _LETTER.findall(part)
    pairs = {a + b for a, b in pairwise(chars)}
    flat = "".join(_LETTER.findall(text))
    return sum(pair in flat for pair in pairs) / len(pairs) if pairs else 1.0


def _changed(part: str, text: str, least: float, mends: Mends) -> bool:
    """Whether `text` says too little of `part`, either as it stands or with the last touches."""
    if (ruled := _AS_RULE.fullmatch(part)) and ruled["ground"] in text:
        return False
    polite = mends.polite(mends.polished(part.replace("你", "您")))
    wordings = (part, mends.polished(part), mends.plain(part), polite)
    return all(similar(_without_facts(said), text) < least for said in wordings)


def _faultless(faults: Faults) -> list[str]:
    """Clauses that no finding touches, and that say more than “please wait” or “I'll put you through”.

    A finding about the whole line touches none; some rules touch the sentence their words stand in.
    """
    turn = normalise(faults.line)
    spans = [span for f in faults.findings if f.span for span in faults.reach(f)]
    touched = [span for f in faults.findings if not faults.is_whole(f) for span in faults.touched(f, widen=False)]
    touched += faults.rude()
    waits = any(rule.startswith(("hold.", "transfer.")) for rule in faults.rules)
    whole = {f.rule for f in faults.findings if faults.is_whole(f)} & BY_SENTENCE
    anew = (EXCUSED_ALL - {"commitment.vague"}) & faults.rules
    touched += _gossip(faults)
    parts = []
    for clause in turn.clauses if faults.rules & EXCUSED_ALL else turn.phrases:
        span = turn.span(clause.start, clause.end)
        states = _SETTLED if "commitment.vague" in faults.rules else _STATES
        excused = anew or not states.search(clause.text)
        if _puts_through(clause.text, faults):
            continue
        if whole or overlaps(span, touched) or (excused and overlaps(span, spans)) or _is_open(clause.text, faults):
            continue
        said = _FILLER.sub("", clause.text) if waits else clause.text
        if len(_LETTER.findall(said)) >= _SHORTEST:
            parts.append(clause.text)
    return parts


def _puts_through(clause: str, faults: Faults) -> bool:
    """Whether a clause of a line that puts through does no more than that."""
    return any(rule.startswith("transfer.") for rule in faults.rules) and _PUTS_THROUGH.fullmatch(clause) is not None


def _is_open(clause: str, faults: Faults) -> bool:
    """Whether a clause of a guessing line guesses too, or one of a line in internal terms says little in other words."""
    if "commitment.vague" in faults.rules and (_GUESSED.search(clause) or _PUT_OFF.search(clause)):
        return True
    return "language.internal-jargon" in faults.rules and similar(clause, faults.mends.plain(clause)) < _MOSTLY


def _beside(faults: Faults) -> list[str]:
    """What a long clause without punctuation says beside its faulty words."""
    turn, touched = normalise(faults.line), faults.words()
    parts = []
    for clause in turn.phrases:
        if _puts_through(clause.text, faults):
            continue
        start, end = turn.span(clause.start, clause.end)
        inside = [(s, e) for s, e in touched if s < end and start < e]
        rest = "".join(
            "您" if faults.line[i] == "你" else faults.line[i]
            for i in range(start, end)
            if faults.line[i] == "你" or not any(s <= i < e for s, e in inside)
        )
        said = [words for words in rest.split() if not faults.mends.rude.found(words)]
        least = _LONG_REST if len(said) == len(rest.split()) else _SHORTEST
        if inside and len(_LETTER.findall(_FILLER.sub("", "".join(said)))) >= least:
            parts.append("".join(said))
    return parts


def _without_facts(clause: str) -> str:
    """The clause without its facts, which are compared by value."""
    for fact in reversed(extract(clause)):
        clause = clause[: fact.span[0]] + clause[fact.span[1] :]
    return clause


def _stands(fact: Fact, text: str) -> bool:
    said, told = normalise(fact.text).text, normalise(text).text
    return said in told or (" " in fact.text and said in told.replace(",", ""))  # a blank may have become a comma
