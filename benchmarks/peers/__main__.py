"""Opens one drawing in the canvas and in three other node editors, and paints all of it.

Run it as `python -m benchmarks.peers`. The peers are installed into an environment of their own
under `out/`, once. Times are CPU times of the thread of the window.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.drawings import large_drawing
from benchmarks.report import Bar, report

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PLACE = ROOT / "out" / "peers"
NEEDS = (
    "PySide6-Essentials>=6.8,<6.12", "NodeGraphQt==0.6.44", "qtpynodeeditor==0.3.3", "qtpy",
    "pyqtgraph==0.14.0", "setuptools<81",
)  # fmt: skip
PEERS = {
    "NodeGraphQt": "with_nodegraphqt.py",
    "qtpynodeeditor": "with_qtpynodeeditor.py",
    "pyqtgraph.flowchart": "with_flowchart.py",
}
BLOCKS = 1000
TIMES_FASTER = 50
LONGEST_S = 900


def main() -> int:
    """Measures all of them and reports how many times longer the peers take."""
    python = _environment()
    drawing = json.dumps(_drawing(BLOCKS))
    times = {"Torchloom": _times(Path(sys.executable), "with_torchloom.py", drawing)}
    for name, script in PEERS.items():
        times[name] = _times(python, script, drawing)
    ours = times["Torchloom"]
    bars = [
        Bar(f"{what} of Torchloom to {name}", ours[what] / times[name][what], 1 / TIMES_FASTER)
        for name in PEERS
        for what in ("open", "frame")
    ]
    print(_table(times))
    return report("peers", bars, {"blocks": BLOCKS, "ms": times})


def _table(times: dict[str, dict[str, float]]) -> str:
    """The times as a table in Markdown."""
    ours = times["Torchloom"]
    rows = ["| | open | full frame |", "|---|---|---|"]
    for name, own in times.items():
        cells = [
            f"{own[what]:,.1f} ms"
            + ("" if name == "Torchloom" else f" ({own[what] / ours[what]:,.0f} times)")
            for what in ("open", "frame")
        ]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _drawing(blocks: int) -> dict[str, object]:
    document = large_drawing(blocks)
    row = {id: number for number, id in enumerate(document.graph.nodes)}
    places = [(node.x, node.y) for node in document.graph.nodes.values()]
    edges = [(row[edge.source], row[edge.target]) for edge in document.graph.edges()]
    return {"places": places, "edges": edges}


def _times(python: Path, script: str, drawing: str) -> dict[str, float]:
    done = subprocess.run(
        [str(python), str(HERE / script)], input=drawing, capture_output=True, text=True,
        timeout=LONGEST_S, cwd=ROOT, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])},
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"open"')]
    if not lines:
        raise SystemExit(f"{script} did not finish:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(lines[-1])
    return {what: round(value, 3) for what, value in found.items()}


def _environment() -> Path:
    """The Python of an environment with the peers."""
    python = PLACE / "bin" / "python"
    ready = PLACE / "ready"
    if not ready.exists() or ready.read_text() != "\n".join(NEEDS):
        venv.create(PLACE, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *NEEDS], check=True)
        ready.write_text("\n".join(NEEDS))
    return python


if __name__ == "__main__":
    sys.exit(main())
