"""Puts marks where a line as typed or recognised has none: commas for blanks, and between the clauses of a line that runs on."""

from __future__ import annotations

import regex

from coach.text import normalise

__all__ = ["punctuated"]

_RUN = regex.compile(r"[^,.。!?;:、…]{16,}")
_CLAUSE_END = regex.compile(
    r"(?<=[^,。!?]{4}(?:了|好|吧|过去|过来))(?=(?:您|我|请|麻烦|师傅|明天|今天|后天|现在|目前|预计|大概|大约|如果|要是|里面|还有)[^,。!?]{3})(?<!(?:[等陪跟叫诉知醒给帮误害骂请问催找务骗坑欠少收扣退还赔补送发寄耗费花占劝求教夸惹气吓怨怪烦碍])了(?=您)|为了|除了|对了|超了|您的|我的|到了|给好|等到|直到|收到|看到|听到|找到|通过|经过|不好|最好|只好|正好|刚好|帮到)"
    r"|(?<=(?:归|由|属于)[^,。?!]{2,10}(?:管|负责|办|处理)的?|(?<![就不])是[^,。?!您我]{2,6}的)(?=(?:我帮|我给|我把|您出|您去|您找|您问|您自己|请|麻烦)[^,。?!]{2})"
    r"|(?<=[^,。!?]{2}(?:是吧|对吧))(?=[^,。!?]{4})"
    r"|(?<=^(?:喂)?(?:您好|你好|早上好|上午好|下午好|晚上好))(?=[^,。!?啊呀]{4})"
    r"|(?<=[^,。!?]{3}[^等过去成为有做了]了)(?=(?:上午|下午|中午|晚上|明早|今晚|周[一二三四五六日]|[一二三四五六七八九十\d]+点)[^,。!?]{2})"
    r"|(?<=我(?:是|叫)[^,。!?]{2,10}的?[小老]\p{Han})(?=(?:今天|现在|给您|跟您|想|您|有|这)[^,。!?]{3})"
    r"|(?<=[^,。!?]{4})(?<![的在把跟和给对让请向帮为先再是说要等如果就该])(?=(?:您有事|您有什么|您现在方便|您方便(?:吗|吧|接)|您要是|您要不|您说$|您讲$|您莫挂|您别挂|您稍等|我这就|我马上|我现在就)(?!的))"
    r"|(?<=[^,。!?]{5})(?<![的在把跟和给对让请向帮为先再替是])(?=(?:但是|不过(?!期)|所以|因为|然后|另外|而且|如果|请您|请问|麻烦您|您记得|到时候|我(?:这边)?(?:帮|给|为)您|您放心|您看)[^,。!?]{2})"
    r"|(?<=[^,。!?]{3}(?:这个呢|不了))(?=真的?|对不[住起]|很?抱歉|不好意思|\p{Han}不了)"
)
"""Where a clause ends in a long run without marks: before what begins the next one."""
_LONG = 30
_LONG_RUN_END = regex.compile(
    r"(?<=[^,。!?]{4})(?<![的在把跟和给对让请向帮为先再替是到很真])"
    r"(?=(?:很?抱歉|对不[住起]|给您添|没有?办法给|先生您|女士您|您的(?!话)|让他|让她|弄好|合约|一共)[^,。!?]{2})|(?<=\p{Han}[啊呀哈])(?=先生|女士|您|我)"
)
"""The same in a run so long that it must be several clauses."""
_UNPUNCTUATED = regex.compile(r"(?<=[\p{Han}\d])[ \u3000]+(?=\p{Han})|(?<=\p{Han})[ \u3000]+(?=\d)")
_RUN_ON = regex.compile(
    r"(?<=怨谁|怪谁|赖谁|怨得谁|怪得了谁|没办法|没法子|就是这样|就这样|这么规定的|这么定的|清清楚楚|明明白白|(?:说|讲|念)了?\p{Han}{1,3}[遍次]了|不可能有错|仁至义尽了|争取过了)(?=\p{Han}{3})(?!的)"
    r"|(?<=\p{Han}{4})(?=(?:您非|您偏|您要是|您自己(?!的)|快点(?![儿的])|磨蹭|半天了|不过|但是|可是|所以|难道|这能怪|这能怨|这怪|谁让|谁叫|麻烦您|请您|恕我|下回|下次|就拿))(?<!(?:如果|要是|因为|只是|是|请|把|让|跟|给|和|被|我|您|不|的|该|全|等|要|得|怪|怨|赖|靠|凭|比|除了|都|由|归))"
)
"""The same before what charges or excuses, which goes by itself."""
_TRAILS_OFF = regex.compile(r"(?<=\p{Han}{3})(?:…|\.{2,})+(?=(?:不过|但|可是|可(?=您)|只是|所以|因为|就是)\p{Han}{2})")
_RUN_ON_LENGTH = 14
_SELF = regex.compile("自个儿?(?!的事)")
"""What a charge says in its homely form: mended like 自己."""
_HESITATION = regex.compile(r"(?<=\p{Han}{2})(?:呃|嗯)+(?:那个|这个|就是说)?(?=\p{Han}{2})")
_STUTTER = regex.compile(r"(?<=^|[,。!?])(\p{Han}{1,3})(?:、,?|…+,?|\.{2,},?)(?=\1(?!\p{Han}?[,。!?、]))")
_MARKS = " ,、。!?;:…"


def punctuated(text: str) -> str:
    """`text` in normal form, without stutters, with commas for the blanks of a chat line and where one that runs on has none."""
    line = _STUTTER.sub("", normalise(_UNPUNCTUATED.sub(",", text.strip())).text)
    line = _TRAILS_OFF.sub(",", line)
    line = _SELF.sub("自己", line)
    line = _HESITATION.sub(",", line)
    line = _RUN.sub(lambda m: _CLAUSE_END.sub(",", m.group()), line)
    line = _RUN.sub(lambda m: _LONG_RUN_END.sub(",", m.group()) if len(m.group()) >= _LONG else m.group(), line)
    inner = line.rstrip(_MARKS)
    if len(inner) < _RUN_ON_LENGTH or any(mark in inner for mark in _MARKS):
        return line
    return normalise(_RUN_ON.sub(",", inner) + line[len(inner) :]).text
