"""Which rows validate, told to who shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from backends.pytorch.place import Place
from backends.pytorch.rows import Table


def validating(  # Any: numpy arrays, which this file does not import
    drawn: Mapping[str, Any], rows: int, fraction: float, seed: int
) -> Any:  # as above: truth values, one for each row
    """Which of the rows to train on validate, exactly as a run takes them.

    Args:
        drawn: the columns that say how rows are drawn; their names begin with @.
    """
    place = Place(torch.device("cpu"), 1, torch.contiguous_format)
    held = {"row": torch.arange(rows).numpy(), **drawn}
    _, apart = Table(held, place).split(fraction, seed)
    found = torch.zeros(rows, dtype=torch.bool)
    found[apart] = True
    return found.numpy()
