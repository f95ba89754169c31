"""Where a job runs: in this program, in a process of its own, in several, on several machines."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum

from graph.problems import UserError

MOST = 4096
PLACES = "thread, process, processes:2, processes:2:sharded, machines:2x4 or machines:2x4:sharded"
_SHAPE = re.compile(r"(process(?:es)?|machines):(\d+)(?:x(\d+))?(:sharded)?")


class Kind(StrEnum):
    """The four places."""

    THREAD = "thread"
    PROCESS = "process"
    PROCESSES = "processes"
    MACHINES = "machines"


@dataclass(frozen=True)
class Where:
    """Where a job runs.

    Attributes:
        processes: how many, on each machine; on CUDA, each has a GPU.
        machines: how many.
        sharded: whether the processes share out the weights (FSDP2), in place of copies (DDP).
    """

    kind: Kind = Kind.THREAD
    processes: int = 1
    machines: int = 1
    sharded: bool = False

    @property
    def size(self) -> int:
        """How many processes there are in all."""
        return self.processes * self.machines

    @property
    def is_here(self) -> bool:
        """Whether it runs in this very process."""
        return self.kind is Kind.THREAD

    def __str__(self) -> str:
        if self.kind in (Kind.THREAD, Kind.PROCESS):
            return str(self.kind)
        shape = (
            f"{self.machines}x{self.processes}" if self.kind is Kind.MACHINES else self.processes
        )
        return f"{self.kind}:{shape}{':sharded' if self.sharded else ''}"


THREAD = Where()


def where_of(text: str) -> Where:
    """The place that a text names, as `str` of it does.

    Raises:
        UserError: it names none.
    """
    if text in (Kind.THREAD, Kind.PROCESS):
        return Where(Kind(text))
    found = _SHAPE.fullmatch(text)
    if found is None or (found[3] is not None) != (found[1] == Kind.MACHINES):
        raise UserError(f"“{text}” is no place to train: it can be {PLACES}.")
    kind = Kind.MACHINES if found[1] == Kind.MACHINES else Kind.PROCESSES
    first, second, sharded = int(found[2]), int(found[3] or 1), found[4] is not None
    machines, processes = (first, second) if kind is Kind.MACHINES else (1, first)
    if not 1 <= machines <= MOST or not 1 <= processes <= MOST:
        raise UserError(f"“{text}” is no place to train: numbers go from 1 to {MOST}.")
    if machines * processes == 1:
        return Where(Kind.MACHINES if kind is Kind.MACHINES else Kind.PROCESS)
    return Where(kind, processes, machines, sharded)


def why_not(where: Where) -> str:
    """What keeps this computer from training there, as a sentence; empty where nothing does."""
    cores = os.cpu_count() or 1
    if where.kind is Kind.PROCESSES and where.processes > 4 * cores:
        return (
            f"{where.processes} processes are too many for the {cores} cores of this computer. "
            "Take fewer, or several machines."
        )
    return ""
