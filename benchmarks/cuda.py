"""Training on a GPU: the same losses, bfloat16, torch.compile, and peak memory as was estimated.

Without a GPU it says so and measures nothing; `--device cpu` tries the script itself. No window is
needed. Where there are several GPUs, processes with copied and with shared weights are tried, too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import torch

from backends.data.source import source_of
from backends.launch.process import train as train_apart
from backends.launch.where import where_of
from backends.protocol import Control, Event, Job, Stepped
from backends.pytorch.loop import Progress, Run, fit
from backends.pytorch.prepare import Prepared, build_model, prepare
from benchmarks.report import Bar, report
from graph import edits
from graph.budget import Plan, Precision, budget
from graph.cost import costs
from graph.fileio import load
from graph.model import Document
from graph.needs import needs_of
from graph.params import Value

EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"
NAMES = {"cuda": ("classic-cnn", "digits-attention", "digits-lstm"), "cpu": ("digits-cnn",)}
STEPS = {"cuda": 500, "cpu": 40}
WARM = 20  # steps that are not timed
LARGE_BATCH = 512  # so that memory is that of activations
FIRST = 20  # steps whose losses are compared: rounding grows with them
CLOSE, BF16_RATIO, STEP_RATIO = 2e-3, 1.1, 1.02
LEAST_MEMORY, MOST_MEMORY = 0.6, 1.25
SYNCS_A_STEP = 0.5


@dataclass(frozen=True)
class Fitted:
    """What some steps of a training came to."""

    losses: list[float]
    step_ms: float
    peak_bytes: int
    syncs_per_step: float
    note: str


class Watch(Progress):
    """Notes losses and times, and the memory that data and weights take before the first step."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.losses: list[float] = []
        self.data_bytes = 0
        self._asked = 0
        self._began = 0.0
        self.step_ms = 0.0

    def started(self, run: Run) -> None:
        if self.device.type == "cuda":
            weights = sum(each.nbytes for each in run.model.parameters())
            self.data_bytes = torch.cuda.memory_allocated() - weights
            torch.cuda.reset_peak_memory_stats()

    def goes_on(self) -> bool:
        self._asked += 1
        if self._asked == WARM:
            _wait(self.device)
            self._began = time.perf_counter()
        return True

    def ended(self, run: Run) -> None:
        _wait(self.device)
        timed = max(1, run.step - WARM + 1)
        self.step_ms = round(1000 * (time.perf_counter() - self._began) / timed, 4)

    def stepped(self, step: int, losses: list[float]) -> None:
        self.losses.append(losses[0])

    def epoch_ended(self, epoch: object, run: Run) -> None:
        pass


def main() -> int:
    """Measures and reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    name = parser.parse_args().device
    if name == "cuda" and not torch.cuda.is_available():
        why = "PyTorch finds no GPU here"
        return report("cuda", [], {"cuda": None, "why": why, "torch": torch.__version__})
    device = torch.device(name)
    bars: list[Bar] = []
    detail: dict[str, object] = {
        "cuda": torch.version.cuda,
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if name == "cuda" else name,
    }
    for example in NAMES[name]:
        found, told = measure(example, device)
        bars += found
        detail[example] = told
    count = torch.cuda.device_count() if name == "cuda" else 2
    if count > 1:
        bars += measure_team(device, count)
    return report("cuda", bars, detail)


def measure(example: str, device: torch.device) -> tuple[list[Bar], Mapping[str, object]]:
    """The bars of one example, and all that was measured."""
    on_cpu = fitted(example, torch.device("cpu"))
    plain = fitted(example, device)
    bf16 = fitted(example, device, precision="bfloat16")
    # a processor's compiler takes minutes; there, this script is only tried
    compiled = fitted(example, device, compile=True) if device.type == "cuda" else plain
    large = fitted(example, device, batch_size=LARGE_BATCH, max_steps=5)
    bars = [
        Bar(f"{example}: loss against the CPU's, largest difference", _apart(plain, on_cpu), CLOSE),
        Bar(f"{example}: loss with torch.compile, likewise", _apart(compiled, on_cpu), CLOSE),
        Bar(
            f"{example}: last losses in bfloat16 / float32", _last(bf16) / _last(plain), BF16_RATIO
        ),
        Bar(f"{example}: calls a step that wait for the GPU", plain.syncs_per_step, SYNCS_A_STEP),
    ]
    hand = by_hand_ms(example, device)
    told: dict[str, object] = {
        "step_ms": {
            "float32": plain.step_ms, "bfloat16": bf16.step_ms, "compiled": compiled.step_ms,
            "by_hand": hand,
        },
        "not_compiled": compiled.note,
    }  # fmt: skip
    if example == "classic-cnn":
        again = fitted(example, device)
        ratio = min(plain.step_ms, again.step_ms) / hand
        bars.append(Bar(f"{example}: step time / by hand", ratio, STEP_RATIO))
    if large.peak_bytes:
        estimate = estimated(example)
        share = large.peak_bytes / estimate
        told |= {"peak_bytes": large.peak_bytes, "estimated_bytes": estimate}
        bars += [
            Bar(f"{example}: peak memory / estimate", share, MOST_MEMORY),
            Bar(f"{example}: estimate / peak memory", 1 / share, 1 / LEAST_MEMORY),
        ]
    return bars, told


def example_of(name: str, **recipe: Value) -> Document:
    """An example with other values in its recipe."""
    document = load(EXAMPLES / f"{name}.loom").document
    for key, value in {"epochs": 10_000, **recipe}.items():
        document = edits.set_recipe(document, key, value)
    return document


def fitted(name: str, device: torch.device, **recipe: Value) -> Fitted:
    """Trains an example for some steps."""
    given = {"max_steps": STEPS[device.type], "validation_fraction": 0.0, "threads": 2, **recipe}
    prepared = prepare(example_of(name, device=device.type, **given))
    built = build_model(prepared)
    assert built.objective is not None, "the examples have losses"
    watch = Watch(device)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if device.type == "cuda":
            torch.cuda.set_sync_debug_mode("warn")
        try:
            run = fit(built.model, built.objective, columns_of(prepared), prepared.recipe, watch)
        finally:
            if device.type == "cuda":
                torch.cuda.set_sync_debug_mode("default")
    syncs = sum("synchroniz" in str(each.message) for each in caught)
    _wait(device)
    peak = torch.cuda.max_memory_allocated() - watch.data_bytes if device.type == "cuda" else 0
    return Fitted(watch.losses, watch.step_ms, peak, syncs / max(1, run.step), run.note)


def columns_of(prepared: Prepared) -> dict[str, Any]:  # Any: numpy arrays
    """The columns that are trained on."""
    train = source_of(prepared.document.data).load().train
    return {name: train[name] for name in prepared.columns}


def by_hand_ms(name: str, device: torch.device) -> float:
    """The time of a step as one writes it by hand, with data on the device and fused Adam."""
    prepared = prepare(example_of(name, device=device.type))
    built = build_model(prepared)
    assert built.objective is not None
    model = built.model.to(device)
    if device.type == "cuda":
        model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a module's
    columns = {key: _on(device, value) for key, value in columns_of(prepared).items()}
    optimizer = torch.optim.Adam(model.parameters(), prepared.recipe.learning_rate, fused=True)
    rows = len(next(iter(columns.values())))
    order = torch.randperm(rows, device=device)
    began = 0.0
    for step in range(STEPS[device.type]):
        at = step * prepared.recipe.batch_size % (rows - prepared.recipe.batch_size)
        picked = order[at : at + prepared.recipe.batch_size]
        batch = {key: column.index_select(0, picked) for key, column in columns.items()}
        optimizer.zero_grad(set_to_none=True)
        loss, _ = built.objective(model, batch)
        assert isinstance(loss, torch.Tensor)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()
        if step == WARM:
            _wait(device)
            began = time.perf_counter()
    _wait(device)
    return round(1000 * (time.perf_counter() - began) / (STEPS[device.type] - WARM - 1), 4)


def estimated(name: str) -> int:
    """What the budget of the drawing says that training takes on a GPU."""
    prepared = prepare(example_of(name))
    document = prepared.document
    needs = needs_of(document, prepared.typing, costs(document, prepared.typing))
    sizes = {**document.sizes, "N": LARGE_BATCH}
    return budget(needs, sizes, Plan(Precision.FLOAT32)).training


def measure_team(device: torch.device, count: int) -> list[Bar]:
    """Processes, each with a GPU, against one: the losses of the first steps."""
    document = example_of("digits-cnn", device=device.type, epochs=1)
    bars = []
    with tempfile.TemporaryDirectory() as folder:
        alone = _losses(document, Path(folder), "process")
        for on in (f"processes:{count}", f"processes:{count}:sharded"):
            theirs = _losses(document, Path(folder), on)
            pairs = list(zip(alone[:FIRST], theirs[:FIRST], strict=False))
            assert len(pairs) == FIRST, f"the run on {on} has failed: {theirs}"
            bars.append(
                Bar(f"losses on {on}, difference", max(abs(a - b) for a, b in pairs), CLOSE)
            )
    return bars


def _losses(document: Document, runs: Path, on: str) -> list[float]:
    events: list[Event] = []
    thread: Thread = train_apart(Job(document, runs), where_of(on), events.append, Control())
    thread.join()
    return [loss for each in events if isinstance(each, Stepped) for loss in each.losses]


def _on(device: torch.device, column: Any) -> torch.Tensor:  # Any: a numpy array
    tensor = torch.tensor(column)
    if tensor.dtype == torch.uint8:
        return tensor.to(device, torch.float32).div_(255)
    return tensor.to(device, torch.float32 if tensor.is_floating_point() else torch.int64)


def _apart(ours: Fitted, theirs: Fitted) -> float:
    pairs = zip(ours.losses[:FIRST], theirs.losses[:FIRST], strict=True)
    return max(abs(our - their) for our, their in pairs)


def _last(found: Fitted) -> float:
    return statistics.mean(found.losses[-10:])


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


if __name__ == "__main__":
    sys.exit(main())
