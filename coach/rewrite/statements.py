"""What a line states beside its fault, and whether a candidate still says it: an answer, a reason, a party, a wish to speak."""

from __future__ import annotations

import regex

from coach.rewrite.faults import ATTITUDE, Alone, Faults
from coach.rewrite.kept import similar
from coach.text import normalise

__all__ = ["statements_lost"]

_LEAST = 0.2
_DENIED = "了解到的情况有些出入"
"""How a mended line says that something did not happen, whatever the words were."""
_TOLD = 0.6
_FAULTY = 1.0
"""How near to breaking a rule of manners a clause may be and still count as a statement."""
_UNPUNCTUATED = regex.compile(r"(?<=[\p{Han}\d])[ \u3000]+(?=[\p{Han}\d])")
_ASKS_WHY = regex.compile(r"怎么|为什么|为啥|为何|咋|原因")
"""A question that says what happened: to say that again is no answer."""
_ASKS_ANYTHING = regex.compile(r"[?？吗呢么]|没有|多少|几|(?P<a>\p{Han})不(?P=a)|能不能|是否")
_HAN = regex.compile(r"\p{Han}")
_OPEN = frozenset({"commitment.overpromise", "commitment.vague", "proxy.privacy-leak", "proxy.curt-dismissal"})
"""Rules whose lines state what may not be said, or isn't known."""
_NO_STATEMENT = regex.compile(
    r"^(?:都)?(?:知道|晓得|明白|收到|了解)了?[,。!]?$|[您你我咱]|^等(?:真|哪天|到时)|自[己个]|^(?:这就|现在|马上|已经)?[转接](?:了|走|过去|线)+[啊哈啦]?[,。!]?$|(?P<y>\p{Han}{1,2})(?:就|吧|啊|也)(?P=y)|都(?:磨|说|讲|喊)|懒|磨|不(?:核对|看清|长眼|上心)|也(?:没用|白|批)"
    r"|^(?:还|别|快(?:点|一点|着|些|说|报)|停(?:一?停|下|吧)|等(?:着|一|会|下)|急|催)|\p{Han}不\p{Han}[,。!]?$|\?$|(?:[吗呢么没呀哟啊嘛]|是吧|对吧|(?<![\d一二三四五六七八九十])点儿?)[,。!]?$"
    r"|什么|怎么|咋|啥|谁|哪|为何|难道|凭|干嘛|何必|多\p{Han}{2}[,。!]?$|还能|还有脸|[买嫌]不起|^(?:这|那)(?:么|样|个|事|话)"
    r"|^(?:就|都|反正|算了|行|好|可以|再说|别|少|赶紧的|不要|不用|不必|甭|得|唉|哎|嗯|哦|喂)[^,]{0,5}[,。!]?$"
    r"|使尽|告到|闹到|不容易|辛苦|尽力|态度|理解|(?:说|讲|答|问)(?:过|了|完)|(?:找|问)(?:他|她|它|人家)|理论|(?:刚|早)(?:刚|就|才)"
    r"|^(?:不对|错了?)[,。!]?$|(?:不|没)(?:归|关|搭|相干)|没(?:办|招|辙)|祝|感谢|尊敬|先生|女士|人家|慢着|想得|阿弥陀佛|认死理|撒手|他们说他们|(?P<e>\p{Han}{2,3})的事(?P=e)|不(?:参与|掺和|插手|介入)|[早都](?:已经)?(?:下班|走)了|我(?:就|也|只)?(?:只|就)?是个?(?:接|看|打|听)\p{Han}+|看屏幕"
)
"""Clauses that ask, slight, order about, speak of oneself or of nothing in particular."""
_AUTHORITY = regex.compile(
    r"(?:公司|集团|上面|上头|总部|领导|制度|规定|规矩|规则|政策|合同|条款|协议|文件|系统|电脑|机器|后台|程序|监控|录音|记录|标签)(?:里|上|那边)?"
    r"(?:就|都|也|是|又)*(?:这么|这样|如此)?(?:规定|定|要求|写|录|算|抄|显示|说|自动|统一|明|就是|口径)(?!(?:这样|这么|啥|什么|咋样)\p{Han}*(?:就|是)(?:这样|这么|啥|什么|咋样))|(?:就|都)是(?:这么|这样|按)(?:规定|定|要求)"
)
_GROUND = regex.compile(
    r"规定|制度|规则|政策|要求|合同|条款|协议|文件|系统|机器|自动|流程|标准|显示|公司|总部|集团|口径|监控|录音|记录|标签"
)
_PARTY = regex.compile(
    r"(?:是|归|属于|由|让|找|问|跟|冲|去|在)(?P<x>\p{Han}{2,5}?)(?:那边|那儿|手里)?"
    r"(?:答应|承诺|许|写|搬|搞|扫|做|弄|定|设|出|办|运|送|发|印|装|负责|运维|决定|管|说|谈|反映|投诉|理论|处理|查|的(?=[,。!]|$)|[,。!吧啊去呗]|$)"
)
_HANDED = regex.compile(r"(?:外包|承包|移交|包)给了?(?P<x>\p{Han}{2,6}?)(?=[啦了的来,。!]|负责|$)")
_NO_PARTY = regex.compile(
    r"[您你我咱他她它人谁这那哪自别什么怎看]|^[找问]|^(?:一下|同事|部门|有关|相关|没关|关系|客服|热线|电话|前台|不是|个|店铺|线上的?$|接(?:线|电话|通)|导诊|总台|总机|窗口)|(?:系统|后台|电脑|机器|程序|关系)$"
)
_PUT_THROUGH = regex.compile(
    r"(?:转|接|拨)(?:接)?(?:给|到|至)(?!(?:个|一个)?(?:懂|能|会|管|负责|专门|另|别|其他|相关|有关|后面|那))(?P<x>[\p{Han}A-Za-z]{2,9}?)(?:那(?:边|儿|里))?(?:去|了|吧|哈|啊)*(?=[,。!?]|$)"
)
_NOBODY = regex.compile(
    r"(?:^|的)人$|^[里外后前][面头边]|别处|地方|窗口$|岗位|部门|同事|那边|人工|专员|专人|他们|电话|分机|您|我|上级|高一级|资深|经验"
)
_UNIT = regex.compile(
    r"(?:^|[,。?!喂])(?:您好|你好)?(?:这里是|这里|这边是|我们是|我是)?"
    r"(?P<x>\p{Han}{1,8}(?:处|部|科|店|中心|医院|公司|热线|站|房|馆|局|银行|学校|园|队|台|组|所|室|平台|物业))(?=[,。?!]|$)"
)
_DID_IT = regex.compile(
    r"(?P<v>\p{Han})(?:过|完)?了(?:没有?|吗|么)|(?:真的|到底)(?:有没有|没有|没)(?P<v>\p{Han}{2})|(?P<v>\p{Han}得\p{Han})[吗不没]"
)
_NOT_YET = regex.compile(
    r"(?:暂时|现在|目前)?(?:还)?(?P<no>没)(?!在|事|关系|问题|办法|法|辙|错|空|准|人(?:管|理))(?:有)?\p{Han}{0,2}(?:呢|啊|的)?[,。!~]"
)
"""How a line answers that something hasn't been done, found or come: 没找到,."""
_IS_IT_THERE = regex.compile(r"(?<![现正实])(?P<v>[在有])(?!没|不|事|问题)[^,。?!]{0,12}(?:吗|么|没|\?)")
"""A question whether something is there: 在前台吗, 有货没."""
_WANTS_TO_SPEAK = regex.compile(
    r"听我|听好|我(?:先|来|再)?(?:说|讲|告诉|跟您(?:说|讲)|问您)|先让我|让我(?:先|把)|等我|按我|听我们|我这边怎么|[咱我]们?就?(?:从|按|先)|先看|先停|停一?停|收住|打住|您(?:就|先|给我)?听着"
)
_ASKS_FOR = regex.compile(
    r"(?P<x>(?:(?![报说给直接把一下讲先])\p{Han}){0,3}(?:号码?|名字|姓名|地址|电话|日期|金额|总额))[^,。?!]{0,3}[?。!]?$|(?P<x>几\p{Han}{1,2}|多少\p{Han}?|哪\p{Han}{1,2})[^,。?!]{0,3}\?$"
)
_GO_ON = regex.compile(r"您(?:请)?(?:先|继续|接着|慢慢)(?:先|继续|接着)?说(?!一下)|请您?(?:先|继续|接着|慢慢)说|我在听")
_YOU_SPEAK = regex.compile(r"(?<!跟|和|给)您(?:就|先|再|接着|继续)*说(?=[,。!呗吧啊]|一遍|$)|我听着")
_SPEAK = regex.compile(r"(?<!您)说(?!的)|您(?:请)?(?:\p{Han}{0,2})说(?!的)|听|讲")


def statements_lost(faults: Faults, candidate: str, previous: str, alone: Alone) -> list[str]:
    """Why the candidate says too little of what the line states beside its fault, as reasons in Chinese.

    `previous` is what the customer said just before; `alone` tells how words would be judged if they were all that is said.
    """
    line, text = _marked(faults.line), normalise(candidate).text
    if "【单位】" in text and (unit := _UNIT.search(line)) and unit["x"] not in text:
        return [f"原话报了“{unit['x']}”，改写里没有"]
    if "【部门】" in text and (name := _put_through_to(line)) and name not in text:
        return [f"原话要转给“{name}”，改写里没有"]
    if (verb := _answered(line, normalise(previous).text)) and verb not in text:
        return [f"客户问“{verb}”没有，原话答了，改写没有答"]
    if not faults.rules & ATTITUDE or faults.rules & _OPEN:
        return []
    if reason := _turned_round(faults, line, text):
        return [reason]
    found = _AUTHORITY.search(line)
    if found and not _is_taboo(found[0], faults) and not _GROUND.search(text):
        return [f"原话的依据“{found[0]}”没有了"]
    named = _parties(line) if "language.pass-the-buck" in faults.rules else []
    if named:
        pairs = {name[i : i + 2] for name in named for i in range(len(name) - 1)}
        return [] if any(pair in text for pair in pairs) else [f"原话说到的“{named[0]}”没有了"]
    stated = [part for part in _statements(faults, line) if _manners(alone, part) < _FAULTY]
    if _ASKS_WHY.search(previous) or not _ASKS_ANYTHING.search(previous):
        stated = [part for part in stated if similar(part, normalise(previous).text) < _TOLD]
    denied = _DENIED in text
    if stated and not denied and all(similar(part, text) < _LEAST for part in stated):
        return [f"原话说的“{stated[0].strip(',。!;')}”没有了"]
    return []


def _is_taboo(ground: str, faults: Faults) -> bool:
    """Whether the ground is what may not be said itself: 这是公司规定, in whatever words."""
    return "language.service-taboo" in faults.rules and ground.startswith(
        ("公司", "集团", "上面", "上头", "总部", "领导")
    )


def _put_through_to(line: str) -> str | None:
    """Whom the line puts the customer through to, by the last name or word of it; None where nobody in particular is named."""
    found = _PUT_THROUGH.search(line)
    return found["x"].rsplit("的", 1)[-1] if found and not _NOBODY.search(found["x"]) else None


def _turned_round(faults: Faults, line: str, text: str) -> str | None:
    """A reason where who is to speak has changed."""
    if (asked := _ASKS_FOR.search(line)) and _GO_ON.search(text) and asked["x"][-2:] not in text:
        return f"原话问“{asked['x']}”，改写里没有问"
    told = any(similar(part, text) >= _TOLD for part in _statements(faults, line))
    if "language.interrupt" in faults.rules and _WANTS_TO_SPEAK.search(line) and _GO_ON.search(text) and not told:
        return "原话要先说明，改写成了请客户先说"
    return "原话请客户说，改写里没有了" if _YOU_SPEAK.search(line) and not _SPEAK.search(text) else None


def _answered(line: str, previous: str) -> str | None:
    """The verb where the customer asks whether something was done or works, and the line opens by saying so with that verb."""
    if (there := _IS_IT_THERE.search(previous)) and regex.match(
        rf"{there['v']}(?:呢|的|了|啊|呀|哦|着|{there['v']})*[,。!~]", line
    ):
        return there["v"]
    if _ASKS_ANYTHING.search(previous) and (no := _NOT_YET.match(line)):
        return no["no"]
    asked = _DID_IT.search(previous)
    verb = asked["v"] if asked else None
    opening = rf"(?:没有?|还没|已经|都|早就?|是)?{regex.escape(verb)}(?![没吗不])" if verb else ""
    told = verb and regex.match(opening, line) and not regex.match(r"[^,。?!]*\?", line)
    return verb if told else None


def _parties(line: str) -> list[str]:
    """The parties the line names, those the matter was handed to first."""
    found = [m["x"] for pattern in (_HANDED, _PARTY) for m in pattern.finditer(line)]
    return [name for name in found if not _NO_PARTY.search(name)]


def _statements(faults: Faults, line: str) -> list[str]:
    """Clauses that state something and are not rude in themselves."""
    parts = [clause.text for clause in normalise(line).clauses]
    return [
        part
        for part in parts
        if len(_HAN.findall(part)) > 1
        and not _NO_STATEMENT.search(part)
        and not faults.is_rude(part)
        and not faults.is_premise(part.strip(",。!;"))
    ]


def _manners(alone: Alone, part: str) -> float:
    """How near `part` by itself is to breaking a rule of manners."""
    near = alone(part)
    return max(near.get(rule, 0.0) for rule in ATTITUDE)


def _marked(line: str) -> str:
    """`line` in normal form, the blanks that stand for marks in a chat line turned into commas."""
    return normalise(_UNPUNCTUATED.sub(",", line.strip())).text
