"""What the customer asked, as a clause the agent can say back: 你们周末上门吗 → 我们周末是否上门."""

from __future__ import annotations

import regex

__all__ = ["topic_of"]

_LONGEST = 26
_SHORTEST = 3
_ASKS = regex.compile(
    r"\?$|吗|[么嘛呢](?=[ ,、]|$)|(?<=\p{Han}\p{Han})(?:不|没|没有)$|吧\?$|(?:能|会|可以|没|还在|还有).*吧$|(?P<v>\p{Han})[不没](?P=v)|多少|多久|多长|多大|多远|多会儿?|何时|几(?!天没|次|家|句)|什么|啥|怎么|怎样|咋|哪|谁"
    r"|有没有|能不能|可不可以|是不是|要不要|会不会|还是"
)
_UNSAFE = regex.compile(
    r"^(?:[老小阿]\p{Han}{1,2}|\p{Han}{1,3}(?:经理|老师|师傅|主任|医生|教练))(?:人)?(?:去|在|上)哪|"
    r"什么意思|凭什么|骗|坑|要投诉|是不是人|要不要脸|说话|算不算数|算数|听|懂|你(?:说|看|觉得|自己|真|是|叫|让|去|别|不)|请你|帮我?(?:查|看|问|催|改|办|转|修)|给我(?:查|看|催)|谁啊|干嘛|干什么|怎么(?:弄|这么|那么|还|又|就|都|不|说)|咋(?:整|弄|还|这么)|(?<!是)(?:怎么|咋)回事|能查(?!出|到|清)"
    r"|喂|^在吗|^(?:人)?在不在|我等|我急|信(?:不信)?(?:你|我|他)|急死|不管|人吗|到底(?:管|有没有人|想)|\d{5}|[\d*零幺一二三四五六七八九]{6}|你好|您好|死|催|怎么样|对吧|是吧|对吗|是吗|有个事|[你您]们?是谁|[你您]们?(?:跟|和)?[^,]{0,6}(?:问|说|办|处理|联系|反馈|催)(?:了|过)"
)
_LEAD = regex.compile(
    r"^(?:(?:(?:那个|老师|师傅|姐|哥|客服|大夫|医生|同志)[,:、]|那么|呃|嗯+|哦|噢|哎|诶|欸|唉|喂|啊|对了|就是说?|(?:好的?|行|对|是的?|可以|清楚|方便(?:的|呀|啊)?|在的?|有空|不忙|没事|能(?:听到|听见)|谢谢(?:了)?)[,:、]|你好|您好|请问(?:一下)?|请教(?:一下|下)?|麻烦(?:问|你)?|(?:我)?(?:就是)?(?:想|要|再)?(?:问|咨询|了解|打听|知道)(?:一下|下|个事|你们?|您)?|您说(?=这|那)|顺便问(?:一下|下)?|另外"
    r"|妹子|美女|帅哥|不是|那(?![个天边里儿些种款件笔只条家位年月张场套本份台辆次会时是批周根瓶盒头双位间栋层支片幢座副包袋门部面幅道段口顶架颗棵])|所以|可是|但是?|而且)[,:、]*)+"
)
_NAMES = regex.compile(r"^(?:我)?(?:叫|姓|的?(?:名字|电话|手机|单号|地址|新地址)是|是\p{Han}{2,3}$)")
_TAIL = regex.compile(r"(?:啊|呀|呢|呐|嘞|哈|哦|啦|来着|的啊|的呀)+$")
_YES_NO = regex.compile(r"(?:(?<!得)了)?(?:吗|么|嘛|不|没有?|吧|否)$")
_OPEN = regex.compile(
    r"多少|多久|多长|多大|多远|多贵|多会儿?|几(?=\p{Han}|$)|什么|啥|怎么|咋|怎样|哪|谁|还是|为何|何时|(?P<v>\p{Han})[不没](?P=v)|有没有|能不能|可不可以|是不是|要不要|会不会|行不行|好不好"
)
_EITHER = regex.compile(r"(?P<v>\p{Han})[不没](?P=v)|有没有|还是|是否")
_SWAPS = (
    (r"俺|咱(?!们)", "我"),
    (
        r"(?:你们?|您们?|咱们)(?:家|那边|那里|那儿?|这边|这里|这儿?)(?!小|条|个|款|种|张|套|批|块|台|只|次|家|部|辆|本|份)",
        "⊙这边",
    ),
    (r"(?:你|您|咱)们", "⊙"),
    (r"[你您](?=这|那|家)", "⊙"),
    (r"你|您", "⊙"),
    (r"我们(?=小区|单位|公司|学校|楼|家|村|班|孩|那)", "您"),
    (r"我(?:妈妈|妈|母亲)", "您母亲"),
    (r"我(?:爸爸|爸|父亲)", "您父亲"),
    (r"我(?:老婆|老公|媳妇|对象|先生|太太)", "您爱人"),
    (r"我(?:家)?(?:娃儿?|小孩|孩子|宝宝)", "您孩子"),
    (r"我们?", "您"),
    (r"⊙", "我们"),
    (r"(?<=\p{Han})也(?=能|会|可以)", ""),
    (r"人家(?=要|会|能|肯|让|收|给)", "对方"),
    (r"啥", "什么"),
    (r"咋(?:样)?", "怎么"),
    (r"(?<=要|得|还有|用)好久", "多久"),
    (r"好多(?=钱|块|时间)", "多少"),
    (r"多会儿?|好久(?=能|才|到|可以)|几时", "什么时候"),
    (r"(?:肯定|绝对)(?=是|会|能|涨|跌|到)", ""),
    (r"(?<!盯|跟|管|负责)到底(?=\p{Han})(?!吗)|究竟|真的?(?=能|会|有|是|可以)|一定(?=[是能会])|敢(?=\p{Han}吗)", ""),
    (r"(几[点号]|多久|什么时候|多长时间|哪天|怎么|哪[里儿]?)(?:才|就|还)?(?:能够?|可以)", r"\1"),
    (r"(多少钱)(?:才)?(?:能|可以)", r"\1"),
    (r"能够?(?=有(?:多少|多大|几))", ""),
    (r"能够?(?=\p{Han}{1,3}(?:多少|多久|几|多大|多远|多长))", ""),
    (r"^您(\p{Han}{0,5}?)(?:想|要|打算|准备)要?(?!不|知|问)(\p{Han}{2,8}),(?=.)", r"\1\2,"),
    (r"(?:怎么办|咋办)$", "怎么处理"),
    (r"有没有用$", "是否有用"),
    (r"(?:能不能够?|可不可以|能否|可否)", "能不能"),
    (r"(?<=还)(?P<v>\p{Han})[不没](?P=v)", r"\g<v>不\g<v>"),
    (r"(还)?(?P<v>[包含够收退换送修开在支用带算认行好给赔批准限查])[不没](?P=v)", r"是否\1\g<v>"),
    (r"(?P<v>\p{Han})(?P<w>\p{Han})不(?P=v)(?P=w)", r"是否\g<v>\g<w>"),
)
_ASKED = (
    (r"^(.*?)(?<!\p{Han}[最])(好[用使]|方便|合适|靠谱|通用|耐\p{Han})$", r"\1是否\2"),
    (r"^(.*?)(?:就|应该)?不会", r"\1会不会"),
    (r"^(.*?)没(?=事$|问题$|影响$|丢|坏|错|变|漏|超|过期|取消|掉)", r"\1有没有"),
    (r"^(.*?)(都(?:能|可以|会|要))", r"\1是不是\2"),
    (r"^(.*?)(?<![不才只可功性智])能(?!量|力|源|耗)(?:够)?", r"\1能不能"),
    (r"^(.*?)可以", r"\1能不能"),
    (r"^(.*?)(?<![不社开体学误领])(?<!(?<![司飞])机)会(?!议|员|计|馆|费|场)", r"\1会不会"),
    (r"^(.*?)((?:还)?(?:来得及|\p{Han}得(?:[到了上动起出完好下清见开住过成及回干](?!底)来?)))", r"\1是否\2"),
    (r"^(.*?)(?<![不重主必还只需])(?:需)?要(?!求|是|紧|么)", r"\1要不要"),
    (r"^(.*?)(还?有用)$", r"\1是否\2"),
    (r"^(.*?)(?<![没所只具含都])有(?!效|机|时|些|点|关|人说|限)", r"\1有没有"),
    (r"^(.*?)(?<![不还只要总但可就])是(?!否)", r"\1是不是"),
    (
        r"^(.*?)((?:还|都|也|已经?|一定|全部?|就|只)?(?:需要|要是|要紧|支持|包含|包括|(?<![的书钱红面背荷提钱丢])包(?!裹|子|间|厢)|含|收|送|退(?!休|款|票)|(?<![录信费通使适采试食引作有])用(?!户|品)|算|赔得|赔(?!偿)|认|够|(?:排|住|放|存|停|装|开)?在|提供|来得及|赶得上|赶得及|找得[回到]|修得好|看得出|放得下|跟[^,]{1,6}一样|和[^,]{1,6}一样|上门|营业|开(?!关|水|户|票)|安全|归|保本|保真|保(?!单|险|安|洁|修|护|养|证|姆)|涨|跌|通过|(?<![这那一几每两])批|采纳|上班|过敏|掉色|降|出(?=$)|承担|保修|让停|练车|(?<![得收达遇感碰找拿等提说])到(?=\p{Han})|在家|影响|发货|发了|到账|到了|齐全|正规|严重|有效|厉害|方便|允许|接受|影响|管用|靠谱|合适|好使|防水|受影响|不会|不能))",
        r"\1是否\2",
    ),
    (r"^(.*?)(甜|贵|冷|热|远|疼|痛|灵|准|好|大|辣|难|稳|快|多|近|行|挤|吵)$", r"\1\2不\2"),
)


def _swapped(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for pattern, new in pairs:
        text = regex.sub(pattern, new, text)
    return text


def topic_of(previous: str) -> str:
    """The customer's last question as an indirect one, from the agent's side; empty where it can't be had safely.

    `previous` is what the customer just said, normalised, a turn a line.
    """
    sentences = [s for s in regex.split(r"(?<=[?。!])|\n|;", previous) if s and regex.search(r"\p{Han}", s)]
    asked = next((s for s in reversed(sentences) if _asks(s)), "")
    text = _LEAD.sub("", asked.strip(" ,。!;…~"))
    clauses = [c for c in regex.split(r"[,、:… ]+|(?<=吗)(?=\p{Han})", text.rstrip("?。! ")) if c]
    clauses = [c for i, c in enumerate(clauses) if i == len(clauses) - 1 or not _NAMES.search(c)]
    while clauses and (len("".join(clauses)) > _LONGEST or (len(clauses) > 1 and _UNSAFE.search(clauses[0]))):
        clauses = clauses[1:]
    while len(clauses) > 1 and not _asks(clauses[-1]) and any(_asks(c) for c in clauses):
        clauses = clauses[:-1]
    text = _LEAD.sub("", ",".join(clauses))
    if not clauses or _UNSAFE.search(text) or not _asks(text + ("?" if asked.endswith("?") else "")):
        return ""
    if asked.endswith("?") and not _OPEN.search(clauses[-1]) and not _YES_NO.search(_TAIL.sub("", text)):
        text += "吗"
    return _indirect(text)


def _asks(sentence: str) -> bool:
    return _ASKS.search(sentence.strip(" ,。!;…~")) is not None


def _indirect(text: str) -> str:
    clauses = [_said(clause) for clause in _swapped(_TAIL.sub("", text), _SWAPS).split(",")]
    topic = ",".join(clauses)
    odd = (
        len(topic) < _SHORTEST
        or not all(clauses)
        or regex.search(r"[我您]{2}|是否.*是否|(?:多少|几|什么|怎么|哪).*[吗吧]$", topic)
    )
    return "" if odd else topic


def _said(clause: str) -> str:
    """One clause, where it asks as an indirect question; empty where that can't be had."""
    clause = regex.sub(r"(?<=了|过|[好到完上])没$", "没有", clause)
    clause = regex.sub(r"(?<=[到批发寄装修补办开车封退审报交发断停][\p{Han}]?了)[吗么]$", "没有", clause)
    whether = regex.search(r"(?:吗|(?<!什|怎|那|这|多)么)$", clause) and not _EITHER.search(clause)
    whether = whether and not regex.search(r"(?:多少|多久|几|什么时候)\p{Han}{0,3}[吗么]$", clause)
    if not whether and not _YES_NO.search(clause):
        return (
            clause
            if not _OPEN.search(clause)
            else regex.sub(r"(?<=\p{Han}\p{Han})(?:嘛|呢|(?<!哪|好|到|完|上|来|下|坏|错|丢)了)$", "", clause)
        )
    if not whether and (_OPEN.search(clause) or "是否" in clause or clause.endswith("没有")):
        return regex.sub(r"(?:吗|(?<!什|怎|那|这|多)么|嘛)$", "", clause)
    body = _YES_NO.sub("", clause)
    if regex.search(r"\p{Han}不[开到上起动住过成](?:\p{Han}{0,2})$", body):
        return ""
    return next((new for pattern, how in _ASKED if (new := regex.sub(pattern, how, body)) != body), "")
