"""Everything below, opened once and offered as one object."""

from coach.assistant.answer import Answer, Disagreement, Point
from coach.assistant.coach import Coach
from coach.assistant.converse import Reply, Topic, answered, replies, reply

__all__ = ["Answer", "Coach", "Disagreement", "Point", "Reply", "Topic", "answered", "replies", "reply"]
