"""A model's rewrites: proposed with the faults and facts at hand, verified as any other, its objections fed back.

A candidate has to pass the verifier and stay close to what was said: `grounded`. What doesn't is never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

import regex

from coach.critique import Finding
from coach.facts import extract
from coach.llm import Messages, Model, Notify, Prompt
from coach.llm.tokens import latest_within
from coach.privacy import Masker
from coach.rewrite.beside import falls_behind
from coach.rewrite.misspoken import misspoken
from coach.rewrite.model import Rewrite, Verdict
from coach.rewrite.pipeline import Rewriter
from coach.rewrite.purpose import asked_back, lost_purposes, other_actor, turned_round
from coach.rewrite.tones import TONES, Tone
from coach.text import normalise
from coach.transcripts import Transcript

__all__ = ["MODEL_ATTEMPTS", "FluentRewriter"]

MODEL_ATTEMPTS = 3
_CONTEXT_TOKENS = 600
_LONGEST_CONTEXT_TURN = 300
_GROUNDED = 0.5
_COURTESY = regex.compile("抱歉|对不起|不好意思|理解|感谢|谢谢|久等|操心|烦心|添麻烦")
_COVERS = 0.35
_SAME = 0.93
_SHORT = 7
_ONCE = ("您好", "请问", "对不起", "抱歉", "谢谢", "感谢您", "再见", "可以吗", "好吗")
_PERSON = regex.compile(
    "师傅|老师|经理|主任|医生|大夫|护士|律师|教练|工程师|技术员|司机|骑手|快递员|店长|科长|处长|院长|校长|领导|老板|专员|主管|先生|女士|小姐|厂家|物业"
)
"""Whom a line may bring in; 同事 and 工作人员 are whoever does the work."""
_HAN = regex.compile(r"\p{Han}")
_LEAD = regex.compile(r"^(?:改写(?:后|为|成)?|改好的(?:话|那一句话?)?|坐席|客服|答|输出)\s*[:：]\s*")
_GREETS = regex.compile(r"^[您你]好[，,。！!]?(?=.)")
_QUOTES = '“”"「」『』 \n'


@dataclass(frozen=True)
class FluentRewriter:
    """Rewrites lines with a model.

    Attributes:
        rewriter: The built-in one, whose verifier decides.
        model: Proposes.
        prompt: prompts/rewrite.md.
        courtesies: What people say in such calls, for what a candidate may add: the phrase bank.
    """

    rewriter: Rewriter
    model: Model
    prompt: Prompt
    courtesies: str

    def rewrite(
        self, transcript: Transcript, builtin: Rewrite, masker: Masker, notify: Notify, tone: Tone = "plain"
    ) -> Rewrite:
        """The model's rewrite of the line that `builtin` is of: verified, or rejected with the last objections.

        Raises:
            ModelFailure: The model didn't answer.
        """
        verifier = self.rewriter.verifier(transcript, builtin.line)
        findings = verifier.findings(verifier.original)
        objections: tuple[str, ...] = ()
        verdict = builtin.verdict
        tried: set[str] = set()
        model = self.model
        for attempt in range(1, MODEL_ATTEMPTS + 1):
            messages = self._messages(transcript, builtin, findings, tone, objections)
            completion = model.complete(messages, masker, notify)
            model = model.since(completion.endpoint)
            candidate = _tidied(_line_in(completion.text), builtin.original, greets=builtin.line == 1)
            candidate = self.rewriter.polite(transcript, builtin.line, candidate)
            verdict = verifier.verdict(candidate)
            reasons = (*verdict.reasons, *self._ungrounded(candidate, transcript, builtin))
            if tone == "shorter" and not reasons and len(candidate) > len(builtin.rewrite or builtin.original):
                reasons = ("没有变短",)
            if _is_nearly(candidate, builtin.original) or _is_nearly(candidate, builtin.rewrite or ""):
                reasons = (*reasons, "和已有的说法几乎一样，没有更好")
            verdict = replace(verdict, reasons=reasons)
            if verdict.verified and candidate:
                result = replace(builtin, status="verified", rewrite=candidate, verdict=verdict, source="model")
                return self.rewriter.with_remaining(transcript, replace(result, attempts=attempt, citations=()))
            objections = (f"“{candidate}”", *reasons[:4])
            if candidate in tried:
                break
            tried.add(candidate)
        return replace(
            builtin, status="rejected", rewrite=None, verdict=_not_empty(verdict), source="model", attempts=attempt
        )

    def _messages(
        self,
        transcript: Transcript,
        builtin: Rewrite,
        findings: Sequence[Finding],
        tone: Tone,
        objections: Sequence[str],
    ) -> Messages:
        return self.prompt.render(
            context=_context(transcript, builtin.line),
            line=builtin.original,
            faults="\n".join(f"- {f.message}{f.advice}" for f in findings if f.severity != "info")
            or "（没有，只换语气）",
            facts="、".join(fact.text for fact in extract(builtin.original)) or "（没有）",
            reference=(builtin.rewrite if objections else None) or "（没有）",
            tone=TONES[tone],
            objections="；".join(objections) or "（这是第一次）",
        )

    def _ungrounded(self, candidate: str, transcript: Transcript, builtin: Rewrite) -> tuple[str, ...]:
        """Why `candidate` can't be shown: it says what neither the line, the customer just before nor anybody's courtesy says, or falls short."""
        said = [_asked(transcript, builtin.line), builtin.original]
        known = _pairs("\n".join([*said, builtin.rewrite or "", self.courtesies]))
        own = _pairs("\n".join([builtin.original, builtin.rewrite or ""]))
        clauses = [c.text for c in normalise(candidate).clauses]
        strange = [c for c in clauses if len(_HAN.findall(c)) >= _SHORT and _share(c, known) < _GROUNDED]
        reasons = [f"“{clause.strip('，。,.')}”是原话没有的意思" for clause in strange]
        reasons += [f"没有人提到过“{who}”" for who in _newcomers(candidate, [*said, builtin.rewrite or ""])]
        reasons += [
            f"“{word}”说了两遍" for word in _ONCE if candidate.count(word) > max(1, builtin.original.count(word))
        ]
        reasons += [
            f"原话是要{purpose}，改写里没有了"
            for purpose in lost_purposes(builtin.original, builtin.rewrite, candidate)
        ]
        if words := turned_round(candidate):
            reasons.append(f"“{words}”把谁帮谁说反了")
        if words := other_actor(builtin.original, builtin.rewrite, candidate):
            reasons.append(f"“{words}”把该谁做说反了")
        if words := asked_back(builtin.original, _asked(transcript, builtin.line), candidate):
            reasons.append(f"“{words}”是客户问的，不是坐席该问的")
        reasons += misspoken(builtin.original, builtin.rewrite, _asked(transcript, builtin.line), candidate)
        if builtin.status == "verified" and builtin.rewrite:
            reasons += falls_behind(builtin.original, builtin.rewrite, candidate)
        if builtin.rewrite and _share(_told(builtin.rewrite), _pairs(candidate)) < _COVERS:
            reasons.append("漏了该说的内容")
        whole = _share(candidate, own)
        if whole < _GROUNDED * 0.6:
            reasons.append("和原话说的不是一回事")
        return tuple(reasons)


def _told(rewrite: str) -> str:
    """What `rewrite` tells beside thanks, apology and sympathy, which another may word otherwise or leave to the verifier; all of it where that is all."""
    sentences = [sentence.text for sentence in normalise(rewrite).sentences]
    return "".join(one for one in sentences if not _COURTESY.search(one)) or rewrite


def _asked(transcript: Transcript, line: int) -> str:
    """What the customer said last before the 1-based `line`."""
    return next((turn.text for turn in reversed(transcript.turns[: line - 1]) if turn.speaker == "customer"), "")


def _newcomers(candidate: str, said: Sequence[str]) -> list[str]:
    """Persons and houses in `candidate` that nobody has spoken of."""
    known = "\n".join(said)
    return [who for who in dict.fromkeys(_PERSON.findall(candidate)) if who not in known]


def _is_nearly(one: str, other: str) -> bool:
    """Whether one is the other but for a word or two: no use to whoever has the other."""
    return SequenceMatcher(None, _letters(one), _letters(other), autojunk=False).ratio() >= _SAME


def _letters(text: str) -> str:
    return regex.sub(r"[\p{P}\p{S}\s]", "", text)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(_HAN.findall(text)))


def _share(text: str, known: frozenset[str]) -> float:
    pairs = [a + b for a, b in pairwise(_HAN.findall(text))]
    return sum(pair in known for pair in pairs) / len(pairs) if pairs else 1.0


def _line_in(said: str) -> str:
    """The one line in what a model said: labels, quotes and everything after the first paragraph gone."""
    for paragraph in said.strip().splitlines():
        line = _LEAD.sub("", paragraph.strip()).strip(_QUOTES)
        if line:
            return line
    return ""


def _tidied(line: str, original: str, *, greets: bool) -> str:
    """`line` without a greeting that the original hasn't and that doesn't open the call, and with its last mark."""
    if not greets and not _GREETS.match(original):
        line = _GREETS.sub("", line)
    marked = not line or regex.search(r"[\p{P}\p{S}]$", line) or not regex.search(r"[\p{P}\s]", original)
    return line if marked else f"{line}{'？' if regex.search('[吗呢么]$', line) else '。'}"


def _context(transcript: Transcript, line: int) -> str:
    names = {"agent": "坐席", "customer": "客户"}
    turns = [f"{names[t.speaker]}：{t.text[:_LONGEST_CONTEXT_TURN]}" for t in transcript.turns[: line - 1]]
    kept = latest_within(turns, _CONTEXT_TOKENS)
    return "\n".join(turns[len(turns) - kept :]) or "（没有）"


def _not_empty(verdict: Verdict) -> Verdict:
    return verdict if verdict.reasons else replace(verdict, reasons=("模型没有给出能用的改法",))
