"""What a model's words state, against what the customer may state: nothing invented, hidden or contradicted, nothing left out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from coach.facts import Fact as Stated
from coach.facts import digits_of, extract, identifiers, same_fact
from coach.lexicon import words
from coach.roleplay.call import MockCall
from coach.roleplay.customer import Part, Plan
from coach.roleplay.keywords import common
from coach.roleplay.likeness import pairs, share
from coach.roleplay.scenario import Fact
from coach.roleplay.wordbook import Wordbook
from coach.text import normalise

__all__ = ["Known", "contradicted", "hidden", "invented", "missing"]

_GIST = 0.5
_FACT_GIST = 0.75
_HIDDEN_GIST = 0.6
_SPOKEN = 0.6
_SPOKEN_WITH_NEW = 0.9
_SHORTEST_CLAUSE = 4
_LONG_CLAUSE = 6
_HIDDEN_LENGTH = 4
_FRAME = 0.6
_SAME_CLAUSE = 0.7
_SHORTEST_FRAME = 2
_HAN = regex.compile(r"\p{Han}")
_DIGITS = regex.compile(r"\d+")
_LATIN = regex.compile(r"[A-Za-z]{2,}")
_SURNAME = regex.compile(r"(?:我|免贵|本人)姓(\p{Han})")
_NOT = regex.compile(r"没有?|不|未|无法|别")
_OPEN = regex.compile(r"[?吗么呢]|(\p{Han})[不没]\1|有没有|是不是|会不会|能不能|要不|不然|不就|不是")


@dataclass(frozen=True)
class Known:
    """What the customer may state in a turn.

    Attributes:
        call: The call, the agent's line last.
        plan: The turn.
        builtin: Its built-in words.
    """

    call: MockCall
    plan: Plan
    builtin: str

    @cached_property
    def own(self) -> str:
        """What he has told and is to tell, a line each: slots, story, facts, earlier words."""
        earlier = [turn.text for turn in self.call.turns if turn.speaker == "customer"]
        return "\n".join([*self.telling_words, *self.matter, *earlier, self.builtin])

    @cached_property
    def telling_words(self) -> tuple[str, ...]:
        """What the turn's slots hold."""
        return tuple(value for part in self.plan.parts for value in part.slots.values())

    @cached_property
    def matter(self) -> tuple[str, ...]:
        """His story and his facts, as far as they are told."""
        story = self.call.setup.scenario.story[: self.plan.state.story]
        return (*story, *(fact.say for fact in self.told))

    @cached_property
    def text(self) -> str:
        """The same and what the agent said."""
        return "\n".join([self.own, *(turn.text for turn in self.call.turns if turn.speaker == "agent")])

    @cached_property
    def telling(self) -> frozenset[str]:
        """Ids of the facts the turn tells."""
        return frozenset(part.fact for part in self.plan.parts if part.fact)

    @cached_property
    def facts(self) -> tuple[Stated, ...]:
        """Every fact stated so far, or to be stated."""
        return tuple(_stated(self.text))

    @cached_property
    def told(self) -> tuple[Fact, ...]:
        """Facts of the scenario told so far or now."""
        known = self.plan.state.told | self.telling
        return tuple(fact for fact in self.call.setup.scenario.facts if fact.id in known)

    @cached_property
    def untold(self) -> tuple[Fact, ...]:
        """Facts of the scenario he has kept to himself."""
        told = {fact.id for fact in self.told}
        return tuple(fact for fact in self.call.setup.scenario.facts if fact.id not in told)


def invented(text: str, known: Known, book: Wordbook) -> Iterator[str]:
    """What `text` states that nobody has: figures, dates, names, codes, matters, and clauses like nothing said or ever said."""
    flat, given = normalise(text).text, normalise(known.text).text
    for fact in _stated(text):
        if not any(same_fact(fact, other) for other in known.facts) and normalise(fact.text).text not in given:
            yield fact.text
    for item in identifiers(flat):
        if item.value not in given and item.text not in given and digits_of(item.value) not in digits_of(given):
            yield item.text
    yield from (run for run in _DIGITS.findall(flat) if run not in given)
    yield from (word for word in _LATIN.findall(flat) if word.upper() not in given.upper())
    yield from (name for name in _SURNAME.findall(flat) if name not in given)
    yield from (matter for matter in book.matters if matter in flat and matter not in given)
    own = normalise(known.own).text
    for pattern in book.stated:
        yield from (match.group() for match in pattern.finditer(flat) if match.group() not in own)
    yield from _strange(text, known, book)


def _strange(text: str, known: Known, book: Wordbook) -> Iterator[str]:
    """Clauses unlike anything said in the call, or by any customer: by their words and by their pairs of characters."""
    speech, given = book.speech | pairs(known.text), normalise(known.text).text
    new: set[str] = set()
    for clause in normalise(text).clauses:
        said = clause.text
        for fact in extract(said):
            said = said.replace(fact.text, "，")
        length = len(_HAN.findall(said))
        if length < _SHORTEST_CLAUSE:
            continue
        strange = {word for word in words(said) if word not in book.words and word not in given and not common(word)}
        strange |= {char for char in _HAN.findall(said) if char not in book.characters and char not in given}
        new |= strange
        like = share(said, speech)
        unlike = like < _SPOKEN and length >= _LONG_CLAUSE
        if unlike or (strange and like < _SPOKEN_WITH_NEW) or len(new) > 1:
            yield clause.text.strip(",。!?")


def hidden(text: str, known: Known) -> Iterator[str]:
    """Facts he has kept to himself that `text` tells."""
    flat, given = normalise(text).text, normalise(known.text).text
    spoken = pairs(known.text)
    for fact in known.untold:
        value = normalise(fact.value).text
        if len(value) > 1 and value in flat and value not in given:
            yield fact.value
        elif len(_HAN.findall(value)) >= _HIDDEN_LENGTH:
            own = pairs(value) - spoken
            if own and share(value, pairs(text)) >= _HIDDEN_GIST and own & pairs(text):
                yield fact.value


def contradicted(text: str, known: Known) -> Iterator[str]:
    """Facts he has told that `text` tells otherwise, and clauses of his that it turns round."""
    flat = normalise(text).text
    runs = _DIGITS.findall(regex.sub(r"(?<=\d)[ -](?=\d)", "", flat))
    for fact in known.told:
        value = normalise(fact.value).text
        if any(_nearly(value, run) for run in runs) or (value not in flat and _reframed(text, fact)):
            yield fact.value
    said = [clause.text for line in known.matter for clause in normalise(line).clauses]
    for clause in normalise(text).clauses:
        if any(_turned(clause.text, other) for other in said):
            yield clause.text.strip(",。!?")


def missing(text: str, known: Known) -> Iterator[str]:
    """What the turn tells that isn't in `text`: the value of a fact, the gist of what happened, the choice, what he wants."""
    for part in known.plan.parts:
        for name, value in part.slots.items():
            needed = name != "want" or normalise(value).text in normalise(known.builtin).text
            if needed and not _tells(text, part, name, value, known):
                yield value


def _tells(text: str, part: Part, name: str, value: str, known: Known) -> bool:
    if name == "fact":
        fact = next((one for one in known.call.setup.scenario.facts if one.id == part.fact), None)
        return _states(text, fact.value if fact else value)
    own = _stated(text)
    if name == "story" and not all(any(same_fact(one, other) for other in own) for one in _stated(value)):
        return False
    return share(value, pairs(text)) >= _GIST


def _states(text: str, value: str) -> bool:
    """Whether `text` states `value`: in its words, or the same figure said otherwise, or most of its words."""
    if normalise(value).text in normalise(text).text:
        return True
    stated, own = _stated(text), _stated(value)
    if own and all(any(same_fact(one, other) for other in stated) for one in own):
        return share(value, pairs(text)) >= _GIST or len(own[0].text) >= len(value) - 1
    return not own and len(value) >= _HIDDEN_LENGTH and share(value, pairs(text)) >= _FACT_GIST


def _stated(text: str) -> list[Stated]:
    return [fact for line in text.split("\n") for fact in extract(line)]


def _nearly(value: str, run: str) -> bool:
    """Whether `run` is the number in `value` got wrong: as long, and mostly the same digits in place."""
    own = "".join(_DIGITS.findall(value))
    if len(own) < _HIDDEN_LENGTH or len(run) != len(own) or run == own:
        return False
    return sum(a == b for a, b in zip(own, run, strict=True)) >= len(own) * _FRAME


def _reframed(text: str, fact: Fact) -> bool:
    """Whether a clause of `text` says what the fact's clause says, with another figure in it."""
    wanted = _stated(fact.value)
    frame = pairs(fact.say.replace(fact.value, "，"))
    if not wanted or len(frame) < _SHORTEST_FRAME:
        return False
    for clause in normalise(text).clauses:
        found = [one for one in _stated(clause.text) if one.kind in {w.kind for w in wanted}]
        other = found and not any(same_fact(one, w) for one in found for w in wanted)
        if other and len(frame & pairs(clause.text)) >= len(frame) * _FRAME:
            return True
    return False


def _turned(clause: str, other: str) -> bool:
    """Whether one of two clauses says no where the other says yes, of the same thing."""
    if _OPEN.search(clause) or _OPEN.search(other):
        return False
    one, two = _NOT.sub("", clause), _NOT.sub("", other)
    if bool(_NOT.search(clause)) == bool(_NOT.search(other)) or len(_HAN.findall(two)) < _HIDDEN_LENGTH:
        return False
    return _covers(two, one) and _covers(one, two)


def _covers(part: str, whole: str) -> bool:
    return share(part, pairs(whole)) >= _SAME_CLAUSE


def distinct(found: Iterable[str]) -> tuple[str, ...]:
    """`found` without repeats, in order."""
    return tuple(dict.fromkeys(found))
