"""A model judge: asked one question about one answer; its verdict is one of a fixed set, the last it names, or unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from coach.errors import ModelFailure
from coach.llm import Model
from coach.llm.guard import visible
from coach.llm.prompts import Prompt
from coach.privacy import Masker
from coach.text import normalise
from eval.suite.rubric import JudgeData

__all__ = ["ModelJudge", "verdict_in"]

_LABEL = regex.compile(r"(?:最终)?(?:判定|结论)\s*[:：]")
_MOST = 3_000


def verdict_in(text: str, verdicts: Sequence[str]) -> str | None:
    """The last verdict of `text` that stands behind 判定, or alone in its last line; None where there is none.

    A longer verdict goes before a shorter one that it contains (不符合 before 符合).
    """
    flat = normalise(visible(text)).text
    names = {normalise(v).text: v for v in verdicts}
    either = "|".join(regex.escape(name) for name in sorted(names, key=len, reverse=True))
    edges = r"[\s\"“”'「」『』*_【】()\[\]]*"
    found = regex.findall(rf"(?:判定|结论)\s*:{edges}(?P<v>{either}){edges}(?=[。.!,;\s]|$)", flat)
    if found:
        return names[found[-1]]
    last = [line for line in visible(text).splitlines() if line.strip()][-1:]
    bare = regex.sub(r"^[\s\"“”'*_#\-]+|[\s\"“”'*_。.!！]+$", "", last[0]) if last else ""
    return names.get(normalise(bare).text)


@dataclass(frozen=True)
class ModelJudge:
    """A judge over a chat model.

    Attributes:
        model: Whom to ask.
        prompt: How.
    """

    model: Model
    prompt: Prompt

    def __call__(self, question: JudgeData, asked: str, said: str, wanted: str) -> tuple[str | None, str]:
        """Its verdict (None: unreadable, or no answer), and what it said. What it is given goes in as data."""
        try:
            messages = self.prompt.render(
                question=question.question,
                verdicts="、".join(question.verdicts),
                asked=_neutral(asked),
                said=_neutral(said),
                wanted=_neutral(wanted) or "没有",
            )
            text = self.model.complete(messages, Masker()).text
        except ModelFailure as failure:
            return None, failure.what
        return verdict_in(text, question.verdicts), text


def _neutral(text: str) -> str:
    """What is judged, unable to pose as a verdict."""
    return _LABEL.sub("（资料里的话）", text)[:_MOST]
