"""A real call with its personal data replaced by invented ones of the same form, so that nothing real is kept or sent.

What is personal is told by `coach.privacy`; each value gets one replacement, wherever and however it was said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

import regex

from coach.facts import digits_of
from coach.facts.identifiers import COMMON_SURNAMES, COMPOUND_SURNAMES
from coach.facts.numerals import DIGIT_CHARS
from coach.privacy import Masker
from coach.privacy.words import is_word
from coach.transcripts import Transcript, Turn

__all__ = ["invented_call"]

_PLACEHOLDER = regex.compile(r"〔(?P<kind>\p{Han}{2,3})(?P<no>\d+)〕")
_D = f"[0-9{DIGIT_CHARS}]"
_DIGIT = regex.compile(_D)
_TAIL = regex.compile(rf"(?P<label>尾号|末四位|后四位)(?P<is>(?:就?是|为|:|：)?)(?P<tail>{_D}{{4}})(?!{_D})")
_TAIL_ALONE = regex.compile(rf"(?P<label>)(?P<is>)(?<!{_D})(?P<tail>{_D}{{4}})(?!{_D}|[年月块元])")
_ASKS_TAIL = regex.compile(r"尾号|末四位|后四位|最后四位")
_BLANKS = regex.compile(r"\s+")
_SPOKEN = "零一二三四五六七八九"
_LABELS = {"agent": "坐席", "customer": "客户"}
_SURNAMES = "孟秦陶严柳丁范石姚谭江贺罗梁"
_GIVEN = ("晓然", "思源", "文宁", "嘉禾", "知夏", "若谷", "景岳", "安原")
_GIVEN_SHORT = ("然", "源", "宁", "禾", "夏", "谷", "岳", "原")
_PLACES = ("槐安", "枣园", "松柏", "青禾", "云溪", "兰亭")
_WAYS = regex.compile(
    r"(?:路|街道|大街|街|大道|巷|胡同|弄|小区|社区|花园|家园|公寓|大厦|广场|新村|新城|国际|中心|苑|府|庭|湾|城|里|居|园|村|镇|区|县|市|省)"
)
_NUMBER = regex.compile(
    rf"(?:{_D}|[十百A-Za-z])+(?:号|栋|幢|座|单元|室|楼|层|弄|巷|门|户|院|库|组|区|期|-|[0-9]|$).*$", regex.DOTALL
)
_COMPOUND = regex.compile(rf"^(?:{COMPOUND_SURNAMES})")
_END = r"(?=[，,。！!？?；;、\s]|$)"
_FAMILY = f"[{COMMON_SURNAMES}林周高马何孙余钟汪田夏孔康毛顾段雷钱于]"
_INTRODUCED = regex.compile(
    rf"(?:我|这)(?:这边)?是[^，,。！？\n]{{0,12}}?(?:的|公司|店)?(?P<name>{_FAMILY}\p{{Han}}{{1,2}}){_END}"
)
_TITLED = regex.compile(rf"(?P<name>{_FAMILY}\p{{Han}}{{1,2}}?)(?=先生|女士|小姐|经理|主任|老师)")
_PLACED = regex.compile(
    r"(?:地址|住址|家住|住在|停在|送到|寄到)(?:就?是|在|[:：])?(?P<place>\p{Han}{2,12}[A-Za-z]?\p{Han}?\d[\p{Han}\dA-Za-z-]*)"
)
_FAMILIAR = regex.compile(rf"(?<=[的是叫找，,。：: \n])[小老](?P<own>[{COMMON_SURNAMES}林周高何余钟田夏孔]){_END}")
_SHORT_NAME = 2
_MOBILE = "1390000"
_LANDLINE = "8200"


def invented_call(transcript: Transcript) -> Transcript:
    """`transcript` with every piece of personal data replaced; line numbers and times stay."""
    masker = Masker()
    lines = [f"{_LABELS[turn.speaker]}：{_BLANKS.sub(' ', turn.text)}" for turn in transcript.turns]
    masked = [masker.mask(line) for line in lines]
    names: dict[str, str] = {}
    values = _replacements("\n".join(masked), masker, names)
    turns = []
    for turn, line in zip(transcript.turns, masked, strict=True):
        text = _PLACEHOLDER.sub(lambda m: values.get(m.group(), m.group()), line)
        turns.append(replace(turn, text=text.split("：", 1)[1]))
    return replace(transcript, turns=tuple(_with_tails(_with_places(_with_names(turns, names)), masker, values)))


def _replacements(text: str, masker: Masker, names: dict[str, str]) -> dict[str, str]:
    """Placeholder → invented value; surnames that got another go into `names`."""
    found: dict[str, str] = {}
    spare = _spare(masker.unmask(text))
    numbers = count(1)
    for match in _PLACEHOLDER.finditer(text):
        original = masker.unmask(match.group())
        if match.group() in found or original == match.group():
            continue
        no = next(numbers)
        if match["kind"] == "姓名":
            found[match.group()] = _name(original, no, names, spare)
        else:
            found[match.group()] = _OF_KIND.get(match["kind"], _code)(original, no)
    return found


def _spare(text: str) -> Iterator[str]:
    return (char for char in _SURNAMES if char not in text)


def _with_names(turns: Sequence[Turn], names: dict[str, str]) -> list[Turn]:
    """`turns` without the names that show only by a surname heard before, by 我是…的, or by a title after a company's name."""
    text = "\n".join(turn.text for turn in turns)
    spare, numbers = _spare(text), count(len(names) + 1)
    heard = "".join(own for own in names if len(own) == 1)
    patterns = [
        _INTRODUCED,
        _TITLED,
        *([regex.compile(rf"(?:^|(?<=[，,。：: \n]))(?P<name>[{heard}]\p{{Han}}{{1,2}}){_END}")] if heard else []),
    ]
    found: dict[str, str] = {}
    for match in _FAMILIAR.finditer(text):
        if match["own"] not in names and match["own"] not in names.values():
            _name(match["own"], next(numbers), names, spare)
    for pattern in patterns:
        for match in pattern.finditer(text):
            name = match["name"]
            known = name in found or name[:1] in names.values()
            if not known and not ((len(name) == _SHORT_NAME or pattern is _INTRODUCED) and is_word(name)):
                found[name] = _name(name, next(numbers), names, spare)
    familiar = {f"{char}{own}": f"{char}{new}" for own, new in names.items() for char in "小老"}
    for old, new in found.items():
        turns = [replace(turn, text=turn.text.replace(old, new)) for turn in turns]
    pattern = regex.compile(rf"(?:{'|'.join(map(regex.escape, familiar))}){_END}" if familiar else r"(?!)")
    return [replace(turn, text=pattern.sub(lambda m: familiar[m.group()], turn.text)) for turn in turns]


def _with_places(turns: Sequence[Turn]) -> list[Turn]:
    """`turns` without the places that a cue alone tells to be addresses."""
    found: dict[str, str] = {}
    for turn in turns:
        for match in _PLACED.finditer(turn.text):
            if not match["place"].startswith(_PLACES):
                found.setdefault(match["place"], _address(match["place"], len(_PLACES) - 1 - len(found)))
    for old, new in found.items():
        turns = [replace(turn, text=turn.text.replace(old, new)) for turn in turns]
    return list(turns)


def _name(original: str, no: int, surnames: dict[str, str], spare: Iterator[str]) -> str:
    """Another surname, the same for everybody of that surname; the rest of the name another of the same length."""
    familiar = original[0] if original[0] in "小老" and len(original) > 1 else ""
    bare = original[len(familiar) :]
    compound = _COMPOUND.match(bare)
    own = compound.group() if compound else bare[:1]
    if own not in surnames:
        surnames[own] = next(spare, COMMON_SURNAMES[no % len(COMMON_SURNAMES)])
    given = bare[len(own) :]
    new = "" if not given else (_GIVEN_SHORT if len(given) == 1 else _GIVEN)[no % len(_GIVEN)]
    return familiar + surnames[own] + new


def _phone(original: str, no: int) -> str:
    digits = digits_of("".join(_DIGIT.findall(original)))
    if len(digits) == len(_MOBILE) + 4 and digits[0] == "1":
        return _laid_out(original, f"{_MOBILE}{2100 + no:04d}")
    return _laid_out(original, (_LANDLINE + f"{2100 + no:04d}" * len(digits))[: len(digits)])


def _code(original: str, no: int) -> str:
    """Letters stay, digits become others."""
    digits = _DIGIT.findall(original)
    return _laid_out(original, (f"{7720 + no}" * len(digits))[: len(digits)])


def _address(original: str, no: int) -> str:
    """The last named way or place of the address under another name, with other numbers after it."""
    number = _NUMBER.search(original)
    named = original[: number.start()] if number else original
    ways = _WAYS.findall(named)
    place = _PLACES[no % len(_PLACES)] + (ways[-1] if ways else "小区")
    if number is None:
        return place
    digits = iter("352617" * 4)
    return place + regex.sub(rf"{_D}|[十百]", lambda m: _like(m.group(), next(digits, "8")), number.group())


def _email(_: str, no: int) -> str:
    return f"user{no}@example.com"


def _plate(original: str, no: int) -> str:
    return original[:1] + "A" + (f"0000{no}" * 2)[: max(1, len(original) - 2)]


_OF_KIND: Mapping[str, Callable[[str, int], str]] = {
    "手机号": _phone,
    "电话": _phone,
    "地址": _address,
    "邮箱": _email,
    "车牌": _plate,
}


def _laid_out(original: str, digits: str) -> str:
    """`digits` where `original` has its own, Arabic or spoken as those are."""
    rest = iter(digits)
    return _DIGIT.sub(lambda m: _like(m.group(), next(rest, "0")), original)


def _like(char: str, digit: str) -> str:
    return digit if char.isascii() else _SPOKEN[int(digit)]


def _with_tails(turns: Sequence[Turn], masker: Masker, values: Mapping[str, str]) -> list[Turn]:
    """`turns` with the last four digits of numbers replaced as well: by those of the invented number, where the whole was said."""
    tails = {
        digits_of(masker.unmask(placeholder))[-4:]: digits_of(value)[-4:]
        for placeholder, value in values.items()
        if sum(char.isdigit() for char in digits_of(value)) >= 4
    }
    numbers = count(3301)

    def other(match: regex.Match[str]) -> str:
        own = digits_of(match["tail"])
        if own not in tails and own not in tails.values():
            tails[own] = str(next(numbers))
        return f"{match['label']}{match['is']}{_laid_out(match['tail'], tails.get(own, own))}"

    changed, asked = [], False
    for turn in turns:
        pattern = _TAIL_ALONE if asked and turn.speaker == "customer" else _TAIL
        changed.append(replace(turn, text=pattern.sub(other, turn.text)))
        asked = turn.speaker == "agent" and _ASKS_TAIL.search(turn.text) is not None
    return changed
