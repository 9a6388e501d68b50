"""The shipped judge is the one that the training lines give: built anew from them, it decides the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.critique import RulePack, critique_line, load_rules
from coach.critique.judge import Model
from coach.critique.view import CallView
from coach.knowledge import load_standard
from coach.settings import knowledge_dir
from eval.build_judge import all_lines, fit, read_examples
from eval.labelled import read_lines


@pytest.mark.slow
def test_the_judge_built_anew_decides_the_same(root: Path) -> None:
    rules, standard = load_rules(knowledge_dir()), load_standard("default", knowledge_dir())
    assert rules.judge is not None
    shipped = rules.judge.model
    alone, beside = shipped.limits
    examples = read_examples(all_lines(rules, standard), rules, standard)
    again = Model(fit(examples, (alone, beside)))
    assert again.rules == shipped.rules
    same = decided = 0
    for line in read_lines(root / "eval" / "heldback" / "lines.jsonl"):
        last = len(line.transcript.turns)
        fired = {f.rule for f in critique_line(line.transcript, last, RulePack(rules.rules), standard)}
        call = CallView(line.transcript, standard, line.transcript.meta.direction)
        seen = rules.judge.features(call, last - 1, fired)
        limits = np.where([rule in fired for rule in shipped.rules], beside, alone)
        same += int(((shipped.log_odds(seen) >= limits) == (again.log_odds(seen) >= limits)).sum())
        decided += len(shipped.rules)
    assert decided > 10_000
    assert same / decided > 0.9995, "run make judge"
