"""Where the faults of a line stand, and which rules they belong to: what the verifier's checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from coach.critique import Finding
from coach.facts import extract
from coach.rewrite.load import Mends
from coach.text import normalise

__all__ = [
    "ATTITUDE",
    "BY_SENTENCE",
    "CHALLENGES",
    "EXCUSED_ALL",
    "Alone",
    "Faults",
    "Span",
    "manners",
    "may_be_rude",
    "overlaps",
]

Span = tuple[int, int]
Alone = Callable[[str], Mapping[str, float]]
"""How near each rule is to being broken by words if they are all that is said: 1 is broken."""

_BY_CLAUSE = frozenset({"proxy.privacy-leak", "commitment.overpromise", "commitment.vague"})
"""Rules whose fault takes in the whole clause: what is told, promised or guessed there."""
BY_SENTENCE = frozenset(
    {"proxy.privacy-leak", "commitment.overpromise", "commitment.vague", "language.pass-the-buck", "language.argue"}
    | {"language.rhetorical-challenge", "language.blame-customer", "language.service-taboo", "language.impatient"}
    | {"opening.banned-word", "language.interrupt", "proxy.curt-dismissal"}
)
"""Rules whose faulty words take the rest of their sentence with them where it makes no sense alone."""
EXCUSED_ALL = frozenset(
    {"proxy.privacy-leak", "proxy.curt-dismissal", "commitment.overpromise", "commitment.vague"}
    | {"language.internal-jargon", "language.pass-the-buck", "opening.banned-word"}
)
"""Rules whose mend may say the sentence they stand in quite anew."""
_OMISSIONS = (
    "hold.",
    "transfer.",
    "understanding.",
    "empathy.",
    "commitment.missing-timeframe",
    "language.missing-honorific",
)
"""Beginnings of the ids of rules that say what a line lacks."""
ATTITUDE = frozenset(
    {"language.argue", "language.blame-customer", "language.impatient", "language.rhetorical-challenge"}
    | {"language.service-taboo", "language.pass-the-buck", "language.interrupt"}
)
"""Rules that are about how something is said or meant, not about what is said."""
_WATCHED = ATTITUDE - {"language.pass-the-buck"}
CHALLENGES = frozenset({"language.rhetorical-challenge", "language.argue", "language.blame-customer"})
"""Rules whose questions aren't meant to be answered."""
_POLITE = regex.compile(r"请|您看|需要|方便|(?:可以|好|行)吗|您[^?]*(?:哪|几|多少|什么时候)|对吗|是吗")
_COURTEOUS = regex.compile(
    r"不好意思|抱歉|对不起|我(?:马上|这就|来|先)?(?:帮|给|为)您|我(?:们)?(?:这儿|这边|这里)?只?(?:看到|查到|显示|登记)|显示|您有(?:什么|任何)(?:事|需要|问题)[^,。?!]{0,3}我"
)
"""An apology, an offer, what the records show: never blunt in itself."""
_BUSINESS = regex.compile(r"保单|订单|快递|账单|合同|到期|续[费保期]|该续|预约|登记|退款|发货|缴费|办理|会员|套餐")
"""What a clause beside pet names is about if it is about business: no mere pleasantry."""
_NEAR = 0.5
"""How near a clause taken over may be to breaking a rule that the line broke."""


_NO_PRONOUN = str.maketrans("", "", "您你我咱俺")
"""In a line without a fault of manners, who is spoken of makes no clause blunt."""
_MAY_BE_BLUNT = regex.compile(
    r"[您你我咱俺啥咋]|啦$|也有|后面|一堆|排着|排队|卡着|只|[打开干做]了[^,]{1,4}年|自[己个]|人家|连|谁|什么|怎么|哪|凭|随|爱|也好|非|偏|白|懒|天天|老是|还(?!有|行|可以|要|需要|没|不行|能|得|是)|都(?!可以|能|是|行|有|要)"
    r"|过(?:一回|了|几|多少)?$|多少遍|挑|嫌|就得|章程|没影|没戏|(?:不|没)(?:随身|看|听|带|问|查|按|关|填|写|读|收拾|上心|长|动)|(?P<e>\p{Han}{2,4})就(?P=e)"
    r"|讲|说|话|插|打住|跳过|停|够了|收|捋|烦|急|快点"
)
"""Without one of these a clause states something plainly, however it looks by itself."""
_CARES = regex.compile(
    r"同情|难处|理解|没让您满意|对不(?:住|起)|抱歉|^(?:先生|女士)|^您好$|我(?:先)?(?:帮|给)您(?!说|讲)"
)
_CUTS_IN = regex.compile(
    r"别|不用|不必|先(?:不|别)|停|打住|跳过|够了|收|插|听我|等我|替您说|往下|让我|轮到我|我(?:来|先)?(?:说|讲|问)|捋"
)


_TURNS_ON = r"(?:那|难道|岂不|(?:还)?有必要|至于|犯得着|用得着|值得|何必)[^。?!]*\?|您?这(?:不)?(?:等于|就是|叫|不是)[^,。?!]*[嘛吗么]"
"""How a challenge goes on from the clause that leads up to it."""


@dataclass(frozen=True)
class Faults:
    """A line and what is faulty in it.

    Attributes:
        line: The line as it was.
        findings: Its line-scope findings.
        mends: What is rude in itself, though no rule names it.
    """

    line: str
    findings: tuple[Finding, ...]
    mends: Mends

    @property
    def rules(self) -> frozenset[str]:
        """Ids of the rules the line breaks."""
        return frozenset(finding.rule for finding in self.findings)

    def is_whole(self, finding: Finding) -> bool:
        """Whether the finding is about the whole line."""
        return finding.span == (0, len(self.line))

    def touched(self, finding: Finding, widen: bool | None = None) -> list[Span]:
        """Spans of the finding, widened to their clauses if asked; if not said, where the rule's fault takes them in."""
        spans = [finding.span, *finding.others] if finding.span else []
        if not (finding.rule in _BY_CLAUSE if widen is None else widen):
            return spans
        turn = normalise(self.line)
        clauses = [turn.span(clause.start, clause.end) for clause in turn.clauses]
        return [*spans, *(c for c in clauses if overlaps(c, spans))]

    def reach(self, finding: Finding) -> list[Span]:
        """Spans of the finding and, for rules whose fault takes them in, of their sentences; none for the whole line."""
        if self.is_whole(finding):
            return []
        spans = self.touched(finding, widen=False)
        if finding.rule not in BY_SENTENCE:
            return spans
        turn = normalise(self.line)
        sentences = [turn.span(sentence.start, sentence.end) for sentence in turn.sentences]
        return [*spans, *(part for part in sentences if overlaps(part, spans))]

    def rude(self) -> list[Span]:
        """Clauses that are rude in themselves."""
        turn = normalise(self.line)
        return [turn.span(clause.start, clause.end) for clause in turn.clauses if self.is_rude(clause.text)]

    def is_rude(self, words: str) -> bool:
        """Whether `words` of the line are rude in themselves; where the line only lacks something, few are."""
        return self.mends.insolent.found(words) or (may_be_rude(self.rules) and self.mends.rude.found(words))

    def words(self) -> list[Span]:
        """Spans of faulty words; none where a fault takes in its whole sentence."""
        if self.rules & EXCUSED_ALL:
            return []
        return [span for f in self.findings if not self.is_whole(f) for span in self.touched(f, widen=False)]

    def blunt(self, clause: str, alone: Alone) -> bool:
        """Whether a clause of the line, by itself, is rude or still breaks a rule of manners."""
        if self.is_rude(clause):
            return True
        if _COURTEOUS.search(clause):
            return False
        own = self.rules & (_WATCHED | {"language.over-familiar"})
        near = manners(alone, clause if own else clause.translate(_NO_PRONOUN))
        least = 1.0 if own <= {"language.over-familiar"} and (_BUSINESS.search(clause) or extract(clause)) else _NEAR
        return any(near.get(rule, 0.0) >= 1 for rule in _WATCHED) or any(near.get(rule, 0.0) >= least for rule in own)

    def challenge(self, clause: str) -> bool:
        """Whether a clause of a line that challenges is a question that isn't asked politely."""
        return bool(self.rules & CHALLENGES) and clause.rstrip().endswith(("?", "？")) and not _POLITE.search(clause)

    def is_premise(self, clause: str) -> bool:
        """Whether a clause of a line that challenges only leads up to its question (生个病就退, 那我们吃什么?): it says nothing alone."""
        if not self.rules & CHALLENGES or extract(clause):
            return False
        line = normalise(self.line.replace("你", "您")).text
        return regex.search(rf"(?:^|[。?!,]){regex.escape(clause)},(?:{_TURNS_ON})", line) is not None

    def faultless_text(self) -> str:
        """The line without the words found faulty; a refusal is not faulty in what it says."""
        spans = [
            span
            for f in self.findings
            if f.rule != "language.flat-refusal" and not self.is_whole(f)
            for span in self.touched(f)
        ]
        spans += self.rude()
        return "".join(" " if any(s <= i < e for s, e in spans) else c for i, c in enumerate(self.line))


def may_be_rude(rules: Iterable[str]) -> bool:
    """Whether a line that breaks `rules` may have rude words: not where it only lacks something."""
    ids = list(rules)
    return not ids or any(not rule.startswith(_OMISSIONS) for rule in ids)


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether `span` has a character in common with any of `others`."""
    return any(start < span[1] and span[0] < end for start, end in others)


def manners(alone: Alone, part: str) -> dict[str, float]:
    """How near `part` by itself is to breaking each rule; nothing where its words state something plainly or show care.

    Whatever follows a customer who breaks off looks like cutting in: only words that do so count for it.
    """
    if not _MAY_BE_BLUNT.search(part) or _CARES.search(part):
        return {}
    near = dict(alone(part))
    if not _CUTS_IN.search(part):
        near.pop("language.interrupt", None)
    return near
