"""Rows before and behind the steps between data and model, as they are shown; no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class StepsPreview:
    """One column of some rows.

    Attributes:
        before, after: the column as the data has it and as the model receives it.
        classes: what the whole numbers in it stand for, where it holds tokens.
        labels: what the rows are afterwards, in words; empty where that is no class.
    """

    column: str
    before: np.ndarray
    after: np.ndarray
    classes: tuple[str, ...]
    labels: tuple[str, ...]
