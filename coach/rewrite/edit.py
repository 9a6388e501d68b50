"""One option's steps over a line: its faulty clauses become others, or go. Which option is left to `plan`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from coach.facts import extract
from coach.rewrite.load import Mends, Option, Replacement
from coach.text import NormalisedText, Sentence, normalise

__all__ = ["MARKS", "edited", "filled", "places"]

MARKS = " ,、。!?;:…"
_YOU = regex.compile("你们?")
_SELF = regex.compile("自个儿?")
_TAIL = regex.compile(r"(?<=呢|了|那个|着)(?:您|我)(?:有|要|是|的|来|帮|先|可以|留|把|说|给|替|接).*")
_FIELD = regex.compile(r"\{([a-z_]+)\}")
_WHEN = frozenset({"date", "time", "duration"})


def edited(text: str, option: Option, words: Sequence[str], fields: Mapping[str, str], mends: Mends) -> str:
    """The line `text` after the option's glossary, clause, drop, span, replacements and dropping; `words` are its faulty ones."""
    data = option.data
    line = normalise(mends.plain(text) if data.glossary else text)
    if data.clause is not None:
        line = _replaced(line, words, option, filled(data.clause, fields))
    if data.drop:
        line = _dropped(line, words, option)
    if data.span is not None:
        line = _respanned(line, words, data.span)
    text = _inside(line, words, option.inside) if option.inside else line.text
    for pattern, new in option.replace:
        text = pattern.sub(lambda m, new=new: filled(m.expand(new), fields), text)  # type: ignore[misc]
    if option.dropping and not data.drop:
        text = _dropped(normalise(text), (), option).text
    return text


def _dropped(line: NormalisedText, words: Sequence[str], option: Option) -> NormalisedText:
    units = line.sentences if option.data.drop == "sentence" else line.clauses
    spans = places(line, words)
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
    spans = places(line, words)
    kept: list[str] = []
    done = False
    for unit in line.clauses:
        if not any(start < unit.end and unit.start < end for start, end in spans) and not (
            option.dropping and option.dropping.found(unit.text)
        ):
            kept.append(unit.text)
        elif not done:
            end = max((e for s, e in spans if s < unit.end and unit.start < e), default=unit.end)
            tail = _tail(line, unit, end, option)
            mark = unit.text[-1] if unit.text[-1] in MARKS.replace("?", "") else "。"
            kept.append(new + ("," + tail if tail else mark))
            done = True
    return normalise("".join(kept))


def _inside(line: NormalisedText, words: Sequence[str], pairs: Sequence[Replacement]) -> str:
    """The line with `pairs` applied, one after another, to each of its clauses that holds faulty words.

    Where these gain no slot, and where the line as a whole is faulty, to its last clauses, up to one that does.
    """
    spans = places(line, words)
    clauses = [unit.text for unit in line.clauses]
    for i, unit in enumerate(line.clauses):
        if any(start < unit.end and unit.start < end for start, end in spans):
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


def places(line: NormalisedText, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in the line, also where the customer's 你 in them has since become 您, or 自个儿 自己."""
    stripped = [form for word in words for form in (word.strip(MARKS), _SELF.sub("自己", word.strip(MARKS)))]
    forms = list(dict.fromkeys(w for word in stripped for w in (word, _YOU.sub("您", word)) if w))
    found = [(line.text.find(form), len(form)) for form in forms]
    return [(start, start + length) for start, length in found if start >= 0]


def _respanned(line: NormalisedText, words: Sequence[str], new: str) -> NormalisedText:
    text = line.text
    for word in sorted(set(words), key=len, reverse=True):
        text = text.replace(word, new)
    return normalise(text)


def filled(template: str, fields: Mapping[str, str]) -> str:
    """`template` with its {fields} filled in; those that there are no words for stay."""
    return _FIELD.sub(lambda m: fields.get(m[1], m.group()), template)
