"""How faults are mended, as data: for each rule, options in the order to try. Applying them is left to `plan`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coach.knowledge.yaml_file import Strict

__all__ = ["CourtesyData", "FieldData", "MendFile", "OpeningData", "OptionData", "PartData", "WhenData"]

Patterns = tuple[str, ...]
Wordings = str | tuple[str, ...]
"""One wording, or several of which the customer's words pick one."""


class WhenData(Strict):
    """What must hold for an option: patterns in the line, in what the customer just said, and where the line stands.

    `echo`: words aside from which the line says nothing, in its characters, that the customer didn't just say.
    """

    echo: Patterns = ()
    text: Patterns = ()
    text_not: Patterns = ()
    previous: Patterns = ()
    previous_not: Patterns = ()
    first_line: bool | None = None
    direction: Literal["inbound", "outbound"] | None = None
    rules: tuple[str, ...] = ()
    rules_not: tuple[str, ...] = ()


class PartData(Strict):
    """A sentence put before or behind the line. Of several with one role only the first is used.

    Roles stand in this order: greeting, thanks, empathy, readback, lead, (the line), offer, ask.
    """

    role: Literal["greeting", "thanks", "empathy", "readback", "lead", "offer", "ask"]
    text: Wordings


class OptionData(Strict):
    """One way to mend a fault.

    Its steps are taken in this order: glossary, clause, drop, span, inside, replace, dropping, instead, parts.

    Attributes:
        when: Where it applies.
        glossary: Internal terms become plain words first, by `glossary` and `terms`.
        span: What the faulty words become; empty drops the words alone.
        inside: Pairs of pattern and replacement, over each clause that holds faulty words (or the last, where the whole line is faulty).
        replace: Pairs of pattern and replacement, over the whole line.
        clause: What the clauses that hold the faulty words become, once; {tail} is what follows them where a comma is missing.
        drop: Drops the clauses (up to any mark) or sentences that hold the faulty words or match `dropping`.
        dropping: Patterns of further clauses to drop; without `drop` they are looked for after the replacements.
        instead: What the whole line becomes.
        whole: The whole line becomes the first of the file's whole lines that fits.
        changes: The option is passed over where its steps leave the line as it was.
        rest: What must rest once the faulty words are gone, or the option is passed over: a fact the customer didn't give, or none.
        rests, rests_not: What the words left must, and must not, hold, or the option is passed over.
        parts: Sentences put before and behind.
        settles: Rules this option mends as well; none of their own options is used in the same round.

    Templates may take over {topic}, what the customer asked as a clause of the agent's, and {given}, what they gave; where
    there is none, the option is passed over. So is one that leaves no words of the line, or takes over {rest} where nothing rests;
    where only rude words would be left, the line becomes the first of the file's whole lines that fits.
    """

    when: WhenData = WhenData()
    glossary: bool = False
    span: str | None = None
    inside: tuple[tuple[str, str], ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    clause: str | None = None
    drop: Literal["clause", "sentence"] | None = None
    dropping: Patterns = ()
    instead: Wordings | None = None
    whole: bool = False
    changes: bool = False
    rest: Literal["fact", "none"] | None = None
    rests: Patterns = ()
    rests_not: Patterns = ()
    parts: tuple[PartData, ...] = ()
    settles: tuple[str, ...] = ()


class FieldData(Strict):
    """Words taken over into a template as {name}: the first match (its group `hit`) in the places named, or the default.

    Attributes:
        patterns: Tried in this order.
        places: Where to look, in this order.
        replace: Pairs of pattern and replacement over the words found, so that they are said from the agent's side.
        default: What stands where nothing is found.
        needed: Whether an option that uses the words is passed over where nothing is found.
    """

    patterns: Patterns = Field(min_length=1)
    places: tuple[Literal["line", "previous"], ...] = ("line",)
    replace: tuple[tuple[str, str], ...] = ()
    default: str = ""
    needed: bool = False


class OpeningData(Strict):
    """Words to begin a mended line with.

    Attributes:
        previous: Patterns of which the customer must just have said one; none asks for nothing.
        told: Patterns of which the mended line must hold one; none asks for nothing.
        words: The words; {fields} are taken over, and where there is nothing to take over the next wording is tried.
    """

    previous: Patterns = ()
    told: Patterns = ()
    words: Wordings


class CourtesyData(Strict):
    """Curt words, as a pattern over the normalised line, and what is said instead.

    Attributes:
        from_: The pattern.
        to: The replacement; groups are taken over.
        text_not: What the line must not hold.
        previous, previous_not: What the customer must, and must not, just have said.
    """

    from_: str = Field(alias="from")
    to: str
    text_not: Patterns = ()
    previous: Patterns = ()
    previous_not: Patterns = ()


class MendFile(Strict):
    """One of knowledge/mends/*.yaml; the files, in the order of their names, count as one.

    Attributes:
        pieces: Parts of patterns, by name, that the file's own patterns may use as {name} beside the rules' fragments.
        fields: Words templates may take over.
        glossary: Pairs of pattern and plain words for internal turns of phrase, over every mended line; a pattern that
            begins or ends with a Latin letter doesn't match within a Latin word.
        terms: The same for words that are internal terms only where a rule found the line to speak in such.
        polish: Pairs of pattern and replacement, over every mended line.
        courtesy: What a good agent says for curt words, tried over a line that verifies; kept where it still does.
        rude: Clauses that don't stay in a line mended for its manners, unless they hold a fact.
        insolent: Clauses that stay in no mended line, unless they hold a fact.
        unfit: Rule id (or `any`) → patterns that must not stand in a line mended for it; such a line isn't shown.
        whole: Lines to say where nothing of a rude line can stay.
        openings: Kind of opening → wordings to begin with, the first that fits.
        mends: Rule id → options.
        order: Rule ids mended first, in this order (the rest follow in the order of the rules).
    """

    version: Literal[1]
    pieces: dict[str, str] = Field(default_factory=dict)
    fields: dict[str, FieldData] = Field(default_factory=dict)
    glossary: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    polish: tuple[tuple[str, str], ...] = ()
    courtesy: tuple[CourtesyData, ...] = ()
    order: tuple[str, ...] = ()
    rude: Patterns = ()
    insolent: Patterns = ()
    unfit: dict[str, Patterns] = Field(default_factory=dict)
    whole: tuple[OptionData, ...] = ()
    openings: dict[str, tuple[OpeningData, ...]] = Field(default_factory=dict)
    mends: dict[str, tuple[OptionData, ...]] = Field(default_factory=dict)
