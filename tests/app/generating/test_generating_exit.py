"""The end of the program while a trained drawing makes something."""

import subprocess
import sys
from pathlib import Path

import pytest

from graph.fileio import save
from tests.app.generating.test_generating_dialogs import trained

ROOT = Path(__file__).parents[3]
CLOSES = """
import pathlib, sys
from PySide6.QtCore import QTimer
from app.generating.dialog import Origin
from app.generating.samples_dialog import SamplesDialog
from app.recovery import Journal
from app.settings import Settings
from app.start import make_application
from app.window import Window
from graph.fileio import load

folder, run = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
app = make_application()
window = Window(Settings(), Journal())
window.show()
origin = Origin(load(folder / "d.loom").document, "d", run, folder)
dialog = SamplesDialog(origin, {}, window.theme, window, by_steps=True)
dialog.open()
dialog.count.setValue(5000)
dialog.method.setCurrentIndex(1)
dialog.start()

def look():
    if dialog.is_busy and dialog.progress.value() >= 5:
        timer.stop()
        print(window.close())

timer = QTimer(interval=10)
timer.timeout.connect(look)
timer.start()
app.exec()
"""


@pytest.mark.slow
def test_the_program_may_end_while_something_is_made(tmp_path: Path) -> None:
    document, run = trained("diffusion", tmp_path / "runs", steps=9_000, units=64, blocks=1)
    save(document, tmp_path / "d.loom")
    done = subprocess.run(
        [sys.executable, "-c", CLOSES, str(tmp_path), str(run)],
        text=True, capture_output=True, timeout=90, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout == "True\n"
    assert done.returncode == 0, done.stderr
