"""Saved mock calls: SQLite in the data folder, or PostgreSQL by URL. Turning calls into what is saved is left to `roleplay`."""

from coach.storage.store import Store
from coach.storage.values import (
    CallSummary,
    Json,
    NewCall,
    Outcome,
    SavedCall,
    SavedFinding,
    SavedScorecard,
    SavedTransition,
    SavedTry,
    SavedTurn,
    ShowFindings,
    Speaker,
    TrendPoint,
)

__all__ = [
    "CallSummary",
    "Json",
    "NewCall",
    "Outcome",
    "SavedCall",
    "SavedFinding",
    "SavedScorecard",
    "SavedTransition",
    "SavedTry",
    "SavedTurn",
    "ShowFindings",
    "Speaker",
    "Store",
    "TrendPoint",
]
