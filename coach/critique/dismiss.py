"""A reviewer's dismissals put on a critique: what is dismissed stays in it and no longer counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import regex

from coach.critique.model import Critique, Dismissal
from coach.errors import InputError

__all__ = ["LONGEST_REASON", "PlacedDismissal", "with_dismissals"]

LONGEST_REASON = 200
"""Characters of a reason, at most."""

_SHOWN_RULE = 80
_BLANK = regex.compile(r"[\s\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+")
_VISIBLE = regex.compile(r"[^\p{C}\p{Z}]")


@dataclass(frozen=True, slots=True)
class PlacedDismissal:
    """A dismissal and the findings it is about; make it with `of`, which checks it.

    Attributes:
        rule: Rule id of the findings.
        line: Their 1-based line; None for those about the call as a whole.
        reason: Why they don't stand: one line of text.
        said: The line's text as it was dismissed; None where that isn't known.
    """

    rule: str
    line: int | None
    reason: str
    said: str | None = None

    @classmethod
    def of(
        cls, rule: str, line: int | None, reason: str, *, said: str | None = None, where: str = "驳回"
    ) -> PlacedDismissal:
        """The dismissal, its reason as one line; raises InputError naming `where` if it has no reason, or too long a one."""
        tidy = _BLANK.sub(" ", reason).strip()
        if not _VISIBLE.search(tidy):
            raise InputError("没有写理由", where=where, hint="请写明为什么不算问题")
        if len(tidy) > LONGEST_REASON:
            raise InputError(f"理由有 {len(tidy)} 个字", where=where, hint=f"请写在 {LONGEST_REASON} 个字以内")
        return cls(rule, line, tidy, said)

    @property
    def place(self) -> tuple[str, int | None]:
        """What it is looked up by."""
        return self.rule, self.line


def with_dismissals(critique: Critique, dismissals: Iterable[PlacedDismissal]) -> Critique:
    """`critique` with exactly these dismissals, the last one where several name the same findings.

    One that names no finding, or a line that reads otherwise than it did, is left out with a warning.
    """
    found = {(finding.rule, finding.line) for finding in critique.findings}
    reasons: dict[tuple[str, int | None], Dismissal] = {}
    warnings = []
    for one in dismissals:
        if fault := _fault(one, critique, found):
            warnings.append(fault)
        else:
            reasons[one.place] = Dismissal(one.reason)
    findings = tuple(
        replace(finding, dismissed=reasons.get((finding.rule, finding.line))) for finding in critique.findings
    )
    return replace(critique, findings=findings, warnings=(*critique.warnings, *warnings))


def _fault(one: PlacedDismissal, critique: Critique, found: set[tuple[str, int | None]]) -> str:
    """Why the dismissal can't be used; empty where it can."""
    where = "整通电话" if one.line is None else f"第 {one.line} 行"
    rule = _BLANK.sub(" ", one.rule)[:_SHOWN_RULE]
    if one.place not in found:
        return f"{where}没有 {rule} 这个问题，对它的驳回没有用上"
    if one.said is not None and one.line is not None and critique.transcript.turns[one.line - 1].text != one.said:
        return f"{where}的话和驳回时不一样了，对 {rule} 的驳回没有用上"
    return ""
