"""What networks of language learn from offline: characters of Python's sources, and digits."""

from __future__ import annotations

from graph.gallery.draw import Drawing

# Characters that are told apart; published models read pieces of words.
ALPHABET = 128
LONGEST_WINDOW = 1024
# Ten digits, and marks for begin and end.
DIGIT_TOKENS = 12
# Up to so many features a network learns these in minutes, with large steps.
FEW_FEATURES = 256


def characters(d: Drawing, window: int, vocabulary: int) -> None:
    """Python's sources, to be continued character by character."""
    d.data("stdlib", window=min(window, LONGEST_WINDOW), alphabet=min(vocabulary, ALPHABET))


def hidden_characters(d: Drawing, context: int, vocabulary: int) -> None:
    """Pairs of pieces of Python's sources with hidden characters; they fit into the context."""
    piece = max(1, (min(context, LONGEST_WINDOW) - 3) // 2)
    d.data("masked_text", piece=piece, alphabet=max(5, min(vocabulary, ALPHABET)))


def digits_to_reverse(d: Drawing, longest: int = 8) -> None:
    """Digits to be written backwards."""
    d.data("sequences", task="reverse", length=min(8, max(1, longest)))
