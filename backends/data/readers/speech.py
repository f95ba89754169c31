"""Sequences that look like spectrograms of speech, made from letters of random length."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.split import mask_for_test, parted

SHORTEST_LETTER, LONGEST_LETTER, LONGEST_PAUSE = 4, 8, 3
BANDS = 3
LOUDEST = 2.0


def frames_at_most(longest: int) -> int:
    """How many frames a row has room for."""
    return longest * (LONGEST_LETTER + LONGEST_PAUSE) + LONGEST_PAUSE


def load_speech(
    letters: int = 8,
    frequencies: int = 20,
    shortest: int = 3,
    longest: int = 8,
    noise: float = 0.3,
    stride: int = 2,
    rows: int = 2500,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> tuple[Arrays, Arrays]:
    """Letters heard in noise: spectrogram (N, T, F), said (N, S), places (N) and said_letters (N).

    Each letter is a few bands of frequencies that swell and fade, and glide a little; it lasts 4
    to 8 frames and up to 3 silent ones stand between two. Letters count from 1, for 0 is the blank.

    Args:
        shortest: of the words, in letters; `longest` likewise.
        noise: spread of what is added to every number.
        stride: how many frames become one place of the model's answer; `places` counts those.
    """
    random = np.random.RandomState([seed, 3])
    centres = _bands(np.random.RandomState([seed, 4]), letters, frequencies)
    room = frames_at_most(longest)
    x = np.zeros((rows, room, frequencies), np.float32)
    said = np.zeros((rows, longest), np.int64)
    frames = np.zeros(rows, np.int64)
    counts = random.randint(shortest, longest + 1, rows)
    for row in range(rows):
        word = random.randint(1, letters + 1, counts[row])
        said[row, : len(word)] = word
        at = random.randint(0, LONGEST_PAUSE + 1)
        for letter in word:
            lasts = random.randint(SHORTEST_LETTER, LONGEST_LETTER + 1)
            x[row, at : at + lasts] = _sound(random, centres[letter - 1], lasts, frequencies)
            at += lasts + random.randint(0, LONGEST_PAUSE + 1)
        frames[row] = at
    x += noise * random.standard_normal(x.shape)
    x *= np.arange(room)[None, :, None] < frames[:, None, None]
    columns: Arrays = {
        "spectrogram": x.astype(np.float32),
        "said": said,
        "places": np.asarray(-(-frames // stride)),
        "said_letters": counts.astype(np.int64),
    }
    return parted(columns, mask_for_test(rows, test_fraction, seed))


def _bands(random: np.random.RandomState, letters: int, frequencies: int) -> np.ndarray:
    """Where the bands of each letter begin and end, (letters, bands, 2)."""
    begin = random.uniform(0, frequencies - 1, (letters, BANDS))
    glide = random.uniform(-frequencies / 5, frequencies / 5, (letters, BANDS))
    return np.stack([begin, begin + glide], axis=-1)


def _sound(
    random: np.random.RandomState, bands: np.ndarray, lasts: int, frequencies: int
) -> np.ndarray:
    """A letter as frames (lasts, F)."""
    share = (np.arange(lasts) + 0.5) / lasts
    centre = bands[:, 0] + share[:, None] * (bands[:, 1] - bands[:, 0])
    distance = np.arange(frequencies)[None, None, :] - centre[:, :, None]
    swell = np.sin(np.pi * share) ** 0.5 * random.uniform(LOUDEST / 2, LOUDEST)
    heard: np.ndarray = swell[:, None] * np.exp(-(distance**2) / 2).sum(axis=1)
    return heard
