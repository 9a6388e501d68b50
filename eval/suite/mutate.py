"""The mutation check: breaks the coach in each known way and shows which tasks notice. What none notices is a hole in the cases."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coach.errors import InputError
from eval.suite.baseline import accepted
from eval.suite.gate import Breach, Gates, Verdict, judged
from eval.suite.load import LoadedCase
from eval.suite.mutations import MUTATIONS, Mutation
from eval.suite.result import Run
from eval.suite.rubric import Rubric
from eval.suite.run import Wanted, run_suite
from eval.suite.subject import Subject

__all__ = ["Caught", "chosen_mutations", "mutate"]


@dataclass(frozen=True, slots=True)
class Caught:
    """What became of one mutation.

    Attributes:
        mutation: Which.
        exit_code: What the gate answered.
        tasks: Tasks that noticed, with the first reason each.
        caught: Whether the gate answered as it must, and a task that should notice did.
    """

    mutation: Mutation
    exit_code: int
    tasks: Mapping[str, str]
    caught: bool


def chosen_mutations(names: Sequence[str], *, fast: bool) -> tuple[Mutation, ...]:
    """Those named, else the fast half, else all; raises InputError for a name that isn't there."""
    known = {mutation.id: mutation for mutation in MUTATIONS}
    for name in names:
        if name not in known:
            raise InputError(f"没有这种弄坏的办法：{name}", where="--only", hint=f"可用：{'、'.join(known)}")
    if names:
        return tuple(known[name] for name in names)
    return tuple(m for m in MUTATIONS if m.fast or not fast)


def mutate(
    subject: Subject,
    cases: Sequence[LoadedCase],
    rubrics: Mapping[str, Rubric],
    gates: Gates,
    mutations: Sequence[Mutation],
    *,
    fast: bool,
    told: Callable[[Caught], None] = lambda _: None,
) -> tuple[Caught, ...]:
    """Each mutation run and put to the gate, against what the coach as it is does on the same cases.

    Args:
        subject: The coach as it is.
        cases: All cases.
        rubrics: By id.
        gates: Thresholds and noise.
        mutations: Which to try.
        fast: Run only the tasks that should notice; else all.
        told: Hears of each.
    """
    with tempfile.TemporaryDirectory() as folder:
        clean = run_suite(subject, cases, rubrics, Wanted(), Path(folder) / "clean")
        baseline = accepted(clean, "未弄坏时的结果", date.today(), None)
        before = judged(clean, gates, baseline)
        results = []
        for mutation in mutations:
            if any(loaded.task in mutation.tasks for loaded in cases):
                wanted = Wanted(tasks=mutation.tasks if fast else ())
                with mutation.broken(subject) as broken:
                    run = run_suite(broken, cases, rubrics, wanted, Path(folder) / mutation.id)
                result = _caught(mutation, run, judged(run, gates, baseline), before)
            else:  # no case looks at what it breaks
                result = Caught(mutation, 0, {}, caught=False)
            told(result)
            results.append(result)
    return tuple(results)


def _caught(mutation: Mutation, run: Run, verdict: Verdict, before: Verdict) -> Caught:
    known = {(b.kind, b.task, b.what) for b in before.breaches}
    new = [b for b in verdict.breaches if (b.kind, b.task, b.what) not in known]
    noticed = _by_task(run, new)
    right = verdict.exit_code == mutation.exit_code and bool(set(noticed) & set(mutation.tasks))
    return Caught(mutation, verdict.exit_code, noticed, right)


def _by_task(run: Run, breaches: Sequence[Breach]) -> dict[str, str]:
    """Task → the first reason; a breach of the whole run counts for the tasks of its cases."""
    noticed: dict[str, str] = {}
    tasks = {sample.case: sample.task for sample in run.samples}
    for breach in breaches:
        for task in [breach.task] if breach.task else dict.fromkeys(tasks[case] for case in breach.cases):
            noticed.setdefault(task, breach.what)
    return noticed
