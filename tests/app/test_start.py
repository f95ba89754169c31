"""Starting the program, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from graph.fileio import save
from tests.drawing import chain

ROOT = Path(__file__).parents[2]
BEGIN = """
import json, os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.start import make_application, open_window
from backends import loader
app = make_application()
files = [Path(word) for word in sys.argv[1:]]
window = open_window(app, files)
"""


def started(code: str, *files: Path) -> object:
    """What a process prints that opens a window with these files and then does this."""
    ran = subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(code), *map(str, files)],
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def test_files_open_in_tabs_and_an_example_as_a_copy(tmp_path: Path) -> None:
    file = tmp_path / "net.loom"
    save(chain("input dense output"), file)
    code = """
        window.show()
        paths = [str(session.path or "") for session in window.tabs.sessions()]
        print(json.dumps(paths))
    """
    example = ROOT / "assets" / "examples" / "iris-mlp.loom"
    assert started(code, file, example) == [str(file), ""]


def test_torch_is_loaded_after_the_first_frame_and_not_before() -> None:
    code = """
        seen = {}
        window.painted.connect(lambda: seen.update(at_paint="torch" in sys.modules))
        timer = QTimer(interval=20)
        timer.timeout.connect(lambda: loader.is_warm() and app.quit())
        timer.start()
        window.show()
        app.exec()
        print(json.dumps({**seen, "at_end": "torch" in sys.modules}))
    """
    assert started(code) == {"at_paint": False, "at_end": True}


def test_ctrl_c_in_the_terminal_closes_the_window() -> None:
    code = f"""
        window.painted.connect(lambda: os.kill(os.getpid(), {int(signal.SIGINT)}))
        window.show()
        answer = app.exec()
        print(json.dumps([answer, window.isVisible()]))
    """
    assert started(code) == [0, False]


def test_damaged_settings_are_told_and_set_aside(home: Path) -> None:
    home.mkdir()
    (home / "settings.json").write_text("{", "utf-8")
    code = """
        window.show()
        print(json.dumps([message.text for message in window.messages.messages]))
    """
    assert "damaged" in str(started(code))
    assert (home / "settings.broken.json").read_text("utf-8") == "{"
