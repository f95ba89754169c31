"""Made-up words as sound: a voice of random pitch says vowels that glide into each other."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.split import mask_for_test, parted

RATE = 8000
LOWEST_VOICE, HIGHEST_VOICE = 90.0, 220.0  # Hz
# First and second formants of the vowels of Peterson and Barney, Control Methods Used in a Study of
# the Vowels (1952), men; the third ones stay about where they are.
VOWELS = {
    "i": (270, 2290, 3010), "e": (530, 1840, 2480), "a": (730, 1090, 2440),
    "o": (570, 840, 2410), "u": (300, 870, 2240),
}  # fmt: skip
WORDS = ("ia", "ai", "ou", "uo", "ea", "ae", "iu", "ui", "oe", "au")
WIDTH = 120.0  # Hz, of a formant
VOICED_HZ = 3600.0
COARSE = 32


def load_spoken(
    words: int = 10,
    seconds: float = 0.4,
    noise: float = 0.02,
    rows: int = 1000,
    seed: int = 0,
    test_fraction: float = 0.2,
) -> tuple[Arrays, Arrays]:
    """Waves x (N, T) of 8,000 numbers a second, and which word each says, y (N).

    Voices differ in pitch, size of the mouth, speed and loudness, and when they begin to speak.

    Args:
        noise: spread of what is added to every number; a voice is about 0.2 loud.
    """
    random = np.random.RandomState([seed, 7])
    length = round(seconds * RATE)
    time = np.arange(length) / RATE
    y = np.arange(rows) % words
    x = np.empty((rows, length), np.float32)
    for row in range(rows):
        begin, lasts = random.uniform(0, 0.2) * seconds, random.uniform(0.6, 0.8) * seconds
        share = np.clip((time - begin) / lasts, 0, 1)
        mouth, loud = random.uniform(0.9, 1.15), random.uniform(0.12, 0.3)
        pitch = random.uniform(LOWEST_VOICE, HIGHEST_VOICE) * (
            1 + random.uniform(-0.2, 0.2) * share
        )
        formants = _glide(WORDS[y[row]], share) * mouth
        wave = _voice(pitch, formants) * np.sin(np.pi * share) ** 0.5
        wave *= loud / max(float(np.sqrt(np.mean(wave**2))), 1e-9)
        x[row] = wave + noise * random.standard_normal(length)
    return parted({"x": x, "y": y}, mask_for_test(rows, test_fraction, seed, y))


def _glide(word: str, share: np.ndarray) -> np.ndarray:
    """Where the formants are at each time (3, T), on their way from one vowel to the other."""
    first, second = (np.array(VOWELS[vowel], np.float64)[:, None] for vowel in word)
    turn = 1 / (1 + np.exp(-12 * (share - 0.5)))
    return first + (second - first) * turn


def _voice(pitch: np.ndarray, formants: np.ndarray) -> np.ndarray:
    """All harmonics of the pitch, as loud as the formants let them through."""
    turn = np.exp(2j * np.pi * np.cumsum(pitch) / RATE)
    harmonics = np.arange(1, int(VOICED_HZ / pitch.min()) + 1)[:, None]
    # mouths move slowly: how loud a harmonic is need not be known at every number
    places = np.arange(0, len(pitch), COARSE)
    hertz = harmonics * pitch[places]
    distance = (hertz[:, None] - formants[None, :, places]) / WIDTH
    loud = np.where(hertz < VOICED_HZ, (1 / (1 + distance**2)).sum(axis=1) / harmonics, 0)
    wave, spun = np.zeros(len(pitch)), np.ones(len(pitch), np.complex128)
    for each in loud:
        spun = spun * turn
        wave += np.interp(np.arange(len(pitch)), places, each) * spun.imag
    return wave
