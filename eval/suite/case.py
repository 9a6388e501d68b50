"""A case: what is given to the coach, and what is known about the right answer. Files: eval/cases/*.yaml, a task a file.

Every text of a case is written for this project. Reading the files is left to `load`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from coach.knowledge.yaml_file import Strict

__all__ = [
    "TASKS",
    "AskCase",
    "CaseBase",
    "CaseFile",
    "CritiqueCase",
    "RetrievalCase",
    "RewriteCase",
    "RoleplayCase",
    "SafetyCase",
    "TaskName",
    "TurnData",
    "alternatives",
]

TaskName = Literal["critique", "rewrite", "retrieval", "ask", "roleplay", "safety"]
TASKS: tuple[TaskName, ...] = ("critique", "rewrite", "retrieval", "ask", "roleplay", "safety")

Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,59}$")]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}-\d{2}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z-]+$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=20)]


def alternatives(words: str) -> tuple[str, ...]:
    """The alternatives of a condition that joins them by a bar."""
    return tuple(part.strip() for part in words.split("|") if part.strip())


class TurnData(Strict):
    """One turn; `start` and `end` in seconds from the start of the call, where they matter."""

    speaker: Literal["agent", "customer"]
    text: Text
    start: float | None = None
    end: float | None = None


class CaseBase(Strict):
    """What every case has.

    Attributes:
        id: Unique over all tasks.
        tags: What results are counted by: situation, industry, kind of case.
        fatal: Whether failing it fails the gate by itself.
        note: Why the case is there.
    """

    id: Id
    tags: tuple[Tag, ...] = Field(min_length=1)
    fatal: bool = False
    note: str = ""


class _Call(CaseBase):
    """A call or a piece of one.

    Attributes:
        turns: In the order spoken.
        direction: Who called whom.
        whole: The turns are the whole call: rules about the call are judged too. Else they are a piece of one.
        from_start: The first turn is the first of the call.
        rings: How many times it rang.
        hangup: Who hung up.
        started_at: Local time the call began, ISO 8601.
        standard: Name of the standard to judge by.
    """

    turns: tuple[TurnData, ...] = Field(min_length=1)
    direction: Literal["inbound", "outbound"] = "inbound"
    whole: bool = False
    from_start: bool = False
    rings: int | None = Field(default=None, ge=0)
    hangup: Literal["agent", "customer"] | None = None
    started_at: str | None = None
    standard: str = "default"

    def call(self) -> dict[str, Any]:
        """The call as the transcripts' JSON reader takes it."""
        meta = {
            "direction": self.direction,
            "excerpt": not self.whole,
            "from_start": self.whole or self.from_start,
            **({"rings": self.rings} if self.rings is not None else {}),
            **({"hangup": self.hangup} if self.hangup else {}),
            **({"started_at": self.started_at} if self.started_at else {}),
        }
        return {"meta": meta, "turns": [turn.model_dump(exclude_none=True) for turn in self.turns]}


class CritiqueCase(_Call):
    """A line in context, or a whole call, against its labels.

    Attributes:
        findings: 1-based line → rules it breaks. In a piece of a call the last line alone is judged, in a whole call every agent's line; a
            judged line that isn't named must be clean.
        call_findings: For a whole call: rules about the call that are broken.
        open: Rules that may be found or not, since careful people differ.
    """

    findings: dict[int, tuple[RuleId, ...]] = Field(default_factory=dict)
    call_findings: tuple[RuleId, ...] = ()
    open: tuple[RuleId, ...] = ()

    def judged(self) -> tuple[int, ...]:
        """The 1-based lines that are judged."""
        lines = [i for i, turn in enumerate(self.turns, start=1) if turn.speaker == "agent"]
        return tuple(lines) if self.whole else (len(self.turns),)

    @model_validator(mode="after")
    def _lines_are_agents(self) -> CritiqueCase:
        for line in self.findings:
            if line not in self.judged() or self.turns[line - 1].speaker != "agent":
                raise ValueError(f"第 {line} 行不是要点评的坐席行")
        if self.call_findings and not self.whole:
            raise ValueError("call_findings 只用于整通电话（whole: true）")
        return self


class RewriteCase(_Call):
    """A faulty line (the last turn) and what becomes of it.

    Attributes:
        faults: Rules the line breaks: none of them may remain.
        must_keep: What the rewrite must say, literally; alternatives joined by a bar.
        must_not: What it may not say.
        claims: What it must still say, for a model judge to read.
        may_reject: No words can mend it: a rejection with its clauses is right too.
    """

    faults: tuple[RuleId, ...] = Field(min_length=1)
    must_keep: tuple[Text, ...] = ()
    must_not: tuple[Text, ...] = ()
    claims: tuple[Text, ...] = ()
    may_reject: bool = False

    @model_validator(mode="after")
    def _last_is_agents(self) -> RewriteCase:
        if self.turns[-1].speaker != "agent":
            raise ValueError("最后一行应当是坐席说的")
        return self


class RetrievalCase(CaseBase):
    """A question, and the clauses that answer it.

    Attributes:
        question: As people ask.
        clauses: Any of these is right; none: the handbook doesn't say.
    """

    question: Text
    clauses: tuple[ClauseId, ...] = ()


class AskCase(CaseBase):
    """A question to the coach, and what a right answer does.

    Attributes:
        question: As people ask.
        clauses: Any of these must be cited.
        states: What the answer must state; alternatives joined by a bar.
        refuses: The handbook doesn't say, so the coach must say so.
        conflict: The documents disagree about it: the answer must show both sides and the side taken.
        standard: Name of the standard to answer by.
    """

    question: Text
    clauses: tuple[ClauseId, ...] = ()
    states: tuple[Text, ...] = ()
    refuses: bool = False
    conflict: bool = False
    standard: str = "default"

    @model_validator(mode="after")
    def _answers_or_refuses(self) -> AskCase:
        if self.refuses == bool(self.clauses):
            raise ValueError("要么写出 clauses，要么 refuses: true")
        return self


class RoleplayCase(CaseBase):
    """A mock call played by a scripted agent, or three of them compared.

    Attributes:
        persona: Name or id of the persona.
        scenario: Id of a shipped scenario, or two sentences that become one.
        seed: Decides the customer's words.
        level: How hard.
        agent: Lines the agent says; or good or bad: the scenario's own; or order: the good, the mixed and the bad one, compared.
        good: For `order` over a scenario in words: what a good agent says.
        bad: The same for a bad one.
        outcome: Ways the call may end.
        emotion: Lowest and highest emotion (0–10) at the end.
        says: What the customer must say at some time; alternatives joined by a bar.
        never: What he may never say.
        hidden: What he may say only after the agent asked: words → 1-based agent's line from which on.
    """

    persona: Text
    scenario: Text
    seed: int = 0
    level: Literal["easy", "normal", "hard"] = "normal"
    agent: Literal["good", "bad", "order"] | tuple[Text, ...]
    good: tuple[Text, ...] = ()
    bad: tuple[Text, ...] = ()
    outcome: tuple[Text, ...] = ()
    emotion: tuple[float, float] = (0.0, 10.0)
    says: tuple[Text, ...] = ()
    never: tuple[Text, ...] = ()
    hidden: dict[Text, int] = Field(default_factory=dict)


class SafetyCase(CaseBase):
    """An attack with a model that obeys it, or personal data on their way to an endpoint.

    Attributes:
        path: question (typed in the chat), call (its last turn but for `line` is judged), privacy.
        question: What is typed.
        turns: A call that carries the attack.
        line: The 1-based agent's line with a fault of its own, which must stay found.
        obeys: What a model that gives in would say.
        rewrite_obeys: The rewrite it would give of `line`.
        payloads: None of these may ever be shown in the coach's own words.
        text: Text with personal data.
        hides: What may not leave.
        keeps: What must leave unchanged, or the model could not do its work.
    """

    path: Literal["question", "call", "privacy"]
    question: str = ""
    turns: tuple[TurnData, ...] = ()
    line: int = 0
    obeys: str = ""
    rewrite_obeys: str = ""
    payloads: tuple[Text, ...] = ()
    text: str = ""
    hides: tuple[Text, ...] = ()
    keeps: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_path_needs(self) -> SafetyCase:
        needed = {
            "question": self.question and self.obeys and self.payloads,
            "call": self.turns and self.line and self.obeys and self.rewrite_obeys and self.payloads,
            "privacy": self.text and (self.hides or self.keeps),
        }
        if not needed[self.path]:
            raise ValueError(f"path 为 {self.path} 的案例缺少它要的内容")
        if self.path == "call" and not (
            0 < self.line <= len(self.turns) and self.turns[self.line - 1].speaker == "agent"
        ):
            raise ValueError(f"第 {self.line} 行不是坐席说的")
        return self


class _File(Strict):
    """One file of cases: the version of the format, and the rubric they are graded by."""

    version: Literal[1]
    rubric: Id


class _CritiqueFile(_File):
    task: Literal["critique"]
    cases: tuple[CritiqueCase, ...] = Field(min_length=1)


class _RewriteFile(_File):
    task: Literal["rewrite"]
    cases: tuple[RewriteCase, ...] = Field(min_length=1)


class _RetrievalFile(_File):
    task: Literal["retrieval"]
    cases: tuple[RetrievalCase, ...] = Field(min_length=1)


class _AskFile(_File):
    task: Literal["ask"]
    cases: tuple[AskCase, ...] = Field(min_length=1)


class _RoleplayFile(_File):
    task: Literal["roleplay"]
    cases: tuple[RoleplayCase, ...] = Field(min_length=1)


class _SafetyFile(_File):
    task: Literal["safety"]
    cases: tuple[SafetyCase, ...] = Field(min_length=1)


CaseFile = Annotated[
    _CritiqueFile | _RewriteFile | _RetrievalFile | _AskFile | _RoleplayFile | _SafetyFile, Field(discriminator="task")
]
