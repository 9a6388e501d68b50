"""What was said in a call, ready to be told again: fillers gone, cut into clauses, each turn with the line it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["Answer", "answers", "clauses", "clean", "full_width", "pieces", "says_nothing"]

_FILLER = regex.compile(
    r"^(?:喂+|你好|您好|嗯+|呃+|额+|啊+|哦+|噢+|哎+|诶+|欸+|唉+|那个|这个(?=[,呃嗯我])|就是说?(?=[,我你他])|然后(?=[,呃])|是这样(?:的|子)?(?:啊)?|怎么说呢|我跟(?:你|您)(?:讲|说)(?:啊)?|是吧|对吧|你看(?=,)|反正(?=,)|那(?=你们|你|您|我|能|要是|怎么))[,!。:]*"
)
_INSIDE = regex.compile(r"(?<=\p{Han})(?:呃|嗯|额(?![度外头]))(?=[,\p{Han}])|,(?:呃|嗯|那个|就是说?),")
_STUTTER = regex.compile(r"(我们|你们|这个|那个|就是|然后|因为|但是|[我你他她您就都要想])[,、]?\1+(?=\p{Han})")
_PARTICLE = regex.compile(r"(?:的)?[啊呀嘛哈呗哟嘞]+$")
_NOTHING = regex.compile(
    r"(?:好的?|好好|行吧?|可以(?:的|啊)?|对的?|对对|是的?|嗯+|没有了?|没事(?:了)?|没问题|没错|谢谢(?:你|您)?(?:了)?|再见|拜拜|(?:那)?我?(?:先)?挂了|都行|麻烦(?:你|您)?(?:了)?|方便|(?:你|您|那你)?说吧?|(?:您|你)?(?:是)?哪位|谁|(?:就)?是我(?:本人)?|还行|不客气|辛苦(?:你|您)?了?|明白了?|知道了|没(?:别的|什么)(?:事|了)?|就这样|先这样|成|不用了?)+"
    # leads in, or asks whether he was understood
    r"|我?(?:就)?(?:长话短说|直说了?|再说一遍|重新说|从头(?:讲|说)|简单说|报一下|想问(?:一下|个事|问)?|(?:要|想)?反映(?:一下|个情况|个问题)|(?:想)?咨询(?:一下|个事|个问题)|(?:要|想)投诉)"
    r"|(?:我)?(?:这儿|这里|这边)?(?:有)?(?:个|件|点)(?:事情?|情况|问题)(?:想|要)?(?:跟|和|问|说|麻烦|请教)?\p{Han}{0,5}|是这么(?:个情况|回事|着)|打(?:过来|电话)(?:是)?想\p{Han}{0,8}"
    r"|(?:麻烦|请|想)?问(?:一下|个事|这个)|可以告诉(?:你|您)|(?:你|您)(?:记|对|核对|看|听|写)(?:一下|下|好|准|着)?了?|听(?:清楚?|明白|得?见)了?(?:吧|吗|没有?)?|还要(?:别的|什么|问什么)吗?"
    r"|就是?(?:这样|这么着?|这么回事|这个|这事)|都对上了|跟?(?:你|您)?说的?(?:一样|对|没错)|(?:你|您)(?:说|讲|记)得(?:很|挺)?(?:对|准|没错)|(?:你)?帮我?(?:看看|个忙|查查|看一下|记上|记一下)"
    r"|(?:这个|这事|那)?(?:该|要|一般)?怎么(?:弄|办|处理|整|回事)|找(?:你|您)们对(?:不对|吗|吧)|这事归(?:你|您)们管(?:吧|吗)?"
    # asks for time and way
    r"|接下来\p{Han}{0,3}(?:流程|怎么\p{Han}*)|那?下一步\p{Han}{0,4}|那?(?:大概)?(?:什么时候|多久)(?:能|可以)?(?:有信儿?|办好|弄好|好|修好)?|(?:弄|办|修)好了?会(?:通知|告诉)我吗?|(?:那|这个)?(?:具体|一般)怎么\p{Han}{1,2}|(?:是个|是什么)?什么流程|有没有(?:个)?大概的?时间|(?:还是)?等着就行|我这边要做什么吗?|(?:你|您)?跟我说说"
    r"|(?:可以|行|好|对|是)(?:吗|吧|不)|是不是|对不对|(?:烦|气|急)死(?:人|我)?了|(?:你|您)(?:先)?听我(?:说|讲)"
    # who he is, what he can't tell
    r"|(?:我|免贵|名字)(?:叫|姓)\p{Han}{1,4}|是\p{Han}{0,6}(?:公司|店|中心|客服|银行|医院|汽修|学校|物业)(?:吗|吧)|收件人(?:是|叫|写的?)\p{Han}{2,4}|(?:这个|这)?我?(?:也)?(?:不(?:太|大)?(?:知道|清楚|记得|晓得)|没(?:记|留意|注意)|忘了)(?:了)?|在哪儿?能?看(?:到)?"
)
_WIDE = str.maketrans({"!": "！", "?": "？", ";": "；"})
_COMMA = regex.compile(r"(?<!\d),|,(?!\d)")
_COLON = regex.compile(r"(?<!\d):|:(?!\d)")
_HAN = regex.compile(r"\p{Han}")
_LONGEST_PIECE = 28


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer said at once, and the agent's words before it.

    Attributes:
        no: 0-based turn.
        text: Normalised, fillers gone.
        question: The agent's words before it, normalised; empty where he began.
    """

    no: int
    text: str
    question: str


def answers(transcript: Transcript) -> Iterator[Answer]:
    """The customer's turns, those that follow each other with no word between them as one."""
    question, said, first = "", list[str](), 0
    for no, turn in enumerate(transcript.turns):
        if turn.speaker == "agent":
            if said:
                yield Answer(first, "。".join(said), question)
                question, said = "", []
            question = f"{question}{normalise(turn.text).text}"
        elif text := clean(turn.text):
            first = first if said else no
            said.append(text.strip("。"))
    if said:
        yield Answer(first, "。".join(said), question)


def clean(text: str) -> str:
    """`text` normalised, without fillers, stutters and greetings; punctuation half-width but for the full stop."""
    flat = normalise(text).text.replace("\n", "。")
    parts = []
    for sentence in regex.findall(r"[^。!?;]+[。!?;]*", flat):
        sentence = _STUTTER.sub(r"\1", _INSIDE.sub(lambda m: "," if "," in m.group() else "", sentence))
        while (shorter := _FILLER.sub("", sentence)) != sentence:
            sentence = shorter
        if _HAN.search(sentence) or regex.search(r"[\dA-Za-z]{3,}", sentence):
            parts.append(sentence)
    return "".join(parts)


def clauses(text: str) -> list[str]:
    """The clauses of a cleaned `text`, without end marks and closing particles."""
    found = (_PARTICLE.sub("", regex.sub(r"^[,。]+|[,。!?;:、…]+$", "", c.text)) for c in normalise(text).clauses)
    shortened = (_FILLER.sub("", clause) for clause in found)
    return [clause for clause in shortened if clause]


def says_nothing(clause: str) -> bool:
    """Whether a clause only keeps the talk going: courtesy, lead-in, whether he was understood, when and how."""
    return _NOTHING.fullmatch(clause) is not None


def pieces(kept: list[list[str]]) -> Iterator[str]:
    """Clauses, a list a sentence, as pieces short enough to be told at once, in the punctuation of print."""
    for sentence in kept:
        piece = ""
        for clause in sentence:
            if piece and len(piece) + len(clause) > _LONGEST_PIECE:
                yield full_width(piece)
                piece = ""
            piece = f"{piece},{clause}" if piece else clause
        if piece:
            yield full_width(piece)


def full_width(text: str) -> str:
    """`text` with the punctuation of print; marks inside numbers stay."""
    return _COLON.sub("：", _COMMA.sub("，", text.translate(_WIDE)))
