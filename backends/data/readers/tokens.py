"""Text as characters, words or pieces of words, learned from the rows to train on."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from backends.data.readers.errors import DataError

UNITS = ("characters", "words", "bpe")
WORD = r" ?\w+| ?[^\w\s]+|\s"  # all that it finds, put together, is the text again
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Vocabulary:
    """What each number stands for, and how text becomes numbers."""

    pieces: tuple[str, ...]
    encode: Callable[[str], np.ndarray]


def learned(
    texts: Iterable[str], unit: str, size: int, marks: tuple[str, ...] = (UNKNOWN,)
) -> Vocabulary:
    """At most so many pieces, the most frequent ones, behind the marks.

    The replacement character, one of the marks, stands for what is not known.

    Args:
        unit: "characters", "words", or "bpe" for pieces of words (Sennrich, Haddow, Birch, Neural
            Machine Translation of Rare Words with Subword Units, 2016), by the package tokenizers.
    """
    if unit == "bpe":
        return _learned_pairs(texts, size, marks)
    split: Callable[[str], list[str]] = list if unit == "characters" else re.compile(WORD).findall
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(split(text))
    for mark in marks:
        counts.pop(mark, None)
    kept = sorted(counts, key=lambda piece: (-counts[piece], piece))[: size - len(marks)]
    pieces = (*marks, *kept)
    places = {piece: place for place, piece in enumerate(pieces)}
    unknown = marks.index(UNKNOWN)

    def encode(text: str) -> np.ndarray:
        return np.array([places.get(piece, unknown) for piece in split(text)], np.int64)

    return Vocabulary(pieces, encode)


def _learned_pairs(texts: Iterable[str], size: int, marks: tuple[str, ...]) -> Vocabulary:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from tokenizers import (  # type: ignore[import-not-found,unused-ignore]  # an extra
            Regex,
            Tokenizer,
            models,
            pre_tokenizers,
            trainers,
        )
    except ImportError as error:
        raise DataError(
            "The package tokenizers makes pieces of words: install it with “pip install "
            "tokenizers”, or take characters or words."
        ) from error
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), "isolated")
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=list(marks), show_progress=False, min_frequency=2
    )
    tokenizer.train_from_iterator(texts, trainer)
    found = tokenizer.get_vocab()
    pieces = tuple(sorted(found, key=found.__getitem__))

    def encode(text: str) -> np.ndarray:
        return np.array(tokenizer.encode(text, add_special_tokens=False).ids, np.int64)

    return Vocabulary(pieces, encode)
