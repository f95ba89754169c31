"""How a model that fits no machine opens: GPT-3 with 175 billion parameters, without its weights.

A process reads the drawing, types it, counts what it costs, budgets its memory and prints its code,
then edits it; it must not import torch. It counts what it takes beyond the idle program. It does so
with the drawing as it is in the gallery, whose layers are a repeated composite, and with all layers
drawn one by one. The peer is the same model built by torch on the meta device, which makes no
weights either.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import Bar, megabytes, report

if TYPE_CHECKING:
    from graph.model import Document

ROOT = Path(__file__).parents[1]
REPETITIONS = 3
OPEN_S = 1.0
OPEN_MB = 300.0
EDIT_MS = 50.0
LAYERS = 96
PARAMETERS = 174_604_259_328
LONGEST_S = 300
MB = 1e6


def main() -> int:
    """Opens and edits the drawings in processes of their own, and reports the least of each."""
    with tempfile.TemporaryDirectory() as folder:
        paths = _drawings(Path(folder))
        rows = {
            name: [_run("open_drawing", path) for _ in range(REPETITIONS)]
            for name, path in paths.items()
        }
        windows = {
            name: [_run("open_in_window", path) for _ in range(REPETITIONS)]
            for name, path in paths.items()
        }
        peers = [_run("build_on_meta", paths["repeated"]) for _ in range(REPETITIONS)]
    bars: list[Bar] = []
    detail: dict[str, object] = {}
    meta = {name: min(row[name] for row in peers) for name in peers[0]}
    for name, opened in rows.items():
        best = {key: min(row[key] for row in opened) for key in opened[0] if key != "told"}
        bars += [
            Bar(f"{name}: from the file to budget and code, s", best["seconds"], OPEN_S),
            Bar(f"{name}: memory above the idle program, MB", best["megabytes"], OPEN_MB),
            *(
                Bar(f"{name}: {key}, ms", ms, EDIT_MS)
                for key, ms in best.items()
                if key.startswith("edit")
            ),
        ]
        ratio = round(meta["seconds"] / best["seconds"], 1)
        detail[name] = {"told": opened[0]["told"], "torch_meta_over_ours": ratio}
    for name, opened in windows.items():
        seconds, megabytes, edit = (
            min(row[key] for row in opened) for key in ("seconds", "megabytes", "edit")
        )
        bars += [
            Bar(f"{name}: opened and painted in the window with its budget, s", seconds, OPEN_S),
            Bar(f"{name}: memory above the idle window, MB", megabytes, OPEN_MB),
            Bar(f"{name}: edit of the batch in the window, painted, ms", edit, EDIT_MS),
        ]
    return report("giant", bars, {**detail, "torch_meta": meta})


def _drawings(folder: Path) -> dict[str, Path]:
    """The drawing of the gallery, and one in which every block of every layer is drawn."""
    from graph.fileio import save
    from graph.gallery import find

    document = find("gpt-3").build()
    save(document, folder / "repeated.loom")
    save(_drawn_out(document), folder / "flat.loom")
    return {name: folder / f"{name}.loom" for name in ("repeated", "flat")}


def _drawn_out(document: Document) -> Document:
    """The same network without composites; in two halves, since 64 layers at most are unpacked."""
    from graph import edits
    from graph.composites.repeating import set_repeat
    from graph.composites.unpacking import unpack
    from graph.model import Repeat

    nodes = document.graph.nodes
    (first,) = (id for id, node in nodes.items() if node.repeat)
    document = edits.add(document, nodes[first].kind, params=nodes[first].params)
    second = next(id for id in document.graph.nodes if id not in nodes)
    out = next(edge for edge in document.graph.consumers_of(first))
    into = document.graph.inputs_of(first)[0].into
    document = edits.disconnect(document, [out])
    document = edits.connect(document, first, out.out, second, into)
    document = edits.connect(document, second, out.out, out.target, out.into)
    waiting = [first, second]
    document = set_repeat(document, waiting, Repeat(LAYERS // 2, "chain"))
    while waiting:
        document, found = unpack(document, waiting.pop())
        nodes = document.graph.nodes
        waiting += [id for id in found if nodes[id].definition or nodes[id].repeat]
    return document


def _run(what: str, path: Path) -> dict[str, Any]:  # Any: what a process printed
    code = "from pathlib import Path; from benchmarks import giant; "
    code += f"giant.{what}(Path({str(path)!r}))"
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TORCHLOOM_HOME": home}
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment,
            capture_output=True, text=True, check=True, timeout=LONGEST_S,
        )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def open_drawing(path: Path) -> None:
    """What the window does with a drawing, from the file to the code; prints what it took."""
    from app.derived import source_of
    from graph.budget import Plan, Precision, budget
    from graph.cost import costs
    from graph.fileio import load
    from graph.infer import infer
    from graph.needs import needs_of
    from graph.registry import default_registry

    default_registry()
    idle = megabytes()
    plan = Plan(Precision.MIXED, devices=64, device_flops=312e12)
    marks = [time.perf_counter()]

    def mark() -> None:
        marks.append(time.perf_counter())

    document = load(path).document
    mark()
    typing = infer(document)
    mark()
    counted = costs(document, typing)
    mark()
    needed = budget(needs_of(document, typing, counted), document.sizes, plan)
    mark()
    source = source_of(document, typing, None)
    mark()
    taken = megabytes() - idle
    assert source is not None and not source.gaps, "the code is whole"
    assert counted.total.parameters == PARAMETERS
    assert not {"torch", "numpy"} & sys.modules.keys(), "torch is not needed"

    def edited(act: Callable[[], Document]) -> float:
        started = time.perf_counter()
        after = act()
        types = infer(after, typing)
        assert not types.problems
        new = costs(after, types, counted, types.visited)
        budget(needs_of(after, types, new), after.sizes, plan)
        return 1e3 * (time.perf_counter() - started)

    times = {name: min(edited(act) for _ in range(5)) for name, act in _edits(document).items()}
    parts = ("read", "types", "costs", "budget", "code")
    spans = [round(b - a, 4) for a, b in pairwise(marks)]
    told = {
        "blocks": len(document.graph.nodes),
        "lines": source.text.count("\n"),
        "parameters": counted.total.parameters,
        "parts_s": dict(zip(parts, spans, strict=True)),
        "training_bytes_per_device": needed.training,
        "kv_cache_bytes": needed.kv_cache,
    }
    answer = {"seconds": marks[-1] - marks[0], "megabytes": taken, **times, "told": told}
    print(json.dumps(answer))


def _edits(document: Document) -> dict[str, Callable[[], Document]]:
    """What people do to it: another text length and batch, a layer made narrower, a name."""
    from graph import edits

    nodes = document.graph.nodes
    table = next(id for id, node in nodes.items() if node.kind == "parameter")
    norm = [id for id, node in nodes.items() if node.kind == "layer_norm"][-1]
    return {
        "edit of the batch": lambda: edits.set_size(document, "N", 8),
        "edit of the length of the text": lambda: edits.set_size(document, "T", 1024),
        "edit of the vocabulary": lambda: edits.set_param(
            document, [table], "shape", (32_000, 12_288)
        ),
        "edit of the last norm": lambda: edits.set_param(document, [norm], "affine", False),
        "edit by moving a block": lambda: edits.move(document, {norm: (5.0, 5.0)}),
    }


def open_in_window(path: Path) -> None:
    """The same in the window, with the budget in front; prints what it took."""
    from functools import partial

    from PySide6.QtCore import QElapsedTimer

    from app.recovery import Journal
    from app.settings import Settings
    from app.start import make_application
    from app.window import Window
    from graph import edits

    app = make_application()
    window = Window(Settings(theme="dark"), Journal())
    window.show()
    window.menus.actions["budget"].trigger()

    def wait_until(is_done: Callable[[], bool]) -> None:
        clock = QElapsedTimer()
        clock.start()
        while not is_done():
            assert clock.elapsed() < 1e3 * LONGEST_S, "the window hangs"
            app.processEvents()
        window.repaint()

    wait_until(lambda: window.budget.budget is not None)
    idle, empty = megabytes(), window.budget.budget
    started = time.perf_counter()
    window.files.open(path)
    wait_until(lambda: window.budget.budget != empty)
    seconds = time.perf_counter() - started
    taken, times = megabytes() - idle, []
    for size in range(2, 7):
        before = window.budget.budget
        started = time.perf_counter()
        window.session.apply("", partial(edits.set_size, name="N", size=size))
        wait_until(lambda before=before: window.budget.budget != before)  # type: ignore[misc]  # a default binds it
        times.append(1e3 * (time.perf_counter() - started))
    assert "torch" not in sys.modules, "torch is not needed"
    print(json.dumps({"seconds": seconds, "megabytes": taken, "edit": min(times)}), flush=True)
    os._exit(0)  # an unsaved drawing would be asked about


def build_on_meta(path: Path) -> None:
    """The same model built by torch without memory for its weights; prints what it took."""
    from backends.pytorch.source import print_source
    from graph.fileio import load
    from graph.infer import infer
    from graph.lower import lower

    document = load(path).document
    source = print_source(lower(document, infer(document)))
    idle = megabytes()
    started = time.perf_counter()
    import torch
    from torch.overrides import TorchFunctionMode

    class Placing(TorchFunctionMode):
        """Makes `torch.normal` mind the device, which it overlooks."""

        def __torch_function__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]  # as torch has it
            where = {"device": "meta"} if func is torch.normal else {}
            return func(*args, **{**where, **(kwargs or {})})

    imported = time.perf_counter()
    names: dict[str, object] = {"__name__": "printed"}
    with torch.device("meta"), Placing():
        exec(source.model, names)
        model = names["Model"]()  # type: ignore[operator]  # a class of the printed text
        count = sum(weight.numel() for weight in model.parameters())
    assert count == PARAMETERS
    done = time.perf_counter()
    answer = {
        "seconds": done - imported,
        "import_s": imported - started,
        "megabytes": megabytes() - idle,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    sys.exit(main())
