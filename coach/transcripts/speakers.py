"""Who is the agent, where the labels don't say: told by the user, or guessed from what each speaker says."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from coach.errors import TranscriptError
from coach.text import simplify
from coach.transcripts.labels import LabelKind, LabelledLine, label_key
from coach.transcripts.model import Speaker

__all__ = ["Voice", "assign_speakers", "voices"]

_SAMPLE_LENGTH = 4000  # characters of a speaker that a guess looks at

_AGENT_WORDING = regex.compile(
    r"请问有什么(?:可以|需要|能)?.{0,4}帮|(?:很高兴|乐意)为您|为您(?:服务|查询|查一下|办理|核实|登记|转接|处理|解答|安排|记录|确认)"
    r"|工号|您好.{0,8}(?:客服|公司|中心|热线|物业|酒店|银行|这里是|我是)|(?:感谢|谢谢)您的(?:来电|耐心|等待|等候|配合|反馈|接听|支持)"
    r"|请(?:您)?(?:稍等|稍候|别挂|不要挂|提供|报一下|放心|留下)|让您久等|请问您(?:的|贵姓|怎么称呼|是)|(?:怎么|如何)称呼您|您贵姓"
    r"|还有(?:什么|其他|别的).{0,6}帮|祝您|给您(?:带来|添|造成|回电|答复|回复|查)|帮您|我(?:们)?会(?:尽快|马上|立即|在)|理解您的"
)
_CUSTOMER_WORDING = regex.compile(
    r"我要(?:投诉|退|找|反映)|我想(?:问|查|办|咨询|退|反映|了解|订|取消)|你们(?:公司|怎么|这|那|家|到底|的|什么)|帮我|给我(?:查|办|退|解决|一个)"
    r"|我(?:的|家|买的|订的|办的).{0,8}(?:怎么|为什么|没|坏|不|还)|怎么还(?:没|不)|什么时候(?:能|才|可以)|凭什么|太(?:慢|差)了?|我姓|我叫"
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One label of a text and what is said under it.

    Attributes:
        label: As first written.
        base: The label without its suffix.
        kind: Whose label it is.
        sample: The first words said under it.
    """

    label: str
    base: str
    kind: LabelKind
    sample: str


def voices(said: Iterable[tuple[LabelledLine, str]]) -> list[Voice]:
    """One voice a label, in the order they first speak, from every turn's label and words."""
    heads: dict[str, LabelledLine] = {}
    samples: dict[str, list[str]] = {}
    room: Counter[str] = Counter()
    for head, text in said:
        key = label_key(head.label)
        heads.setdefault(key, head)
        part = text[: max(0, _SAMPLE_LENGTH - room[key])]
        room[key] += len(part)
        if part:
            samples.setdefault(key, []).append(part)
    return [Voice(head.label, head.base, head.kind, "\n".join(samples[key])) for key, head in heads.items()]


def assign_speakers(
    voices: Sequence[Voice], *, name: str, agent_label: str | None = None
) -> tuple[dict[str, Speaker], tuple[str, ...]]:
    """Who each voice is, by label key, and what the user should know about it.

    Args:
        voices: One a label, in the order they first speak.
        name: The file, for messages.
        agent_label: The agent's label, where the user named it.

    Raises:
        TranscriptError: The label named isn't in the text.
    """
    if agent_label is not None:
        agents = _named(voices, agent_label, name)
        note = ""
    else:
        agents, note = _guessed(voices)
    speakers: dict[str, Speaker] = {
        label_key(voice.label): "agent" if voice in agents else "customer" for voice in voices
    }
    others = [voice.label for voice in voices if voice.kind == "unknown" and voice not in agents]
    crowd = f"{'、'.join(others[:5])}{' 等' if len(others) > 5 else ''} 都当作客户" if len(others) > 1 else ""
    return speakers, tuple(text for text in (note, crowd) if text)


def _named(voices: Sequence[Voice], agent_label: str, name: str) -> list[Voice]:
    key = label_key(agent_label)
    named = [voice for voice in voices if label_key(voice.label) == key]
    named = named or [voice for voice in voices if label_key(voice.base) == key]
    if not named:
        found = "、".join(voice.label for voice in voices[:8]) or "（没有）"
        raise TranscriptError(
            f"没有“{agent_label}”这个说话人", where=name, hint=f"文中的说话人有：{found}；请用 --agent 指定其中一个"
        )
    if any(voice.kind == "customer" for voice in named):
        return named
    return [voice for voice in voices if voice in named or voice.kind == "agent"]


def _guessed(voices: Sequence[Voice]) -> tuple[list[Voice], str]:
    agents = [voice for voice in voices if voice.kind == "agent"]
    unknown = [voice for voice in voices if voice.kind == "unknown"]
    if not unknown:
        return agents, ""
    if agents:
        return agents, f"文中已有坐席，{unknown[0].label} 按客户处理，如有误请用 --agent 指定" if len(
            unknown
        ) == 1 else ""
    scores = [_agent_score(voice.sample) for voice in unknown]
    best = max(scores)
    chosen = unknown[scores.index(best)]
    if scores.count(best) > 1:
        return [chosen], f"说话内容看不出谁是坐席，暂按先开口的 {chosen.label} 是坐席，如有误请用 --agent 指定"
    return [chosen], f"按说话内容推断：{chosen.label} 是坐席，如有误请用 --agent 指定"


def _agent_score(sample: str) -> int:
    text = simplify(unicodedata.normalize("NFKC", sample))
    return len(_AGENT_WORDING.findall(text)) - len(_CUSTOMER_WORDING.findall(text))
