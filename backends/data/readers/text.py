"""Text to be continued: windows of characters or of words, whose next ones are the answers."""

import sysconfig
import zlib
from collections import Counter
from pathlib import Path

import numpy as np

from backends.data.readers.errors import Arrays, DataError, existing, existing_folder, open_bytes
from backends.data.readers.split import rows_for_test
from backends.data.readers.tokens import learned

OTHER = "\N{REPLACEMENT CHARACTER}"


def library_text(characters: int) -> str:
    """The sources of Python's standard library, file by file in the order of their names."""
    stdlib = Path(sysconfig.get_paths()["stdlib"])
    folder = existing_folder(stdlib, "The folder of Python's standard library")
    parts: list[str] = []
    missing = characters
    for path in sorted(folder.glob("*.py"), key=lambda path: path.name):
        if missing <= 0:
            break
        parts.append(path.read_text("utf-8", errors="replace")[:missing])
        missing -= len(parts[-1])
    if not parts:
        raise DataError(
            f"“{folder}” holds no sources: this Python comes without those of its standard "
            "library. Choose a text file of your own."
        )
    return "".join(parts)


def file_text(path: Path, characters: int, encoding: str = "utf-8") -> str:
    """The beginning of a text file, with one sign at the end of each line."""
    try:
        with open_bytes(existing(path, "The text file")) as file:
            # no encoding takes more than four bytes for a character
            text = file.read(4 * characters + 4).decode(encoding, errors="replace")
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(f"“{path}” cannot be read: {error}.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")[:characters]


def alphabet_of(text: str, size: int) -> str:
    """At most so many characters, sorted, the most frequent ones; the first stands for all others.

    Of equally frequent ones those with the lower code stay.
    """
    counts = Counter(text)
    counts.pop(OTHER, None)
    kept = sorted(counts, key=lambda character: (-counts[character], character))[: size - 1]
    return OTHER + "".join(sorted(kept))


def places_in(text: str, alphabet: str) -> np.ndarray:
    """The place of each character in the alphabet; 0 for those that it does not have."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    table = np.zeros(max(map(ord, alphabet)) + 1, np.int64)
    for place, character in enumerate(alphabet):
        table[ord(character)] = place
    table[ord(OTHER)] = 0
    known = codes < len(table)
    return np.where(known, table[np.where(known, codes, 0)], 0)


def cut_for_test(text: str, window: int, test_fraction: float) -> tuple[int, int]:
    """How many windows there are to train on, and for the test at the end of the text."""
    rows = (len(text) - 1) // window
    if rows < 2:
        raise DataError(
            f"The text has {len(text):,} characters; windows of {window:,} need at least "
            f"{2 * window + 1:,}. Take a longer text or shorter windows."
        )
    test = rows_for_test(rows, test_fraction)
    return rows - test, test


def windows_of(
    text: str, window: int, alphabet_size: int, test_fraction: float, unit: str = "characters"
) -> tuple[tuple[str, ...], tuple[Arrays, Arrays]]:
    """The alphabet, and windows side by side: tokens (N, T) and what follows each of them (N, T).

    The test is the end of the text; the alphabet is that of the text before it.

    Args:
        unit: "characters", "words", or "bpe" for pieces of words.
    """
    if unit != "characters":
        return _windows_of_pieces(text, window, alphabet_size, test_fraction, unit)
    train, test = cut_for_test(text, window, test_fraction)
    alphabet = alphabet_of(text[: train * window + 1], alphabet_size)
    places = places_in(text[: (train + test) * window + 1], alphabet)
    columns = {
        "tokens": places[:-1].reshape(-1, window),
        "following": places[1:].reshape(-1, window),
    }
    return tuple(alphabet), (
        {name: column[:train] for name, column in columns.items()},
        {name: column[train:] for name, column in columns.items()},
    )


def _windows_of_pieces(
    text: str, window: int, size: int, test_fraction: float, unit: str
) -> tuple[tuple[str, ...], tuple[Arrays, Arrays]]:
    cut = len(text) - round(len(text) * test_fraction)
    vocabulary = learned([text[:cut]], unit, size)
    parts = []
    for piece in (text[:cut], text[cut:]):
        places = vocabulary.encode(piece)
        rows = max(0, len(places) - 1) // window
        parts.append(
            {
                "tokens": places[: rows * window].reshape(rows, window),
                "following": places[1 : rows * window + 1].reshape(rows, window),
            }
        )
    if not len(parts[0]["tokens"]):
        raise DataError(
            f"The text makes less than {window + 1:,} {unit if unit == 'words' else 'pieces'} to "
            "train on. Take a longer text or shorter windows."
        )
    return vocabulary.pieces, (parts[0], parts[1])


def load_library_text(
    characters: int = 1_000_000,
    window: int = 128,
    alphabet: int = 128,
    test_fraction: float = 0.1,
    unit: str = "characters",
) -> tuple[Arrays, Arrays]:
    """Python's standard library as windows of characters or words: tokens and following."""
    return windows_of(library_text(characters), window, alphabet, test_fraction, unit)[1]


def load_text(
    path: Path,
    characters: int = 1_000_000,
    window: int = 128,
    alphabet: int = 128,
    test_fraction: float = 0.1,
    encoding: str = "utf-8",
    unit: str = "characters",
) -> tuple[Arrays, Arrays]:
    """A text file as windows of characters or words: tokens and following."""
    text = file_text(path, characters, encoding)
    return windows_of(text, window, alphabet, test_fraction, unit)[1]
