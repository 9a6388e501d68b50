"""What a line of bad manners states nevertheless, and whether a candidate still says it: an answer, a reason, a party, a step."""

from __future__ import annotations

from collections.abc import Callable, Collection

import regex

from coach.rewrite.faults import ATTITUDE, Faults
from coach.rewrite.kept import similar
from coach.text import normalise

__all__ = ["statements_lost"]

_LEAST = 0.2
_UNPUNCTUATED = regex.compile(r"(?<=[\p{Han}\d])[ \u3000]+(?=[\p{Han}\d])")
_HAN = regex.compile(r"\p{Han}")
_OPEN = frozenset({"commitment.overpromise", "commitment.vague", "proxy.privacy-leak", "proxy.curt-dismissal"})
"""Rules whose lines state what may not be said, or isn't known."""
_NO_STATEMENT = regex.compile(
    r"[您你我咱]|自[己个]|(?P<y>\p{Han}{1,2})(?:就|吧|啊|也)(?P=y)|都(?:磨|说|讲|喊)|^(?:还|别|快(?:点|一点|着|些|说|报)|停|等|急|催)|\p{Han}不\p{Han}[,。!]?$|懒|磨|不(?:核对|看清|长眼|上心)|也(?:没用|白|批)|\?$|(?:[吗呢么没呀哟啊嘛]|是吧|对吧|点儿?)[,。!]?$|什么|怎么|咋|啥|谁|哪|为何|难道|凭|干嘛|何必|多\p{Han}{2}[,。!]?$|还能|还有脸|[买嫌]不起"
    r"|^(?:这|那)(?:么|样|个|事|话)|^(?:就|都|反正|算了|行|好|可以|再说|别|少|快着|快点|赶紧的|不要|不用|不必|甭|得|唉|哎|嗯|哦|喂)[^,]{0,5}[,。!]?$"
    r"|使尽|不容易|辛苦|尽力|态度|理解|(?:说|讲|答|问)(?:过|了|完)|(?:找|问)(?:他|她|它|人家)|理论|(?:刚|早)(?:刚|就|才)|(?:不|没)(?:归|关|搭|相干)|没(?:办|招|辙)|祝|感谢|尊敬|先生|女士"
)
"""Clauses that ask, slight, order about, speak of oneself or of nothing in particular."""
_AUTHORITY = regex.compile(
    r"(?:公司|上面|上头|总部|领导|制度|规定|规矩|规则|政策|合同|条款|协议|文件|系统|电脑|机器|后台|程序|监控|录音|记录|标签)(?:里|上|那边)?(?:就|都|也|是|又)*"
    r"(?:这么|这样|如此)?(?:规定|定|要求|写|录|算|抄|显示|说|自动|统一|明|就是)|(?:就|都)是(?:这么|这样|按)(?:规定|定|要求)"
)
_GROUND = regex.compile(r"规定|制度|规则|政策|要求|合同|条款|协议|文件|系统|机器|自动|流程|标准|显示|公司|总部|监控|录音|记录|标签")
_PARTY = regex.compile(
    r"(?:是|归|属于|由|让|找|问|跟|冲|去|在)(?P<x>\p{Han}{2,5}?)(?:那边|那儿|手里)?(?:写|搬|搞|扫|做|弄|定|出|办|运|送|发|印|装|负责|运维|决定|管|说|谈|反映|投诉|理论|处理|查|的(?=[,。!]|$)|[,。!吧啊去呗]|$)"
)
_HANDED = regex.compile(r"(?:外包|承包|移交|包)给了?(?P<x>\p{Han}{2,6}?)(?=[啦了的来,。!]|负责|$)")
_NO_PARTY = regex.compile(
    r"[您你我咱他她它人谁这那哪自别什么怎]|^(?:一下|同事|部门|有关|相关|没关|关系|客服|热线|电话|前台|不是)"
)
_WANTS_TO_SPEAK = regex.compile(
    r"听我|听好|我(?:先|来|再)?(?:说|讲|告诉|跟您(?:说|讲)|问您)|先让我|让我(?:先|把)|等我|按我|听我们|我这边怎么|[咱我]们?就?(?:从|按|先)|先看|先停|停一?停|收住|打住"
)
_GO_ON = regex.compile(r"您(?:请)?(?:先|继续|接着|慢慢)(?:先|继续|接着)?说|请您?(?:先|继续|接着|慢慢)说|我在听")
_YOU_SPEAK = regex.compile(r"(?<!跟|和|给)您(?:就|先|再|接着|继续)*说(?=[,。!呗吧啊]|一遍|$)|我听着")
_DID_IT = regex.compile(r"(?P<v>\p{Han})(?:过|完)?了(?:没有?|吗|么)|(?:真的|到底)?(?:有没有|没有|没)(?P<v>\p{Han}{2})|(?P<v>\p{Han}得\p{Han})[吗不没]")


def statements_lost(
    faults: Faults, candidate: str, previous: str, alone: Callable[[str], Collection[str]]
) -> list[str]:
    """Why the candidate says too little of what the line states beside its fault, as reasons in Chinese.

    `previous` is what the customer said just before; `alone` gives the rules that words break if they are all that is said.
    """
    text = normalise(candidate).text
    if (verb := _answered(normalise(faults.line).text, normalise(previous).text)) and verb not in text:
        return [f"客户问“{verb}”没有，原话答了，改写没有答"]
    if not faults.rules & ATTITUDE or faults.rules & _OPEN:
        return []
    if (found := _AUTHORITY.search(normalise(faults.line).text)) and not _GROUND.search(text):
        return [f"原话的依据“{found[0]}”没有了"]
    if (
        "language.interrupt" in faults.rules
        and _WANTS_TO_SPEAK.search(normalise(faults.line).text)
        and _GO_ON.search(text)
    ):
        return ["原话要先说明，改写成了请客户先说"]
    if _YOU_SPEAK.search(normalise(faults.line).text) and not regex.search(r"说(?!的)|听|讲", text):
        return ["原话请客户说，改写里没有了"]
    named = _parties(faults.line) if "language.pass-the-buck" in faults.rules else []
    pairs = {name[i : i + 2] for name in named for i in range(len(name) - 1)}
    if named:
        return [] if any(pair in text for pair in pairs) else [f"原话说到的“{named[0]}”没有了"]
    stated = [part for part in _statements(faults) if not set(alone(part)) & ATTITUDE]
    if stated and all(similar(part, text) < _LEAST for part in stated):
        return [f"原话说的“{stated[0].strip(',。!;')}”没有了"]
    return []


def _answered(line: str, previous: str) -> str | None:
    """The verb where the customer asks whether something was done, and the line opens by saying so with that verb."""
    asked = _DID_IT.search(previous)
    verb = asked["v"] if asked else None
    return (
        verb
        if verb and regex.match(rf"(?:没有?|还没|已经|都|早就?|是)?{regex.escape(verb)}(?!没)(?:了|过|[,。!]|$)", line)
        else None
    )


def _parties(line: str) -> list[str]:
    """The parties the line names, in order."""
    text = _marked(line)
    found = [m for pattern in (_HANDED, _PARTY) for m in pattern.finditer(text)]
    return [m["x"] for m in found if not _NO_PARTY.search(m["x"])]


def _statements(faults: Faults) -> list[str]:
    """Clauses that state something and are not rude in themselves."""
    parts = [clause.text for clause in normalise(_marked(faults.line)).clauses]
    return [
        part
        for part in parts
        if len(_HAN.findall(part)) > 1 and not _NO_STATEMENT.search(part) and not faults.mends.rude.found(part)
    ]


def _marked(line: str) -> str:
    """`line` in normal form, the blanks that stand for marks in a chat line turned into commas."""
    return normalise(_UNPUNCTUATED.sub(",", line.strip())).text
