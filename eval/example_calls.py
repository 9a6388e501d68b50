"""Writes docs/mock-calls.md: three good and three bad calls as the coach plays and scores them.

python -m eval.example_calls
"""

from __future__ import annotations

import sys
from pathlib import Path

from coach.assistant import Coach
from coach.roleplay import MockCall, Setup, find_persona, load_scenarios
from coach.roleplay.scored import played as as_played
from coach.scoring import Scorecard, score
from coach.settings import Settings
from eval.scripted_agents import played

__all__ = ["main"]

_DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "mock-calls.md"
_CALLS = (
    ("broadband-slow-after-upgrade", "抱怨成癖", "good"),
    ("golden-wedding-negatives", "礼貌老人", "good"),
    ("unknown-value-added-charge", "法律型", "good"),
    ("broadband-slow-after-upgrade", "抱怨成癖", "bad"),
    ("phone-suspended-arrears", "完全失控", "bad"),
    ("claim-missing-invoice", "要求升级投诉", "bad"),
)
_OUTCOMES = {"resolved": "解决了", "unresolved": "没有解决", "escalated": "闹到上级", "hung_up": "客户挂断"}
_HEAD = """# Mock calls

Six calls as 三声 plays them with no model: the customer's turns are the built-in ones, and everything here is written by
`python -m eval.example_calls`. The agent's lines stand in the scenario files.

The number behind a customer's turn is his emotion (10 is furious). Beside an agent's line stands what moved him and why, by the table in
`knowledge/roleplay/moves.yaml`; the same line does the same to the same customer every time.
"""


def _told(call: MockCall, card: Scorecard) -> str:
    setup = call.setup
    lines = [
        f"\n## {setup.scenario.title} · {setup.persona.name} · {'得体的坐席' if call.outcome == 'resolved' else '不得体的坐席'}\n",
        f"{setup.scenario.summary}\n",
    ]
    for turn in call.turns:
        if turn.speaker == "agent":
            why = "；".join(dict.fromkeys(t.why.rstrip("。") for t in turn.transitions if abs(t.emotion) >= 0.3))
            lines.append(f"- **坐席** {turn.text}" + (f"\n  <br>*{why}*" if why else ""))
        else:
            lines.append(f"- **客户** {turn.text} `{turn.state.emotion:.1f}`")
    failed = [check.item.title for check in card.checks if check.status == "failed"][:6]
    groups = "，".join(f"{group} {value}" for group, value in card.groups.items())
    lines.append(f"\n结局：{_OUTCOMES[call.outcome or 'unresolved']}。得分 {card.total}（{groups}）。")
    if failed:
        lines.append(f"主要没做到：{'、'.join(failed)}。")
    return "\n".join(lines)


def main() -> int:
    """Writes the document."""
    coach = Coach.open(Settings(), use_model=False)
    scenarios = load_scenarios(coach.folder)
    parts = [_HEAD]
    for id_, persona, kind in _CALLS:
        scenario = scenarios[id_]
        lines = scenario.example_good if kind == "good" else scenario.example_bad
        call = played(coach.player, Setup(find_persona(persona, coach.folder), scenario, seed=3), lines)
        card = score(coach.critique(call.transcript()), coach.rubric, as_played(call))
        parts.append(_told(call, card))
    _DOCUMENT.write_text("\n".join(parts) + "\n", encoding="utf-8")
    sys.stdout.write(f"{_DOCUMENT.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
