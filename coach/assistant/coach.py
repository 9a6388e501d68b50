"""The coach: knowledge, rules, standard and rewriter, opened from the settings, for the web app and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.assistant.answer import Answer
from coach.critique import Critique, RulePack, critique, critique_line, load_rules
from coach.errors import InputError
from coach.knowledge import Knowledge, Standard, load_knowledge, load_standard
from coach.knowledge.conflicts import Conflict, load_conflicts
from coach.rewrite import Rewrite, Rewriter, Verdict, load_mends
from coach.scoring import Rubric, Scorecard, load_rubric, score
from coach.settings import Settings, knowledge_dir, prompts_dir
from coach.transcripts import Transcript

if TYPE_CHECKING:
    from coach.assistant.agent import ChatAgent
    from coach.critique.model_critic import ModelCritic
    from coach.llm import Model
    from coach.llm.embeddings import EmbeddingModel
    from coach.retrieval import Found, Retriever
    from coach.rewrite.fluent import FluentRewriter
    from coach.roleplay import Player

__all__ = ["Coach", "Progress"]

Progress = Callable[[Iterable[Sequence[Any]], int], Iterable[Sequence[Any]]]


def no_progress(batches: Iterable[Sequence[Any]], _total: int) -> Iterable[Sequence[Any]]:
    """Shows nothing."""
    return batches


@dataclass(frozen=True)
class Coach:
    """The coach. What it says by itself needs no model, no key and no network; `model`, where there is one, adds to that.

    Attributes:
        knowledge: Clauses, phrases, situations.
        rules: Shipped rules and the user's own.
        standard: What calls are judged by.
        rubric: What reviewed calls are scored by.
        folder: The knowledge folder.
        index: Where the vector index is kept.
        progress: Wraps the batches of texts still to embed, to show a bar.
        model: A language model; None leaves everything to the built-in coach.
        embedding: An embeddings model to search with; None means the built-in one.
    """

    knowledge: Knowledge
    rules: RulePack
    standard: Standard
    rubric: Rubric
    folder: Path
    index: Path
    progress: Progress = no_progress
    model: Model | None = None
    embedding: EmbeddingModel | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        standard: str | None = None,
        progress: Progress = no_progress,
        *,
        check_rules: bool = True,
        use_model: bool = True,
    ) -> Coach:
        """A coach judging by `standard`, else by the settings' one.

        Args:
            settings: What the user set.
            standard: Name or file of the standard.
            progress: Wraps the batches of texts still to embed.
            check_rules: Compile every rule now; without it, at first use.
            use_model: Whether to use the language model of the settings, if they have one.

        Raises:
            InputError: The standard is unknown, knowledge is faulty, or the settings of the model are.
        """
        folder = knowledge_dir()
        rules = load_rules(folder, settings.rules, check=check_rules)
        chosen = load_standard(standard or settings.standard, folder)
        rubric = load_rubric("review", folder)
        index = settings.data_folder() / "index"
        return cls(
            load_knowledge(folder),
            rules,
            chosen,
            rubric,
            folder,
            index,
            progress,
            _model(settings, folder) if use_model else None,
            _embedding(settings, folder, in_background=progress is no_progress),
        )

    def critique(self, transcript: Transcript) -> Critique:
        """Every finding in the call."""
        return critique(transcript, self.rules, self.standard)

    def score(self, critique: Critique) -> Scorecard:
        """The scorecard of a critique by the review rubric."""
        return score(critique, self.rubric)

    def rewrite(self, transcript: Transcript, line: int | None = None) -> Rewrite:
        """The agent's 1-based `line` (the last agent line if None) made compliant, or an honest rejection."""
        return self.rewriter.rewrite(transcript, line)

    def verify(self, transcript: Transcript, line: int, text: str, given: Sequence[str] = ()) -> Verdict:
        """What the verifier says of `text` in place of the 1-based `line`; `given` is what was filled into its slots."""
        return self.rewriter.verify(transcript, line, text, given)

    @cached_property
    def rewriter(self) -> Rewriter:
        """Proposer and verifier."""
        return Rewriter(self.rules, self.standard, load_mends(self.folder))

    @cached_property
    def fluent(self) -> FluentRewriter | None:
        """Rewrites with the model."""
        if self.model is None:
            return None
        from coach.llm import load_prompt
        from coach.rewrite.fluent import FluentRewriter

        said = "\n".join(phrase.text for phrase in self.knowledge.phrases.values())
        return FluentRewriter(self.rewriter, self.model, load_prompt("rewrite", prompts_dir()), said)

    @cached_property
    def critic(self) -> ModelCritic | None:
        """Adds the model's findings."""
        if self.model is None:
            return None
        from coach.critique.model_critic import ModelCritic
        from coach.llm import load_prompt

        return ModelCritic(self.model, load_prompt("critic", prompts_dir()), self.rules, self.standard)

    @cached_property
    def agent(self) -> ChatAgent | None:
        """Answers with the model."""
        if self.model is None:
            return None
        from coach.assistant.agent import ChatAgent
        from coach.llm import load_prompt

        return ChatAgent(self, self.model, load_prompt("chat", prompts_dir()), load_prompt("summary", prompts_dir()))

    @cached_property
    def player(self) -> Player:
        """Plays mock calls, judged by this coach's rules and standard."""
        from coach.roleplay import open_player

        return open_player(self.folder, lambda call, line: critique_line(call, line, self.rules, self.standard))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where the source documents disagree."""
        return load_conflicts(self.folder)

    @cached_property
    def retriever(self) -> Retriever:
        """Finds clauses; opened at first use, since the vector store costs a second or two to load."""
        from coach.retrieval import open_retriever

        return open_retriever(self.folder, self.index, self.progress, model=self.embedding)

    def search(self, query: str, k: int = 5) -> Found:
        """The `k` best clauses for `query`; raises InputError where it is blank."""
        if not query.strip():
            raise InputError("还没有写要找什么", where="检索", hint="写一个问题或几个词")
        return self.retriever.search(query, k)

    def ask(self, question: str) -> Answer:
        """The answer to `question` from the handbook; raises InputError where it is blank."""
        from coach.assistant.ask import Asker

        if not question.strip():
            raise InputError("还没有写问题", where="提问", hint="写下您想问的")
        asker = Asker(self.retriever, self.knowledge, self.conflicts, self.rules, self.standard)
        return asker.ask(question)

    def under(self, standard: str) -> Coach:
        """The same coach judging by another standard."""
        chosen = load_standard(standard, self.folder)
        other = replace(self, standard=chosen)
        if "retriever" in vars(self):  # the same handbook: no need to open it again
            vars(other)["retriever"] = self.retriever
        return other


def _model(settings: Settings, folder: Path) -> Model | None:
    """The model of the settings; None where they have none."""
    if not (settings.llm_preset or settings.llm_base_url or settings.llm_model or settings.llm_fallback_model):
        return None
    from coach.llm import Model, chat_endpoints
    from coach.llm.endpoint import load_presets

    endpoints = chat_endpoints(settings, load_presets(folder))
    return Model(endpoints, settings.mask) if endpoints else None


def _embedding(settings: Settings, folder: Path, *, in_background: bool) -> EmbeddingModel | None:
    """The embeddings model of the settings; None where they have none."""
    if not (settings.embed_preset or settings.embed_base_url or settings.embed_model):
        return None
    from coach.llm.embeddings import EmbeddingModel
    from coach.llm.endpoint import embedding_endpoint, load_presets

    endpoint = embedding_endpoint(settings, load_presets(folder))
    return EmbeddingModel(endpoint, settings.mask, in_background) if endpoint else None
