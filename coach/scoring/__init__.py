"""Rubrics and scorecards over findings."""

from coach.scoring.practice import Practice, drills, next_practice
from coach.scoring.rubric import Check, Rubric, load_rubric
from coach.scoring.schema import Drill, Item
from coach.scoring.scorecard import Checked, Mood, Played, Scorecard, Status, score

__all__ = [
    "Check",
    "Checked",
    "Drill",
    "Item",
    "Mood",
    "Played",
    "Practice",
    "Rubric",
    "Scorecard",
    "Status",
    "drills",
    "load_rubric",
    "next_practice",
    "score",
]
