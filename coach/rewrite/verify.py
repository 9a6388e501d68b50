"""The verifier: decides whether a candidate may be shown. Source: design.md, Rewrite.

Verified means: critiqued again in its context no line-scope finding above info; every fact kept, none invented; yes
stays yes and no stays no; nothing new promised; sentences without a fault kept; the length in bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from coach.critique import Finding, RulePack, critique_line
from coach.facts import Fact, extract, is_manner, same_fact
from coach.facts.numerals import NUMERAL
from coach.knowledge import SLOT, Standard
from coach.rewrite.answer import answer_of, promises_in, refuses
from coach.rewrite.load import Mends
from coach.rewrite.model import Verdict
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["Verifier"]

_MAX_GROWTH = 3.0
_SLACK = 70
_SIMILAR = 0.4
_DROPPABLE = frozenset(
    {
        "proxy.privacy-leak",
        "language.internal-jargon",
        "commitment.overpromise",
        "commitment.vague",
        "language.service-taboo",
        "language.argue",
        "language.over-familiar",
        "language.impatient",
    }
)
"""Rules whose faulty words may themselves be a fact that has to go."""
_BY_CLAUSE = frozenset({"proxy.privacy-leak", "commitment.overpromise", "commitment.vague"})
"""Of these, those whose fault takes in the whole clause: what is told, promised or guessed there."""
_BY_SENTENCE = frozenset(
    {"proxy.privacy-leak", "commitment.overpromise", "commitment.vague", "language.pass-the-buck", "language.argue"}
    | {"language.rhetorical-challenge", "language.blame-customer", "language.service-taboo", "language.impatient"}
    | {"opening.banned-word", "language.interrupt", "proxy.curt-dismissal"}
)
"""Rules whose faulty words take the rest of their sentence with them where it makes no sense alone."""
_SHORTEST = 4
_LONG_REST = 7
_PARTLY = 0.35
_EXCUSED_ALL = frozenset(
    {
        "proxy.privacy-leak",
        "proxy.curt-dismissal",
        "commitment.overpromise",
        "commitment.vague",
        "language.internal-jargon",
    }
    | {"language.pass-the-buck", "opening.banned-word"}
)
"""Rules whose mend may say the sentence they stand in quite anew."""
_STATES = regex.compile(
    r"^(?!.*(?:不会|也不|就不|自己|怪|谁|怎么|难道|凭什么|没用|都是这个|不信|听我|听着))(?=.*(?:现在|可以|需要|要(?!求)|收|修|换|恢复|送|到账|退|补|在|是))"
)
"""Clauses that say something of their own beside the fault in their sentence."""
_LETTER = regex.compile(r"[\p{Han}\p{L}\d]")
_FILLER = regex.compile(
    rf"{NUMERAL}(?:多|来)?(?:个)?(?:分半|分钟?|秒钟?|小时)|去去就回|回到线上|听一段音乐|占用|时间|稍候|稍后|等待|等候|片刻|一会儿?|会儿|一下"
    r"|不要挂断|先别挂断?|别挂|挂断|挂机|电话|在线上?|麻烦|劳驾|耐心|大约|大概|左右|之内|以内|样子|马上|很快|就好|回来|不介意|愿意|方便"
    r"|可以|行不行|好不好|好吗|行吗|成吗|需要|现在|正在|这就|直接|转过去|转一下|转接|不好意思|持机|这会儿|相关部门|同事|有人|另有人员|另外|专门管?|受理|号码|试试|一个"
    r"|[,。?!;、那呃嗯啊请您你先我稍等候得让要吗呢吧哈了的看就给为帮把转接过不能好是在去]"
)
"""Words of asking to wait or of putting through, which a mend may say anew."""


@dataclass(frozen=True)
class Verifier:
    """Checks candidates for one line of one call.

    Attributes:
        transcript: The call the line stands in.
        line: 1-based line.
        rules: The rules to critique by.
        standard: The standard to judge by.
        mends: What is rude or unfit in a mended line, and the last touches that sentences without a fault get too.
        given: What the agent filled in for slots: it may be stated.
    """

    transcript: Transcript
    line: int
    rules: RulePack
    standard: Standard
    mends: Mends
    given: tuple[str, ...] = ()

    @property
    def original(self) -> str:
        """The line as it was."""
        return self.transcript.turns[self.line - 1].text

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Line-scope findings of the line, were it `text`."""
        i = self.line - 1
        turns = (
            *self.transcript.turns[:i],
            replace(self.transcript.turns[i], text=text),
            *self.transcript.turns[i + 1 :],
        )
        return critique_line(replace(self.transcript, turns=turns), self.line, self.rules, self.standard)

    def verdict(self, candidate: str) -> Verdict:
        """What stands against showing `candidate`, and what became of findings and facts."""
        before, after = self.findings(self.original), self.findings(candidate)
        still = {finding.rule for finding in after}
        open_rules = tuple(finding.rule for finding in after if finding.severity != "info")
        kept, dropped, lost = self._facts(candidate, before)
        reasons = [
            *(f"仍有问题：{finding.message}" for finding in after if finding.severity != "info"),
            *(f"丢了“{fact}”" for fact in lost),
            *(f"多出原话没有的“{fact.text}”" for fact in self._invented(candidate)),
            *self._answer(candidate, before),
            *(f"多出原话没有的承诺“{promise}”" for promise in self._new_promises(candidate)),
            *self._shape(candidate, before),
            *self._reading(candidate, before),
        ]
        return Verdict(
            reasons=tuple(reasons),
            resolved=tuple(dict.fromkeys(f.rule for f in before if f.rule not in still)),
            remaining=tuple(dict.fromkeys(f.rule for f in after if f.severity == "info")),
            open_rules=tuple(dict.fromkeys(open_rules)),
            kept_facts=kept,
            dropped_facts=dropped,
            lost_facts=lost,
            slots=tuple(dict.fromkeys(SLOT.findall(candidate))),
        )

    def _facts(
        self, candidate: str, findings: Sequence[Finding]
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Facts of the original kept, dropped because they were the fault, and lost."""
        stated = extract(candidate)
        faulty = [span for f in findings if f.rule in _DROPPABLE for span in self._touched(f, f.rule in _BY_CLAUSE)]
        words = [
            span
            for f in findings
            if f.rule in _BY_SENTENCE or not self._is_whole(f)
            for span in self._touched(f, widen=False)
        ]
        given = [fact for text in self._customer() for fact in extract(text)]
        kept, dropped, lost = [], [], []
        for fact in extract(self.original):
            if any(same_fact(fact, other) for other in stated) or _stands(fact, candidate):
                kept.append(fact.text)
            elif (
                _inside(fact, faulty)
                or (is_manner(fact) and _inside(fact, self._rude()))
                or (_inside(fact, words) and any(same_fact(fact, other) for other in given))
            ):
                dropped.append(fact.text)
            else:
                lost.append(fact.text)
        return tuple(kept), tuple(dropped), tuple(lost)

    def _customer(self) -> list[str]:
        return [turn.text for turn in self.transcript.turns[: self.line] if turn.speaker == "customer"]

    def _is_whole(self, finding: Finding) -> bool:
        return finding.span == (0, len(self.original))

    def _touched(self, finding: Finding, widen: bool) -> list[tuple[int, int]]:
        """Spans of the finding in the original, widened to the clauses they stand in if asked."""
        spans = [finding.span, *finding.others] if finding.span else []
        if not widen:
            return spans
        turn = normalise(self.original)
        clauses = [turn.span(clause.start, clause.end) for clause in turn.clauses]
        return [*spans, *(c for c in clauses if any(s < c[1] and c[0] < e for s, e in spans))]

    def _invented(self, candidate: str) -> list[Fact]:
        """Facts of the candidate that neither the line, nor the turns before it, nor the agent's fillings state."""
        said = [*(turn.text for turn in self.transcript.turns[: self.line]), *self.given]
        known = [fact for text in said for fact in extract(text)]
        return [
            fact
            for fact in extract(candidate)
            if not any(same_fact(fact, other) for other in known) and not any(_stands(fact, text) for text in said)
        ]

    def _answer(self, candidate: str, findings: Sequence[Finding]) -> list[str]:
        """No stays no, yes stays yes, and what was left open isn't settled, but for words that are themselves the fault."""
        fault = {f.rule for f in findings}
        was, now = answer_of(self.original), answer_of(candidate)
        if was == "no" and now == "yes":
            return ["原话说“不能”，改写成了“能”"]
        if was == "yes" and now == "no" and "commitment.overpromise" not in fault:
            return ["原话说“能”，改写成了“不能”"]
        left_open = fault & {
            "commitment.overpromise",
            "commitment.vague",
            "proxy.privacy-leak",
            "language.pass-the-buck",
        }
        said_no = refuses(self.original) if not left_open else refuses(self._faultless_text(findings))
        if said_no and not refuses(candidate):
            return ["原话说“不能”，改写里没有说"]
        if "commitment.vague" in fault and now and not answer_of(self._faultless_text(findings)):
            return ["原话没有说定，改写说定了"]
        return []

    def _reading(self, candidate: str, findings: Sequence[Finding]) -> list[str]:
        """Blunt words no rule knows, and words that read badly after a mend."""
        if not findings:
            return []
        text = normalise(candidate).text
        rude = [c.text.strip(",。!?") for c in normalise(candidate).clauses if self.mends.rude.found(c.text)]
        rules = ("any", *{f.rule for f in findings})
        unfit = [self.mends.unfit[rule] for rule in rules if rule in self.mends.unfit]
        bad = [text[start:end] for pattern in unfit for start, end in pattern.spans(text)]
        return [*(f"“{words}”仍然生硬" for words in rude), *(f"“{words}”读起来不通顺" for words in bad)]

    def _rude(self) -> list[tuple[int, int]]:
        """Clauses of the original that are rude in themselves."""
        turn = normalise(self.original)
        return [turn.span(clause.start, clause.end) for clause in turn.clauses if self.mends.rude.found(clause.text)]

    def _faultless_text(self, findings: Sequence[Finding]) -> str:
        """The original without the words found faulty; a refusal is not faulty in what it says."""
        spans = [
            span
            for f in findings
            if f.rule != "language.flat-refusal" and not self._is_whole(f)
            for span in self._touched(f, f.rule in _BY_CLAUSE)
        ]
        spans += self._rude()
        return "".join(" " if any(s <= i < e for s, e in spans) else c for i, c in enumerate(self.original))

    def _new_promises(self, candidate: str) -> list[str]:
        known = promises_in(self.original)
        if any(f.rule == "commitment.overpromise" for f in self.findings(self.original)):
            known -= {"保证"}
        return sorted(promises_in(candidate) - known)

    def _shape(self, candidate: str, findings: Sequence[Finding]) -> list[str]:
        text = normalise(candidate).text
        if not regex.search(r"\p{Han}", text):
            return ["改写是空的"]
        if len(candidate) > len(self.original) * _MAX_GROWTH + _SLACK:
            return ["改写太长"]
        text = _without_facts(text)
        if any(self._changed(part, text, _SIMILAR) for part in self._faultless(findings)) or any(
            self._changed(part, text, _PARTLY) for part in self._beside(findings)
        ):
            return ["没有问题的句子也被改掉了"]
        return []

    def _changed(self, part: str, text: str, least: float) -> bool:
        """Whether `text` says too little of `part`, either as it stands or with the last touches."""
        return all(_similar(_without_facts(said), text) < least for said in (part, self.mends.polished(part)))

    def _faultless(self, findings: Sequence[Finding]) -> list[str]:
        """Clauses of the original that no finding touches, and that say more than “please wait” or “I'll put you through”.

        A finding about the whole line touches none; some rules touch the sentence their words stand in.
        """
        turn = normalise(self.original)
        spans = [span for f in findings if f.span for span in self._reach(f)]
        touched = [span for f in findings if not self._is_whole(f) for span in self._touched(f, widen=False)]
        touched += self._rude()
        waits = any(f.rule.startswith(("hold.", "transfer.")) for f in findings)
        whole = {f.rule for f in findings if self._is_whole(f)} & _BY_SENTENCE
        parts = []
        for clause in turn.clauses:
            start, end = turn.span(clause.start, clause.end)
            if not whole and any(s < end and start < e for s, e in touched):
                continue
            excused = (_EXCUSED_ALL - {"commitment.vague"}) & {f.rule for f in findings} or not _STATES.search(
                clause.text
            )
            if whole or (excused and any(s < end and start < e for s, e in spans)):
                continue
            said = _FILLER.sub("", clause.text) if waits else clause.text
            if len(_LETTER.findall(said)) >= _SHORTEST:
                parts.append(clause.text)
        return parts

    def _beside(self, findings: Sequence[Finding]) -> list[str]:
        """What a long clause without punctuation says beside its faulty words."""
        turn, touched = normalise(self.original), self._words(findings)
        parts = []
        for clause in turn.clauses:
            start, end = turn.span(clause.start, clause.end)
            inside = [(s, e) for s, e in touched if s < end and start < e]
            rest = "".join(self.original[i] for i in range(start, end) if not any(s <= i < e for s, e in inside))
            if inside and len(_LETTER.findall(_FILLER.sub("", rest))) >= _LONG_REST:
                parts.append(rest)
        return parts

    def _words(self, findings: Sequence[Finding]) -> list[tuple[int, int]]:
        """Spans of faulty words; none where a fault takes in its whole sentence."""
        if {f.rule for f in findings} & _EXCUSED_ALL:
            return []
        return [span for f in findings if not self._is_whole(f) for span in self._touched(f, widen=False)]

    def _reach(self, finding: Finding) -> list[tuple[int, int]]:
        if self._is_whole(finding):
            return []
        spans = self._touched(finding, widen=False)
        if finding.rule not in _BY_SENTENCE:
            return spans
        turn = normalise(self.original)
        sentences = [turn.span(sentence.start, sentence.end) for sentence in turn.sentences]
        return [*spans, *(part for part in sentences if any(s < part[1] and part[0] < e for s, e in spans))]


def _without_facts(clause: str) -> str:
    """The clause without its facts, which are compared by value."""
    for fact in reversed(extract(clause)):
        clause = clause[: fact.span[0]] + clause[fact.span[1] :]
    return clause


def _inside(fact: Fact, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < fact.span[1] and fact.span[0] < end for start, end in spans)


def _stands(fact: Fact, text: str) -> bool:
    return normalise(fact.text).text in normalise(text).text


def _similar(sentence: str, text: str) -> float:
    """Share of the sentence's character pairs that stand in `text`."""
    chars = _LETTER.findall(sentence)
    pairs = {a + b for a, b in pairwise(chars)}
    flat = "".join(_LETTER.findall(text))
    return sum(pair in flat for pair in pairs) / len(pairs) if pairs else 1.0
