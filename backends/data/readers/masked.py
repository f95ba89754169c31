"""Pairs of pieces of text in which some characters are hidden, to learn from as BERT does."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.text import alphabet_of, cut_for_test, library_text, places_in

START, BETWEEN, HIDDEN = "[CLS]", "[SEP]", "[MASK]"
SPECIAL = (START, BETWEEN, HIDDEN)
NOT_HIDDEN = -100
SHARE_HIDDEN, SHARE_MASKED, SHARE_REPLACED = 0.15, 0.8, 0.1


def load_masked_text(
    characters: int = 1_000_000,
    piece: int = 30,
    alphabet: int = 128,
    seed: int = 0,
    test_fraction: float = 0.1,
) -> tuple[Arrays, Arrays]:
    """Two pieces of Python's standard library in a row, some of their characters hidden.

    Columns are tokens and segments (N, T), hidden_words (N, T) with -100 where nothing is hidden,
    and is_next (N): whether the second piece follows the first, as it does in half of the rows.
    """
    text, train, letters = _cut(characters, piece, alphabet, test_fraction)
    places = places_in(text, letters) + len(SPECIAL)
    pieces = places.reshape(-1, 2, piece)
    random = np.random.RandomState([seed, 5])
    size = len(SPECIAL) + len(letters)
    return _pairs(random, pieces[:train], size), _pairs(random, pieces[train:], size)


def masked_tokens(
    characters: int, piece: int, alphabet: int, test_fraction: float
) -> tuple[int, tuple[str, ...]]:
    """How many rows there are, and what each token stands for."""
    text, _, letters = _cut(characters, piece, alphabet, test_fraction)
    return len(text) // (2 * piece), (*SPECIAL, *letters)


def _cut(characters: int, piece: int, alphabet: int, test_fraction: float) -> tuple[str, int, str]:
    """Text for whole rows, how many of them are to train on, and the alphabet of those."""
    text = library_text(characters)
    train, test = cut_for_test(text, 2 * piece, test_fraction)
    letters = alphabet_of(text[: train * 2 * piece], alphabet - len(SPECIAL))
    return text[: (train + test) * 2 * piece], train, letters


def _pairs(random: np.random.RandomState, pieces: np.ndarray, size: int) -> Arrays:
    rows, _, piece = pieces.shape
    # of a single row there is no other piece to take
    is_next: np.ndarray = (random.random_sample(rows) < 0.5) | (rows == 1)
    strangers = (np.arange(rows) + random.randint(1, max(rows, 2), rows)) % max(rows, 1)
    second = np.where(is_next[:, None], pieces[:, 1], pieces[strangers, 1])
    start, between = np.full((rows, 1), 0), np.full((rows, 1), 1)
    tokens = np.concatenate([start, pieces[:, 0], between, second, between], axis=1)
    can_hide = tokens >= len(SPECIAL)
    is_hidden = can_hide & (random.random_sample(tokens.shape) < SHARE_HIDDEN)
    hidden = np.where(is_hidden, tokens, NOT_HIDDEN)
    drawn = random.random_sample(tokens.shape)
    others = random.randint(len(SPECIAL), size, tokens.shape)
    tokens = np.where(is_hidden & (drawn < SHARE_MASKED), 2, tokens)
    replaced = is_hidden & (drawn >= SHARE_MASKED) & (drawn < SHARE_MASKED + SHARE_REPLACED)
    tokens = np.where(replaced, others, tokens)
    segments = np.zeros((rows, 2 * piece + 3), np.int64)
    segments[:, piece + 2 :] = 1
    return {
        "tokens": tokens.astype(np.int64),
        "segments": segments,
        "hidden_words": hidden.astype(np.int64),
        "is_next": is_next.astype(np.int64),
    }
