"""Whether a mended line reads well: blunt words left standing, and words that are no sentence after a mend."""

from __future__ import annotations

from coach.rewrite.faults import Faults
from coach.text import normalise

__all__ = ["reads_badly"]


def reads_badly(faults: Faults, candidate: str) -> list[str]:
    """Blunt words no rule knows, and words that read badly after a mend, each as a reason in Chinese."""
    if not faults.findings:
        return []
    turn = normalise(candidate)
    rude = [c.text.strip(",。!?") for c in turn.clauses if faults.mends.rude.found(c.text)]
    rules = ("any", *faults.rules)
    unfit = [faults.mends.unfit[rule] for rule in rules if rule in faults.mends.unfit]
    bad = [turn.text[start:end] for pattern in unfit for start, end in pattern.spans(turn.text)]
    return [*(f"“{words}”仍然生硬" for words in rude), *(f"“{words}”读起来不通顺" for words in bad)]
