"""The coach under test: the built-in one, or one with a model (an endpoint's, or recorded exchanges)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from coach.assistant import Coach
from coach.transcripts import Transcript, from_dict
from eval.suite.case import CritiqueCase, RewriteCase

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from coach.llm.endpoint import Endpoint

__all__ = ["BUILTIN", "Subject", "transcript_of"]

BUILTIN = "builtin"

Says = Callable[[Sequence["BaseMessage"]], str]


@dataclass(frozen=True)
class Subject:
    """What is under test.

    Attributes:
        coach: The coach, judging by the default standard.
        name: builtin, or the model's name.
    """

    coach: Coach
    name: str = BUILTIN

    @cached_property
    def _by_standard(self) -> dict[str, Coach]:
        return {self.coach.standard.name: self.coach}

    def under(self, standard: str) -> Coach:
        """The coach judging by `standard`, opened once each."""
        if standard not in self._by_standard:
            _ = self.coach.retriever  # shared by all of them
            self._by_standard[standard] = self.coach.under(standard)
        return self._by_standard[standard]

    def obeying(self, says: Says) -> Coach:
        """The coach with a scripted model that says what it is told to."""
        from coach.llm import Model
        from coach.llm.scripted import SCRIPTED, scripted

        chat, _ = scripted(says)

        def chat_of(endpoint: Endpoint, most_tokens: int) -> BaseChatModel:
            return chat

        other = replace(self.coach, model=Model((SCRIPTED,), chat_of=chat_of))
        vars(other)["retriever"] = self.coach.retriever
        return other


def transcript_of(case: CritiqueCase | RewriteCase) -> Transcript:
    """The case's call, read as the product reads JSON."""
    return from_dict(case.call(), where=case.id)
