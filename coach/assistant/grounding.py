"""Whether a sentence of a model's may be shown: its citations resolve, its figures stand in the cited text, it says what that says.

What it suggests to say to customers is critiqued like anybody's line. Pure; what was offered to the model is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from coach.assistant.sentences import Sentence
from coach.facts import Fact, extract, same_fact
from coach.knowledge import Citation, Clause
from coach.lexicon import words
from coach.text import normalise

__all__ = ["FIGURES", "Checked", "Evidence", "check"]

_SUPPORTED = 0.5
_BY_CLAUSE = 0.35
_SAME_THING = 0.45
_SHORTEST_STATEMENT = 6
_LONGEST = 260
_LEAKED = 14
_QUOTED = regex.compile(r"[“「](?P<said>[^”」]{2,})[”」]")
_HAN = regex.compile(r"\p{Han}")
_LINK = regex.compile(r"https?:|www\.|[\w.]+@[\w.]+|\.(?:com|cn|net|org)\b|\p{L}+://", regex.IGNORECASE)
_NOT = regex.compile(
    r"不(?!错|同|但|仅|论|管|断|妨|满|便|好意思|清楚|知道|明白|在|耐烦|礼貌|合适|妥|当|吭)|别(?!人|的|处|家)|勿|禁|忌|免|无需|无须|没必要|杜绝|严禁|拒绝|而非|莫"
)
_AGAINST = regex.compile(r"(?:不要|不能|不可|不得|别|切忌|避免|禁止|不许|不宜|不该|忌|而不是|少)[^“「]{0,12}$")
_INTRODUCES = regex.compile(
    r"^(?:那么?|这时|您|你|坐席|客服)*(?:可以|不妨|比如|例如)?(?:这样|这么|直接|先)?(?:对客户|跟客户|向客户)?(?:说|讲|问|回答)?(?:一句)?[：:，,。！\s]*$"
)
"""Words that say nothing but that a quote follows."""
FIGURES = frozenset(
    {"amount", "percent", "date", "time", "duration", "number", "code", "quantity", "address", "product"}
)
"""Kinds of facts that must stand in the clause cited."""
_NUMERALS = "0123456789零〇一二三四五六七八九十百千万亿两半"
_NUMBER = regex.compile(r"\d+(?:\.\d+)?")
_ONES = frozenset({"1", "一"})


@dataclass
class Evidence:
    """What a model was offered in one conversation turn; tools add to it.

    Attributes:
        message: What the user said.
        system: The instructions, which mustn't be told.
        clauses: By id.
        sayings: Phrases and verified rewrites that may be quoted.
    """

    message: str
    system: str
    clauses: dict[str, Clause] = field(default_factory=dict)
    sayings: list[str] = field(default_factory=list)

    def offer(self, clauses: Iterable[Clause] = (), sayings: Iterable[str] = ()) -> None:
        """Adds what a tool found."""
        self.clauses.update({clause.id: clause for clause in clauses})
        self.sayings += [saying for saying in sayings if saying not in self.sayings]


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that may be shown.

    Attributes:
        text: Its words.
        citations: What it rests on; none for a bare lead-in.
    """

    text: str
    citations: tuple[Citation, ...]


def check(sentence: Sentence, evidence: Evidence, faults: Callable[[str], bool]) -> Checked | str:
    """The sentence as it may be shown, or why it is left out, in Chinese.

    Args:
        sentence: As the model said it.
        evidence: What it was offered.
        faults: Whether a line said to a customer has a finding above info.
    """
    text = sentence.text
    if not _HAN.search(text) or len(text) > _LONGEST:
        return "不是一句中文"
    if _LINK.search(text) or _leaks(text, evidence.system):
        return "说了不该说的"
    if unknown := [i for i in sentence.ids if i not in evidence.clauses]:
        return f"条款 {unknown[0]} 不在给它的条款里"
    clauses = [evidence.clauses[i] for i in sentence.ids]
    if not clauses:
        return "没有写依据"
    reason = (
        _figures(text, clauses, evidence)
        or _quotes(text, clauses, evidence, faults)
        or _fragment(text)
        or _says(text, clauses, evidence)
    )
    return reason or Checked(text, tuple(Citation.of(clause) for clause in clauses))


def _fragment(text: str) -> str:
    """Why the words are no statement: a heading, a question, or a slot outside what is to be said; empty where they are one."""
    bare = _QUOTED.sub("", text)
    if text.rstrip().endswith(("：", ":", "？", "?")) or (len(_letters(text)) < _SHORTEST_STATEMENT):
        return "不是一句完整的话"
    return "空不该出现在这里" if "【" in bare else ""


def _facts(text: str) -> list[Fact]:
    return [f for f in extract(text) if f.kind in FIGURES and not (f.kind == "product" or f.value in _ONES)]


def _figures(text: str, clauses: Iterable[Clause], evidence: Evidence) -> str:
    """Why a figure may not be stated; empty where all stand in the cited text, or in a quoted saying that was offered."""
    said = [*(c.text for c in clauses), *(m["said"] for m in _QUOTED.finditer(text) if _offered(m["said"], evidence))]
    known = [fact for one in said for fact in extract(one)]
    flat = normalise("\n".join(said)).text
    for fact in _facts(text):
        if not any(same_fact(fact, other) for other in known) and not _stands(normalise(fact.text).text, flat):
            return f"“{fact.text}”不在它引的条款里"
    numbers = frozenset(_NUMBER.findall("\n".join([flat, *(fact.value for fact in known)])))
    if strange := [n for n in _NUMBER.findall(normalise(text).text) if n not in numbers]:
        return f"“{strange[0]}”不在它引的条款里"
    return ""


def _stands(figure: str, flat: str) -> bool:
    """Whether `figure` stands in `flat` and is not the end or the start of another: 5分钟 doesn't stand in 15分钟."""
    after = rf"(?![{_NUMERALS}])" if figure[-1:] in _NUMERALS else ""
    return bool(regex.search(rf"(?<![{_NUMERALS}.]){regex.escape(figure)}{after}", flat))


def _offered(said: str, evidence: Evidence) -> bool:
    flat = _letters(said)
    return any(flat in _letters(saying) for saying in evidence.sayings)


def _letters(text: str) -> str:
    return regex.sub(r"[\p{P}\p{S}\s]", "", normalise(text).text)


def _quotes(text: str, clauses: Iterable[Clause], evidence: Evidence, faults: Callable[[str], bool]) -> str:
    """Why words put in an agent's mouth may not be suggested; empty where they may."""
    clauses = list(clauses)
    for quoted in _QUOTED.finditer(text):
        said = quoted["said"]
        stands = _letters(said) in _letters("\n".join(c.text for c in clauses) + evidence.message)
        if stands or _offered(said, evidence) or _AGAINST.search(text[: quoted.start()]):
            continue
        if len(_HAN.findall(said)) < _SHORTEST_LINE:
            continue
        if faults(said):
            return f"建议的说法“{said}”本身不妥"
        if _share(_pairs(said), _pairs("\n".join([*(c.text for c in clauses), *evidence.sayings]))) < _SUPPORTED:
            return f"建议的说法“{said}”手册里没有"
    return ""


_SHORTEST_LINE = 6


def _says(text: str, clauses: Iterable[Clause], evidence: Evidence) -> str:
    """Why the sentence doesn't say what its clauses say; empty where it does."""
    clauses = list(clauses)
    bare = _QUOTED.sub("", text)
    if bare != text and _INTRODUCES.match(bare) and all(_offered(m["said"], evidence) for m in _QUOTED.finditer(text)):
        return ""
    cited = "\n".join(f"{c.title}。{c.text}" for c in clauses)
    by_clause = _support(bare, cited)
    if (
        by_clause < _BY_CLAUSE
        or _support(bare, f"{cited}\n{evidence.message}\n{''.join(evidence.sayings)}") < _SUPPORTED
    ):
        return "说的和它引的条款对不上"
    told = [part.text for c in clauses for part in normalise(_QUOTED.sub("", c.text)).clauses]
    for part in normalise(bare).clauses:
        if len(_HAN.findall(part.text)) < _SHORTEST_PART:
            continue
        denies = bool(_NOT.search(part.text))
        likeness, agrees = max(
            ((_likeness(part.text, p), bool(_NOT.search(p)) == denies) for p in told), default=(0, True)
        )
        if likeness >= _SAME_THING and not agrees:
            return "和它引的条款说反了"
    return ""


_SHORTEST_PART = 4


def _support(text: str, by: str) -> float:
    """How much of `text` stands in `by`: by pairs of characters or by words, whichever is more."""
    own = [word for word in words(normalise(text).text) if len(word) > 1]
    known = frozenset(words(normalise(by).text))
    share = sum(word in known for word in own) / len(own) if own else 1.0
    return max(share, _share(_pairs(text), _pairs(by)))


def _likeness(one: str, two: str) -> float:
    """Share of the pairs of the shorter that stand in the other, negations left out."""
    a, b = _pairs(_NOT.sub("", one)), _pairs(_NOT.sub("", two))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(_HAN.findall(text)))


def _share(own: frozenset[str], known: frozenset[str]) -> float:
    return len(own & known) / len(own) if own else 1.0


def _leaks(text: str, system: str) -> bool:
    """Whether `text` repeats a run of the instructions."""
    flat, told = _letters(text), _letters(system)
    return any(flat[i : i + _LEAKED] in told for i in range(max(0, len(flat) - _LEAKED + 1)))
