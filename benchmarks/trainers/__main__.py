"""How many images a second of CPU time Torchloom and three other trainers train on.

Run it as `python -m benchmarks.trainers`. The others are installed into an environment of their own
under `out/`, once. All train the classic CNN on images shaped as those of MNIST, with one thread;
they take turns, and the best round of each counts, because the machine may be shared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.report import Bar, report

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PLACE = ROOT / "out" / "trainers"
NEEDS = (
    "torch==2.13.0", "keras==3.15.1", "lightning==2.6.1", "pytorch-lightning==2.6.1",
    "skorch==1.2.0",
)  # fmt: skip
OURS, BY_HAND = "Torchloom", "by hand"
SCRIPTS = {
    OURS: "with_torchloom.py",
    BY_HAND: "with_hand.py",
    "Keras 3": "with_keras.py",
    "Lightning": "with_lightning.py",
    "skorch": "with_skorch.py",
}
TIMES_FASTER = {"Keras 3": 2.0, "Lightning": 1.3, "skorch": 1.3}
ROUNDS = 3
LONGEST_S = 900


def main() -> int:
    """Measures all of them and reports how many times as fast Torchloom is."""
    python = _environment()
    speeds = dict.fromkeys(SCRIPTS, 0.0)
    for _ in range(ROUNDS):
        for name, script in SCRIPTS.items():
            own = Path(sys.executable) if name in (OURS, BY_HAND) else python
            speeds[name] = max(speeds[name], _speed(own, script))
    bars = [
        Bar(f"{name} to Torchloom", speeds[name] / speeds[OURS], 1 / times)
        for name, times in TIMES_FASTER.items()
    ]
    print(_table(speeds))
    return report("trainers", bars, {"rows_per_cpu_second": speeds})


def _table(speeds: dict[str, float]) -> str:
    """The speeds as a table in Markdown."""
    rows = ["| | images a second of CPU time | Torchloom is |", "|---|---|---|"]
    for name, speed in speeds.items():
        times = "" if name == OURS else f"{speeds[OURS] / speed:.2f} times as fast"
        rows.append(f"| {name} | {speed:,.0f} | {times} |")
    return "\n".join(rows)


def _speed(python: Path, script: str) -> float:
    done = subprocess.run(
        [str(python), str(HERE / script)], capture_output=True, text=True, timeout=LONGEST_S,
        cwd=ROOT, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])},
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"rows')]
    if not lines:
        raise SystemExit(f"{script} did not finish:\n{done.stderr[-2000:]}")
    speed: float = json.loads(lines[-1])["rows_per_cpu_second"]
    return speed


def _environment() -> Path:
    """The Python of an environment with the others."""
    python = PLACE / "bin" / "python"
    ready = PLACE / "ready"
    if not ready.exists() or ready.read_text() != "\n".join(NEEDS):
        venv.create(PLACE, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *NEEDS], check=True)
        ready.write_text("\n".join(NEEDS))
    return python


if __name__ == "__main__":
    sys.exit(main())
