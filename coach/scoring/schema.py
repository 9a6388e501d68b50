"""The shape of a rubric file: groups and weighted binary checks as data. Compiling it is left to `rubric`, judging to `evidence`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coach.knowledge.yaml_file import Strict

__all__ = ["Applies", "Drill", "Item", "RubricFile", "Shown"]

Patterns = tuple[str, ...]
Need = Literal["rings", "timestamps", "hangup", "started_at", "outcome"]


class Applies(Strict):
    """When a check applies: where all of this holds. Where it doesn't, it is left out of the weights, never passed for free.

    Attributes:
        say: Chinese: why it isn't judged where it doesn't apply.
        direction: Who called.
        whole: The transcript is a whole call, not an excerpt.
        from_start: The transcript starts with the call's first turn.
        needs: What must be known of the call.
        agent_lines: Least number of the agent's lines.
        customer: Stands in one of the customer's turns.
        customer_not: Stands in none of the customer's turns; with `customer`, in the same turn.
        agent: Stands in one of the agent's turns.
        anyone_not: Stands in no turn at all.
    """

    say: str = Field(min_length=4)
    direction: Literal["inbound", "outbound"] | None = None
    whole: bool = False
    from_start: bool = False
    needs: tuple[Need, ...] = ()
    agent_lines: int = Field(default=0, ge=0)
    customer: Patterns = ()
    customer_not: Patterns = ()
    agent: Patterns = ()
    anyone_not: Patterns = ()


class Shown(Strict):
    """What must occur in the agent's lines for a check to pass: one of `patterns`, in `times` of the lines that are looked at.

    A line spoilt by a finding of the rubric's `spoilt_by` shows nothing.

    Attributes:
        patterns: Alternatives, over the normal form of a line.
        unless: Lines that show nothing, though a pattern stands in them.
        first: Only the agent's first lines, so many; 0 is all.
        last: Only his last lines, so many; 0 is all.
        reply_to: Only the `within` lines after a customer's turn that holds one of these.
        reply_to_not: Customer's turns that aren't meant by `reply_to`, though they hold one of its patterns.
        within: How many of the agent's lines after such a turn.
        after: Only lines after his so manieth: 1 leaves out the opening.
        times: In how many lines, at least.
        shared: How many words of two characters, names and figures aside, the line must share with what the customer said before it.
    """

    patterns: Patterns = Field(min_length=1)
    unless: Patterns = ()
    first: int = Field(default=0, ge=0)
    last: int = Field(default=0, ge=0)
    reply_to: Patterns = ()
    reply_to_not: Patterns = ()
    within: int = Field(default=1, ge=1)
    after: int = Field(default=0, ge=0)
    times: int = Field(default=1, ge=1)
    shared: int = Field(default=0, ge=0)


class Drill(Strict):
    """A scenario (its id) with a persona (its name) to practise something with."""

    scenario: str
    persona: str


class Item(Strict):
    """One binary check.

    Attributes:
        id: Stable name.
        group: One of the rubric's groups.
        title: What is asked for, in Chinese.
        weight: Its share of the total.
        fatal: Once failed, the total is capped.
        cap: The highest total once it failed; the rubric's `fatal_cap` if None. For fatal items only.
        rules: It fails on more than `most` findings of these above info.
        most: How many are let pass.
        shown_by: What must occur for it to pass.
        otherwise: What it is where nothing was found and nothing shown: failed, or not applicable.
        outcome: It fails where the mock call ended otherwise.
        applies_when: When it applies: where one of these holds; always if there is none.
        clauses: What it rests on.
        advice: What to do better, in Chinese.
        practise: What to practise it with.
    """

    id: str = Field(pattern=r"^[a-z][a-z-]*$")
    group: str
    title: str = Field(min_length=2)
    weight: float = Field(gt=0)
    fatal: bool = False
    cap: float | None = Field(default=None, ge=0, le=100)
    rules: tuple[str, ...] = ()
    most: int = Field(default=0, ge=0)
    shown_by: Shown | None = None
    otherwise: Literal["fail", "skip"] = "fail"
    outcome: str | None = None
    applies_when: tuple[Applies, ...] = ()
    clauses: tuple[str, ...] = Field(min_length=1)
    advice: str = Field(min_length=6)
    practise: tuple[Drill, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_fail(self) -> Item:
        if not self.rules and self.shown_by is None and self.outcome is None:
            raise ValueError("要写 rules、shown_by 或 outcome 中的一样，不然永远不会扣分")
        if self.outcome is not None and not (
            self.applies_when and all("outcome" in when.needs for when in self.applies_when)
        ):
            raise ValueError("写了 outcome 的项目要在 applies_when.needs 里写 outcome")
        if self.cap is not None and not self.fatal:
            raise ValueError("cap 只用在 fatal 的项目上")
        return self


class RubricFile(Strict):
    """A rubric file.

    Attributes:
        fatal_cap: The highest total (0 to 100) once a fatal item failed.
        hint_cost: Points off for each hint taken in a mock call.
        hint_most: Points off for hints at most.
        spoilt_by: Rules whose findings above info spoil a line: whatever else it says shows nothing good.
        acts: Patterns of its own, by name; spliced by `{name}` like those the rules share.
    """

    version: Literal[2]
    name: str
    title: str
    groups: tuple[str, ...] = Field(min_length=1)
    fatal_cap: float = Field(ge=0, le=100)
    spoilt_by: tuple[str, ...] = ()
    hint_cost: float = Field(default=0, ge=0)
    hint_most: float = Field(default=0, ge=0)
    acts: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    items: tuple[Item, ...] = Field(min_length=1)
