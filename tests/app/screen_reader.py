"""Reads the window as a screen reader does: over the bus, from another process.

Run as a program under `dbus-run-session`, it shows an example without a screen, edits it all the
time, and prints what is read of the canvas, as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
REGISTRY, ROOT = "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"
ACCESSIBLE, COMPONENT = "org.a11y.atspi.Accessible", "org.a11y.atspi.Component"
TURNS, TURN_MS, DEEPEST, PATIENCE = 3, 40, 9, 200
Place = tuple[str, str]


def show() -> None:
    """The window, in which blocks are selected, removed and brought back until it is ended."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.examples import examples
    from app.recovery import Journal
    from app.settings import Settings
    from app.window import Window
    from graph import edits

    application = QApplication([])
    window = Window(Settings(theme="dark"), Journal())
    window.show()
    window.files.open_example(next(e for e in examples() if e.path.stem == "digits-cnn"))
    window.canvas.setFocus()
    turns = iter(range(10**9))

    def play() -> None:
        turn, session = next(turns), window.session
        ids = list(session.document.graph.nodes)
        session.select([ids[turn % len(ids)]])
        if turn % 4 == 1:
            session.apply("Remove", lambda document: edits.remove(document, [ids[-1]]))
        elif turn % 4 == 3:
            session.undo()

    timer = QTimer(window, interval=TURN_MS)
    timer.timeout.connect(play)
    timer.start()
    application.exec()


class Bus:
    """The bus on which parts of windows are told of."""

    def __init__(self) -> None:
        found = _ask(
            ["--user"], "call", "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress"
        )
        self._bus = [f"--address={found[0]}"]

    def call(self, place: Place, face: str, method: str, *given: str) -> Any:  # Any: JSON
        return _ask(self._bus, "call", *place, face, method, *given)

    def get(self, place: Place, name: str) -> Any:  # Any: JSON
        return _ask(self._bus, "get-property", *place, ACCESSIBLE, name)

    def children(self, place: Place) -> list[Place]:
        found = self.call(place, ACCESSIBLE, "GetChildren")
        return [(bus, path) for bus, path in found[0]] if found else []

    def canvas(self, place: Place, depth: int = 0) -> Place | None:
        """The part that is the canvas, in this one."""
        if self.get(place, "Name") == "Drawing":
            role = self.call(place, ACCESSIBLE, "GetRoleName")
            if role == ["list"]:
                return place
        inside = (self.canvas(each, depth + 1) for each in self.children(place))
        return next(filter(None, inside), None) if depth < DEEPEST else None

    def item(self, place: Place) -> dict[str, Any]:  # Any: JSON
        """All that is asked of a part."""
        return {
            "role": (self.call(place, ACCESSIBLE, "GetRoleName") or [""])[0],
            "name": self.get(place, "Name"),
            "wires": self.get(place, "Description"),
            "states": self.call(place, ACCESSIBLE, "GetState"),
            "related": self.call(place, ACCESSIBLE, "GetRelationSet"),
            "extents": self.call(place, COMPONENT, "GetExtents", "u", "0"),
            "interfaces": self.call(place, ACCESSIBLE, "GetInterfaces"),
            "parent": self.get(place, "Parent"),
        }


def _ask(bus: list[str], *words: str) -> Any:  # Any: JSON
    """The answer; None where a part is gone, which is no fault while a drawing is edited."""
    done = subprocess.run(
        ["busctl", *bus, "--json=short", *words], check=False, capture_output=True, text=True
    )
    return json.loads(done.stdout)["data"] if done.returncode == 0 and done.stdout else None


def _until(found: Callable[[], Any]) -> Any:  # Any: whatever is waited for
    for _ in range(PATIENCE):
        answer = found()
        if answer:
            return answer
        threading.Event().wait(0.1)
    raise TimeoutError


def read() -> dict[str, Any]:  # Any: JSON
    """What is read, and whether the window was still there at the end."""
    launcher = next(path for path in LAUNCHERS if Path(path).exists())
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o700)
        ready, tell = os.pipe()
        screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(tell)], pass_fds=[tell], stderr=subprocess.DEVNULL
        )
        os.environ.update(
            DISPLAY=f":{os.read(ready, 16).decode().strip()}", XDG_RUNTIME_DIR=home,
            QT_QPA_PLATFORM="xcb", QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", TORCHLOOM_HOME=home,
        )  # fmt: skip
        processes = [screen]
        try:
            quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
            processes.append(subprocess.Popen([launcher, "--launch-immediately"], **quiet))
            _until(lambda: _ask(["--user"], "call", "org.a11y.Bus", "/org/a11y/bus",
                                "org.a11y.Bus", "GetAddress"))  # fmt: skip
            bus = Bus()
            window = subprocess.Popen([sys.executable, "-m", __spec__.name, "show"])
            processes.append(window)
            program = _until(lambda: bus.children((REGISTRY, ROOT)))[0]
            canvas = _until(lambda: bus.canvas(program))
            items = [bus.item(each) for _ in range(TURNS) for each in bus.children(canvas)]
            return {"items": items, "lives": window.poll() is None}
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["show"]:
        show()
    else:
        print(json.dumps(read()))
