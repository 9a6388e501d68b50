"""The built-in proposer: mends a line fault by fault, from data, keeping every sentence that has none.

Editing is done on the normalised line; what isn't touched is put back as it was written.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from coach.critique import Finding
from coach.facts import extract, identifiers, is_idle, said_back, same_fact
from coach.rewrite.faults import may_be_rude
from coach.rewrite.load import Mends, Option, Replacement
from coach.rewrite.schema import OptionData
from coach.rewrite.topic import topic_of
from coach.text import NormalisedText, Sentence, normalise

__all__ = ["Draft", "Situation", "mend"]

_MARKS = " ,、。!?;:…"
_ROLES = ("greeting", "thanks", "empathy", "readback", "lead", "line", "offer", "ask")
_CLOSING = ("offer", "ask")
_ASKED = regex.compile(r"(?:可以|好)吗[?？]$")
_YOU = regex.compile("你们?")
_TAIL = regex.compile(r"(?<=呢|了|那个|着)(?:您|我)(?:有|要|是|的|来|帮|先|可以|留|把|说|给|替|接).*")
_HAN = regex.compile(r"\p{Han}")
_FIELD = regex.compile(r"\{([a-z_]+)\}")
_HALF_TO_FULL = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；", ":": "："})
_WIDE_MARK = regex.compile(r"(?<=[\p{Han}】”》％%)）\]])[,?!;:]|(?<=[A-Za-z])[,?!;:](?!\d)|(?<=\d)[,?!;:](?=\D|$)")
_LEADING = regex.compile(
    r"^.*(?:装在|改成|换成|搬到|就(?:在|我们厂)|我家?在|门牌号?|住址|地址|住在|住|寄到|送到|收货|的地方|就是|位于|寄往|寄我|要寄|那个)(?:是|在)?"
)
_SHORT_WAIT = regex.compile(
    r"(?:\d+|[一二两三四五六七八九十半]+)(?:[-~到至](?:\d+|[一二两三四五六七八九十]+))?(?:来|多)?个?"
    r"(?:秒钟?|分(?:来|多|半)?钟?|刻钟)(?!之(?!内)|的(?!工夫|功夫|时间|样子)|人|店|公司)"
)
_ASKS_WAIT = regex.compile(r"等|候|稍|挂|给我|在线|线上|电话|占用|占您|需要|回来|就好|大约|大概|左右")
_NO_FIGURE = frozenset({"name", "address"})
_NEEDED = ("given", "topic")
_WHEN = frozenset({"date", "time", "duration"})
_CLOSING_WORD = regex.compile(r"[号室栋楼层幢](?!码)")
_KINDS = {"phone": "电话", "order": "单号", "address": "地址", "name": "姓名"}
_CALLED = regex.compile(
    r"(?P<hit>(?:(?:身份证|社保卡?|病历|挂号|取件|取票|提货|送货|托运|行李|车架|发动机|设备|机器|客户|用户|会员|准考证|行程|合同|发票|保险|预约|登记"
    r"|单子?|保单|订单|运单|快递|工单|票|卡|学|户|房|车牌|账|工|座机|手机|电话)?(?:单号|编号|号码|单|号|码|尾号|尾数|后[三四五六]位))+)(?:是|为|叫|:|就是|我?报一?下)?$"
)
"""What a number is called, right before it."""
_PLACE = regex.compile(r"[号栋楼幢室层单]")
_FIRST_OF_PLACE = regex.compile(r"(?:改[到成]|换[到成]|寄[到往]|送到|搬到|地址[是在]?|住在?)(?P<hit>\p{Han}{2,10})$")
_REST_OF_CODE = regex.compile(
    r"(?:\[[^\]]{1,6}\]|[A-Za-z\d*]|转(?=[\d零一二三四五六七八九幺])[\d零一二三四五六七八九幺]{1,5}|、(?=\d{3}))+"
)
_FIRST_OF_CODE = regex.compile(r"(?<![A-Za-z])[A-Za-z]{1,4}(?:开头的?[, ]*)?[ \-]?$")


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
        if finding.rule not in settled and (
            mended := _mended(draft, finding, words[finding.rule], rules, situation, mends)
        ):
            draft, settles = mended
            settled.update((finding.rule, *settles))
    return draft if settled else None


def _gone(finding: Finding, words: Sequence[str], line: str) -> bool:
    """Whether the loose promise found went with what has been mended already."""
    return finding.rule.startswith("commitment.") and bool(words) and not _places(normalise(line), words)


def _mended(
    draft: Draft, finding: Finding, words: Sequence[str], rules: set[str], situation: Situation, mends: Mends
) -> tuple[Draft, tuple[str, ...]] | None:
    """`draft` after the first option of the finding's rule, of those not tried, that fits and leaves words; and what it settles."""
    options = mends.options.get(finding.rule, ())
    for i in range(draft.tried.get(finding.rule, 0), len(options)):
        if not _fits(options[i], draft, rules, situation):
            continue
        applied = _apply(draft, options[i], words, rules, situation, mends)
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
    instead = _one_of(data.instead, situation)
    said: dict[str, str] = {part.role: _one_of(part.text, situation) or "" for part in data.parts}
    if _misses(data, instead, said, fields, mends):
        return None
    edited = _edited(draft, option, words, fields, mends)
    if data.changes and edited == draft.line:
        return None
    text = _without_rude(edited, mends) if may_be_rude(rules) else edited
    if (data.rest is not None and _tells(text, situation) != (data.rest == "fact")) or not _may_rest(text, option):
        return None
    if instead is not None and "{rest}" in instead:
        rest = text.strip(" ,、;。")
        return replace(draft, line=_filled(instead, {**fields, "rest": rest})) if _HAN.search(rest) else None
    if data.whole or (instead is None and _HAN.search(edited) and not _HAN.search(text)):
        instead, said = _whole_line(draft, situation, mends), {} if data.whole else _leading(said)
    if instead is None and not _HAN.search(text):
        return None
    parts = dict(draft.parts) if instead is None else _leading(draft.parts)
    text = text if instead is None else _filled(instead, fields)
    for role, words_said in said.items():
        if role not in _CLOSING or not _ASKED.search(text):
            parts.setdefault(role, _filled(words_said, fields))
    mended = replace(draft, line=text, parts=parts)
    anew = {role: _filled(words_said, fields) for role, words_said in said.items() if role not in _CLOSING}
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


def _one_of(wordings: str | tuple[str, ...] | None, situation: Situation) -> str | None:
    """One of several wordings, always the same for the same words of the customer."""
    if wordings is None or isinstance(wordings, str):
        return wordings
    return wordings[zlib.crc32(situation.previous.encode()) % len(wordings)]


def _leading(parts: dict[str, str]) -> dict[str, str]:
    return {role: text for role, text in parts.items() if role not in _CLOSING}


def _whole_line(draft: Draft, situation: Situation, mends: Mends) -> str | None:
    """What to say where nothing of the line can stay."""
    fitting = (option.data.instead for option in mends.whole if _fits(option, draft, set(), situation))
    return _one_of(next(fitting, None), situation)


def _tells(text: str, situation: Situation) -> bool:
    """Whether `text` states a figure, day or time that the customer didn't give."""
    given = extract(situation.previous)
    facts = [fact for fact in extract(text) if fact.kind not in _NO_FIGURE]
    return any(not any(same_fact(fact, other) for other in given) for fact in facts)


def _without_rude(text: str, mends: Mends) -> str:
    """`text` without the clauses that are rude in themselves and hold no fact."""
    kept: list[str] = []
    for clause in normalise(text).clauses:
        if not all(is_idle(fact, clause.text) for fact in extract(clause.text)) or not mends.rude.found(clause.text):
            kept.append(clause.text)
        elif kept and clause.text[-1] in "。?!" and kept[-1][-1:] in ",、;:":
            kept[-1] = kept[-1][:-1] + "。"
    return "".join(kept)


def _edited(draft: Draft, option: Option, words: Sequence[str], fields: dict[str, str], mends: Mends) -> str:
    """The line after the option's glossary, clause, drop, span, replacements and dropping."""
    data = option.data
    line = normalise(mends.plain(draft.line) if data.glossary else draft.line)
    if data.clause is not None:
        line = _replaced(line, words, option, _filled(data.clause, fields))
    if data.drop:
        line = _dropped(line, words, option)
    if data.span is not None:
        line = _respanned(line, words, data.span)
    text = _inside(line, words, option.inside) if option.inside else line.text
    for pattern, new in option.replace:
        text = pattern.sub(lambda m, new=new: _filled(m.expand(new), fields), text)  # type: ignore[misc]
    if option.dropping and not data.drop:
        text = _dropped(normalise(text), (), option).text
    return text


def _faulty_words(finding: Finding, text: str) -> tuple[str, ...]:
    """The words a finding stands on, as they stand in `text`; empty where it is about the whole line."""
    spans = [finding.span, *finding.others] if finding.span else []
    words = [text[start:end] for start, end in spans if (start, end) != (0, len(text))]
    return tuple(normalise(word).text for word in words)


def _dropped(line: NormalisedText, words: Sequence[str], option: Option) -> NormalisedText:
    units = line.sentences if option.data.drop == "sentence" else line.clauses
    spans = _places(line, words)
    kept: list[str] = []
    for unit in units:
        faulty = any(start < unit.end and unit.start < end for start, end in spans)
        if not faulty and not (option.dropping and option.dropping.found(unit.text)):
            kept.append(unit.text)
        elif kept and unit.text and unit.text[-1] in "。?!" and kept[-1][-1:] in ",、;:":
            kept[-1] = kept[-1][:-1] + "。"
    return normalise("".join(kept))


def _replaced(line: NormalisedText, words: Sequence[str], option: Option, new: str) -> NormalisedText:
    """The line with its faulty clauses become `new`, once."""
    places = _places(line, words)
    kept: list[str] = []
    done = False
    for unit in line.clauses:
        if not any(start < unit.end and unit.start < end for start, end in places) and not (
            option.dropping and option.dropping.found(unit.text)
        ):
            kept.append(unit.text)
        elif not done:
            end = max((e for s, e in places if s < unit.end and unit.start < e), default=unit.end)
            tail = _tail(line, unit, end, option)
            mark = unit.text[-1] if unit.text[-1] in _MARKS.replace("?", "") else "。"
            kept.append(new + ("," + tail if tail else mark))
            done = True
    return normalise("".join(kept))


def _inside(line: NormalisedText, words: Sequence[str], pairs: Sequence[Replacement]) -> str:
    """The line with `pairs` applied, one after another, to each of its clauses that holds faulty words.

    Where these gain no slot, and where the line as a whole is faulty, to its last clauses, up to one that does.
    """
    places = _places(line, words)
    clauses = [unit.text for unit in line.clauses]
    for i, unit in enumerate(line.clauses):
        if any(start < unit.end and unit.start < end for start, end in places):
            clauses[i] = _all_replaced(unit.text, pairs)
    for i in reversed(range(len(clauses))):
        if any("【" in clause for clause in clauses):
            break
        clauses[i] = _all_replaced(clauses[i], pairs)
    return "".join(clauses)


def _all_replaced(text: str, pairs: Sequence[Replacement]) -> str:
    for pattern, new in pairs:
        text = pattern.sub(new, text)
    return text


def _tail(line: NormalisedText, unit: Sentence, end: int, option: Option) -> str:
    """What follows the faulty words of a clause and stands for itself; with a glossary also what happens when."""
    if tail := _TAIL.search(line.text, end, unit.end):
        return tail[0]
    if not option.data.glossary:
        return ""
    least = end - unit.start if end < unit.end - 1 else 1
    starts = (fact.span[0] for fact in extract(unit.text) if fact.kind in _WHEN and fact.span[0] >= least)
    start = min(starts, default=len(unit.text))
    return unit.text[start:]


def _places(line: NormalisedText, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in the line, also where the customer's 你 in them has since become 您."""
    stripped = [word.strip(_MARKS) for word in words]
    forms = [w for word in stripped for w in dict.fromkeys((word, _YOU.sub("您", word))) if w]
    found = [(line.text.find(form), len(form)) for form in forms]
    return [(start, start + length) for start, length in found if start >= 0]


def _respanned(line: NormalisedText, words: Sequence[str], new: str) -> NormalisedText:
    text = line.text
    for word in sorted(set(words), key=len, reverse=True):
        text = text.replace(word, new)
    return normalise(text)


def _filled(template: str, fields: dict[str, str]) -> str:
    return _FIELD.sub(lambda m: fields.get(m[1], m.group()), template)


def _fields(line: str, situation: Situation, mends: Mends) -> dict[str, str]:
    places = {"line": line, "previous": situation.previous}
    fields = {name: words.taken(places) or words.data.default for name, words in mends.fields.items()}
    fields["given"] = "，".join(_given(line, situation)).replace("，和", "和")
    fields["duration"] = _wait(line)
    fields["topic"] = topic_of(situation.previous)
    return fields


def _wait(line: str) -> str:
    """How long the line asks to wait: the seconds or minutes named beside such words, or the last; else a slot."""
    found = list(_SHORT_WAIT.finditer(line))
    asked = [m for m in found if _ASKS_WAIT.search(line[max(0, m.start() - 8) : m.end() + 8])]
    return next((m.group() for m in (*asked, *found[-1:])), "【时长】")


def _given(line: str, situation: Situation) -> Iterable[str]:
    """What the customer gave and the line doesn't say back, each with what it is."""
    kinds: set[str] = set()
    for item in identifiers(situation.previous, situation.question):
        if not said_back(item, line):
            again = "" if item.kind == "address" else "和"
            name = _called(item.text, item.kind, situation)
            yield (again if item.kind in kinds else f"{name}是") + _as_given(item.text, situation.previous)
            kinds.add(item.kind)


def _called(item: str, kind: str, situation: Situation) -> str:
    """What the customer, or else the agent who asked, called what was given; else what its kind is called."""
    if kind in ("phone", "order"):
        found = _written(item, situation.previous)
        before = situation.previous[: found[0]] if found else ""
        question = regex.sub(r"(?:是|报|说|给)?(?:多少|什么|一下|下)?(?:呢|呀|啊|吗)?[?。]?$", "", situation.question)
        name = _CALLED.search(before) or (None if before else _CALLED.search(question))
        if name and name["hit"] not in ("号", "码", "单"):
            return name["hit"]
        if kind == "phone" and regex.search("单号|运单|订单|保单|卡号", situation.previous):
            return "号码"
    return _KINDS[kind]


def _written(item: str, previous: str) -> tuple[int, int] | None:
    """Where what was given stands, also with blanks or strokes in it, with the letters before it and what goes on behind it."""
    spaced = regex.search(r"[ \-]*".join(regex.escape(char) for char in item), previous)
    if spaced is None:
        return None
    start, end = spaced.span()
    first = None if item[0].isalpha() and item[0].isascii() else _FIRST_OF_CODE.search(previous[:start])
    rest = _REST_OF_CODE.match(previous, end)
    return (first.start() if first else start), (rest.end() if rest else end)


def _as_given(item: str, previous: str) -> str:
    """What was given, without the words that lead up to it, with what closes it: 号, 室, the rest of a code."""
    found = _written(item, previous) if regex.search(r"[\d零一二三四五六七八九幺*]", item) else None
    if found:
        place = _FIRST_OF_PLACE.search(previous[: found[0]]) if _PLACE.search(item) else None
        item = previous[place.start("hit") if place else found[0] : found[1]]
    after = _CLOSING_WORD.match(previous, previous.find(item) + len(item)) if item in previous else None
    return _LEADING.sub("", item) + (after[0] if after else "")
