"""What a check looks at: whether it applies to a call, and which of the agent's lines show what it asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import regex

from coach.critique import Critique
from coach.critique.direction import guessed_direction
from coach.critique.patterns import Matcher
from coach.critique.slots import normalise_filled
from coach.facts import extract
from coach.scoring.rubric import Check, Rubric
from coach.scoring.schema import Applies
from coach.text import normalise

__all__ = ["Judged"]

_HAN = regex.compile(r"\p{Han}+")
_EMPTY = frozenset(
    "的了是我你您他她在有不就这那吗呢吧啊呀嘛和跟与也都还很好请问说会要能可以到给把被让对个么什怎啥哪谁没们来去上下里多少为"
)
"""Characters that say nothing about a matter: a word with one of them isn't looked at."""

_MOST_CALLING = 3


@dataclass(frozen=True)
class Judged:
    """A critique as checks look at it.

    Attributes:
        critique: The call and what was found in it.
        rubric: What it is judged by.
        outcome: How the mock call ended; None for a real one.
    """

    critique: Critique
    rubric: Rubric
    outcome: str | None = None

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Normal form of each turn, slots filled."""
        return tuple(normalise_filled(turn.text).text for turn in self.critique.transcript.turns)

    @cached_property
    def agent(self) -> tuple[int, ...]:
        """0-based turns of the agent."""
        return self.critique.transcript.agent_lines()

    @cached_property
    def customer(self) -> tuple[int, ...]:
        """0-based turns of the customer."""
        return tuple(i for i, turn in enumerate(self.critique.transcript.turns) if turn.speaker == "customer")

    @cached_property
    def direction(self) -> str:
        """Who called, as given or as guessed."""
        transcript = self.critique.transcript
        return guessed_direction(transcript, self.rubric.called, self.rubric.offered) or "inbound"

    @cached_property
    def spoilt(self) -> frozenset[int]:
        """0-based turns that show nothing good, whatever else they say."""
        rules = self.rubric.data.spoilt_by
        return frozenset(f.line - 1 for f in self.critique.findings if f.line and f.counts and f.rule in rules)

    @cached_property
    def known(self) -> frozenset[str]:
        """What is known of the call beside its words."""
        meta, turns = self.critique.transcript.meta, self.critique.transcript.turns
        given = {
            "rings": meta.rings is not None,
            "hangup": meta.hangup is not None,
            "started_at": meta.started_at is not None,
            "timestamps": all(turn.start is not None and turn.end is not None for turn in turns),
            "outcome": self.outcome is not None,
        }
        return frozenset(name for name, is_known in given.items() if is_known)

    def applies(self, check: Check) -> bool:
        """Whether the check applies to this call."""
        if not check.item.applies_when:
            return True
        pairs = zip(check.item.applies_when, check.when, strict=True)
        return any(self._fits(when) and self._said(when, patterns) for when, patterns in pairs)

    def _fits(self, when: Applies) -> bool:
        """Whether what is known of the call, its words aside, is what `when` asks for."""
        meta = self.critique.transcript.meta
        if (when.whole and meta.excerpt) or (when.from_start and not meta.from_start):
            return False
        if when.direction not in {None, self.direction} or not self.known.issuperset(when.needs):
            return False
        return len(self.agent) >= when.agent_lines

    def _said(self, when: Applies, patterns: Mapping[str, Matcher]) -> bool:
        """Whether the call's words are what `when` asks for."""
        if any(patterns["anyone_not"].found(text) for text in self.texts):
            return False
        if when.agent and not any(patterns["agent"].found(self.texts[i]) for i in self.agent):
            return False
        said = [self.texts[i] for i in self.customer]
        if when.customer:
            return any(patterns["customer"].found(text) and not patterns["customer_not"].found(text) for text in said)
        return not any(patterns["customer_not"].found(text) for text in said)

    def shown(self, check: Check) -> tuple[int, ...]:
        """0-based agent's lines that show what the check asks for; empty where it asks for nothing or too few show it."""
        asked = check.item.shown_by
        if asked is None:
            return ()
        found = [i for i in self._looked_at(check) if self._shows(check, i)]
        return tuple(found) if len(found) >= asked.times else ()

    def _shows(self, check: Check, i: int) -> bool:
        asked, text = check.item.shown_by, self.texts[i]
        if asked is None or i in self.spoilt:
            return False
        if not check.shown["patterns"].found(text) or check.shown["unless"].found(text):
            return False
        return not asked.shared or len(_words(text) & self._told_before(i)) >= asked.shared

    def _looked_at(self, check: Check) -> Iterator[int]:
        asked = check.item.shown_by
        if asked is None:
            return
        lines = self.agent[asked.after :]
        lines = lines[: asked.first] if asked.first else lines
        lines = lines[-asked.last :] if asked.last else lines
        if not asked.reply_to:
            yield from lines
            return
        replies = {j for i in self._calling(check) for j in [k for k in self.agent if k > i][: asked.within]}
        yield from (i for i in lines if i in replies)

    def called_for(self, check: Check) -> tuple[int, ...]:
        """0-based turns that call for what the check asks: the customer's, else the agent's; the first few, none where the whole call does."""
        asked = check.item.shown_by
        if asked is not None and asked.reply_to:
            return tuple(self._calling(check))[:_MOST_CALLING]
        for when, patterns in zip(check.item.applies_when, check.when, strict=True):
            if not self._fits(when) or not self._said(when, patterns):
                continue
            said = self.customer if when.customer else self.agent if when.agent else ()
            name = "customer" if when.customer else "agent"
            found = [i for i in said if patterns[name].found(self.texts[i])]
            if when.customer:
                found = [i for i in found if not patterns["customer_not"].found(self.texts[i])]
            return tuple(found[:_MOST_CALLING])
        return ()

    def _calling(self, check: Check) -> Iterator[int]:
        """The customer's turns that `reply_to` means."""
        wanted, unwanted = check.shown["reply_to"], check.shown["reply_to_not"]
        return (i for i in self.customer if wanted.found(self.texts[i]) and not unwanted.found(self.texts[i]))

    def _told_before(self, i: int) -> frozenset[str]:
        return frozenset(word for j in self.customer if j < i for word in _words(self.texts[j]))


def _words(text: str) -> frozenset[str]:
    """Pairs of characters that say what a line is about; names, places and figures, which any call has, left out."""
    for fact in extract(text):
        if fact.kind != "answer":
            text = text.replace(fact.text, "□")
    runs = (match.group() for match in _HAN.finditer(normalise(text).text))
    return frozenset(
        run[i : i + 2] for run in runs for i in range(len(run) - 1) if not _EMPTY.intersection(run[i : i + 2])
    )
