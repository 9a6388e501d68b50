"""What a model adds to the built-in coach's work, and what stands in its place when it fails: the built-in result and one quiet line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from coach.assistant.fluent import Asked, FluentAnswer, Restarted, Said, Skipped, Told
from coach.critique import Critique
from coach.errors import ModelFailure
from coach.rewrite import Rewrite
from coach.rewrite.tones import Tone
from coach.transcripts import Transcript

if TYPE_CHECKING:
    from coach.assistant.coach import Coach
    from coach.assistant.converse import Reply

__all__ = ["Added", "critiqued", "model_rewrites", "quiet", "rewritten", "with_model_answer", "with_model_rewrite"]

_ASKING = "模型正在回答……"
_REWRITING = "模型也在改这一句……"
_NOTHING_OFFERED = "手册里没有说到，就不问模型了。"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Added:
    """What a model made of something, beside the built-in result.

    Attributes:
        note: Why there is nothing of the model's, or what was left out; empty where there is nothing to say.
        dropped: Why each thing it said was dropped.
    """

    note: str
    dropped: tuple[str, ...] = ()


def quiet(failure: ModelFailure) -> str:
    """The one line that says why the built-in coach answers."""
    return f"{failure.what}，这次由内置教练代答。"


def critiqued(coach: Coach, critique: Critique, notify: Callable[[str], None]) -> tuple[Critique, Added]:
    """`critique` with what the model adds; as it is where the model fails or there is none."""
    if coach.critic is None:
        return critique, Added("")
    from coach.privacy import Masker

    try:
        made = coach.critic.add(critique, Masker(), notify)
    except ModelFailure as failure:
        return critique, Added(f"{failure.what}，这次只有内置教练的点评。")
    return made.critique, Added("", made.dropped)


def rewritten(
    coach: Coach, transcript: Transcript, builtin: Rewrite, tone: Tone | None, notify: Callable[[str], None]
) -> tuple[Rewrite | None, Added]:
    """The model's rewrite of the line of `builtin`, verified or rejected; None where the model fails or there is none."""
    if coach.fluent is None or (builtin.status == "unchanged" and tone is None):
        return None, Added("")
    from coach.privacy import Masker

    try:
        made = coach.fluent.rewrite(transcript, builtin, Masker(), notify, tone or "plain")
    except ModelFailure as failure:
        return None, Added(f"{failure.what}，这次只有内置教练的改法。")
    return made, Added("" if made.rewrite else "模型的改法没有通过核对，不显示。")


def with_model_rewrite(coach: Coach, transcript: Transcript, first: Reply, tone: Tone | None) -> Iterator[Reply]:
    """`first`, a built-in rewrite, at once; then the same with the model's beside it."""
    builtin = first.rewrite
    assert builtin is not None
    if coach.fluent is None or (builtin.status == "unchanged" and tone is None):
        note = "换语气要有语言模型，现在用的是内置教练。" if coach.fluent is None and tone else ""
        yield replace(first, note=note)
        return
    yield replace(first, waiting=_REWRITING)
    for step in model_rewrites(coach, transcript, builtin, tone):
        if isinstance(step, str):
            yield replace(first, waiting=step)
        else:
            other, added = step
            yield replace(first, other=other if other is not None and other.rewrite else None, note=added.note)


def model_rewrites(
    coach: Coach, transcript: Transcript, builtin: Rewrite, tone: Tone | None
) -> Iterator[str | tuple[Rewrite | None, Added]]:
    """`rewritten` in steps: what is being tried, in Chinese, then its result."""
    return _in_steps(lambda notify: rewritten(coach, transcript, builtin, tone, notify))


def _in_steps(work: Callable[[Callable[[str], None]], Result]) -> Iterator[str | Result]:
    """What `work` tells while it runs, then its result; what it raises is raised here."""
    box: SimpleQueue[tuple[str, object]] = SimpleQueue()

    def run() -> None:
        try:
            box.put(("done", work(lambda text: box.put(("told", text)))))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            box.put(("failed", error))

    Thread(target=run, name="model", daemon=True).start()
    while True:
        kind, value = box.get()
        if kind == "failed":
            assert isinstance(value, BaseException)
            raise value
        yield value  # type: ignore[misc]
        if kind == "done":
            return


def with_model_answer(coach: Coach, message: str, first: Reply) -> Iterator[Reply]:
    """`first`, a built-in answer, at once; then with the model's sentences as each is checked."""
    if coach.agent is None or coach.model is None or first.answer is None:
        yield first
        return
    if first.answer.status == "insufficient" and not first.topic.before:
        yield replace(first, note=_NOTHING_OFFERED)
        return
    from coach.privacy import Masker

    yield replace(first, waiting=_ASKING)
    name, sentences, left_out = coach.model.name, [], []
    try:
        for event in coach.agent.answer(first.answer, message, first.topic.before, Masker()):
            match event:
                case Said(sentence):
                    sentences.append(sentence)
                case Skipped(reason):
                    left_out.append(reason)
                case Asked(model):
                    name = model
                    continue
                case Restarted():
                    sentences, left_out = [], []
                case Told(text):
                    yield replace(first, fluent=FluentAnswer(tuple(sentences), tuple(left_out), name), waiting=text)
                    continue
            yield replace(first, fluent=FluentAnswer(tuple(sentences), tuple(left_out), name), waiting=_ASKING)
    except ModelFailure as failure:
        told = f"{failure.what}，请看手册原文。" if failure.kind == "unchecked" else quiet(failure)
        yield replace(first, note=told)
        return
    answer = first.answer
    if answer.status == "insufficient":
        answer = replace(answer, status="answered", text="")
    yield replace(first, answer=answer, fluent=FluentAnswer(tuple(sentences), tuple(left_out), name))
