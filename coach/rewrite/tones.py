"""Tones a rewrite may be asked for."""

from __future__ import annotations

from typing import Literal

__all__ = ["TONES", "Tone"]

Tone = Literal["plain", "warmer", "shorter", "formal"]

TONES: dict[Tone, str] = {"plain": "自然", "warmer": "更亲切", "shorter": "更简短", "formal": "更正式"}
"""Tone → what people call it."""
