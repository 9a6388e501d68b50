"""Rubrics and scorecards over findings."""

from coach.scoring.rubric import Item, Rubric, load_rubric
from coach.scoring.scorecard import Scorecard, score

__all__ = ["Item", "Rubric", "Scorecard", "load_rubric", "score"]
