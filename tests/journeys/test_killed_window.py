"""The whole program is killed while it trains; started again, it goes on as if nothing had been."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import running
from backends.protocol import Finished
from backends.runs.checkpoints import checkpoints_of
from backends.runs.index import list_runs
from backends.runs.metrics import read_metrics
from graph.fileio import save
from tests.app.conftest import window  # noqa: F401  a fixture
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import train

TRAINING_MS = 120_000
PROGRAM = """
import sys
from pathlib import Path
from app.start import make_application, open_window
app = make_application()
window = open_window(app, [Path(sys.argv[1])])
window.show()
window.train()
app.exec()
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_program_goes_on_with_its_run(window, home, qtbot, tmp_path):  # noqa: F811
    document = iris_mlp(epochs=3000, checkpoint_steps=50)
    save(document, tmp_path / "iris.loom")
    words = [sys.executable, "-c", PROGRAM, str(tmp_path / "iris.loom")]
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(words, cwd=root, env={**os.environ, "TORCHLOOM_HOME": str(home)})
    qtbot.waitUntil(lambda: any(map(checkpoints_of, (home / "runs").glob("*"))),
                    timeout=TRAINING_MS)  # fmt: skip
    process.send_signal(signal.SIGKILL)
    process.wait()
    messages = []
    tell = window.tell
    window.tell = lambda message: (messages.append(message), tell(message))
    running.look_for_interrupted(window)
    qtbot.waitUntil(lambda: any("was interrupted" in message.text for message in messages))
    messages[-1].choices[0].run()
    qtbot.waitUntil(lambda: window.training.runner.record is not None)
    record = window.training.runner.record
    qtbot.waitUntil(lambda: isinstance(record.end, Finished), timeout=TRAINING_MS)
    qtbot.waitUntil(lambda: not window.is_training)
    whole = train(document, tmp_path / "whole")[-1]
    (entry,) = list_runs(home / "runs")
    rows = [
        [{**row, "seconds": None} for row in read_metrics(run / "metrics.jsonl")]
        for run in (entry.path, whole.run)
    ]
    assert rows[0] == rows[1]
    assert record.steps.y.tolist() == [row["loss"] for row in rows[1] if "epoch" not in row]
    assert entry.status == "finished"
    assert entry.test == whole.test == record.end.test
