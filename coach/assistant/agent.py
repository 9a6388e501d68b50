"""The chat agent: LangChain's, over the coach's tools, its answer checked sentence by sentence before anybody sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    ModelCallLimitMiddleware,
    ModelFallbackMiddleware,
    ModelRequest,
    ModelResponse,
    SummarizationMiddleware,
    ToolCallLimitMiddleware,
)
from langchain.agents.middleware.types import ToolCallRequest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, BaseMessage, HumanMessage, ToolMessage
from langgraph.types import Command

from coach.assistant.answer import Answer
from coach.assistant.fluent import Asked, Event, Exchange, Restarted, Said, Skipped, Told
from coach.assistant.grounding import Checked, Evidence, check
from coach.assistant.halt import Halt
from coach.assistant.sentences import Sentence, SentenceStream
from coach.assistant.tools import agent_tools
from coach.errors import ModelFailure
from coach.llm import Messages, Model, Prompt
from coach.llm.failure import MODEL_ERRORS, again, failure, failure_of, pause_before
from coach.llm.guard import visible
from coach.llm.tokens import count_tokens, latest_within
from coach.llm.tracing import untraced
from coach.privacy import Masker
from coach.transcripts import parse_text

if TYPE_CHECKING:
    from coach.assistant.coach import Coach

__all__ = ["ChatAgent"]

_MODEL_CALLS = 4
_TOOL_CALLS = 6
_HISTORY_TOKENS = 900
_SUMMARISE_AT = 3_200
_KEPT_MESSAGES = 6
_MOST_CLAUSES = 6


@dataclass(frozen=True)
class ChatAgent:
    """Answers in conversation with a model.

    Attributes:
        coach: What the tools work on, and whose answer is the evidence to begin with.
        model: The model.
        prompt: prompts/chat.md.
        summary: prompts/summary.md.
    """

    coach: Coach
    model: Model
    prompt: Prompt
    summary: Prompt

    def answer(self, answer: Answer, message: str, before: Sequence[Exchange], masker: Masker) -> Iterator[Event]:
        """The model's answer to `message`, as events; `answer` is the built-in one.

        Raises:
            ModelFailure: It didn't answer, or nothing it said may be shown; what was shown until then is void.
        """
        evidence = Evidence(message, self.prompt.system)
        cited = [c for point in answer.points[:_MOST_CLAUSES] for c in point.citations]
        evidence.offer([self.coach.knowledge.clauses[c.clause] for c in cited], [p.text for p in answer.phrases])
        run = _Run(self.coach, evidence)
        agent = self._agent(evidence, masker)
        messages = [*self._history(before, masker), HumanMessage(self._asked(answer, message, masker))]
        with untraced():
            for piece in _pieces(agent, messages):
                if isinstance(piece, Told | Asked):
                    yield piece
                else:
                    yield from run.take(*piece, masker)
        yield from run.end(masker)
        if not run.shown:
            raise failure("unchecked")

    def _asked(self, answer: Answer, message: str, masker: Masker) -> str:
        clauses = [
            f"〔{c.clause}〕{c.title}：{c.text}" for point in answer.points[:_MOST_CLAUSES] for c in point.citations
        ]
        rendered: Messages = self.prompt.render(
            clauses="\n".join(clauses) or "（没有直接说到的；可以用工具再查，查不到就说没有）",
            phrases="\n".join(f"“{phrase.text}”" for phrase in answer.phrases) or "（没有）",
            question=message,
        )
        return masker.mask(rendered.user) if self.model.masks_any else rendered.user

    def _history(self, before: Sequence[Exchange], masker: Masker) -> list[AnyMessage]:
        """The latest exchanges that fit the budget."""
        kept = latest_within([f"{one.said}\n{one.answered}" for one in before], _HISTORY_TOKENS)
        hide = masker.mask if self.model.masks_any else str
        messages: list[AnyMessage] = []
        for one in before[len(before) - kept :]:
            messages += [HumanMessage(hide(one.said)), AIMessage(hide(one.answered))]
        return messages

    def _agent(self, evidence: Evidence, masker: Masker) -> Any:  # noqa: ANN401 - LangGraph's own
        chats = [self.model.chat(endpoint, self.prompt.answer) for endpoint in self.model.endpoints]
        first, *others = chats
        middleware: list[AgentMiddleware[Any, Any]] = [
            ModelCallLimitMiddleware(run_limit=_MODEL_CALLS),
            ToolCallLimitMiddleware(run_limit=_TOOL_CALLS),
            SummarizationMiddleware(
                first,
                trigger=("tokens", _SUMMARISE_AT),
                keep=("messages", _KEPT_MESSAGES),
                token_counter=_tokens,
                summary_prompt=f"{self.summary.system}\n\n{self.summary.user.replace('{{messages}}', '{messages}')}",
            ),
        ]
        if others:
            middleware.append(ModelFallbackMiddleware(*others))
        middleware += [_Patience(self.model, chats), _Masking(masker if self.model.masks_any else None)]
        tools = agent_tools(self.coach, evidence, masker.unmask)
        return create_agent(first, tools, system_prompt=self.prompt.system, middleware=middleware)


class _Patience(AgentMiddleware[Any, Any]):
    """Tries a model again as often as its failure is worth, keeping to Retry-After; LangChain's own doesn't know that header.

    A model that failed is not asked again in the same answer where there is another.
    """

    def __init__(self, model: Model, chats: Sequence[BaseChatModel]) -> None:
        super().__init__()
        self._model = model
        self._chats = chats
        self._failed: dict[int, ModelFailure] = {}

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """One model call with its further tries; a service without tools is asked without them."""
        tell = request.runtime.stream_writer
        at = next(i for i, chat in enumerate(self._chats) if chat is request.model)
        if at in self._failed:
            raise self._failed[at]
        tell(Asked(self._model.endpoints[at].name))
        attempt = 1
        while True:
            try:
                return handler(request)
            except MODEL_ERRORS as error:
                cause = failure_of(error)
                if cause.kind in {"unsupported", "no_tools"} and request.tools:
                    request = request.override(tools=[])
                    continue
                attempt += 1
                pause = pause_before(attempt, cause, self._model.chance)
                if pause is None:
                    if at + 1 < len(self._chats):
                        self._failed[at] = cause
                        tell(Told(f"{cause.what}，改用备用模型 {self._model.endpoints[at + 1].name}"))
                    raise cause from error
                tell(Told(again(attempt, cause, pause)))
                self._model.sleep(pause)


class _Masking(AgentMiddleware[Any, Any]):
    """Masks what tools found before any model reads it."""

    def __init__(self, masker: Masker | None) -> None:
        super().__init__()
        self._masker = masker

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """One tool's result, masked."""
        found = handler(request)
        if self._masker is None or not isinstance(found, ToolMessage):
            return found
        return found.model_copy(update={"content": self._masker.mask(str(found.text))})


@dataclass
class _Run:
    """One answer as it comes in: sentences cut, checked, shown or left out."""

    coach: Coach
    evidence: Evidence
    stream: SentenceStream = field(default_factory=SentenceStream)
    message_id: str | None = None
    shown: int = 0
    said: set[str] = field(default_factory=set)

    def take(self, chunk: BaseMessage, about: dict[str, Any], masker: Masker) -> Iterator[Event]:
        """Events of one piece; a new message after words of another means that other was given up."""
        if not isinstance(chunk, AIMessageChunk | AIMessage) or about.get("langgraph_node") != "model":
            return
        if self.message_id is not None and chunk.id != self.message_id:
            if self.shown:
                yield Restarted()
            self.stream, self.shown, self.said = SentenceStream(), 0, set()
        self.message_id = chunk.id
        for sentence in self.stream.add(visible(str(chunk.text))):
            yield from self._one(sentence, masker)

    def end(self, masker: Masker) -> Iterator[Event]:
        """Events of what is left at the end."""
        for sentence in self.stream.rest():
            yield from self._one(sentence, masker)

    def _one(self, sentence: Sentence, masker: Masker) -> Iterator[Event]:
        whole = Sentence(masker.unmask(sentence.text), sentence.ids)
        result = check(whole, self.evidence, self._faulty)
        if isinstance(result, Checked) and result.text not in self.said:
            self.said.add(result.text)
            self.shown += bool(result.citations)
            yield Said(result)
        else:
            yield Skipped(result if isinstance(result, str) else "说过了")

    def _faulty(self, line: str) -> bool:
        critique = self.coach.critique(parse_text(line))
        return any(finding.counts for finding in critique.findings)


def _pieces(
    agent: Any,  # noqa: ANN401 - LangGraph's own
    messages: list[AnyMessage],
) -> Iterator[tuple[BaseMessage, dict[str, Any]] | Told | Asked]:
    """What the agent streams, and what its middleware tells; raises ModelFailure. Closed, it stops the model at its next word."""
    halt = Halt()
    pieces = agent.stream({"messages": messages}, {"callbacks": [halt]}, stream_mode=["messages", "custom"])
    try:
        for _, piece in pieces:
            yield piece
    except ModelFailure:
        raise
    except MODEL_ERRORS as error:
        raise failure_of(error) from error
    finally:
        halt.asked = True
        pieces.close()  # waits for the model's thread


def _tokens(messages: Any) -> int:  # noqa: ANN401 - messages in any of LangChain's forms
    return sum(count_tokens(str(getattr(message, "text", message))) for message in messages)
