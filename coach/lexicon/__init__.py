"""Words: cutting Chinese text into them, and their vectors. What is concluded from either is left to others."""

from coach.lexicon.cut import cutter, words
from coach.lexicon.vectors import WORD_VECTORS, WordVectors, load_word_vectors

__all__ = ["WORD_VECTORS", "WordVectors", "cutter", "load_word_vectors", "words"]
