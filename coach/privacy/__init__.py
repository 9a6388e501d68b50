"""Personal data kept on this machine: stable placeholders for what leaves it, and the way back."""

from coach.privacy.mask import Masker

__all__ = ["Masker"]
