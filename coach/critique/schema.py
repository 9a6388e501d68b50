"""The shape of a rule file: rules as data, of a few check kinds. Compiling them is left to `load`, running to `checks`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coach.knowledge.yaml_file import Strict

__all__ = [
    "AbsenceData",
    "CallExampleData",
    "CheckData",
    "ChecklistData",
    "EchoData",
    "ExamplesData",
    "ItemData",
    "LineExampleData",
    "PatternData",
    "PhraseData",
    "RuleData",
    "RuleFile",
    "SemanticData",
    "SequenceData",
    "ThresholdData",
    "TurnData",
    "WhenData",
]

Patterns = tuple[str, ...]
_RULE_ID = r"^[a-z]+\.[a-z]+(-[a-z]+)*$"


class WhenData(Strict):
    """What must hold around a line before a check looks at it.

    `previous` and `previous_not` look at what the customer said just before; `previous_agent` at the agent's turn
    before this one; `before` and `before_not` at any earlier turn of the agent. In a rule of call scope `scenario` names
    the kinds of call it looks at, `customer` and `customer_not` look at every turn of the customer, `anyone` and
    `anyone_not` at every turn.
    """

    first_line: bool | None = None
    direction: Literal["inbound", "outbound"] | None = None
    previous: Patterns = ()
    previous_not: Patterns = ()
    previous_agent: Patterns = ()
    previous_agent_not: Patterns = ()
    before: Patterns = ()
    before_not: Patterns = ()
    scenario: tuple[str, ...] = ()
    customer: Patterns = ()
    customer_not: Patterns = ()
    anyone: Patterns = ()
    anyone_not: Patterns = ()


class _Check(Strict):
    when: WhenData = WhenData()
    confidence: float = Field(default=0.9, gt=0, le=1)
    message: str | None = None
    advice: str | None = None
    clauses: tuple[str, ...] = ()


class _Words(_Check):
    """Faulty words.

    A hit is dropped where an `unless` pattern overlaps it, an `unless_sentence` pattern stands in its sentence, or an
    `unless_line` pattern in its line. With `quotes: keep` quotations count too.
    """

    unless: Patterns = ()
    unless_sentence: Patterns = ()
    unless_line: Patterns = ()
    quotes: Literal["mask", "keep"] = "mask"


class PhraseData(_Words):
    """Faulty words, literally."""

    kind: Literal["phrase"]
    phrases: Patterns = Field(min_length=1)


class PatternData(_Words):
    """Faulty words, by pattern; a group named `hit` narrows the span."""

    kind: Literal["pattern"]
    patterns: Patterns = Field(min_length=1)


class AbsenceData(_Words):
    """Something called for and not said.

    In a rule of line scope: where a `trigger` stands in the line (or always, if there is none), one of `satisfied`
    must stand in the line, or in one of the agent's `look_back` turns before it.
    In a rule of call scope: where a `trigger` stands in a turn of `trigger_in` (or always), of his last `trigger_last`
    turns only unless that is 0, one of `satisfied` must stand in the agent's `first` or `last` turns; 0 is the whole
    call. `after_trigger` counts only what comes from the triggering turn on.
    """

    kind: Literal["absence"]
    trigger: Patterns = ()
    trigger_in: Literal["agent", "customer"] = "agent"
    trigger_last: int = Field(default=0, ge=0)
    satisfied: Patterns = Field(min_length=1)
    look_back: int = Field(default=0, ge=0)
    first: int = Field(default=0, ge=0)
    last: int = Field(default=0, ge=0)
    after_trigger: bool = False


class SequenceData(_Check):
    """Something that must follow: after an agent's turn with one of `after`, his next turn needs one of `then`."""

    kind: Literal["sequence"]
    after: Patterns = Field(min_length=1)
    after_unless: Patterns = ()
    reply_not: Patterns = ()
    then: Patterns = Field(min_length=1)
    then_unless: Patterns = ()


class ItemData(Strict):
    """One thing to obtain: the agent asks for it (`agent`) or the customer gives it (`customer`)."""

    agent: Patterns = ()
    customer: Patterns = ()


class ChecklistData(_Check):
    """Things to obtain, anywhere in the call or `before` the last turn of `trigger_in` with a `trigger` ends.

    A trigger is dropped where `trigger_unless` stands in its turn or `declined` in the customer's answer. After the
    first one, a turn with `until` ends the search for more.
    """

    kind: Literal["checklist"]
    trigger: Patterns = Field(min_length=1)
    trigger_in: Literal["agent", "customer"] = "agent"
    trigger_unless: Patterns = ()
    declined: Patterns = ()
    until: Patterns = ()
    items: dict[str, ItemData] = Field(min_length=1)
    before: bool = False


class EchoData(_Check):
    """What the customer just gave must be said back: `fields` of phone, order, address, name."""

    kind: Literal["echo"]
    fields: tuple[Literal["phone", "order", "address", "name"], ...] = Field(min_length=1)
    unless: Patterns = ()


class SemanticData(_Check):
    """What the judge holds likely: `at` says whether the finding stands on a part of the line or on all of it."""

    kind: Literal["semantic"]
    at: Literal["part", "line"] = "part"


class ThresholdData(_Check):
    """A measure against a parameter of the standard.

    `unless` excuses it: for rings, in the agent's first two turns; for silence, in his turn before it; for who hung
    up, in any of his turns. `unless_customer` excuses a silence that the customer, who spoke last, asked for. `hold`
    is how a hold is asked for.
    """

    kind: Literal["threshold"]
    measure: Literal["rings", "hold", "silence", "overlap", "speech_rate", "call_length", "hour", "hangup"]
    limit: str = ""
    unless: Patterns = ()
    unless_customer: Patterns = ()
    hold: Patterns = ()


CheckData = Annotated[
    PhraseData | PatternData | AbsenceData | SequenceData | ChecklistData | EchoData | SemanticData | ThresholdData,
    Field(discriminator="kind"),
]


class TurnData(Strict):
    """A turn in an example call, with times where the rule needs them."""

    speaker: Literal["agent", "customer"]
    text: str
    start: float | None = None
    end: float | None = None


class LineExampleData(Strict):
    """An agent line after `context` turns (坐席：…, 客户：…); in a bad one `span` is the exact words, absent = whole line."""

    text: str
    context: tuple[str, ...] = ()
    first_line: bool = False
    direction: Literal["inbound", "outbound"] = "inbound"
    span: str | None = None


class CallExampleData(Strict):
    """A whole call; in a bad one `line` (1-based, null for the whole call) and `span` say where the finding stands."""

    call: tuple[str | TurnData, ...] = Field(min_length=1)
    direction: Literal["inbound", "outbound"] = "inbound"
    rings: int | None = None
    hangup: Literal["agent", "customer"] | None = None
    started_at: str | None = None
    scenario: str | None = None
    line: int | None = None
    span: str | None = None


class ExamplesData(Strict):
    """What the rule must fire on, with the exact span, and must stay silent on."""

    bad: tuple[LineExampleData | CallExampleData, ...] = Field(min_length=3)
    good: tuple[LineExampleData | CallExampleData, ...] = Field(min_length=3)


class RuleData(Strict):
    """One rule.

    `yields_to` names rules whose finding on the same words replaces this one's. `report` says where a finding about
    a whole call is shown: the agent's first or last line, the line that called for it, or the call.
    """

    id: str = Field(pattern=_RULE_ID)
    name: str
    scope: Literal["line", "call"]
    severity: Literal["error", "warning", "info"]
    needs: tuple[Literal["rings", "timestamps", "hangup", "started_at"], ...] = ()
    message: str
    advice: str
    clauses: tuple[str, ...] = Field(min_length=1)
    yields_to: tuple[str, ...] = ()
    report: Literal["first", "last", "trigger", "call"] = "trigger"
    checks: tuple[CheckData, ...] = Field(min_length=1)
    examples: ExamplesData

    @model_validator(mode="after")
    def _examples_fit_scope(self) -> RuleData:
        kinds = {type(example) for example in (*self.examples.bad, *self.examples.good)}
        if self.scope == "line" and not self.needs and CallExampleData in kinds:
            raise ValueError("单句规则的例子要写 text，不写 call")
        if self.scope == "call" and LineExampleData in kinds:
            raise ValueError("整通规则的例子要写 call，不写 text")
        return self


class RuleFile(Strict):
    """A rule pack."""

    version: Literal[1]
    rules: tuple[RuleData, ...] = Field(min_length=1)
