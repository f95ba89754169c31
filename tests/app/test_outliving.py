"""Work in torch, and the end of the program."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENDS = """
import threading
from PySide6.QtCore import QCoreApplication
from app.outliving import waited_for
from app.tasks import run_task

app = QCoreApplication([])
begun, rest = threading.Event(), threading.Event()

def work(task):
    begun.set()
    while not task.is_cancelled():
        rest.wait(0.01)
    print("cancelled", flush=True)

run_task(app, lambda task: waited_for(task, lambda: work(task), "work"), print, print)
begun.wait()
"""


def test_when_the_program_ends_work_is_cancelled_and_waited_for() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS],
        text=True, capture_output=True, timeout=60, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("cancelled\n", 0), done.stderr
