"""The built-in proposer: mends a line fault by fault, from data, keeping every sentence that has none.

Editing is done on the normalised line; what isn't touched is put back as it was written.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from coach.critique import Finding
from coach.critique.patterns import Matcher
from coach.facts import extract, is_idle, same_fact
from coach.rewrite.edit import edited, filled, places
from coach.rewrite.faults import ATTITUDE, may_be_rude
from coach.rewrite.given import given
from coach.rewrite.load import Mends, Option
from coach.rewrite.schema import OptionData
from coach.rewrite.topic import topic_of
from coach.text import normalise

__all__ = ["Draft", "Situation", "mend", "one_of"]

_ROLES = ("greeting", "thanks", "empathy", "readback", "lead", "line", "offer", "ask")
_CLOSING = ("offer", "ask")
_ASKED = regex.compile(r"(?:可以|好)吗[?？]$")
_HAN = regex.compile(r"\p{Han}")
_HALF_TO_FULL = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；", ":": "："})
_WIDE_MARK = regex.compile(r"(?<=[\p{Han}】”》％%)）\]])[,?!;:]|(?<=[A-Za-z])[,?!;:](?!\d)|(?<=\d)[,?!;:](?=\D|$)")
_SHORT_WAIT = regex.compile(
    r"(?:\d+|[一二两三四五六七八九十半]+)(?:[-~到至](?:\d+|[一二两三四五六七八九十]+))?(?:来|多)?个?"
    r"(?:秒钟?|分(?:来|多|半)?钟?|刻钟)(?!之(?!内)|的(?!工夫|功夫|时间|样子)|人|店|公司)"
)
_ASKS_WAIT = regex.compile(r"等|候|稍|挂|给我|在线|线上|电话|占用|占您|需要|回来|就好|大约|大概|左右")
_NO_FIGURE = frozenset({"name", "address"})
_NEEDED = ("given", "topic")
_MANNERS = ATTITUDE - {"language.pass-the-buck"}


@dataclass(frozen=True, slots=True)
class Situation:
    """What a mend may look at around the line.

    Attributes:
        previous: What the customer just said, normalised.
        question: The agent's turn before, normalised.
        first_line: Whether the line is the agent's first of the call.
        direction: inbound or outbound.
    """

    previous: str
    question: str
    first_line: bool
    direction: str


@dataclass(frozen=True)
class Draft:
    """A line being mended.

    Attributes:
        line: The line itself, normalised punctuation.
        parts: Role → sentence put before or behind it.
        tried: Rule id → options used so far.
    """

    line: str
    parts: dict[str, str] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)

    def text(self, mends: Mends) -> str:
        """The whole line, in the order of the roles, polished; unpolished where that leaves nothing."""
        pieces = [self.line if role == "line" else self.parts.get(role, "") for role in _ROLES]
        text = "".join(_closed(piece, "。" if i < len(pieces) - 1 else "") for i, piece in enumerate(pieces) if piece)
        text = normalise(text).text
        return _wide(mends.polished(text).strip() or text)


def _closed(piece: str, mark: str) -> str:
    piece = piece.strip(" ,、;")
    return piece if not piece or piece[-1] in "。?!:？！：,，" else piece + mark


def _wide(text: str) -> str:
    return _WIDE_MARK.sub(lambda m: m.group().translate(_HALF_TO_FULL), text)


def mend(draft: Draft, findings: Sequence[Finding], text: str, situation: Situation, mends: Mends) -> Draft | None:
    """`draft` with the next option of every finding's rule applied; None where none is left to try.

    `findings` are those of `text`; the words they stand on are looked up in the draft's line.
    """
    rules = {finding.rule for finding in findings}
    rank = {rule: i for i, rule in enumerate(mends.order)}
    settled: set[str] = set()
    words = {finding.rule: _faulty_words(finding, text) for finding in findings}
    for finding in sorted(findings, key=lambda f: rank.get(f.rule, len(rank))):
        if settled and _gone(finding, words[finding.rule], draft.line):
            continue
        if finding.rule not in settled and (mended := _mended(draft, finding, words, rules, situation, mends)):
            draft, settles = mended
            settled.update((finding.rule, *settles))
    return draft if settled else None


def _gone(finding: Finding, words: Sequence[str], line: str) -> bool:
    """Whether the loose promise or the fault of manners found went with what has been mended already."""
    may_go = finding.rule.startswith("commitment.") or finding.rule in _MANNERS
    return may_go and bool(words) and not places(normalise(line), words)


def _mended(
    draft: Draft,
    finding: Finding,
    words: Mapping[str, Sequence[str]],
    rules: set[str],
    situation: Situation,
    mends: Mends,
) -> tuple[Draft, tuple[str, ...]] | None:
    """`draft` after the first option of the finding's rule, of those not tried, that fits and leaves words; and what it settles.

    An option that drops clauses also drops the faulty words, without a fact, of the rules of manners it settles.
    """
    options = mends.options.get(finding.rule, ())
    for i in range(draft.tried.get(finding.rule, 0), len(options)):
        if not _fits(options[i], draft, rules, situation):
            continue
        also = _MANNERS.intersection(options[i].data.settles) if options[i].data.drop else frozenset()
        others = [word for rule in sorted(also - {finding.rule}) for word in words.get(rule, ()) if not extract(word)]
        faulty = [*words[finding.rule], *others]
        applied = _apply(draft, options[i], faulty, rules, situation, mends)
        if applied is not None:
            return replace(applied, tried={**draft.tried, finding.rule: i + 1}), options[i].data.settles
    return None


def _fits(option: Option, draft: Draft, rules: set[str], situation: Situation) -> bool:
    when = option.data.when
    if when.first_line is not None and when.first_line != situation.first_line:
        return False
    if when.direction is not None and when.direction != situation.direction:
        return False
    if (when.rules and not rules.intersection(when.rules)) or rules.intersection(when.rules_not):
        return False
    if option.echo and not _echoes(option, draft.line, situation.previous):
        return False
    wanted = ((option.text, draft.line), (option.previous, situation.previous))
    unwanted = ((option.text_not, draft.line), (option.previous_not, situation.previous))
    return all(not m or m.found(t) for m, t in wanted) and not any(m and m.found(t) for m, t in unwanted)


def _echoes(option: Option, line: str, previous: str) -> bool:
    """Whether every letter of `line` outside the option's `echo` words stands in `previous`."""
    aside = {i for start, end in option.echo.spans(line) for i in range(start, end)}
    return all(c in previous for i, c in enumerate(line) if i not in aside and c.isalnum())


def _apply(
    draft: Draft, option: Option, words: Sequence[str], rules: set[str], situation: Situation, mends: Mends
) -> Draft | None:
    data = option.data
    fields = _fields(draft.line, situation, mends)
    instead = one_of(data.instead, situation)
    said: dict[str, str] = {part.role: one_of(part.text, situation) or "" for part in data.parts}
    if _misses(data, instead, said, fields, mends):
        return None
    changed = edited(draft.line, option, words, fields, mends)
    if data.changes and changed == draft.line:
        return None
    text = _without_rude(changed, mends.insolent, *([mends.rude] if may_be_rude(rules) else []))
    if (data.rest is not None and _tells(text, situation) != (data.rest == "fact")) or not _may_rest(text, option):
        return None
    if instead is not None and "{rest}" in instead:
        rest = text.strip(" ,、;。")
        return replace(draft, line=filled(instead, {**fields, "rest": rest})) if _HAN.search(rest) else None
    if data.whole or (instead is None and _HAN.search(changed) and not _HAN.search(text)):
        instead, said = _whole_line(draft, situation, mends), {} if data.whole else _leading(said)
    if instead is None and not _HAN.search(text):
        return None
    parts = dict(draft.parts) if instead is None else _leading(draft.parts)
    text = text if instead is None else filled(instead, fields)
    for role, words_said in said.items():
        if role not in _CLOSING or not _ASKED.search(text):
            parts.setdefault(role, filled(words_said, fields))
    mended = replace(draft, line=text, parts=parts)
    anew = {role: filled(words_said, fields) for role, words_said in said.items() if role not in _CLOSING}
    if mended == draft and anew:  # what it would say stands there in other words, which did not help: its own instead
        return replace(mended, parts={**parts, **anew})
    return mended


def _may_rest(text: str, option: Option) -> bool:
    return (not option.rests or option.rests.found(text)) and not (option.rests_not and option.rests_not.found(text))


def _misses(
    data: OptionData, instead: str | None, said: Mapping[str, str], fields: Mapping[str, str], mends: Mends
) -> bool:
    """Whether the option's templates need words that weren't found."""
    templates = (instead or "", data.clause or "", *said.values(), *(new for _, new in data.replace))
    needed = (*_NEEDED, *(name for name, words in mends.fields.items() if words.data.needed))
    return any(not fields[name] and f"{{{name}}}" in template for name in needed for template in templates)


def one_of(wordings: str | tuple[str, ...] | None, situation: Situation) -> str | None:
    """One of several wordings, always the same for the same words of the customer."""
    if wordings is None or isinstance(wordings, str):
        return wordings
    return wordings[zlib.crc32(situation.previous.encode()) % len(wordings)]


def _leading(parts: dict[str, str]) -> dict[str, str]:
    return {role: text for role, text in parts.items() if role not in _CLOSING}


def _whole_line(draft: Draft, situation: Situation, mends: Mends) -> str | None:
    """What to say where nothing of the line can stay."""
    fitting = (option.data.instead for option in mends.whole if _fits(option, draft, set(), situation))
    return one_of(next(fitting, None), situation)


def _tells(text: str, situation: Situation) -> bool:
    """Whether `text` states a figure, day or time that the customer didn't give."""
    given = extract(situation.previous)
    facts = [fact for fact in extract(text) if fact.kind not in _NO_FIGURE]
    return any(not any(same_fact(fact, other) for other in given) for fact in facts)


def _without_rude(text: str, *rude: Matcher) -> str:
    """`text` without the clauses that are rude in themselves and hold no fact."""
    kept: list[str] = []
    for clause in normalise(text).clauses:
        if not all(is_idle(fact, clause.text) for fact in extract(clause.text)) or not any(
            words.found(clause.text) for words in rude
        ):
            kept.append(clause.text)
        elif kept and clause.text[-1] in "。?!" and kept[-1][-1:] in ",、;:":
            kept[-1] = kept[-1][:-1] + "。"
    return "".join(kept)


def _faulty_words(finding: Finding, text: str) -> tuple[str, ...]:
    """The words a finding stands on, as they stand in `text`; empty where it is about the whole line."""
    spans = [finding.span, *finding.others] if finding.span else []
    words = [text[start:end] for start, end in spans if (start, end) != (0, len(text))]
    return tuple(normalise(word).text for word in words)


def _fields(line: str, situation: Situation, mends: Mends) -> dict[str, str]:
    sources = {"line": line, "previous": situation.previous}
    fields = {name: words.taken(sources) or words.data.default for name, words in mends.fields.items()}
    fields["given"] = "，".join(given(line, situation.previous, situation.question)).replace("，和", "和")
    fields["duration"] = _wait(line)
    fields["topic"] = topic_of(situation.previous)
    return fields


def _wait(line: str) -> str:
    """How long the line asks to wait: the seconds or minutes named beside such words, or the last; else a slot."""
    found = list(_SHORT_WAIT.finditer(line))
    asked = [m for m in found if _ASKS_WAIT.search(line[max(0, m.start() - 8) : m.end() + 8])]
    return next((m.group() for m in (*asked, *found[-1:])), "【时长】")
