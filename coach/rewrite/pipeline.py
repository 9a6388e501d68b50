"""From a line to its rewrite: propose, verify, feed the verdict back, and answer honestly when nothing passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from coach.critique import Finding, RulePack, critique
from coach.critique.view import CallView
from coach.errors import InputError
from coach.facts import extract
from coach.knowledge import Citation, Standard
from coach.rewrite.advice import said_line
from coach.rewrite.answer import refuses
from coach.rewrite.courtesy import courteous
from coach.rewrite.faults import CHALLENGES
from coach.rewrite.load import Mends
from coach.rewrite.marks import punctuated
from coach.rewrite.model import Rewrite, Verdict
from coach.rewrite.opening import opened
from coach.rewrite.plan import Draft, Situation, mend
from coach.rewrite.verify import Verifier
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["MAX_ATTEMPTS", "Rewriter"]

MAX_ATTEMPTS = 8
_MAX_STARTS = 32
_MAX_ROUNDS = 5
_MARKS = ",。!?;:、~ "
_QUESTION = regex.compile(
    r"(?:\?|[吗呢么没]|多少\p{Han}{0,2}|什么|怎么\p{Han}{0,3}|哪\p{Han}{0,2}|几\p{Han}{0,2})[?。]?$"
)
"""A customer who asks plainly: words of anger end otherwise."""
_INSTRUCTS = regex.compile(
    r"(?:带|拿|凭|持|填|上传|打开|登录)(?!着?脾气)[^,。?!我]{1,12}?(?:[来去到](?:补|办|领|取|交|换|前台|柜台|窗口|店里|营业厅)|就(?:行|好|可以|能)|即可)"
)
"""What the customer is to do: that is the way on."""
_WAY_ON = regex.compile(
    r"[?？【]|请|麻烦|[帮给为替]您|可以|随时|好的|没有问题|不要紧|安排|补|今天|明天|已经|不用|[退赔]"
)
_SORRY = regex.compile(r"^[^。]*(?:抱歉|对不起|添麻烦了|道歉|理解|等候|久等了)。")
_UNTOLD = regex.compile(
    r"一定|肯定|绝对|必|包[您你]|保证|准|赔|漏一|少一|晚一|要是|只涨|天上|敢|不(?:得|用|会|再|就)|被|就(?:会|能|是)?\p{Han}完|还是.*\?$|转给|那边"
)
"""What a clause says that vouches, reproaches or isn't the line's to tell: its figure isn't told beside the fault."""
_KEPT_APART = frozenset({"proxy.privacy-leak", "language.interrupt", "language.argue", "language.over-familiar"})
"""Rules whose lines tell nothing beside the fault."""
_BARE = 40
_NEXT = "接下来怎么处理，我帮您问清楚，【时限】内给您答复，您看可以吗？"
_CHECK = "您说的情况我再帮您核实一下，【时限】内给您答复，您看可以吗？"
"""What is offered after a bare fact: where the customer was blamed, and where he was only contradicted."""


@dataclass(frozen=True)
class Rewriter:
    """Rewrites lines with the built-in proposer.

    Attributes:
        rules: The rules to critique by.
        standard: The standard to judge by.
        mends: How faults are mended.
    """

    rules: RulePack
    standard: Standard
    mends: Mends

    def rewrite(self, transcript: Transcript, line: int | None = None) -> Rewrite:
        """The agent's 1-based `line` (the last agent line if None) made compliant.

        Raises:
            InputError: There is no such line, or it isn't the agent's.
        """
        line = self._line(transcript, line)
        verifier = self.verifier(transcript, line)
        faults = [finding for finding in verifier.findings(verifier.original) if finding.severity != "info"]
        if not faults:
            return Rewrite(
                line, verifier.original, "unchanged", None, verifier.verdict(verifier.original), "builtin", 0
            )
        situation = _situation(transcript, line)
        result = self._propose(verifier, situation)
        return self.with_remaining(transcript, result)

    def verify(self, transcript: Transcript, line: int, text: str, given: Sequence[str] = ()) -> Verdict:
        """What the verifier says of `text` in place of the 1-based `line`; `given` is what was filled into its slots."""
        return replace(self.verifier(transcript, line), given=tuple(given)).verdict(text)

    def verifier(self, transcript: Transcript, line: int) -> Verifier:
        """What decides about candidates for the 1-based `line`."""
        return Verifier(transcript, line, self.rules, self.standard, self.mends)

    def _line(self, transcript: Transcript, line: int | None) -> int:
        agent = transcript.agent_lines()
        if not agent:
            raise InputError("这通电话里没有坐席的话", where="通话", hint="请检查说话人标签，或用 --agent 指定坐席")
        if line is None:
            return agent[-1] + 1
        if not 1 <= line <= len(transcript.turns):
            raise InputError(f"没有第 {line} 行", where="--line", hint=f"这通电话共 {len(transcript.turns)} 行")
        if line - 1 not in agent:
            raise InputError(f"第 {line} 行是客户说的", where="--line", hint="请指定坐席的一行")
        return line

    def _propose(self, verifier: Verifier, situation: Situation) -> Rewrite:
        """The first candidate that verifies; further ones use, for one rule at a time, its next option."""
        verdict = verifier.verdict(verifier.original)
        attempts = 0
        queue: list[dict[str, int]] = [{}]
        seen: set[str] = set()
        starts: set[tuple[tuple[str, int], ...]] = set()
        drafts: list[tuple[Draft, str]] = []
        while queue and attempts < MAX_ATTEMPTS and len(starts) < _MAX_STARTS:
            tried = queue.pop(0)
            if (start := tuple(sorted(tried.items()))) in starts:
                continue
            starts.add(start)
            draft = self._mended(verifier, situation, tried)
            if draft is None:
                continue
            queue += _next_choices(tried, draft, self.mends.order)
            candidate = _restored(draft.text(self.mends), verifier.original)
            drafts.append((draft, candidate))
            for text in (candidate, _without(candidate, verifier.blunt(candidate), verifier.original)):
                if text in seen:
                    continue
                seen.add(text)
                verdict = verifier.verdict(text)
                if verdict.verified:
                    return self._finished(verifier, situation, draft, text, verdict, attempts + 1)
                attempts += text == candidate
        for draft, candidate in drafts:
            told = self._telling(verifier, draft, candidate)
            if told is not None and (found := verifier.verdict(told)).verified:
                return self._finished(verifier, situation, draft, told, found, attempts)
        citations = _clauses(verifier.findings(verifier.original))
        return Rewrite(verifier.line, verifier.original, "rejected", None, verdict, "builtin", attempts, citations)

    def _finished(
        self, verifier: Verifier, situation: Situation, draft: Draft, text: str, verdict: Verdict, attempts: int
    ) -> Rewrite:
        """The verified `text` with the last touches that it still verifies with."""
        text, verdict = self._to_the_point(verifier, situation, draft, text, verdict)
        text, verdict = self._with_way_on(verifier, situation, text, verdict)
        text, verdict = self._with_opening(verifier, situation, text, verdict)
        text, verdict = self._with_courtesy(verifier, situation, text, verdict)
        return Rewrite(verifier.line, verifier.original, "verified", text, verdict, "builtin", attempts)

    def _telling(self, verifier: Verifier, draft: Draft, candidate: str) -> str | None:
        """`candidate` with what the line tells beside its fault said first, where facts went with the fault; None where none did."""
        if _KEPT_APART & {finding.rule for finding in verifier.findings(verifier.original)}:
            return None
        told = _clauses_of(verifier.verdict(candidate).lost_facts, verifier.original, self.mends)
        if not told:
            return None
        line = f"{','.join(told)}。{draft.line}"
        return _restored(replace(draft, line=line).text(self.mends), verifier.original)

    def _to_the_point(
        self, verifier: Verifier, situation: Situation, draft: Draft, text: str, verdict: Verdict
    ) -> tuple[str, Verdict]:
        """`text` without the offer to look into it, where a plain question is answered by what the line itself tells, or what to do."""
        asked, told = _QUESTION.search(situation.previous), normalise(verifier.original).text
        asked = None if "empathy.missing" in draft.tried else asked
        said = [c.text.strip(_MARKS) for c in normalise(draft.line).clauses if "您" not in c.text]
        answers = any(words in told and extract(words) for words in said)
        settled = (asked and answers) or _INSTRUCTS.search(draft.line)
        if "offer" not in draft.parts or not settled or refuses(draft.line):
            return text, verdict
        without = replace(draft, parts={role: said for role, said in draft.parts.items() if role != "offer"})
        shorter = _restored(without.text(self.mends), verifier.original)
        better = verifier.verdict(shorter)
        return (shorter, better) if better.verified else (text, verdict)

    def _with_way_on(
        self, verifier: Verifier, situation: Situation, text: str, verdict: Verdict
    ) -> tuple[str, Verdict]:
        """`text` with an offer to see what can be done, where a line that slighted the customer is left as a bare fact."""
        told = _SORRY.sub("", text)
        rules = {finding.rule for finding in verifier.findings(verifier.original)}
        answers = "language.blame-customer" not in rules or ("您" not in told and extract(told))
        asked = answers and _QUESTION.search(situation.previous)
        bare = not _WAY_ON.search(told) and len(told) <= _BARE
        if not bare or asked or not rules & CHALLENGES or "language.impatient" in rules:
            return text, verdict
        offer = _NEXT if "language.blame-customer" in rules else _CHECK
        longer = Draft(normalise(text).text, {"offer": offer}).text(self.mends)
        better = verifier.verdict(longer)
        return (longer, better) if better.verified else (text, verdict)

    def _with_opening(
        self, verifier: Verifier, situation: Situation, text: str, verdict: Verdict
    ) -> tuple[str, Verdict]:
        """`text` with words before it that take up what the customer said, where it has none."""
        if self.mends.adviser is None:
            return text, verdict
        rules = {finding.rule for finding in verifier.findings(verifier.original)}
        line = said_line(verifier.transcript, verifier.line, rules, self.standard)
        longer = opened(text, line, situation, self.mends.adviser.openings(line), self.mends)
        better = verifier.verdict(longer) if longer else verdict
        return (longer, better) if longer and better.verified else (text, verdict)

    def _with_courtesy(
        self, verifier: Verifier, situation: Situation, text: str, verdict: Verdict
    ) -> tuple[str, Verdict]:
        """`text` with its curt words said as a good agent says them, as far as it still verifies."""

        def written(line: str) -> str:
            return _restored(Draft(line).text(self.mends), verifier.original)

        said = normalise(verifier.original).text
        polite = courteous(
            text, said, situation.previous, self.mends, lambda line: verifier.verdict(written(line)).verified
        )
        if polite == text:
            return text, verdict
        polite = written(polite)
        return polite, verifier.verdict(polite)

    def polite(self, transcript: Transcript, line: int, text: str) -> str:
        """`text`, which may stand in place of the 1-based `line`, with its curt words said better; as it is where it doesn't verify."""
        verifier = self.verifier(transcript, line)
        touched = _restored(Draft(normalise(text).text).text(self.mends), verifier.original)
        text = touched if verifier.verdict(touched).verified else text
        verdict = verifier.verdict(text)
        if not verdict.verified:
            return text
        return self._with_courtesy(verifier, _situation(transcript, line), text, verdict)[0]

    def _mended(self, verifier: Verifier, situation: Situation, tried: dict[str, int]) -> Draft | None:
        """The line after as many rounds of mending as it needs, options before `tried` left out; None if nothing fits."""
        draft: Draft | None = None
        following: Draft | None = Draft(punctuated(verifier.original), tried=tried)
        for _ in range(_MAX_ROUNDS):
            if following is None:
                break
            text = following.text(self.mends)
            faults = [f for f in verifier.findings(text) if f.severity != "info"]
            if not faults and following.tried == tried:  # the last touches hide what the line itself has
                text = verifier.original
                faults = [f for f in verifier.findings(text) if f.severity != "info"]
            draft, following = following, mend(following, faults, text, situation, self.mends)
        return None if draft is None or draft.tried == tried else draft

    def with_remaining(self, transcript: Transcript, result: Rewrite) -> Rewrite:
        """`result` with the findings about the whole call that stand on this line after the rewrite."""
        if result.rewrite is None or transcript.meta.excerpt:
            return result
        i = result.line - 1
        turns = (*transcript.turns[:i], replace(transcript.turns[i], text=result.rewrite), *transcript.turns[i + 1 :])
        findings = critique(replace(transcript, turns=turns), self.rules, self.standard).of_line(result.line)
        remaining = tuple(dict.fromkeys((*result.verdict.remaining, *(f.rule for f in findings))))
        return replace(result, verdict=replace(result.verdict, remaining=remaining))


def _without(candidate: str, blunt: Sequence[str], line: str) -> str:
    """`candidate` without the blunt clauses it took over from `line`; a sentence that loses its last one still ends in its mark, and nothing begins with 至于."""
    turn, original = normalise(candidate), normalise(line.replace("你", "您")).text
    kept: list[str] = []
    for clause in turn.clauses:
        words = candidate[slice(*turn.span(clause.start, clause.end))]
        if (said := clause.text.strip(_MARKS)) not in blunt or said not in original:
            kept.append(words)
        elif kept and words[-1:] in "。？！?!" and kept[-1][-1:] in "，、；：,;:":
            kept[-1] = kept[-1][:-1] + "。"
    return "".join(kept).removeprefix("至于")


def _clauses_of(facts: Sequence[str], line: str, mends: Mends) -> list[str]:
    """The clauses of `line` that state `facts`, said politely, without their marks."""
    turn = normalise(line.replace("你", "您"))
    clauses = [clause.text.strip(_MARKS) for clause in turn.clauses]
    stating = [
        words for words in clauses if any(normalise(fact).text in words for fact in facts) and not _UNTOLD.search(words)
    ]
    return [mends.polite(words).strip(_MARKS) for words in stating]


def _next_choices(tried: dict[str, int], draft: Draft, order: tuple[str, ...]) -> list[dict[str, int]]:
    """Where to start for the next candidates: for each rule mended, behind the option it used."""
    rank = {rule: i for i, rule in enumerate(order)}
    used = [rule for rule, i in draft.tried.items() if i > tried.get(rule, 0)]
    return [{**tried, rule: draft.tried[rule]} for rule in sorted(used, key=lambda rule: rank.get(rule, len(rank)))]


def _situation(transcript: Transcript, line: int) -> Situation:
    i = line - 1
    call = CallView(transcript, _NO_STANDARD, transcript.meta.direction)
    return Situation(
        call.previous_customer(i), call.previous_agent(i), call.is_first_line(i), transcript.meta.direction or "inbound"
    )


_NO_STANDARD = Standard("", "", "", {})


def _restored(candidate: str, original: str) -> str:
    """`candidate` with every sentence it shares with `original` put back as it was written there."""
    turn = normalise(original)
    wide = normalise(candidate)
    text = candidate
    for sentence in turn.sentences:
        at = wide.text.find(sentence.text)
        if at >= 0 and len(sentence.text) > 1:
            start, end = wide.span(at, at + len(sentence.text))
            written = original[slice(*turn.span(sentence.start, sentence.end))]
            if normalise(text[start:end]).text == sentence.text:
                text = text[:start] + written + text[end:]
                wide = normalise(text)
    return text


def _clauses(findings: tuple[Finding, ...]) -> tuple[Citation, ...]:
    found = {citation.clause: citation for finding in findings for citation in finding.citations}
    return tuple(found.values())
