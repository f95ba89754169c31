"""What stands below the picture of a sample."""

from __future__ import annotations

from backends.data.browsing.answers import WRONG, verdicts_of
from backends.data.browsing.samples import Samples


def is_wrong(samples: Samples, row: int) -> bool:
    """Whether a model was asked for the class of a sample, and answered another."""
    return samples.answers is not None and int(verdicts_of(samples)[row]) == WRONG


def caption_of(samples: Samples, row: int) -> str:
    """The class of a sample, or its target, or the name of its file."""
    if samples.label is not None:
        text = samples.label.text(row)
        return f"{text} ≠ {samples.columns[0].text(row)}" if is_wrong(samples, row) else text
    target = next((column for column in samples.columns if column.is_target), None)
    column = target or next(iter(samples.columns), None)
    text = column.text(row) if column is not None else ""
    return text.rpartition("/")[2] if column is not None and column.kind == "file" else text
