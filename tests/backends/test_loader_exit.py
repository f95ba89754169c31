"""The end of the program while a run goes on, or while torch is still being loaded."""

import json
import subprocess
import sys

from backends.runs.checkpoints import checkpoints_of
from graph.fileio import save
from tests.backends.pytorch.drawings import digits_mlp
from tests.drawing import set_params

RUN = """
import pathlib, queue, sys
from backends import loader
from backends.protocol import Control, Job, Stepped
from graph.fileio import load
events = queue.SimpleQueue()
folder = pathlib.Path(sys.argv[1])
job = Job(load(folder / "d.loom").document, folder / "runs")
loader.train(job, events.put, Control())
while not isinstance(events.get(), Stepped):
    pass
"""


def run_python(text, *words):
    return subprocess.run(
        [sys.executable, "-c", text, *words],
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_run_is_stopped_and_kept_when_the_program_ends(tmp_path):
    save(digits_mlp(epochs=100_000), tmp_path / "d.loom")
    done = run_python(RUN, str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = (tmp_path / "runs").iterdir()
    assert json.loads((run / "run.json").read_text())["status"] == "stopped"
    assert checkpoints_of(run)


def test_the_program_may_end_while_torch_is_being_loaded():
    done = run_python("from backends import loader\nloader.warm_up()\n")
    assert (done.returncode, done.stderr) == (0, "")


MEASURE = """
import pathlib, queue, sys, threading
from backends import loader
from backends.protocol import Control
from graph.fileio import load
document = load(pathlib.Path(sys.argv[1]) / "d.loom").document
told, control = queue.SimpleQueue(), Control()
def work():
    loader.answer("backends.pytorch.measuring", "measure", document,
                  lambda share, text: told.put(share), lambda: control.is_stopped, control=control)
threading.Thread(target=work, daemon=True).start()
while told.get() < 0.1:
    pass
"""


def test_a_measurement_is_ended_when_the_program_ends(tmp_path):
    document = digits_mlp(batch_size=1024)
    save(set_params(document, "n2", features=4096), tmp_path / "d.loom")
    done = run_python(MEASURE, str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
