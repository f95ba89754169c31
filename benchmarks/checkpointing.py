"""What a checkpoint of 100 MB costs the training: how long the loop waits for its copy.

The stall is the processor time of the loop's thread, as the machine may be shared; the time on the
clock stands beside it. The same training is made without checkpoints, too: the longest time between
two steps shows every kind of waiting, and not only that for the copy.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
from torch import nn

from backends.pytorch import keeper
from backends.pytorch.checkpoint import write_checkpoint
from backends.pytorch.keeper import Keeper
from backends.pytorch.loop import Progress, fit
from backends.pytorch.paths import MODEL, Paths, Place
from backends.pytorch.recipe import Recipe
from backends.pytorch.run import Run
from backends.runs.checkpoints import Keeping, checkpoints_of
from benchmarks.report import Bar, report
from graph.model import NodeId

LARGEST_STALL_MS = 50.0
WIDTH = 2888  # one square layer and its two moments of Adam: 100 MB
STEPS = 40
CHECKPOINTS_AFTER = (10, 20, 30)


class Timed(Progress):
    """Notes when each step began and keeps the state after some of them."""

    def __init__(self, folder: Path | None) -> None:
        self.at: list[float] = []
        self.copied_s: list[float] = []
        self.worked_s: list[float] = []
        self.keeper: Keeper | None = None
        if folder is not None:
            place = Place(NodeId("layer"), "linear", ((None, ""),), False)
            paths = Paths({MODEL: {"0": place}})
            self.keeper = Keeper(folder, paths, Keeping(), lambda: None, print)
        self.run: Run | None = None

    def started(self, run: Run) -> None:
        self.run = run

    def goes_on(self) -> bool:
        self.at.append(time.perf_counter())
        return True

    def stepped(self, step: int, losses: list[float]) -> None:
        if self.keeper is not None and self.run is not None and step in CHECKPOINTS_AFTER:
            self.keeper.wait()
            if step == CHECKPOINTS_AFTER[0]:
                self.keeper.keep(self.run)  # makes room, beside the run
                self.keeper.wait()
            started, worked = time.perf_counter(), time.thread_time()
            self.keeper.keep(self.run)
            self.worked_s.append(time.thread_time() - worked)
            self.copied_s.append(time.perf_counter() - started)

    def epoch_ended(self, epoch: object, run: Run) -> None:
        """Says nothing."""

    def steps_ms(self) -> list[float]:
        """How long each step took, the first ones left out."""
        return [1000 * (after - at) for at, after in zip(self.at[3:], self.at[4:], strict=False)]


def train(folder: Path | None) -> Timed:
    """One short training."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(WIDTH, WIDTH, bias=False))
    rows = torch.randn(STEPS * 16, WIDTH).numpy()

    def objective(model: nn.Module, batch: dict[str, torch.Tensor]):  # type: ignore[no-untyped-def]
        return model(batch["x"]).square().mean(), {}

    recipe = Recipe(epochs=1, batch_size=16, validation_fraction=0.0, threads=1, keep="last")
    timed = Timed(folder)
    fit(model, objective, {"x": rows}, recipe, timed)
    if timed.keeper is not None:
        timed.keeper.wait()
    return timed


def main() -> int:
    """Measures and reports."""
    keeper.KEEP_SHARE = 1e9
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train(folder)  # the first one loads what it needs
        plain, kept = train(None), train(folder)
        size = checkpoints_of(folder)[0].stat().st_size / 1e6
        assert kept.run is not None
        started = time.perf_counter()
        write_checkpoint(folder / "direct.pt", kept.run.state_dict())
        direct_ms = 1000 * (time.perf_counter() - started)
    step = statistics.median(plain.steps_ms())
    detail = {
        "checkpoint_mb": round(size, 1),
        "copy_ms": [round(1000 * seconds, 1) for seconds in kept.worked_s],
        "copy_wall_ms": [round(1000 * seconds, 1) for seconds in kept.copied_s],
        "step_ms": round(step, 1),
        "step_ms_with_checkpoints": round(statistics.median(kept.steps_ms()), 1),
        "longest_step_ms": round(max(plain.steps_ms()), 1),
        "longest_step_ms_with_checkpoints": round(max(kept.steps_ms()), 1),
        "written_in_the_loop_ms": round(direct_ms, 1),
    }
    stall = 1000 * statistics.median(kept.worked_s)
    bars = [Bar("stall of a 100 MB checkpoint, ms", stall, LARGEST_STALL_MS)]
    return report("checkpointing", bars, detail)


if __name__ == "__main__":
    sys.exit(main())
