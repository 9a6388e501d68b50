"""Identifiers a customer gives and an agent must say back: phone, order number, address, full name. Source: taxonomy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from coach.facts.numerals import DIGIT_CHARS, digits_of
from coach.facts.published import standard_numbers

__all__ = ["COMMON_SURNAMES", "COMPOUND_SURNAMES", "SURNAMES", "Identifier", "identifiers", "said_back"]

_D = f"[0-9{DIGIT_CHARS}*]"
_RUN = regex.compile(rf"{_D}(?:[-,、. ]?{_D}){{4,}}")
_CODE = regex.compile(rf"(?<![A-Za-z\d])[A-Za-z]{{1,4}}[- ]?{_D}(?:[-, ]?(?:{_D}|[A-Z](?![a-z])))+", regex.V1)

_LABELS: tuple[tuple[str, regex.Pattern[str]], ...] = (
    (
        "other",
        regex.compile(
            r"卡号|账号|帐号|户号|身份证|证件|验证码|密码|车牌|工号|会员|学号|序列|型号|机身|缴费号|客户号|编码|邮编|金额|余额|积分"
            r"|银行卡|信用卡|社保号|医保号|病历号|门诊号|航班|车次|分机|条形码|税号|设备号|表号|QQ|微信号"
        ),
    ),
    (
        "order",
        regex.compile(
            r"(?:订单|运单|保单|快递|物流|包裹|工单|行李|面单|票|单)(?:单|子)?(?:上面?)?(?:的|那个)?(?:编|流水)?号|运单|保单|单子"
        ),
    ),
    ("phone", regex.compile(r"电话|手机|号码|联系方式|打这个|座机|打我|尾号|固话|电联|拨|我的号|联系我|回我")),
)
_MONEY_AFTER = regex.compile(r"^(?:元|块|万|千|百|十|亿|年|月|日|号楼|天|个|米|分|点|度|岁|人|件|次|兆|公里|平)")
_ORDER_LENGTH = 5
_CODE_LENGTH = 8
_PHONE_LENGTHS = range(7, 13)
_MOBILE_LENGTH = 11
_CARD_LENGTHS = range(15, 20)

_N = f"[0-9{DIGIT_CHARS}十百]"
_WAY = r"(?:路|街|大街|道|大道|巷|弄|胡同|里弄|新村|村|镇|坊|段)"
_PLACE = r"(?:省|市|区|县|镇|乡|村|路|街|道|巷|弄|胡同|小区|社区|花园|家园|新城|公寓|大厦|广场|苑|园|府|庭|湾|城|里|居|阁|院|宿舍|工业园|库房)"
_ADDRESS = regex.compile(
    # a way and its number, with what follows
    rf"\p{{Han}}{{0,10}}?(?<!家|这|那|哪)\p{{Han}}{_WAY}{_N}+(?:弄|号[楼院]?(?!(?:上午|下午|晚|早|之前|以前|前|那天|开始|报|去|来|到期|交|停)))"
    rf"(?:[^,。?!;]{{0,8}}?{_N}+(?:号楼|号院|号|栋|幢|座|单元|室|楼|门|仓|库|层)?)*(?:\p{{Han}}{{2,8}}?(?:大厦|广场|中心|驿站|公寓|小区)(?:{_N}+)?)?"
    # a place and its building
    rf"|\p{{Han}}{{0,10}}?{_PLACE}[^,。?!;0-9]{{0,6}}?(?:{_N}+(?:号楼|号院|号?[仓库]|栋|幢|座|单元|室|弄|组|号(?=[{DIGIT_CHARS}0-9])))+{_N}*(?:室|户)?(?:\p{{Han}}?{_N}{{3,}})?"
    # a building, then a flat
    rf"|(?:{_N}+(?:号楼|号院|栋|幢|座|单元)){{1,3}}(?:{_N}{{3,}}(?:室|号|户)?|{_N}+(?:室|号|户))"
    rf"|{_N}+(?:号楼|栋|幢|座){_N}+(?:单元|门)"
    rf"|(?:门牌|门牌号)(?:号|是|为|写的|:)*{_N}+号?"
    # two ways that meet
    rf"|\p{{Han}}{{1,6}}(?:路|街|巷|道)(?:和|与|跟|同)\p{{Han}}{{1,6}}(?:路|街|巷|道)(?:的)?(?:交叉|十字)?路?口"
    # called the address, whatever the way is called
    rf"|(?:地址|住址|家住|我住在?|(?:送|寄|改|搬)(?:到|去))(?:是|在|成|就|写|那个|呃|:)*(?!(?:你|我|他)们?(?:家|店|公司)|原来|之前|哪)\p{{Han}}{{2,10}}?{_N}+号(?!线|上午|下午|晚|早|之前|以前|前|那天|开始|报|去|来|到期|交|停)(?:{_N}+)?"
    # named as the address
    r"|(?:地址|住址|寄到|送到|送货到|家住|我住在?|改到|改成|地方是)(?:是|在|改成|写|就|:)*(?!(?:你|我|他)们?(?:家|店|公司|小区)|原来|之前|哪)"
    r"[^,。?!;]{2,16}?(?:路|街|巷|小区|花园|苑|大厦|家园|新村|公寓|工业园|保税区|新城|村)(?:[^,。?!;]{0,12}?(?:号|室|栋|楼|仓|库)(?:"
    rf"{_N}+)?)?"
)
_LEAD = regex.compile(
    r"^.{0,4}?(?:地址|住址|(?:家|我)?住|我家|寄到|送到|送货到|改到|改成|地方)(?:我家|家)?(?:就?是|在|改成|改到|写|到|就|:)*(?=.{4})"
)
_ASKS_WHERE = regex.compile(
    r"(?:你们|贵)(?:的)?(?:店|公司|单位|地址|门店|分店|医院|学校)?(?:是不是|是|就)?(?:在|搬到)|怎么走|远不远|远吗"
)

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳"
    "邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉"
    "房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝巩稽井练"
    "仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习胥保和蔺骆贝丛"
)
"""Surnames of one character, many of them words of their own."""
COMMON_SURNAMES = "王李张刘陈杨赵黄吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴姜范姚谭廖邹熊陆郝崔邱秦侯邵孟龚庞樊殷陶翟倪鲁葛韦毕聂邢祁詹靳裴鲍覃霍褚窦骆贺乔沈尹黎"
"""Surnames that seldom begin another word: good enough without a title or a cue."""
COMPOUND_SURNAMES = "欧阳|上官|司徒|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|端木|夏侯|轩辕|南宫|百里|呼延"
"""Surnames of two characters, as alternatives of a pattern."""
_TITLE = r"(?:先生|女士|小姐|太太|师傅|经理|主任|医生|大夫|老师|总|工|姐|哥|阿姨|大爷|大妈|奶奶|爷爷|同学|某|家|氏)"
_GIVEN = r"(?!(?:先生|女士|小姐|太太|师傅|经理|主任|医生|大夫|老师|阿姨|大爷|大妈|奶奶|爷爷|同学|总|工(?=[,。!?]|$)|姐(?=[,。!?]|$)|哥(?=[,。!?]|$)|某))\p{Han}"
_NAME_END = (
    r"(?=$|[,。!?;:、~…\n 0-9*]|电话|手机|号码|联系|住在|家住|我家|地址|身份|女士|先生|小姐|今年|男|女|[是就]\p{Han}{1,3}的|"
    r"\p{Han}{1,3}的(?:那个)?\p{Han}|(?P=sur)|的\p{Han}(?:$|[,。])|就|啊|呀|吧|哈|呢|的(?:电话|号|名)|幺|尾号|订单|单号|要(?:挂|约|订|查|办)|想)"
)


def _full_name(surnames: str) -> str:
    return rf"(?P<name>(?P<sur>{COMPOUND_SURNAMES}|[{surnames}]){_GIVEN}{{1,2}}){_NAME_END}"


_CALLED = (
    r"(?:我叫|(?:孩子|宝宝|娃|娃娃|儿子|女儿|病人|患者|他|她|老人|学生|学员|老公|老婆|爱人|先生|太太|妈|爸|全名|大名|名字|本人|户主|车主|对方)(?:的)?(?:名字|大名)?(?:就)?(?:叫|是叫|叫做|叫作)"
    r"|(?:姓名|名字|全名|收件人|收货人|联系人|户主|车主|投保人|被保险?人|受益人|登记人|预[订定]人|乘客|乘机人|旅客|开户人|寄件人|机主|患者|署名)"
    r"(?:的)?(?:名字|姓名)?(?:就|还)?(?:是|叫|写的?是?|写|填|:|留的?是?)*(?:我本人|我自己|本人)?)(?:叫)?"
)
_NAME = regex.compile(_CALLED + _full_name(SURNAMES))
_NAME_SELF = regex.compile(
    rf"(?:我是|我就是|这里是|,叫|(?<=姓\p{{Han}},?)叫)(?:[^,。!?]{{2,10}}的)?{_full_name(COMMON_SURNAMES)}(?<!我是.家)"
)
_NAME_ASKED = regex.compile(r"姓名|全名|名字|叫什么|怎么称呼|如何称呼|尊姓大名|户主是|哪位的名|贵姓大名|您是哪位")
_NAME_ONLY = regex.compile(rf"^(?:呃|嗯|哦|啊|那个|是|就|叫|我是|我叫|他叫|她叫|[,。])*{_full_name(SURNAMES)}")
_NOT_NAMES = regex.compile(
    r"^(?:方便|谢谢|安全|何时|马上|高兴|周[一二三四五六日末天]|明[天早晚]|万一|时间|应该|全部|单[子位号]|查[一看询]|白天|任何|包裹|温度|路上|符合|项目|成[功了吗]"
    r"|常[规用]|毛病|车[主子牌]|房[东子]|商[家户]|安检|官方|保[安险洁]|和[平你]|都[是行可]|来[的了]|顾客|高[管中]|文员|金[额卡]|程序|关于|计划|原来|原告|连[接锁]|解[决释]|边上"
    r"|任意|江[西苏]|河[南北]|石家|家[长里]|方[式法]|强烈|全[名款额]|华[为东]|花[园店]|易[碎]|冷[气冻]|古[镇城]|水[费电]|江边|伍[佰]|左[边右]|向[您你]|应[聘急]|管[理家道]|宁愿|施工|夏天|于是|习惯)"
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier: what it is, the words, and its canonical form (digits, upper-case code, name or address)."""

    kind: Literal["phone", "order", "address", "name"]
    text: str
    value: str


@lru_cache(maxsize=4096)
def identifiers(text: str, question: str = "") -> tuple[Identifier, ...]:
    """Identifiers a customer gives in normalised `text`, in answer to the agent's `question`."""
    found: list[Identifier] = []
    addresses = [] if _ASKS_WHERE.search(text) else list(_ADDRESS.finditer(text))
    found += [Identifier("address", place, place) for m in addresses if (place := _LEAD.sub("", m.group()))]
    published = standard_numbers(text)
    codes = [m for m in _CODE.finditer(text) if not _within(m, published) and _is_order_code(m, text, question)]
    found += [Identifier("order", m.group(), _code(m.group())) for m in codes]
    for match in _RUN.finditer(text):
        if any(a.start() <= match.start() < a.end() for a in (*addresses, *codes)) or _within(match, published):
            continue
        if _MONEY_AFTER.match(text[match.end() :]):
            continue
        if identifier := _number(match, text, question):
            found.append(identifier)
    found += _names(text, question)
    return tuple(found)


def _within(match: regex.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= match.start() < end for start, end in spans)


def _label(before: str, question: str) -> str:
    """What the number after `before` is called: the last label there, or else in the agent's question."""
    for text in (before[-14:], question):
        places = [(m.end(), name) for name, pattern in _LABELS for m in pattern.finditer(text)]
        if places:
            return max(places)[1]
    return ""


def _code(text: str) -> str:
    """A code with spelled digits as digits, upper case, without separators."""
    return "".join(char if char.isascii() and char.isalpha() else digits_of(char) for char in text).upper()


def _is_order_code(match: regex.Match[str], text: str, question: str) -> bool:
    code, label = _code(match.group()), _label(text[: match.start()], question)
    if label == "other" or sum(not char.isalpha() for char in code) < _ORDER_LENGTH - 1:
        return False
    return label == "order" or len(code) >= _CODE_LENGTH


def _number(match: regex.Match[str], text: str, question: str) -> Identifier | None:
    digits = digits_of(match.group())
    label = _label(text[: match.start()], question)
    if label == "other" or not digits.strip("*"):
        return None
    if label == "order":
        return Identifier("order", match.group(), digits) if len(digits) >= _ORDER_LENGTH else None
    mobile = len(digits) == _MOBILE_LENGTH and digits[0] == "1"
    if len(digits) in _PHONE_LENGTHS and (mobile or label == "phone" or digits[0] == "0"):
        return Identifier("phone", match.group(), digits)
    if not label and len(digits) > _PHONE_LENGTHS[-1] and len(digits) not in _CARD_LENGTHS:
        return Identifier("order", match.group(), digits)
    return None


def _names(text: str, question: str) -> list[Identifier]:
    names = [m["name"] for m in (*_NAME.finditer(text), *_NAME_SELF.finditer(text))]
    if _NAME_ASKED.search(question) and (only := _NAME_ONLY.match(text)):
        names.append(only["name"])
    return [Identifier("name", name, name) for name in dict.fromkeys(names) if _is_name(name)]


def _is_name(name: str) -> bool:
    return not _NOT_NAMES.match(name) and len(set(name)) > 1 and not regex.fullmatch(rf"\p{{Han}}{_TITLE}", name)


def said_back(identifier: Identifier, text: str) -> bool:
    """Whether normalised `text` says `identifier` back.

    That is the number or a part of at least four digits, the address's numbers, the name.
    """
    match identifier.kind:
        case "phone" | "order":
            runs = [digits_of(m.group()) for m in regex.finditer(rf"{_D}(?:[-,、. ]?{_D}){{3,}}", text)]
            wanted = digits_of(identifier.value)
            return any(run in wanted or wanted in run for run in runs if run.strip("*"))
        case "address":
            return _address_said(identifier.value, text)
        case _:
            return identifier.value in text


def _address_said(address: str, text: str) -> bool:
    numbers = regex.findall(f"{_N}+", address)
    digits = digits_of("".join(numbers))
    if len(digits) >= len("101"):
        return digits in digits_of(text) or all(number in text for number in numbers)
    if numbers:
        parts = regex.findall(rf"{_N}+\p{{Han}}", address)
        return all(part in text or digits_of(part) + part[-1] in text for part in parts)
    return address[-4:-1] in text or address[-3:] in text
