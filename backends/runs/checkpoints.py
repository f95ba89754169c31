"""The checkpoints of a run: their names, which of them is taken, and which of them go."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = "checkpoints"
OLD_NAME = "checkpoint.pt"  # of runs from before there was more than one
NAME = re.compile(r"step-(\d+)(-kept)?\.pt")
SPOILT_STEPS = 50
ALWAYS_KEPT = 2  # the last one, and the one before in case the last is damaged


@dataclass(frozen=True)
class Keeping:
    """Which checkpoints are kept besides the last ones.

    Attributes:
        epochs: one after every so many epochs; 0 for none.
        steps: one after every so many steps; 0 for none.
        most: so many of those, the newest.
        largest_bytes: those of them that fit into so much space, the newest; 0 for no limit.
    """

    epochs: int = 0
    steps: int = 0
    most: int = 5
    largest_bytes: int = 0

    def is_wanted(self, step: int, last_step: int) -> bool:
        """Whether a step at which one is to be kept lies after the last step and up to this."""
        return bool(self.steps) and step // self.steps > last_step // self.steps


def checkpoint_path(run: Path, step: int, *, is_kept: bool) -> Path:
    """Where the state after a step goes; `is_kept` says that it is one of those for good."""
    return run / FOLDER / f"step-{step:010d}{'-kept' if is_kept else ''}.pt"


def step_of(path: Path) -> int:
    """The step after which a checkpoint was made; 0 where its name does not tell."""
    match = NAME.fullmatch(path.name)
    return int(match[1]) if match else 0


def checkpoints_of(run: Path) -> list[Path]:
    """All checkpoints of a run, the newest first."""
    found = [path for path in _entries(run / FOLDER) if NAME.fullmatch(path.name)]
    # of two after the same step the later one knows of the end of the epoch, too
    found.sort(key=lambda path: (step_of(path), _written_at(path)), reverse=True)
    return [*found, *(path for path in [run / OLD_NAME] if path.exists())]


def tidy(run: Path, keeping: Keeping, newest: int = ALWAYS_KEPT) -> None:
    """Takes away the checkpoints that need not be kept.

    Args:
        newest: so many of the newest stay in any case.
    """
    found = checkpoints_of(run)
    kept = [path for path in found[newest:] if path.name.endswith("-kept.pt")]
    held = sum(path.name.endswith("-kept.pt") for path in found[:newest])
    stay: list[Path] = []
    for path in kept:
        size = sum(map(_size, [*found[:newest], *stay, path]))
        fits = not keeping.largest_bytes or size <= keeping.largest_bytes
        if held + len(stay) >= keeping.most or not fits:
            break
        stay.append(path)
    _remove(path for path in found[newest:] if path not in stay)


def forget_checkpoints_after(run: Path, step: int) -> None:
    """Takes away checkpoints of later steps: a run that goes on from here makes them again."""
    _remove(path for path in checkpoints_of(run) if step_of(path) > step)


def forget_spoilt(run: Path, step: int) -> int | None:
    """Takes away what was kept shortly before a loss was no number, as the weights led there.

    Answers the step that the run can be gone on with from; None where nothing was kept. The oldest
    stays in any case.
    """
    found = checkpoints_of(run)
    sound = [path for path in found if step_of(path) <= step - SPOILT_STEPS] or found[-1:]
    _remove(path for path in found if path not in sound)
    return step_of(sound[0]) if sound else None


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _written_at(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
