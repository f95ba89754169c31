"""What is slow to import waits until it is needed."""

import subprocess
import sys

PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from app.session import Session
from app.training import TrainingPanel
panel = TrainingPanel()
panel.set_session(Session())
late = ("torch", "pyqtgraph", "backends.data.source", "PIL")
print([name for name in late if name in sys.modules])
"""


def test_an_idle_panel_has_loaded_neither_torch_nor_plots_nor_data():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
