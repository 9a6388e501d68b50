"""Finds the facts of a line. Patterns run on the normalised text, spans are of the original.

Each kind has one pattern and one function that gives the canonical value; a longer reading hides shorter ones inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import regex

from coach.facts.model import Fact, Kind
from coach.facts.numerals import DIGIT_CHARS, NUMERAL, digits_of, number_of
from coach.text import NormalisedText, normalise

__all__ = ["extract"]

_N = NUMERAL
_PERIOD = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|今早|明早|后早|今晚|明晚|后晚|昨晚|早|晚"
_SURNAME = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳"
    "邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)
_TITLE = "先生|女士|小姐|太太|师傅|经理|主任|医生|大夫|老师|总监|总|工程师|工|会计|主管|护士|教练|律师|队长|队|阿姨|大爷|大妈|奶奶|爷爷|院长|校长|部长|处长|科长|局长|店长|顾问|专员|教授|同学|机长|秘书"
_NOT_A_NAME = frozenset(
    {"于总", "和总", "应总", "都总", "来总", "明明", "时总", "全总", "单总", "计工", "任总", "安全", "应聘"}
)
_MEASURE = (
    "个工作日|个|张|次|件|本|套|遍|位|名|楼|层|栋|幢|单元|室|号楼|号柜|号线|号窗口|号厅|号|兆|分|度|立方米|立方|平方米|平米|平方|公里|千米|厘米|毫米|米|页|节|课时|岁|倍|公斤|斤|吨|升|"
    "间|台|部|辆|份|封|条|笔|期|门|科|项|种|款|瓶|盒|箱|袋|包|双|只|把|座|人|口|级|档|组|轮|步|排|列|床|晚|折|成|股|户|站|集|场|课|点积分|积分|毫安|瓦|伏|字|家"
)  # fmt: skip
_CLOCK = {"凌晨": 0, "清晨": 0, "早上": 0, "早晨": 0, "上午": 0, "早": 0, "今早": 0, "明早": 0, "后早": 0}
_LATE = {"中午", "下午", "傍晚", "晚上", "夜里", "今晚", "明晚", "后晚", "昨晚", "晚"}
_DAY_OF = {"今": "今天", "明": "明天", "后": "后天", "昨": "昨天", "前": "前天", "当": "当天"}
_WEEK = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "日": "7", "天": "7", "末": "末"}
_SECONDS = {"秒": 1, "秒钟": 1, "分": 60, "分多钟": 60, "分钟": 60, "刻钟": 900, "小时": 3600, "钟头": 3600, "钟": 3600}
_NOON = 12
_MIDNIGHT = 24
_COUNTING = "〇一二三四五六七八九两"
_TWO = _COUNTING.index("两")
_DURATION_UNITS = {"月": "个月", "礼拜": "周", "星期": "周", "周岁": "岁"}
_COUNTED_BY_ONE = frozenset(
    [
        "楼",
        "层",
        "栋",
        "幢",
        "单元",
        "室",
        "号楼",
        "号柜",
        "号线",
        "号窗口",
        "号厅",
        "号",
        "兆",
        "度",
        "立方米",
        "立方",
        "平方米",
        "平米",
        "平方",
        "公里",
        "千米",
        "厘米",
        "毫米",
        "米",
        "课时",
        "岁",
        "倍",
        "公斤",
        "斤",
        "吨",
        "升",
        "折",
        "成",
        "级",
        "排",
        "列",
        "股",
        "户",
        "点积分",
        "积分",
        "毫安",
        "瓦",
        "伏",
        "个工作日",
    ]
)
"""Units that state a fact even with 一 before them."""
_BEFORE_ADDRESS = "(?:家住|地址|属于|住在|住址是|地址是|寄到|送到|送去|改到|改成|位于|离|靠近|搬到|住|在|到|去|从|往|是|给|对|跟|和|与|的|您|我|他|她|走|经过|沿)"
_NOT_A_ROAD = frozenset(
    [
        "这条",
        "那条",
        "哪条",
        "一条",
        "两条",
        "半",
        "走",
        "上",
        "思",
        "线",
        "网",
        "电",
        "回",
        "顺",
        "这个",
        "那个",
        "整个",
        "我们",
        "您们",
        "本",
        "该",
        "咱们",
        "您家",
        "您的",
        "您那",
    ]
)

_JOINED = regex.compile(rf"^\p{{Han}}{{1,2}}[让给跟与于把被请由叫派向找问](?:{_TITLE})$|^关于|^到?时候")
"""Words before a title that are no name: 时间让师傅, 安排给师傅, 到时候师傅."""

_NO_FACT = regex.compile(
    r"【[^】]*】|说一千[，,]?道一万|一[五百]一十|三[番天]五次|十天半个?月|一块儿|百八十(?:遍|回|次)|一[百千万]个(?:放心|不?愿意|不?乐意|不满意)|三岁(?:小孩|孩子|娃)|[这那][一二两三四五六]个字|[二三四五六七八]十岁的人(?=没|还不|连)"
)
"""Slots, and set phrases with a number that counts nothing: 说一千道一万, 一五一十."""

_Value = Callable[[regex.Match[str]], "str | None"]


def _plain(value: float) -> str:
    """`value` without exponent or needless noughts."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _amount(m: regex.Match[str]) -> str | None:
    value = number_of(m["n"])
    if value is None:
        return None
    if m["tail"]:
        value += (number_of(m["tail"]) or 0) / 10
    if m["unit"].startswith("万"):
        value *= 10_000
    small = {"角": 0.1, "毛": 0.1, "分": 0.01}
    if m["unit"][-1] in small and len(m["unit"]) == 1:
        value *= small[m["unit"]]
    currency = m["unit"] if m["unit"] in {"美元", "欧元", "港币", "英镑", "日元"} else "元"
    return f"{_plain(value)}{currency}"


def _percent(m: regex.Match[str]) -> str | None:
    value = number_of(m["n"] or m["n2"])
    return None if value is None else f"{_plain(value)}%"


def _date(m: regex.Match[str]) -> str | None:
    parts = []
    if m["year"]:
        parts.append(f"{digits_of(m['year'])}年")
    if m["month"]:
        parts.append(f"{number_of(m['month']):g}月")
    if m["day"]:
        parts.append(f"{number_of(m['day']):g}日")
    return "".join(parts)


def _day(m: regex.Match[str]) -> str:
    return _DAY_OF[m["d"]]


def _weekday(m: regex.Match[str]) -> str:
    which = {"这": "本", "本": "本", "下": "下", "上": "上", "每": "每"}.get((m["which"] or "")[:1], "")
    if (m["which"] or "").startswith("下下"):
        which = "下下"
    return f"{which}周{_WEEK[m['w']]}" if m["w"] else f"{which}周"


def _month(m: regex.Match[str]) -> str:
    which = {"次": "下", "下": "下", "这": "本", "本": "本", "当": "本", "上": "上", "": "本"}[(m["which"] or "")[:1]]
    part = {"末": "底"}.get(m["part"], m["part"] or "")
    return f"{which}{'下' if (m['which'] or '').startswith('下下') else ''}月{part}"


def _end(m: regex.Match[str]) -> str:
    return f"今{m.group()}"


def _year(m: regex.Match[str]) -> str:
    return f"{m['which'].replace('本', '今')}年{m['part'] or ''}"


def _time(m: regex.Match[str]) -> str | None:
    hour = number_of(m["h"] or m["h2"])
    if hour is None or hour > _MIDNIGHT or _is_a_bit(m):
        return None
    minute = 0.0
    if m["m2"]:
        minute = float(m["m2"])
    elif m["half"]:
        minute = {"半": 30, "一刻": 15, "三刻": 45}[m["half"]]
    elif m["m"]:
        minute = number_of(m["m"]) or 0
    period = m["p"] or m["p2"] or ""
    if period in _LATE and hour < _NOON and not (period == "中午" and hour >= 11):
        hour += _NOON
    mark = "" if period or hour > _NOON else "?"
    return f"{mark}{int(hour):02d}:{int(minute):02d}"


_SAID_OF_MANNER = regex.compile(r"(?<![午上晚天号日在到是约从至过前后夜早呢吧,。])\p{Han}$")
"""Before 一点 at the end of a clause: 体面一点, but not 下午一点."""
_ADJECTIVES = tuple("慢快多少大小轻高低近远长短便宜清楚细")
"""What 一点 after it makes a little more so: 慢一点."""


def _is_a_bit(m: regex.Match[str]) -> bool:
    """Whether the words are 一点 or 半点, a little, not one o'clock."""
    if m["h2"] or m["half"] or m["m"] or m["p2"] or m.group()[-1] in "钟整":
        return False
    if m["h"] == "一" and (m["p"] in {"早", "晚"} or m.string[: m.start()].endswith(_ADJECTIVES)):
        return True
    if m["p"]:
        return False
    if m["h"] == "半":
        return True
    after = m.string[m.end() :]
    if m["h"] == "一" and regex.match(r"[,。!?]|$", after) and _SAID_OF_MANNER.search(m.string, 0, m.start()):
        return True
    return m["h"] == "一" and not regex.match(r"[,。]?(?:之?前|以前|左右|开始|到|至|[,。!?]|$)", after)


def _span_of(text: str) -> tuple[str, str] | None:
    """Both ends of a loose count such as 三四 or 两三; None where the text is none."""
    if len(text) != len("三四") or any(char not in _COUNTING for char in text):
        return None
    low, high = _COUNTING.index(text[0]), _COUNTING.index(text[1])
    low, high = (2 if end == _TWO else end for end in (low, high))
    return (str(low), str(high)) if low < high else None


def _duration(m: regex.Match[str]) -> str | None:
    if loose := (m["low"], m["n"]) if m["low"] else _span_of(m["n"]):
        return f"{loose[0]}-{loose[1]}{m['unit'].strip('钟')}"
    value = number_of(m["n"])
    if value is None:
        return None
    if m["half"] or m["half2"]:
        value += 0.5
    unit = m["unit"]
    if unit in _SECONDS:
        return f"{_plain(value * _SECONDS[unit])}秒"
    if unit in {"天", "日"}:
        return f"{_plain(value)}天"
    if unit in {"周", "星期", "礼拜"}:
        return f"{_plain(value * 7)}天"
    if unit == "半年":
        return "6个月"
    if unit == "年" and value < 1:
        return "6个月"
    return f"{_plain(value)}{_DURATION_UNITS.get(unit, unit)}"


def _number(m: regex.Match[str]) -> str:
    return digits_of(m.group())


def _code(m: regex.Match[str]) -> str:
    return regex.sub(r"[\s-]", "", m.group()).upper()


def _quantity(m: regex.Match[str]) -> str | None:
    if m["n"] == "一" and m["unit"] not in _COUNTED_BY_ONE:
        return None  # 一次, 一句, 一件: an article rather than a count
    if m["n"] == "半" and m["unit"] in {"点", "分", "个", "句"}:
        return None
    if loose := _span_of(m["n"]):
        return f"{loose[0]}-{loose[1]}{m['unit']}"
    value = number_of(m["n"])
    return None if value is None else f"{_plain(value)}{m['unit']}"


def _bare(m: regex.Match[str]) -> str | None:
    value = number_of(m.group())
    return None if value is None else f"{_plain(value)}"


def _address(m: regex.Match[str]) -> str | None:
    name = m["road"]
    if regex.search("属于|这|那|是|的|归|由|[您我他她]|(?:线|电|思|出|管|油|水|调|整)路$", name):
        return None
    return None if name[:-1] in _NOT_A_ROAD or len(name) < len("某某路") else name


def _name(m: regex.Match[str]) -> str | None:
    name = (m["called"] or m["titled"] or m["self"] or "").strip()
    if m["familiar"]:
        return m["familiar"][0] + {"哥": "先生", "姐": "女士"}[m["familiar"][-1]]
    if m["titled"] and _JOINED.search(name):
        return None
    return None if not name or name in _NOT_A_NAME else name


def _text(m: regex.Match[str]) -> str:
    return m.group().strip('“”"《》')


_KINDS: tuple[tuple[Kind, str, _Value], ...] = (
    ("amount", rf"(?<![几数])(?<![这那哪](?=一块(?!钱)))(?:¥|￥)?(?P<n>{_N})(?P<unit>万元|美元|欧元|港币|英镑|日元|元|块钱|块|角|毛)(?P<tail>[一二三四五六七八九1-9](?![\d个]))?(?!钱?的?关系)", _amount),
    ("percent", rf"(?P<n>\d+(?:\.\d+)?)%|百分之(?P<n2>{_N})|(?P<n2>百)分百", _percent),
    ("date", rf"(?:(?P<year>\d{{4}}|[{DIGIT_CHARS}]{{4}})年)?(?P<month>{_N})月(?!租|费|卡|嫂)(?:份|(?P<day>{_N})[日号]?)?(?<!半月)", _date),
    ("date", r"(?P<year>(?!))?(?P<month>(?!))?(?<![第路街巷道弄村院区\d一二三四五六七八九十])(?P<day>[1-3]?\d|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号](?=[上下早晚前后之以的到至去来,。?!、生能就会可交送扣还缴开出]|$)(?!楼|柜|线|院)", _date),
    ("date", r"(?P<d>[今明后昨前当])(?:天|日|儿|晚|早)", _day),
    ("date", r"(?P<which>下下个?|下个?|上个?|这个?|本|每个?)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天末])(?!次|遍|个)", _weekday),
    ("date", r"(?P<which>下个?|上个?|这个?|本|每个?)(?:周|星期|礼拜)(?P<w>(?!))?(?!边|到|期|转)", _weekday),
    ("date", r"(?P<which>次|下下个?|下个?|上个?|这个?|本|当)月(?P<part>初|底|末|中旬|上旬|下旬)?|(?<!\p{N}|[个一二三四五六七八九十])月(?P<part>初|底|末|中旬)", _month),
    ("date", r"(?P<which>今|明|后|去|前|当|本)年(?P<part>初|底|末)?(?!级|轮|龄|纪|费|卡|货|糕)", _year),
    ("date", r"(?<![今明去后前本每])年[初底末]", _end),
    ("time", rf"(?P<p>{_PERIOD})?(?:(?P<h>{_N})点(?!积分|儿?的?意见|东西|心|(?<=[一半]点)半?就?行?吧)(?:钟|整|(?P<half>半|一刻|三刻)|(?P<m>{_N})(?!点)分?)?|(?P<h2>\d{{1,2}}):(?P<m2>\d{{2}}))(?:(?P<p2>早上|上午|下午|晚上)(?!(?:{_N})(?:点|:)))?", _time),
    ("duration", rf"(?<!第|(?<!再)过(?=[几两一][天日]))(?<![晚差慢迟少早](?=一(?:分|秒|天)[钟]?(?:都|也|您|我|就)))(?:(?P<low>\d+)[-~—到至])?(?P<n>{_N})(?:个(?P<half>半)?(?P<unit>小时|钟头|工作日|星期|礼拜|月|季度)|(?P<unit>分)(?P<half2>半)钟?|(?P<unit>秒钟|秒|分钟|分多钟|刻钟|小时|钟头|天|工作日|星期|礼拜|周岁|周|年)(?P<half>半)?)(?!前?租|费)", _duration),
    ("code", r"(?<![A-Za-z\d])(?=[A-Za-z\d-]*\d)(?=[A-Za-z\d-]*[A-Za-z])[A-Za-z\d]+(?:-[A-Za-z\d]+)*", _code),
    ("number", rf"(?<![\d.:])\d[\d*-]{{3,}}\d(?!:\d)|[{DIGIT_CHARS}](?:[,、-]?[{DIGIT_CHARS}]){{3,}}(?![十百千万亿])|(?=[{DIGIT_CHARS}]*幺)[{DIGIT_CHARS}]{{3,}}", _number),
    ("number", r"(?<![\d.A-Za-z*:-])\d+(?:\.\d+)?[百千万亿]?(?![\d.A-Za-z*:]|-\d)|(?:[一二两三四五六七八九][十百千万亿]|十[一二三四五六七八九])[零一二两三四五六七八九十百千万亿]*(?!个心)", _bare),
    ("quantity", rf"(?<![几数])(?P<n>{_N})(?P<unit>{_MEASURE})(?<!您.位)(?!心)", _quantity),
    ("name", rf"(?:我叫|叫作|名叫|姓名是?|名字是?|全名是?|收件人(?:是|写)?|联系人是?)(?P<called>[{_SURNAME}]\p{{Han}}{{1,2}})(?=[,。!?;的]|先生|女士|电话|是|$)|(?<![\p{{Han}}])?(?P<titled>(?:[{_SURNAME}]|[{_SURNAME}](?:(?!的)\p{{Han}}){{1,2}}?(?!总|工|队))(?:{_TITLE}))(?<!总(?=[部店公台机行站额共计量阀]))(?!是?谁)|(?:^|[,。!?]|好的)(?P<familiar>[{_SURNAME}][哥姐])(?=[,。!?您])|我(?:是|叫)[^,。!?]{{0,10}}?(?P<self>[小老][{_SURNAME}])", _name),
    ("address", rf"(?:^|[^\p{{Han}}]|{_BEFORE_ADDRESS})(?P<road>(?!{_BEFORE_ADDRESS})\p{{Han}}{{1,8}}?(?:路|街道|大街|街|大道|巷|胡同|小区|花园|大厦|广场|苑|新村))(?=\d|[一二三四五六七八九十]+[号栋幢单]|[,。的!?]|支行|店|网点|营业厅|$)", _address),
    ("product", r"“[^”]{2,20}”|《[^》]{2,30}》", _text),
)  # fmt: skip


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Kind, regex.Pattern[str], _Value], ...]:
    return tuple((kind, regex.compile(source), value) for kind, source, value in _KINDS)


@lru_cache(maxsize=4096)
def extract(text: str) -> tuple[Fact, ...]:
    """The facts `text` states, in order, none inside another (but the day in 今晚8点). Slots such as 【时限】 state none."""
    turn = normalise(_NO_FACT.sub(lambda m: "□" * len(m.group()), text))
    found = sorted(_all(turn), key=lambda item: (item[1][0] - item[1][1], item[1][0]))
    taken: list[tuple[int, int]] = []
    facts: list[Fact] = []
    for kind, (start, end), value in found:
        if any(start < e and s < end for s, e in taken):
            continue
        taken.append((start, end))
        span = turn.span(start, end)
        facts.append(Fact(kind, text[span[0] : span[1]], value, span))
        if kind == "time" and (day := regex.match(r"[今明后昨]", turn.text[start:end])):
            span = turn.span(start, start + len("今晚"))
            facts.append(Fact("date", text[span[0] : span[1]], _DAY_OF[day.group()], span))
    return tuple(sorted(facts, key=lambda fact: fact.span))


def _all(turn: NormalisedText) -> Iterator[tuple[Kind, tuple[int, int], str]]:
    for kind, pattern, value_of in _compiled():
        for match in pattern.finditer(turn.text):
            value = value_of(match)
            if value:
                group = next(
                    (
                        g
                        for g in ("called", "titled", "familiar", "self", "road")
                        if g in pattern.groupindex and match[g]
                    ),
                    None,
                )
                yield kind, match.span(group) if group else match.span(), value
