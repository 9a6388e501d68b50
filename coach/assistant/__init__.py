"""Everything below, opened once and offered as one object."""

from coach.assistant.coach import Coach

__all__ = ["Coach"]
