"""Sound files as waves of one rate and length, or as how loud each frequency is over time."""

import math
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backends.data.readers.errors import DataError

SOUNDS = frozenset({".wav", ".flac", ".ogg"})
TAPS = 32  # on either side of a place
FRAME_S, HOP_S = 0.025, 0.010
QUIETEST = 1e-6
HIGHEST_RATE = 768_000
LARGEST_WEIGHTS = 1_600_000  # numbers at once


@dataclass(frozen=True)
class Hearing:
    """How sounds are brought to one shape.

    Attributes:
        rate: numbers a second.
        seconds: how long each sound is; longer ones are cut, shorter ones end in silence.
        middle: cut the middle out of long ones, instead of taking their beginning.
        bands: 0 for the wave, else as many bands of frequencies, by their loudness.
    """

    rate: int = 16_000
    seconds: float = 1.0
    middle: bool = False
    bands: int = 0

    @property
    def length(self) -> int:
        """How many numbers a wave has."""
        return max(1, round(self.rate * self.seconds))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of every sound: (numbers), or (frames, bands)."""
        if not self.bands:
            return (self.length,)
        frame, hop = (max(1, round(self.rate * each)) for each in (FRAME_S, HOP_S))
        return 1 + max(0, self.length - frame) // hop, self.bands


def hear(path: Path, hearing: Hearing) -> np.ndarray | str:
    """The sound as float32 in the shape that is wanted, or why it cannot be read."""
    try:
        samples, rate = read_wave(path)
    except DataError as error:
        return f"{path.parent.name}/{path.name} ({error})"
    if not len(samples):
        return f"{path.parent.name}/{path.name} (it has the length 0)"
    if not 1 <= rate <= HIGHEST_RATE:
        return (
            f"{path.parent.name}/{path.name} (its header says {rate:,} samples a second; 1 to "
            f"{HIGHEST_RATE:,} are read)"
        )
    spare = _length_at(len(samples), rate, hearing.rate) - hearing.length
    start = spare // 2 if hearing.middle and spare > 0 else 0
    cut = resampled(samples.mean(axis=1), rate, hearing.rate, start, hearing.length)
    whole = np.zeros(hearing.length)
    whole[: len(cut)] = cut
    found = loudness(whole, hearing) if hearing.bands else whole
    return found.astype(np.float32)


def read_wave(path: Path) -> tuple[np.ndarray, int]:
    """The samples (T, channels) from -1 to 1, and how many there are a second."""
    if path.suffix.lower() == ".wav":
        try:
            with wave.open(str(path), "rb") as file:
                width, channels = file.getsampwidth(), file.getnchannels()
                data = file.readframes(file.getnframes())
                return _as_samples(data, width, channels), file.getframerate()
        except wave.Error as error:
            if "unknown format" not in str(error):
                raise DataError(f"it is no WAV file: {error}") from error
        except (OSError, EOFError, ValueError) as error:
            raise DataError(f"it is no WAV file: {str(error) or 'it breaks off'}") from error
    return _by_library(path)


def _as_samples(data: bytes, width: int, channels: int) -> np.ndarray:
    """Whole numbers of one to four bytes as numbers from -1 to 1."""
    data = data[: len(data) // (width * channels) * width * channels]
    if width == 1:
        values = np.frombuffer(data, np.uint8).astype(np.float64) - 128
    elif width == 3:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        values = wide.view("<i4")[:, 0].astype(np.float64) / 256
    else:
        values = np.frombuffer(data, f"<i{width}").astype(np.float64)
    return np.asarray(values.reshape(-1, channels) / 2.0 ** (8 * width - 1))


def _by_library(path: Path) -> tuple[np.ndarray, int]:
    try:
        import soundfile  # type: ignore[import-not-found,import-untyped,unused-ignore]  # an extra
    except (ImportError, OSError) as error:
        raise DataError(
            "the package soundfile reads such files: install it with “pip install soundfile”, or "
            "save the sound as WAV of whole numbers"
        ) from error
    try:
        samples, rate = soundfile.read(str(path), dtype="float64", always_2d=True)
    except (RuntimeError, OSError) as error:
        raise DataError(str(error)) from error
    return samples, int(rate)


def _length_at(samples: int, rate: int, wanted: int) -> int:
    """How many samples there are at another rate."""
    return samples if rate == wanted else max(1, math.floor(samples * wanted / rate))


def resampled(
    samples: np.ndarray, rate: int, wanted: int, first: int = 0, most: int | None = None
) -> np.ndarray:
    """The same sound with another number of samples a second, by a windowed sinc.

    Frequencies that the lower of both rates cannot hold are taken out.

    Args:
        first: the sample that the answer begins with; `most` is how long it is at most.
    """
    end = len(samples) if most is None else first + most
    if rate == wanted or not len(samples):
        return samples[first:end]
    whole_length = _length_at(len(samples), rate, wanted)
    count = whole_length - first if most is None else min(whole_length - first, most)
    step, share = rate / wanted, min(1.0, wanted / rate)
    reach = math.ceil(TAPS / share)
    found = np.empty(count)
    padded = np.concatenate([np.zeros(reach), samples, np.zeros(reach + 1)])
    offsets = np.arange(-reach, reach + 1)
    rows = max(1, min(4096, LARGEST_WEIGHTS // len(offsets)))
    for start in range(0, count, rows):
        places = np.arange(first + start, first + min(start + rows, count)) * step
        whole = np.floor(places).astype(np.int64)
        distance = (places - whole)[:, None] - offsets[None, :]
        bell = np.cos(np.pi / 2 * np.clip(distance / (reach + 1), -1, 1)) ** 2
        weights = share * np.sinc(share * distance) * bell
        taken = padded[whole[:, None] + reach + offsets[None, :]]
        found[start : start + len(places)] = np.einsum("nt,nt->n", taken, weights)
    return found


def loudness(samples: np.ndarray, hearing: Hearing) -> np.ndarray:
    """The logarithm of the energy in each band (frames, bands), spaced as the ear hears."""
    frame, hop = (max(1, round(hearing.rate * each)) for each in (FRAME_S, HOP_S))
    frames = hearing.shape[0]
    padded = np.concatenate([samples, np.zeros(max(0, frame - len(samples)))])
    windows = np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop][:frames]
    size = 1 << (frame - 1).bit_length()
    energy = np.abs(np.fft.rfft(windows * np.hanning(frame), size)) ** 2 / frame
    return np.asarray(
        np.log(np.einsum("tf,bf->tb", energy, _filters(hearing, size)) + QUIETEST)
        - np.log(QUIETEST)
    )


def _filters(hearing: Hearing, size: int) -> Any:
    """Triangles over the frequencies, one a band."""
    highest = 2595 * math.log10(1 + hearing.rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, hearing.bands + 2) / 2595) - 1)
    # a band narrower than what a frame tells apart still hears its nearest frequency
    places = np.fft.rfftfreq(size, 1 / hearing.rate)
    gap = places[1]
    low = np.minimum(edges[:-2], edges[1:-1] - gap)[:, None]
    high = np.maximum(edges[2:], edges[1:-1] + gap)[:, None]
    middle = edges[1:-1, None]
    rising, falling = (places - low) / (middle - low), (high - places) / (high - middle)
    return np.clip(np.minimum(rising, falling), 0, None)
