"""The columns of samples: their cells as text, how they are ordered, and what is found in them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

import numpy as np

from backends.data.browsing.stack import Stack

Cancelled = Callable[[], bool]
LONGEST_TEXT = 200
LONGEST_WHOLE = 1e15
NO_CELLS: Mapping[int, str] = MappingProxyType({})
SIGNS = {"\n": "↵", "\t": "⇥", "\f": "␌", "\r": "␍"}


class Column(ABC):
    """One column of all samples.

    Attributes:
        kind: what it holds, in a word: number, class, category, date, text, tokens, file.
        is_target: whether a model is to predict it.
    """

    def __init__(self, name: str, kind: str, *, is_target: bool = False) -> None:
        self.name = name
        self.kind = kind
        self.is_target = is_target

    @abstractmethod
    def text(self, row: int) -> str:
        """The cell as it is shown; empty where there is none."""

    def whole_text(self, row: int) -> str:
        """The cell without anything left out."""
        return self.text(row)

    @abstractmethod
    def keys(self) -> np.ndarray:
        """Numbers by which rows are put in order; NaN where there is a gap."""

    @abstractmethod
    def finds(self, needle: str, cancelled: Cancelled) -> np.ndarray:
        """Which rows have the text, in lower case, in their cell."""

    def gaps(self) -> np.ndarray:
        """Which rows have a gap here."""
        return np.asarray(np.isnan(self.keys()))


class NumberColumn(Column):
    """Numbers; `raw` holds the cells that are none, by their rows."""

    def __init__(
        self,
        name: str,
        held: Stack,
        place: int = 0,
        *,
        kind: str = "number",
        is_target: bool = False,
        raw: Mapping[int, str] = NO_CELLS,
    ) -> None:
        super().__init__(name, kind, is_target=is_target)
        self._held = held
        self._place = place
        self._raw = raw

    def values(self) -> np.ndarray:
        """All of them; NaN where there is none."""
        return self._held.numbers(self._place)

    def text(self, row: int) -> str:
        if row in self._raw:
            return self._raw[row]
        return number_text(float(self._held.row(row).reshape(-1)[self._place]))

    def keys(self) -> np.ndarray:
        return self.values()

    def finds(self, needle: str, cancelled: Cancelled) -> np.ndarray:
        values = self.values()
        found = np.zeros(len(values), bool)
        if may_be_number(needle):
            different, places = np.unique(values, return_inverse=True)
            hits = np.zeros(len(different), bool)
            for at, value in enumerate(different):
                if at % 4096 == 0 and cancelled():
                    break
                hits[at] = needle in number_text(float(value)).lower()
            found = hits[places]
        for row, cell in self._raw.items():
            found[row] = needle in cell.lower()
        return found

    def gaps(self) -> np.ndarray:
        return np.asarray(~np.isfinite(self.values()))


class CodeColumn(Column):
    """Texts of which each is kept once: classes, categories, names. A code below 0 is a gap."""

    def __init__(
        self,
        name: str,
        codes: np.ndarray,
        values: Sequence[str],
        kind: str,
        *,
        is_target: bool = False,
        in_order: bool = False,
    ) -> None:
        super().__init__(name, kind, is_target=is_target)
        self.codes = codes
        self.values = values
        self._in_order = in_order

    def text(self, row: int) -> str:
        whole = self.whole_text(row)
        return whole if len(whole) <= LONGEST_TEXT else whole[:LONGEST_TEXT] + " …"

    def whole_text(self, row: int) -> str:
        code = int(self.codes[row])
        if code >= len(self.values):
            return str(code)
        return self.values[code] if code >= 0 else ""

    @cached_property
    def _ranks(self) -> np.ndarray:
        """The place of each value in order; classes have theirs already."""
        if self._in_order:
            return np.arange(len(self.values), dtype=np.float64)
        ranks = np.empty(len(self.values))
        ranks[sorted(range(len(self.values)), key=lambda at: self.values[at].casefold())] = (
            np.arange(len(self.values))
        )
        return ranks

    def keys(self) -> np.ndarray:
        if not len(self.values):
            return np.full(len(self.codes), np.nan)
        held = np.clip(self.codes, 0, len(self.values) - 1)
        return np.asarray(np.where(self.codes < 0, np.nan, self._ranks[held]))

    def finds(self, needle: str, cancelled: Cancelled) -> np.ndarray:
        hits = np.zeros(len(self.values) + 1, bool)  # the last stands for gaps
        for at, value in enumerate(self.values):
            if at % 4096 == 0 and cancelled():
                break
            hits[at] = needle in value.lower()
        return np.asarray(hits[np.clip(self.codes, -1, len(self.values) - 1)])

    def gaps(self) -> np.ndarray:
        return np.asarray(self.codes < 0)


class TokenColumn(Column):
    """Rows of whole numbers that stand for pieces of text."""

    def __init__(
        self, name: str, held: Stack, pieces: Sequence[str], *, is_target: bool = False
    ) -> None:
        super().__init__(name, "tokens", is_target=is_target)
        self._held = held
        self._pieces = [_shown_piece(piece) for piece in pieces]
        letters = all(len(piece) == 1 or piece.startswith("[") for piece in pieces)
        spaced = any(len(piece) > 1 and piece.startswith(" ") for piece in pieces)
        self._between = "" if letters or spaced else " "
        self._pad = next((at for at, piece in enumerate(pieces) if piece == "[pad]"), None)

    def text(self, row: int) -> str:
        return self._joined(self._held.row(row), LONGEST_TEXT)

    def whole_text(self, row: int) -> str:
        return self._joined(self._held.row(row), None)

    def _joined(self, tokens: np.ndarray, most: int | None) -> str:
        tokens = tokens.reshape(-1)
        if self._pad is not None:
            tokens = tokens[: _end_of(tokens, self._pad)]
        known = len(self._pieces)
        names = [
            self._pieces[token] if 0 <= token < known else "·" for token in tokens[:most].tolist()
        ]
        more = " …" if most is not None and len(tokens) > most else ""
        return self._between.join(names).strip(" ") + more

    def lengths(self) -> np.ndarray:
        """How many tokens each row has before it is padded."""
        found = []
        for _, rows in self._held.chunks():
            flat = rows.reshape(len(rows), -1)
            if self._pad is None:
                found.append(np.full(len(flat), flat.shape[1]))
                continue
            is_text = flat != self._pad
            ends = flat.shape[1] - np.argmax(is_text[:, ::-1], axis=1)
            found.append(np.where(is_text.any(axis=1), ends, 0))
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def keys(self) -> np.ndarray:
        texts = [self.text(row).casefold() for row in range(len(self._held))]
        ranks = np.empty(len(texts))
        ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
        return ranks

    def finds(self, needle: str, cancelled: Cancelled) -> np.ndarray:
        found = np.zeros(len(self._held), bool)
        for start, rows in self._held.chunks():
            if cancelled():
                break
            for at, row in enumerate(rows):
                found[start + at] = needle in self._joined(row, None).lower()
        return found

    def gaps(self) -> np.ndarray:
        return np.asarray(self.lengths() == 0)


def _end_of(tokens: np.ndarray, pad: int) -> int:
    """Behind the last token that is no padding."""
    places = np.flatnonzero(tokens != pad)
    return int(places[-1]) + 1 if len(places) else 0


def _shown_piece(piece: str) -> str:
    return "".join(
        SIGNS.get(sign, sign if sign.isprintable() else ascii(sign)[1:-1]) for sign in piece
    )


def number_text(value: float) -> str:
    """A number as it is shown: whole ones without a point."""
    if math.isnan(value):
        return "NaN"
    if value.is_integer() and abs(value) < LONGEST_WHOLE:
        return f"{value:.0f}"
    return f"{value:.7g}"


def may_be_number(needle: str) -> bool:
    """Whether a number could be written with this text in it."""
    return bool(needle) and (set(needle) <= set("0123456789.-+e") or needle in ("nan", "inf"))
