"""What the customer hears in an agent's line: what it does, what it asks, whether it is about his problem. Pure.

The patterns are data (knowledge/roleplay/acts.yaml). What hearing does to the customer is left to `state`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

import regex

from coach.facts import extract, same_fact
from coach.knowledge.yaml_file import Strict, read_yaml
from coach.lexicon import WordVectors, load_word_vectors
from coach.roleplay.keywords import keywords
from coach.roleplay.likeness import sense_alike
from coach.roleplay.scenario import Fact, Scenario
from coach.text import normalise

__all__ = ["Ears", "Heard", "Question", "load_ears"]

QuestionKind = Literal["fact", "confirm", "correct", "choice", "plan", "open", "further", "name", "unknown"]
_SENTENCE = regex.compile(r"[^。!?;\n]+[。!?;\n]*")
_EITHER = regex.compile(r"(?:您看|您|看|选|想)是(?P<one>[^?。]{2,40}?),?还是(?P<two>[^?。]{2,24}?)(?:呢|吗)?[?。]")
_OR = regex.compile(r"(?P<one>[^,。?]{2,16}?),?还是(?P<two>[^,。?]{2,16}?)(?:呢|吗)?[?。,]")
_REQUEST = regex.compile(r"(?:麻烦|请)您?[^,。]{0,6}(?:留|报|提供|告诉|说)|(?:留|报|提供|告诉|说)(?:一下|个|下|我)")
_ENOUGH_WORDS = 2
_FEW = 16
_HAN = regex.compile(r"\p{Han}")
_COURTESY = regex.compile(
    "您|请|谢|歉|对不起|不好意思|好的|好嘞|明白|再见|麻烦|可以|我帮|我给|我来|我这就|记下|放心|稍等"
)
_LISTED = frozenset({"phone", "address", "order", "account"})
_DIGITS = regex.compile(r"\d{3,}")
_ALIKE = 0.52
"""From here on a line that shares a word with his story is about it: of 1,600 lines about other trades' matters one in a hundred."""
_TOO_COMMON = """
家里 家人 孩子 老人 个人 时间 那天 日子 出来 进来 起来 上去 下去 下来 回来 回去 过来 过去 得到 拿到 手上 哪儿 早就 说好 当初 要么 反倒
"""
_ANY_STORY = frozenset(_TOO_COMMON.split())
"""Words that many stories have: they don't show that it is his that is told back."""


class _Acts(Strict):
    acts: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, str]
    kinds: Mapping[str, tuple[str, ...]]
    matters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the agent asks.

    Attributes:
        kind: fact, confirm, correct (what he states is wrong), choice, plan, open, further, name or unknown.
        fact: Id of the fact it is about, where the customer knows one.
        options: For a choice: the options as the agent named them.
    """

    kind: QuestionKind
    fact: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A line as the customer hears it.

    Attributes:
        acts: What it does, by name.
        questions: What it asks, in order.
        topic: Whether it speaks of his problem.
        closely: Whether in enough of its words that it can't be another one of the same trade.
        foreign: Whether it speaks of another matter, and not of his.
        settles: Ids of the settlements it offers.
        stated: Facts the agent states that the customer knows, by id.
        wrong: Facts the agent states otherwise than they are, by id.
        curt: Whether it is a few bare words without any courtesy.
    """

    acts: frozenset[str]
    questions: tuple[Question, ...]
    topic: bool
    closely: bool
    foreign: bool
    settles: tuple[str, ...]
    stated: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    curt: bool = False


@dataclass(frozen=True)
class Ears:
    """Hears lines; patterns compiled once.

    Attributes:
        acts: Act → pattern.
        questions: Form of question → pattern.
        kinds: Kind of fact → what asks for it.
        matters: Business matters.
        vectors: What words are like.
    """

    acts: Mapping[str, regex.Pattern[str]]
    questions: Mapping[str, regex.Pattern[str]]
    kinds: Mapping[str, regex.Pattern[str]]
    matters: tuple[str, ...] = field(repr=False)
    vectors: WordVectors = field(repr=False)

    def hear(self, line: str, scenario: Scenario, said: Sequence[str] = ()) -> Heard:
        """`line` as heard by the customer of `scenario`, who `said` so much before."""
        text = normalise(line).text
        acts = frozenset(act for act, pattern in self.acts.items() if pattern.search(text))
        own = [word for word in scenario.problem if word in text]
        own += [word for word in _of_story(scenario.story) if word in text and not any(word in one for one in own)]
        settles = tuple(one.id for one in scenario.settle if _offers(one.words, text))
        stated, wrong = _statements(line, scenario)
        told = "。".join([*scenario.story, scenario.want, scenario.summary])
        alike = bool(own) and "restate" in acts and sense_alike(told, text, self.vectors) >= _ALIKE
        known = "".join([told, *said])
        strange = [matter for matter in self.matters if matter in text and matter not in known]
        off = [word for word in scenario.off if word in text]
        named = any(word in scenario.problem for word in own)
        return Heard(
            acts=acts,
            questions=self._questions(text, scenario, wrong),
            topic=bool(settles) or named or alike or len(own) >= _ENOUGH_WORDS,
            closely=bool(settles or stated) or alike or len(own) >= min(_ENOUGH_WORDS, len(scenario.problem)),
            foreign=not named and not alike and not settles and not stated and bool(strange or off),
            settles=settles,
            stated=stated,
            wrong=wrong,
            curt=len(_HAN.findall(text)) <= _FEW and not _COURTESY.search(text),
        )

    def _questions(self, text: str, scenario: Scenario, wrong: Sequence[str]) -> tuple[Question, ...]:
        asked: list[Question] = []
        for match in _SENTENCE.finditer(text):
            question = self._question(match.group(), scenario, wrong)
            if question is None:
                continue
            more = self._further_facts(match.group(), scenario, question) if question.kind in {"fact", "name"} else ()
            asked += [one for one in (question, *more) if one not in asked]
        return tuple(asked)

    def _further_facts(self, sentence: str, scenario: Scenario, first: Question) -> tuple[Question, ...]:
        """Facts of other kinds that the same sentence asks for (地址和联系电话)."""
        kinds = {fact.kind for fact in scenario.facts if fact.id == first.fact} | {"name"}
        more = []
        for fact in scenario.facts:
            pattern = self.kinds.get(fact.kind)
            if fact.kind in _LISTED and fact.kind not in kinds and pattern is not None and pattern.search(sentence):
                kinds.add(fact.kind)
                more.append(Question("fact", fact.id))
        return tuple(more)

    def _question(self, sentence: str, scenario: Scenario, wrong: Sequence[str]) -> Question | None:
        """What one sentence asks; None where it asks nothing."""
        forms = {form for form, pattern in self.questions.items() if pattern.search(sentence)}
        asks = sentence.rstrip().endswith("?") or forms & {"confirm", "choice", "plan", "yes_no"}
        if not asks and not (self.acts["ask_name"].search(sentence) or self._requests(sentence)):
            return None
        if self.acts["further_help"].search(sentence):
            return Question("further")
        if "confirm" in forms:
            return Question("correct", wrong[0]) if wrong else Question("confirm")
        if self.acts["ask_name"].search(sentence):
            return Question("name", _fact_of_kind(scenario, "name"))
        if "choice" in forms:
            options = _options(sentence)
            chosen = _chosen_before(sentence, options, scenario)
            return Question("fact", chosen) if chosen else Question("choice", options=options)
        fact = self._fact_asked(sentence, scenario)
        if fact is not None and _states(sentence, next(f for f in scenario.facts if f.id == fact)):
            return Question("confirm", fact)
        if fact is not None and ("plan" not in forms or "wh" in forms or self._requests(sentence)):
            return Question("fact", fact)
        if "plan" in forms:
            return Question("plan")
        if self.acts["offer_help"].search(sentence) or self.acts["ask_open"].search(sentence):
            return Question("open")
        return Question("unknown")

    def _requests(self, sentence: str) -> bool:
        """Whether the sentence asks for a piece of data without a question's form (麻烦您报一下单号)."""
        asked = _REQUEST.search(sentence)
        return bool(asked) and any(pattern.search(sentence) for pattern in self.kinds.values())

    def _fact_asked(self, sentence: str, scenario: Scenario) -> str | None:
        """Id of the fact the sentence asks for: by the fact's own words first, then by its kind."""
        own = [f for f in scenario.facts if any(word in sentence for word in f.ask)]
        if own:
            return max(own, key=lambda f: sum(len(word) for word in f.ask if word in sentence)).id
        for fact in scenario.facts:
            pattern = self.kinds.get(fact.kind)
            if pattern is not None and fact.kind != "name" and not fact.hidden and pattern.search(sentence):
                return fact.id
        return None


@lru_cache(maxsize=256)
def _of_story(story: Sequence[str]) -> tuple[str, ...]:
    """Words by which his story is known when it is told back to him."""
    return tuple(word for word in keywords("。".join(story)) if word not in _ANY_STORY)


def _offers(words: Sequence[str], text: str) -> bool:
    return sum(word in text for word in words) >= min(2, len(words))


def _fact_of_kind(scenario: Scenario, kind: str) -> str | None:
    return next((fact.id for fact in scenario.facts if fact.kind == kind), None)


def _options(sentence: str) -> tuple[str, ...]:
    """The options a question names (一次交清，还是分两次交), else the first and the second kind."""
    named = _EITHER.search(sentence) or _OR.search(sentence)
    if named is None:
        return ("第一种", "第二种")
    one, two = (_chosen(named[group].split(",")[0]) for group in ("one", "two"))
    return one, two


def _chosen_before(sentence: str, options: Sequence[str], scenario: Scenario) -> str | None:
    """Id of the fact that tells which of the options he took when it happened; None where he is to choose now."""
    for fact in scenario.facts:
        named = any(word in sentence for word in fact.ask)
        if fact.kind != "name" and named and (fact.kind == "choice" or any(fact.value in one for one in options)):
            return fact.id
    return None


def _chosen(option: str) -> str:
    """An option as the customer names it: what the agent would do for 您 is done for 我."""
    text = regex.sub(r"^(?:您)?(?:看)?(?:是|想|要)?(?:由)?(?:我|我们|这边)?(?=\p{Han}{2})", "", option)
    return text.replace("您", "我")


def _statements(line: str, scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the customer's facts that the line states rightly, and of those it states wrongly."""
    flat = normalise(line).text
    digits = _DIGITS.findall(regex.sub(r"(?<=\d)[ -](?=\d)", "", flat))
    right, wrong = [], []
    for fact in scenario.facts:
        value = normalise(fact.value).text
        if _states(line, fact):
            right.append(fact.id)
        elif fact.kind in {"phone", "order", "account"} and _nearly(value, digits):
            wrong.append(fact.id)
    return tuple(right), tuple(wrong)


def _states(line: str, fact: Fact) -> bool:
    """Whether the line states the fact: in its words, or the same value said otherwise."""
    return normalise(fact.value).text in normalise(line).text or _same(line, fact)


def _same(line: str, fact: Fact) -> bool:
    own = extract(fact.value)
    return bool(own) and all(any(same_fact(one, other) for other in extract(line)) for one in own)


def _nearly(value: str, digits: Sequence[str]) -> bool:
    """Whether one of the numbers said is this one got wrong: as long, and mostly the same digits in place."""
    own = "".join(char for char in value if char.isdigit())
    return any(
        len(one) == len(own) and one != own and sum(a == b for a, b in zip(one, own, strict=True)) >= len(own) * 0.6
        for one in digits
        if len(own) >= 4
    )


@lru_cache(maxsize=2)
def load_ears(folder: Path) -> Ears:
    """Ears with the patterns of `folder`/roleplay/acts.yaml; raises KnowledgeError where it is faulty."""
    file = read_yaml(folder / "roleplay" / "acts.yaml")
    data = file.validate(_Acts, file.data)

    def joined(patterns: Sequence[str], *at: str) -> regex.Pattern[str]:
        try:
            return regex.compile("|".join(f"(?:{pattern})" for pattern in patterns))
        except regex.error as error:
            raise file.error(f"正则写错了：{error}", *at) from error

    return Ears(
        {act: joined(patterns, "acts", act) for act, patterns in data.acts.items()},
        {form: joined((pattern,), "questions", form) for form, pattern in data.questions.items()},
        {kind: joined(patterns, "kinds", kind) for kind, patterns in data.kinds.items()},
        data.matters,
        load_word_vectors(folder),
    )
