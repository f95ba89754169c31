"""What every peer is asked to do; it needs nothing but Qt, so that it runs where a peer lives.

A peer is a function that is given blocks and edges, and answers a shown window and the widget in
it that paints the drawing.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

from PySide6.QtWidgets import QApplication, QWidget

SIZE = (1600, 1000)
REPEATS = 7
FEW = 30
Places = list[tuple[float, float]]
Edges = list[tuple[int, int]]
Open = Callable[[Places, Edges], tuple[QWidget, QWidget]]


def measure(open_drawing: Open) -> None:
    """Reads a drawing from standard input and prints the CPU times in ms of opening and a frame."""
    application = QApplication([])
    drawing = json.load(sys.stdin)
    places = [(x, y) for x, y in drawing["places"]]
    edges = [(a, b) for a, b in drawing["edges"]]
    # imports, fonts and styles are not what is compared
    first, _ = open_drawing(places[:FEW], [each for each in edges if max(each) < FEW])
    first.show()
    application.processEvents()
    first.hide()
    start = time.thread_time()
    window, painted = open_drawing(places, edges)
    window.resize(*SIZE)
    window.show()
    application.processEvents()
    painted.repaint()
    opened = time.thread_time() - start
    frames = []
    for _ in range(REPEATS):
        start = time.thread_time()
        painted.repaint()
        frames.append(time.thread_time() - start)
    print(json.dumps({"open": opened * 1e3, "frame": statistics.median(frames) * 1e3}), flush=True)
    os._exit(0)  # some take minutes to tear down what they made
