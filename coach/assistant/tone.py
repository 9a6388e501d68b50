"""The tone a message asks for: 更亲切, 更简短, 更正式."""

from __future__ import annotations

import regex

from coach.rewrite.tones import Tone

__all__ = ["is_tone_alone", "tone_in", "without_tone"]

_TONES: tuple[tuple[Tone, str], ...] = (
    ("warmer", r"亲切|温和|柔和|热情|暖"),
    ("shorter", r"简短|简洁|短|精简"),
    ("formal", r"正式|书面|庄重|严谨"),
)
_ASKED = regex.compile(
    r"(?:请|麻烦|能不能|可以)?(?:帮我|给我)?(?:再|改得|说得|写得|换成|要)?(?:更|再)?(?:一?点儿?)?"
    r"(?P<tone>亲切|温和|柔和|热情|暖|简短|简洁|短|精简|正式|书面|庄重|严谨)(?:一些|一点儿?|些|点)?(?:的说法|的语气|吗|吧)?"
)
_ALONE = regex.compile(rf"^[，,。\s]*(?:这句|那句|刚才那句)?{_ASKED.pattern}[。！!?？\s]*$")
_HEAD = regex.compile(
    rf"^(?P<ask>(?:请|麻烦)?(?:帮我|给我)?(?:把)?(?:这|下面|以下)?(?:句|句话|一句)?(?:话)?(?:改|说|写|换)(?:写|说|成)?(?:得|成)?)?{_ASKED.pattern}\s*[:：]\s*(?P<line>.+)$",
    regex.DOTALL,
)


def tone_in(message: str) -> Tone | None:
    """The tone that `message` asks for; None where it asks for none."""
    found = _ALONE.match(message.strip()) or _HEAD.match(message.strip())
    if found is None:
        return None
    return next(tone for tone, pattern in _TONES if regex.search(pattern, found["tone"]))


def is_tone_alone(message: str) -> bool:
    """Whether `message` only asks for another tone (再简短一点) of what was said before."""
    return _ALONE.match(message.strip()) is not None


def without_tone(message: str) -> str:
    """`message` with the tone it asks for left out: 改得更亲切：LINE becomes 改写：LINE."""
    found = _HEAD.match(message.strip())
    return f"改写：{found['line']}" if found else message
