"""One trial of a search, as the window and the command line see it: plain values, no torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from backends.launch.where import THREAD, Kind, Where, where_of
from backends.protocol import Event
from graph.model import Document
from graph.problems import UserError
from graph.searching import Search, Values

RUNNING, FINISHED, REFUSED, FAILED, STOPPED = "running", "finished", "refused", "failed", "stopped"
PRUNED = "pruned"
MOST_PARALLEL = 64
Curve = tuple[tuple[int, float], ...]
"""What a trial came to after some of its epochs."""


@dataclass(frozen=True)
class Trial:
    """One choice and what came of it.

    Attributes:
        number: counted from 1.
        values: what was chosen, in the order of the search's fields.
        state: running, finished, pruned (it was weak, and cut short), refused (it cannot be
            trained, which was seen without trying), failed or stopped.
        value: the objective's, of the weights that the run kept; after the last epoch where it was
            cut short.
        text: why it was refused, cut short or failed.
    """

    number: int
    values: Values
    state: str
    value: float | None = None
    run: Path | None = None
    text: str = ""
    seconds: float = 0.0
    curve: Curve = ()

    @property
    def is_made(self) -> bool:
        """Whether it counts as one of those that were wished."""
        return self.state in (FINISHED, PRUNED, FAILED)


@dataclass(frozen=True)
class Begun:
    """A search begins, or goes on.

    Attributes:
        folder: where it is kept.
        trials: what was tried before.
        combinations: how many choices there are; None where they are without end.
    """

    folder: Path
    trials: tuple[Trial, ...]
    combinations: int | None


@dataclass(frozen=True)
class Ended:
    """A search is over: all is tried that was wished, or it was stopped.

    Attributes:
        text: why it ended before all trials were made; empty otherwise.
    """

    folder: Path
    trials: tuple[Trial, ...]
    best: Trial | None
    is_stopped: bool = False
    text: str = ""


@dataclass(frozen=True)
class SearchJob:
    """A search to make: all that it depends on.

    Attributes:
        runs: the folder in which its runs make folders of their own.
        name: what its folder, and the tag of its runs, are called; the drawing's where empty.
        resume: the folder of a search that is gone on with.
        where: where each trial runs; not on machines that a person has to start each time.
        parallel: how many run beside each other, in processes of their own; with several, the same
            seed need not make the same trials.

    Raises:
        UserError: trials in this process shall run beside each other.
    """

    document: Document
    search: Search
    runs: Path
    name: str = ""
    resume: Path | None = None
    where: Where = THREAD
    parallel: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.parallel <= MOST_PARALLEL:
            raise UserError(
                f"1 to {MOST_PARALLEL} trials run beside each other, not {self.parallel}."
            )
        if self.parallel > 1 and self.where.is_here:
            raise UserError(
                "Trials run beside each other in processes of their own; in this program it is one "
                "after the other."
            )


Hear = Callable[[Begun | Trial | Event], object]


def best_of(search: Search, trials: Iterable[Trial]) -> Trial | None:
    """The trial with the best value, the first of equal ones; None where none has any."""
    found = [trial for trial in trials if trial.state == FINISHED and trial.value is not None]
    sign = -1 if search.is_highest else 1
    return min(found, key=lambda trial: sign * (trial.value or 0.0), default=None)


def place_of(text: str) -> Where:
    """The place for trials that a text names.

    Raises:
        UserError: it names none, or one that a person would have to start for each trial.
    """
    where = where_of(text)
    if where.kind is Kind.MACHINES:
        raise UserError(
            f"Trials begin one after the other without anyone, so they cannot run on “{text}”: "
            "take thread, process or processes:N."
        )
    return where
