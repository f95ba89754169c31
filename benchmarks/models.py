"""The gallery: how much code it is, how fast it is typed and built, and its steps against others'.

Typed and built is each entry as it was published; entries that would fill the memory are built on
the meta device. A step is forward and backward, of the drawing's own code and of a reference
written by hand with the same weights, in a size that is quick (`size` in the detail). The two
alternate in one process on one thread, and CPU time is compared, because the machine may be
shared. It goes on until the fastest of either agree, or time is up.

`python -m benchmarks.models NAME…` measures some entries only.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from backends.pytorch.compile import build
from backends.pytorch.reuse import reused_memory
from backends.pytorch.source import Source, print_source
from benchmarks.pairs import Pair, pair_of
from benchmarks.report import Bar, report
from graph import edits
from graph.block import Category
from graph.cost import costs
from graph.gallery import AnyEntry, entries, find
from graph.infer import infer
from graph.lower import lower
from graph.model import Document
from graph.registry import default_registry
from tests.graph.gallery.parity import copy_weights, drawn

LARGEST_RATIO = 1.03
MOST_PARAMETERS = 150_000_000
FEWEST_ROUNDS = 20
LONGEST_S = 15.0
SETTLED = 1.01
AGREEING = 3
TIMED_S = 0.01


def main(names: Sequence[str] = ()) -> int:
    """Measures, and prints what was measured."""
    torch.set_num_threads(1)
    bars: list[Bar] = []
    detail: dict[str, object] = {}
    chosen = [find(name) for name in names] or list(entries())
    for entry in chosen:
        facts = facts_of(entry)
        pair = pair_of(entry.name)
        if pair is not None:
            with reused_memory():
                facts |= compared(pair)
            bars.append(Bar(f"step / by hand: {entry.name}", facts["ratio"], LARGEST_RATIO))
        detail[entry.name] = facts
        print(f"{entry.name:20}", *_shown(facts), file=sys.stderr, flush=True)
    return report("models", bars, {"threads": 1, "entries": detail})


def facts_of(entry: AnyEntry) -> dict[str, object]:
    """What an entry is as it was published."""
    type_ms, document = [], entry.build()
    for _ in range(3):
        document = entry.build()  # a new one, of which nothing is known yet
        started = time.thread_time()
        typing = infer(document)
        type_ms.append(1e3 * (time.thread_time() - started))
    started = time.thread_time()
    source = print_source(lower(document, typing))
    print_ms = 1e3 * (time.thread_time() - started)
    parameters = costs(document, typing).total.parameters
    device = "cpu" if parameters <= MOST_PARAMETERS else "meta"
    return {
        "nodes": sum(len(graph.nodes) for graph in document.graphs()),
        "lines": len(source.text.splitlines()),
        "type_ms": round(min(type_ms), 2),
        "print_ms": round(print_ms, 2),
        "build_ms": round(_build_ms(source, device, parameters), 1),
        "built_on": device,
        "parameters": parameters,
    }


def _build_ms(source: Source, device: str, parameters: int) -> float:
    """The time to make the model; it must have the parameters that the drawing says it has."""
    started = time.thread_time()
    with torch.device(device):
        model = build(source.model, "", 0).model
    taken = 1e3 * (time.thread_time() - started)
    assert sum(weight.numel() for weight in model.parameters()) == parameters
    return taken


def compared(pair: Pair) -> dict[str, object]:
    """The steps of a drawing and of its reference; metrics, which references lack, are left out."""
    own = drawn(without_metrics(pair.document))
    copy_weights(own, pair.reference, pair.rename)
    own.model.train()
    pair.reference.train()

    def own_loss() -> Tensor:
        loss, _ = own.objective(own.model, pair.batch)
        return loss if isinstance(loss, Tensor) else torch.stack(list(loss.values())).sum()

    def hand_loss() -> Tensor:
        return pair.loss(pair.reference, pair.batch)

    losses = []
    for loss_of in (own_loss, hand_loss):
        torch.manual_seed(0)
        losses.append(loss_of().item())
    steps = [stepper(own.model, own_loss), stepper(pair.reference, hand_loss)]
    own_s, hand_s, is_settled = alternated(*steps)
    return {
        "size": dict(pair.values),
        "ratio": round(own_s[0] / hand_s[0], 4),
        "ratio_of_medians": round(statistics.median(own_s) / statistics.median(hand_s), 4),
        "own_ms": _summary(own_s),
        "by_hand_ms": _summary(hand_s),
        "rounds": len(own_s),
        "is_settled": is_settled,
        "losses_equal": math.isclose(*losses, rel_tol=1e-4),
    }


def without_metrics(document: Document) -> Document:
    """The drawing without what is only shown while training."""
    registry = default_registry()
    shown = [
        id
        for id, node in document.graph.nodes.items()
        if (cls := registry.find(node.kind)) and cls.kind.category is Category.METRIC
    ]
    return edits.remove(document, shown)


def stepper(model: torch.nn.Module, loss_of: Callable[[], Tensor]) -> Callable[[], None]:
    """A forward and a backward step."""

    def step() -> None:
        model.zero_grad(set_to_none=True)
        loss_of().backward()

    return step


def alternated(
    own: Callable[[], None], hand: Callable[[], None]
) -> tuple[list[float], list[float], bool]:
    """The seconds of a step of either, sorted, and whether the fastest of either agree."""
    repeats = max(1, math.ceil(TIMED_S / min(_seconds(own, 3), _seconds(hand, 3))))
    own_s: list[float] = []
    hand_s: list[float] = []
    started = time.perf_counter()
    while time.perf_counter() - started < LONGEST_S:
        order = ((own, own_s), (hand, hand_s))
        for step, found in order if len(own_s) % 2 else reversed(order):
            found.append(_seconds(step, repeats))
        if len(own_s) >= FEWEST_ROUNDS and all(map(_agree, (own_s, hand_s))):
            break
    return sorted(own_s), sorted(hand_s), all(map(_agree, (own_s, hand_s)))


def _seconds(step: Callable[[], None], repeats: int) -> float:
    started = time.thread_time()
    for _ in range(repeats):
        step()
    return (time.thread_time() - started) / repeats


def _agree(seconds: list[float]) -> bool:
    ordered = sorted(seconds)
    return len(ordered) >= AGREEING and ordered[AGREEING - 1] <= SETTLED * ordered[0]


def _summary(seconds: list[float]) -> dict[str, float]:
    return {
        "least": round(1e3 * seconds[0], 3),
        "median": round(1e3 * statistics.median(seconds), 3),
    }


def _shown(facts: dict[str, object]) -> list[str]:
    """A line of the table that people read while it runs."""
    return [
        f"{facts['nodes']:5} blocks", f"{facts['lines']:5} lines",
        f"{facts['type_ms']:8} ms to type", f"{facts['build_ms']:8} ms to build",
        f"{facts['parameters']:16,} parameters", f"ratio {facts.get('ratio', '-')}",
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
