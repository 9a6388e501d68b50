"""A conversation without a model: what a message wants is told by its form, a follow-up takes its topic from the one before.

Three kinds of message: a question or a situation (answered from the handbook), a line to be made compliant (quoted, led by a
speaker label, or asked for in so many words), and a whole call (critiqued in the review tab, so only its last agent line is
rewritten here).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import regex

from coach.assistant.answer import Answer
from coach.assistant.fluent import Exchange, FluentAnswer
from coach.assistant.tone import is_tone_alone, tone_in, without_tone
from coach.assistant.with_model import with_model_answer, with_model_rewrite
from coach.critique import Critique
from coach.errors import TranscriptError
from coach.rewrite import Rewrite
from coach.text import normalise
from coach.transcripts import parse_text

if TYPE_CHECKING:
    from coach.assistant.coach import Coach

__all__ = ["Reply", "Topic", "answered", "replies", "reply"]

_REMEMBERED = 12

_LABELLED = regex.compile(r"^\s*(?:坐席|客服|话务员|顾问|我方|客户|用户|顾客)\s*[:：]", regex.MULTILINE)
_ASKS_REWRITE = regex.compile(
    r"^(?:请|麻烦)?(?:帮我|给我)?(?:把)?(?:这|下面|以下)?(?:句|句话|一句)?(?:话)?(?:改写|改成|改一下|改改|改|润色|换个说法|重新说|合规吗|点评)"
    r"(?:一下|得?合规|得?礼貌)?(?:的说法)?[:：,，]?\s*(?P<line>.*)$|"
    r"(?P<before>[“\"「].{2,}[”\"」]).{0,6}(?:怎么改|改一下|帮我改|合规吗|换个说法|有问题吗|这样说行吗|能这么说吗)",
    regex.DOTALL,
)
_QUOTED_ALONE = regex.compile(r"^\s*[“\"「](?P<line>[^”\"」]{2,})[”\"」]\s*$", regex.DOTALL)
_FOLLOW_UP = regex.compile(
    r"^(?:那么?|还有|如果|要是|换成|要换成|至于)(?P<topic>.{1,14}?)(?:呢|的话|的时候呢|怎么样|咋办|怎么办|行吗|也一样吗|也是吗)?[?？。!！]*$"
)
_QUESTION = regex.compile(
    r"[?？]|怎么|咋|什么|啥|吗|呢|如何|多久|几|谁|哪|为什么|能不能|可不可以|要不要|是不是|该不该|行不行"
)
_AGENT_LIKE = regex.compile(r"您|你|请稍等|稍等|喂|为您|给您|我帮")
_SITUATION = regex.compile(r"客户|顾客|用户|对方|人家|他|她|怎么说|怎么回|怎么办|咋办|怎么答")
_SHORTEST_LINE = 4


@dataclass(frozen=True, slots=True)
class Topic:
    """What the conversation is about.

    Attributes:
        question: The last question that was answered in full, as searched for.
        line: The last line that was to be made compliant.
        before: What was said, oldest first; only a model reads it.
    """

    question: str | None = None
    line: str | None = None
    before: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the coach says to one message.

    Attributes:
        kind: answer or rewrite.
        topic: What the next message may follow up on.
        answer: For an answer: the built-in one.
        rewrite: For a rewrite: the built-in one.
        critique: For a rewrite: what was found in the line.
        fluent: For an answer: the model's, as far as it may be shown.
        other: For a rewrite: the model's.
        waiting: What is still being done; empty once the reply is whole.
        note: Why there is nothing of the model's; empty where there is, or where no model is in use.
    """

    kind: Literal["answer", "rewrite"]
    topic: Topic
    answer: Answer | None = None
    rewrite: Rewrite | None = None
    critique: Critique | None = None
    fluent: FluentAnswer | None = None
    other: Rewrite | None = None
    waiting: str = ""
    note: str = ""


def reply(coach: Coach, message: str, topic: Topic | None = None) -> Reply:
    """The coach's reply to `message` in a conversation about `topic`, whole.

    Raises:
        TranscriptError: The message is blank, or a pasted call can't be read.
    """
    *_, last = replies(coach, message, topic)
    return last


def replies(coach: Coach, message: str, topic: Topic | None = None) -> Iterator[Reply]:
    """The reply to `message` as it grows: the built-in one at once, then what a model adds. Raises as `reply` does."""
    if not message.strip():
        raise TranscriptError("还没有写内容", where="提问", hint="写下您的问题，或贴一句想改的话")
    about = topic or Topic()
    tone = tone_in(message)
    line = about.line if tone and about.line and is_tone_alone(message) else line_in(without_tone(message))
    if line is not None:
        transcript = parse_text(line)
        first = Reply("rewrite", about, rewrite=coach.rewrite(transcript), critique=coach.critique(transcript))
        yield from _noted(with_model_rewrite(coach, transcript, first, tone), message, line)
        return
    question = followed_up(message.strip(), about)
    first = Reply("answer", replace(about, question=question, line=None), answer=coach.ask(question))
    yield from _noted(with_model_answer(coach, message.strip(), first), message, None)


def answered(coach: Coach, question: str) -> Iterator[Reply]:
    """The answer to `question`, taken as one whatever it looks like, as it grows; raises InputError where it is blank."""
    first = Reply("answer", Topic(question=question), answer=coach.ask(question))
    yield from with_model_answer(coach, question.strip(), first)


def _noted(steps: Iterator[Reply], message: str, line: str | None) -> Iterator[Reply]:
    """`steps`, their topic knowing what was said."""
    for step in steps:
        topic = replace(
            step.topic, line=line, before=(*step.topic.before, Exchange(message, _told(step)))[-_REMEMBERED:]
        )
        yield replace(step, topic=topic)


def _told(step: Reply) -> str:
    """The reply in words, for a model to remember."""
    if step.fluent is not None and step.fluent.sentences:
        return step.fluent.text
    if step.answer is not None:
        return step.answer.text
    shown = [one.rewrite for one in (step.rewrite, step.other) if one is not None and one.rewrite]
    return "改成：" + "；".join(shown) if shown else "这句话没有给出改写。"


def line_in(message: str) -> str | None:
    """The line (or call) that `message` wants made compliant; None where it asks something."""
    if _LABELLED.search(message):
        return message
    if quoted := _QUOTED_ALONE.match(message):
        return quoted["line"]
    asked = _ASKS_REWRITE.search(message.strip())
    if asked:
        line = (asked["line"] or asked["before"] or "").strip(' \n“”"「」：:')
        if len(line) >= _SHORTEST_LINE:
            return line
    return message if _is_said_to_a_customer(message) else None


def _is_said_to_a_customer(message: str) -> bool:
    """Whether `message` reads as an agent's line rather than a question to the coach."""
    text = normalise(message).text
    return bool(_AGENT_LIKE.search(text)) and not _SITUATION.search(text) and not _asks_the_coach(text)


def _asks_the_coach(text: str) -> bool:
    return bool(_QUESTION.search(text)) and not regex.search(r"您|你(?!们)", text)


def followed_up(message: str, topic: Topic | None) -> str:
    """`message` as a question that stands alone: a short follow-up (那外呼呢？) takes the topic's question with it."""
    if topic is None or topic.question is None:
        return message
    follow = _FOLLOW_UP.match(message)
    return f"{follow['topic']}：{topic.question}" if follow else message
