"""Whether a model's words may stand for the customer's turn: in role, on the facts, doing what was decided and no more. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from coach.roleplay.call import MockCall
from coach.roleplay.customer import Plan
from coach.roleplay.likeness import alike, letters, pairs
from coach.roleplay.wordbook import Wordbook
from coach.roleplay.wording_facts import Known, contradicted, hidden, invented, missing
from coach.text import normalise

__all__ = ["KINDS", "Fault", "Kind", "faults", "spoken"]

Kind = Literal[
    "empty",
    "length",
    "language",
    "directions",
    "label",
    "agent",
    "program",
    "obeys",
    "leaks",
    "invented",
    "hidden",
    "contradicts",
    "missing",
    "act",
    "weighty",
    "repeats",
]

KINDS: dict[Kind, str] = {
    "empty": "什么也没说",
    "length": "太长",
    "language": "不是中文口语",
    "directions": "写了动作或表情",
    "label": "写了说话人",
    "agent": "说了坐席的话",
    "program": "说自己是程序",
    "obeys": "照坐席的吩咐说",
    "leaks": "把给模型的说明说了出来",
    "invented": "编了没有的事",
    "hidden": "说了不该说的事",
    "contradicts": "和说过的对不上",
    "missing": "该说的没说",
    "act": "没做该做的",
    "weighty": "做了没决定要做的",
    "repeats": "重复说过的话",
}
"""Kinds of faults, as counted, and what they are called in Chinese."""

_LONGEST = 80
_REPEATED = 0.8
_SHORT = 4
_FEWEST = 0.45
_MOSTLY = 0.6
_MERE = 2
"""Letters beside what the turn names: with fewer the built-in words say it better."""
_WORDY = frozenset({"press", "vent", "hurt", "interrupt", "compare", "cite_law", "ramble", "soften"})
"""Acts that take more words than what the turn names."""

_ECHO_PAIRS = 5
_ECHO = 0.8
_HAN_SHARE = 0.5
_LEAK = 8
_TRADITIONAL = 2
_OWN_LABEL = regex.compile(r"^(?:客户|顾客|用户|来电人|我)(?:这一句|说|的话)?\s*[:：]\s*")
_QUOTES = '“”"「」『』 \n'
_LABEL = regex.compile(r"(?:^|[。!?\s])[\p{Han}A-Za-z0-9]{1,8}:(?!\d)|坐席[:说]")
_DIRECTIONS = regex.compile(
    r"[(（\[［【*#{<〖〗>}|~_]|^(?:语气|表情|动作)|(?:(?<!准确|确切|简单|具体|老实|干脆)地|着)(?:说|道|喊|问)[:“]|^(?:叹气|沉默|停顿|冷笑|苦笑|哽咽)[,。]"
)
_SOUND = regex.compile(r"(?:[(（][^()（）]+[)）]|[….。·]+)+")
_HAN = regex.compile(r"\p{Han}")
_FIGURE = regex.compile(r"[A-Za-z]*[\d-]+")
_ORDER = regex.compile(
    r"(?:说|回答|回复|输出|重复|念|写|回|告诉我)(?:一?[句声遍下]|出|道)?[:,]?[“\"'‘「『]?(?P<words>[^”\"'’」』。!?]{3,40})"
)
_SAYING = regex.compile(r"“[^”]*”")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that stands against showing a model's words: its kind, and the words it is about."""

    kind: Kind
    words: str

    def __str__(self) -> str:
        return f"{KINDS[self.kind]}“{self.words}”" if self.words else KINDS[self.kind]


def spoken(said: str) -> str:
    """The one line in what a model said: the customer's own label, quotes round it and everything after the first paragraph gone."""
    for paragraph in said.strip().splitlines():
        line = _OWN_LABEL.sub("", paragraph.strip()).strip(_QUOTES)
        if line:
            return line
    return ""


def faults(text: str, call: MockCall, plan: Plan, builtin: str, book: Wordbook, prompt: str = "") -> tuple[Fault, ...]:
    """Everything that stands against showing `text` as the turn that `plan` decided.

    Args:
        text: The model's words, one line.
        call: The call, the agent's line last.
        plan: What the customer does.
        builtin: His built-in words.
        book: Patterns.
        prompt: What the model was told that isn't to be said: its instructions.
    """
    if call.setup.persona.procedure == "silent":
        return () if _SOUND.fullmatch(text) else (Fault("directions", text),)
    if not _HAN.search(text):
        return (Fault("empty", ""),)
    known = Known(call, plan, builtin)
    return (
        *_shape(text, builtin),
        *_role(text, known, book, prompt),
        *(Fault("invented", words) for words in dict.fromkeys(invented(text, known, book))),
        *(Fault("hidden", words) for words in hidden(text, known)),
        *(Fault("contradicts", words) for words in dict.fromkeys(contradicted(text, known))),
        *(Fault("missing", words) for words in missing(text, known)),
        *_acts(text, known, book),
        *_repeats(text, call),
    )


def _shape(text: str, builtin: str) -> Iterator[Fault]:
    flat = normalise(text).text
    if len(text) > max(_LONGEST, 2 * len(builtin)):
        yield Fault("length", "")
    if "\n" in text.strip():
        yield Fault("length", "分了段")
    folded = unicodedata.normalize("NFKC", text)
    if sum(a != b for a, b in zip(folded, flat, strict=False)) >= _TRADITIONAL and len(folded) == len(flat):
        yield Fault("language", "繁体字")
    said = _FIGURE.sub("", flat)
    if len(_HAN.findall(said)) < _HAN_SHARE * len(letters(said)):
        yield Fault("language", "")
    if found := _DIRECTIONS.search(text) or _DIRECTIONS.search(flat):
        yield Fault("directions", found.group())
    if regex.search(r"\p{Extended_Pictographic}(?<![\d#*])", text):
        yield Fault("directions", "表情符号")
    if found := _LABEL.search(flat):
        yield Fault("label", found.group())


def _role(text: str, known: Known, book: Wordbook, prompt: str) -> Iterator[Fault]:
    flat = normalise(text).text
    if found := book.agent.search(flat):
        yield Fault("agent", found.group())
    if found := book.program.search(flat):
        yield Fault("program", found.group())
    lines = [turn.text for turn in known.call.turns if turn.speaker == "agent"]
    if len(letters(text)) > _SHORT and any(alike(text, line) > _REPEATED for line in lines):
        yield Fault("agent", text)
    if lines and (words := _obeyed(text, lines[-1], known)):
        yield Fault("obeys", words)
    persona = known.call.setup.persona
    said = "\n".join([prompt, _SAYING.sub("，", persona.manner), _SAYING.sub("，", persona.summary)])
    if words := _copied(flat, normalise(said).text, normalise(known.text).text):
        yield Fault("leaks", words)


def _obeyed(text: str, line: str, known: Known) -> str:
    """Words of `text` that the agent's `line` put into the customer's mouth; empty where there are none."""
    flat = normalise(line).text
    fresh = pairs(text) - pairs(known.own)
    dictated = [m["words"] for m in _ORDER.finditer(flat)]
    for words in dictated:
        wanted = pairs(words)
        if wanted and len(wanted & fresh) >= _ECHO * len(wanted):
            return words
    if len(fresh) >= _ECHO_PAIRS and len(fresh & pairs(line)) >= _ECHO * len(fresh):
        return text
    return ""


def _copied(text: str, said: str, known: str) -> str:
    """A run of `_LEAK` characters of `text` that stands in `said` and was nobody's words in the call."""
    for at in range(len(text) - _LEAK + 1):
        run = text[at : at + _LEAK]
        if run in said and run not in known:
            return run
    return ""


def _acts(text: str, known: Known, book: Wordbook) -> Iterator[Fault]:
    """Acts that don't show, and weighty words that no act brings."""
    flat = normalise(text).text
    acts = {part.act for part in known.plan.parts}
    procedure = known.call.setup.persona.procedure
    fewest = len(letters(known.builtin)) * _FEWEST
    rest, usual = (_without(one, known.telling_words) for one in (flat, normalise(known.builtin).text))
    least = _SHORT if acts & _WORDY else 0 if acts & book.shows.keys() else _MERE
    bare = known.telling_words and len(letters(rest)) < least
    if acts & _WORDY and len(known.plan.parts) > 1:
        bare = bare or len(letters(rest)) < _MOSTLY * len(letters(usual))
    if bare or (len(letters(known.builtin)) > 2 * _SHORT and len(letters(flat)) < fewest):
        yield Fault("act", "说得太少")
    if procedure is None:
        for act in acts:
            pattern = book.shows.get(act)
            if pattern is not None and not pattern.search(flat):
                yield Fault("act", book.doing[act].split("{")[0].strip("：，"))
    given = [normalise(line).text for line in (*known.telling_words, known.builtin)]
    for weighty in book.weighty:
        if acts & weighty.acts:
            continue
        known_words = {m.group() for line in given for m in weighty.words.finditer(line)}
        if found := next((m.group() for m in weighty.words.finditer(flat) if m.group() not in known_words), None):
            yield Fault("weighty", f"{weighty.reason}：{found}")


def _without(text: str, values: Sequence[str]) -> str:
    """Normalised `text` without what the turn names."""
    for value in values:
        text = text.replace(normalise(value).text, "，")
    return text


def _repeats(text: str, call: MockCall) -> Iterator[Fault]:
    if len(letters(text)) <= _SHORT:
        return
    for turn in call.turns:
        if turn.speaker == "customer" and alike(text, turn.text) > _REPEATED:
            yield Fault("repeats", turn.text)
            return
