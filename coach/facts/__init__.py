"""Facts a line states: numbers, amounts, times, names, addresses, products, and whether it says yes or no."""

from coach.facts.extract import extract
from coach.facts.identifiers import Identifier, identifiers, said_back
from coach.facts.model import Fact, is_idle, is_manner, same_fact
from coach.facts.numerals import digits_of, number_of
from coach.facts.published import standard_numbers

__all__ = [
    "Fact",
    "Identifier",
    "digits_of",
    "extract",
    "identifiers",
    "is_idle",
    "is_manner",
    "number_of",
    "said_back",
    "same_fact",
    "standard_numbers",
]
