"""Known ways to break the coach, for the mutation check: each is put in at a seam of the product and taken out again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from coach.assistant import Coach
from coach.critique import Critique, Finding
from coach.knowledge import Citation
from coach.rewrite import Rewrite
from eval.suite.case import TaskName
from eval.suite.subject import Subject

__all__ = ["MUTATIONS", "Mutation"]

Broken = Callable[[Subject], AbstractContextManager[Subject]]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break the coach.

    Attributes:
        id: Its name.
        title: What is broken, in Chinese.
        tasks: Tasks that should catch it; the fast check runs only these.
        broken: Gives the broken coach while it is entered.
        fast: Whether the fast check tries it.
        exit_code: What the gate must answer.
    """

    id: str
    title: str
    tasks: tuple[TaskName, ...]
    broken: Broken
    fast: bool = False
    exit_code: int = 1


def _patched(target: object, name: str, make: Callable[[Any], Any]) -> Broken:
    """Puts `make(original)` in the place of `target.name`."""

    @contextmanager
    def broken(subject: Subject) -> Iterator[Subject]:
        with patch.object(target, name, make(getattr(target, name))):
            yield _anew(subject.coach, subject.name)

    return broken


def _anew(coach: Coach, name: str) -> Subject:
    """The coach opened anew over the same data, so that nothing is kept from before; the retriever is costly and shared."""
    other = replace(coach)
    vars(other)["retriever"] = coach.retriever
    return Subject(other, name)


def _with(change: Callable[[Coach], Coach]) -> Broken:
    """A coach of other data."""

    @contextmanager
    def broken(subject: Subject) -> Iterator[Subject]:
        changed = change(subject.coach)
        if "retriever" not in vars(changed):
            vars(changed)["retriever"] = subject.coach.retriever
        yield Subject(changed, subject.name)

    return broken


def _findings(change: Callable[[Finding], Finding | None]) -> Callable[[Any], Any]:
    """Changes every finding of a critique; None takes it out."""

    def make(original: Callable[[Coach, Any], Critique]) -> Callable[[Coach, Any], Critique]:
        def critique(coach: Coach, transcript: Any) -> Critique:  # noqa: ANN401 - as the original's
            made = original(coach, transcript)
            found = [change(finding) for finding in made.findings]
            return replace(made, findings=tuple(f for f in found if f is not None))

        return critique

    return make


def _rewrites(change: Callable[[Rewrite], Rewrite]) -> Callable[[Any], Any]:
    """Changes every built-in rewrite."""

    def make(original: Callable[..., Rewrite]) -> Callable[..., Rewrite]:
        return lambda coach, transcript, line=None: change(original(coach, transcript, line))

    return make


def _without_rule(rule: str) -> Callable[[Coach], Coach]:
    def change(coach: Coach) -> Coach:
        left = {name: one for name, one in coach.rules.rules.items() if name != rule}
        return replace(coach, rules=replace(coach.rules, rules=left))

    return change


def _other_clause(finding: Finding) -> Finding:
    cited = tuple(replace(c, clause="VOI-01" if c.clause != "VOI-01" else "HLD-02") for c in finding.citations)
    return replace(finding, citations=cited)


def _made_up_clause(finding: Finding) -> Finding:
    return replace(finding, citations=tuple(replace(c, clause="HLD-99") for c in finding.citations))


def _uncited(finding: Finding) -> Finding:
    return replace(finding, citations=())


def _beyond_the_line(finding: Finding) -> Finding:
    return finding if finding.span is None else replace(finding, span=(finding.span[0], finding.span[1] + 500))


def _next_line(finding: Finding) -> Finding:
    return finding if finding.line is None or finding.line < 2 else replace(finding, line=finding.line - 1)


def _mild(finding: Finding) -> Finding:
    return replace(finding, severity="info")


def _without_digits(rewrite: Rewrite) -> Rewrite:
    if not rewrite.rewrite:
        return rewrite
    return replace(
        rewrite, rewrite="".join(c for c in rewrite.rewrite if c not in "0123456789一二三四五六七八九十百千万")
    )


def _promising_more(rewrite: Rewrite) -> Rewrite:
    return replace(rewrite, rewrite=f"{rewrite.rewrite}另外再补偿您258元。") if rewrite.rewrite else rewrite


def _as_it_was(rewrite: Rewrite) -> Rewrite:
    return replace(rewrite, status="verified", rewrite=rewrite.original) if rewrite.status != "unchanged" else rewrite


def _never(rewrite: Rewrite) -> Rewrite:
    return replace(rewrite, status="rejected", rewrite=None)


def _silently_rejected(rewrite: Rewrite) -> Rewrite:
    if rewrite.status != "rejected":
        return rewrite
    return replace(rewrite, citations=(), verdict=replace(rewrite.verdict, reasons=()))


def _answers(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def make(original: Callable[[Coach, str], Any]) -> Callable[[Coach, str], Any]:
        return lambda coach, question: change(original(coach, question))

    return make


def _unsourced(answer: Any) -> Any:  # noqa: ANN401 - an Answer
    return replace(answer, points=tuple(replace(point, citations=()) for point in answer.points))


def _wrong_figures(answer: Any) -> Any:  # noqa: ANN401 - an Answer
    return replace(answer, text=answer.text.translate(str.maketrans("一二三四五12345", "九八七九八98798")))


def _one_sided(answer: Any) -> Any:  # noqa: ANN401 - an Answer
    return replace(answer, conflicts=())


def _citing_nothing_there(answer: Any) -> Any:  # noqa: ANN401 - an Answer
    points = [
        replace(point, citations=tuple(replace(c, clause="HLD-99") for c in point.citations)) for point in answer.points
    ]
    return replace(answer, points=tuple(points))


def _found(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda retriever, query, k=5: change(original(retriever, query, k))

    return make


def _lazily(of: Callable[[], tuple[object, str]], make: Callable[[Any], Any]) -> Broken:
    """As `_patched`, for modules that are loaded only where they are used."""

    @contextmanager
    def broken(subject: Subject) -> Iterator[Subject]:
        target, name = of()
        with _patched(target, name, make)(subject) as other:
            yield other

    return broken


def _in(module: str, name: str) -> Callable[[], tuple[object, str]]:
    def of() -> tuple[object, str]:
        from importlib import import_module

        return import_module(module), name

    return of


def _of_class(module: str, cls: str, name: str) -> Callable[[], tuple[object, str]]:
    def of() -> tuple[object, str]:
        from importlib import import_module

        return getattr(import_module(module), cls), name

    return of


def _never_calmer(original: Callable[..., Any]) -> Callable[..., Any]:
    def moved(state: Any, *rest: Any) -> Any:  # noqa: ANN401 - as the original's
        after, transitions = original(state, *rest)
        return replace(
            after, emotion=max(after.emotion, state.emotion), trust=min(after.trust, state.trust)
        ), transitions

    return moved


def _unmoved(original: Callable[..., Any]) -> Callable[..., Any]:
    def moved(state: Any, *rest: Any) -> Any:  # noqa: ANN401 - as the original's
        after, transitions = original(state, *rest)
        return replace(after, emotion=state.emotion, patience=state.patience), transitions

    return moved


def _unseeded(_original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _player, _setup, _turn: random.Random()


def _like_an_agent(original: Callable[..., Any]) -> Callable[..., Any]:
    def said(*given: Any) -> Any:  # noqa: ANN401 - as the original's
        text, used = original(*given)
        return f"{text}请问还有什么可以帮您？", used

    return said


def _like_a_parrot(original: Callable[..., Any]) -> Callable[..., Any]:
    def said(*given: Any) -> Any:  # noqa: ANN401 - as the original's
        _, used = original(*given)
        return "我这个事情你们到底管不管，我等了很久了。", used

    return said


def _any_sentence(_original: Callable[..., Any]) -> Callable[..., Any]:
    def check(sentence: Any, evidence: Any, _faults: Any) -> Any:  # noqa: ANN401 - as the original's
        from coach.assistant.grounding import Checked

        clauses = [evidence.clauses[i] for i in sentence.ids if i in evidence.clauses]
        return Checked(sentence.text, tuple(Citation.of(clause) for clause in clauses))

    return check


def _whatever_the_model_says(_original: Callable[..., Any]) -> Callable[..., Any]:
    def add(critic: Any, critique: Critique, masker: Any, notify: Any) -> Any:  # noqa: ANN401 - as the original's
        from coach.critique.model_critic import Additions

        return Additions(replace(critique, findings=()), 0, ())

    return add


def _unverified(original: Callable[..., Any]) -> Callable[..., Any]:
    def verdict(verifier: Any, candidate: str) -> Any:  # noqa: ANN401 - as the original's
        return replace(original(verifier, candidate), reasons=())

    return verdict


def _as_typed(_original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _masker, text: text


def _never_masks(_original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _model, _endpoint: False


def _tenth_failing(original: Callable[..., Any]) -> Callable[..., Any]:
    import zlib

    def answer(setup: Any, loaded: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as the original's
        if zlib.crc32(loaded.case.id.encode("utf-8")) % 10 == 0:
            raise RuntimeError("故意弄坏的样本")
        made: Mapping[str, Any] = original(setup, loaded)
        return made

    return answer


_STATE = _in("coach.roleplay.player", "moved")
_SAID = _in("coach.roleplay.player", "realised")
_SEARCH = _of_class("coach.retrieval.retriever", "Retriever", "search")

MUTATIONS: tuple[Mutation, ...] = (
    Mutation("rule-off", "关掉一条规则", ("critique",), _with(_without_rule("hold.missing-duration")), fast=True),
    Mutation("citation-swapped", "点评引错了条款", ("critique",), _patched(Coach, "critique", _findings(_other_clause)), fast=True),
    Mutation("citation-made-up", "点评引了不存在的条款", ("critique",), _patched(Coach, "critique", _findings(_made_up_clause))),
    Mutation("finding-uncited", "点评没有依据", ("critique",), _patched(Coach, "critique", _findings(_uncited))),
    Mutation("span-beyond", "标出的位置超出原句", ("critique",), _patched(Coach, "critique", _findings(_beyond_the_line)), fast=True),
    Mutation("line-shifted", "问题记到了上一行", ("critique",), _patched(Coach, "critique", _findings(_next_line))),
    Mutation("all-mild", "所有问题都当作提示", ("critique",), _patched(Coach, "critique", _findings(_mild))),
    Mutation("fact-dropped", "改写丢了数字", ("rewrite",), _patched(Coach, "rewrite", _rewrites(_without_digits)), fast=True),
    Mutation("fact-invented", "改写多许了补偿", ("rewrite",), _patched(Coach, "rewrite", _rewrites(_promising_more)), fast=True),
    Mutation("original-shown", "把原句当作改写", ("rewrite",), _patched(Coach, "rewrite", _rewrites(_as_it_was))),
    Mutation("never-rewrites", "什么都不肯改", ("rewrite",), _patched(Coach, "rewrite", _rewrites(_never))),
    Mutation("silent-rejection", "拒绝时不说理由", ("rewrite",), _patched(Coach, "rewrite", _rewrites(_silently_rejected))),
    Mutation("verifier-off", "改写不经核对", ("rewrite", "safety"), _lazily(_of_class("coach.rewrite.verify", "Verifier", "verdict"), _unverified), fast=True),
    Mutation("answer-unsourced", "回答没有出处", ("ask",), _patched(Coach, "ask", _answers(_unsourced)), fast=True),
    Mutation("answer-made-up-clause", "回答引了不存在的条款", ("ask",), _patched(Coach, "ask", _answers(_citing_nothing_there))),
    Mutation("answer-figures", "回答改了数字", ("ask",), _patched(Coach, "ask", _answers(_wrong_figures)), fast=True),
    Mutation("one-sided", "有分歧只说一边", ("ask",), _patched(Coach, "ask", _answers(_one_sided))),
    Mutation("never-refuses", "手册没说的也硬答", ("ask", "retrieval"), _lazily(_SEARCH, _found(lambda found: replace(found, answered=True))), fast=True),
    Mutation("always-refuses", "什么都说手册里没有", ("ask", "retrieval"), _lazily(_SEARCH, _found(lambda found: replace(found, answered=False)))),
    Mutation("ranking-reversed", "检索把最好的排到最后", ("retrieval",), _lazily(_SEARCH, _found(lambda found: replace(found, results=found.results[::-1]))), fast=True),
    Mutation("never-calms", "客户怎么都不消气", ("roleplay",), _lazily(_STATE, _never_calmer), fast=True),
    Mutation("unmoved", "客户的情绪不随坐席变", ("roleplay",), _lazily(_STATE, _unmoved)),
    Mutation("unseeded", "同样的话，客户每次答得不一样", ("roleplay",), _lazily(_of_class("coach.roleplay.player", "Player", "_chance"), _unseeded)),
    Mutation("agents-words", "客户说起坐席的话", ("roleplay",), _lazily(_SAID, _like_an_agent), fast=True),
    Mutation("parrot", "客户只会说一句话", ("roleplay",), _lazily(_SAID, _like_a_parrot)),
    Mutation("injection-in-chat", "模型照攻击者说的回答", ("safety",), _lazily(_in("coach.assistant.agent", "check"), _any_sentence), fast=True),
    Mutation("injection-clears-call", "模型说没问题就没问题", ("safety",), _lazily(_of_class("coach.critique.model_critic", "ModelCritic", "add"), _whatever_the_model_says)),
    Mutation("masking-identity", "个人信息不遮就发", ("safety",), _lazily(_of_class("coach.privacy.mask", "Masker", "mask"), _as_typed), fast=True),
    Mutation("masking-skipped", "发给外面的接口也不遮", ("safety",), _lazily(_of_class("coach.llm.model", "Model", "masks"), _never_masks)),
    Mutation("tenth-in-error", "一成样本出错", ("critique", "ask"), _lazily(_of_class("eval.suite.harness", "Setup", "answer"), _tenth_failing), fast=True, exit_code=3),
)  # fmt: skip
