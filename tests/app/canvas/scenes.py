"""Scenes of the canvas, kept as pictures; run as a program it draws all pictures anew."""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.canvas.mirror import Mirror
from app.canvas.options import Options
from app.canvas.surface import Surface
from app.theme import DARK, LIGHT, Theme, mono, sans
from graph import collapsing, edits, freezing, leading, locking, remark_edits, switching
from graph.check import check
from graph.composites.making import make
from graph.composites.repeating import set_repeat
from graph.framing import box_around
from graph.infer import infer
from graph.model import Document, Edge, Graph, Node, NodeId, Repeat, Wires
from graph.params import Expr
from tests.drawing import chain, draw, set_params

FOLDER = Path(__file__).parent / "scenes"
FONTS = FOLDER / "fonts.txt"
SIZE = (640, 400)
GLANCE = (80, 50)
"""So small a picture forgets how letters are smoothed, and keeps places and colours."""
PROBE = "Aa 0→64 卷积 ×3"
MANY = 10_000
COLUMNS = 100
USUAL = Options()


@dataclass(frozen=True)
class Scene:
    """A drawing and how it is looked at.

    Attributes:
        scale: the zoom; None shows the whole drawing.
    """

    name: str
    draw: Callable[[], Document]
    theme: Theme = DARK
    scale: float | None = None
    selected: tuple[str, ...] = ()
    options: Options = USUAL


def classifier():
    """A chain in two columns, of many categories."""
    document = chain("input conv2d batch_norm relu max_pool2d flatten dense cross_entropy")
    ids = list(document.graph.nodes)
    places = {id: (260.0 * (n // 4), 110.0 * (n % 4)) for n, id in enumerate(ids)}
    return edits.move(document, places)


def long_names():
    """A name as long as names may be, a title in Chinese, and one of a kind that is unknown."""
    document = edits.move(draw("dense conv2d relu"), {NodeId("n3"): (240.0, 0.0)})
    document = edits.rename(document, NodeId("n1"), "a_name_that_is_as_long_as_names_may_be")
    document = remark_edits.add_frame(
        document, (-24, -60, 460, 180), "卷积层与激活函数 · very long"
    )
    return remark_edits.add_note(document, (240, 100), "**注意** 输入是灰度图像\n- 八乘八")


def remarked():
    """A frame around some blocks, and notes of two colours."""
    document = chain("input dense relu output")
    box = box_around(document.graph, list(document.graph.nodes)[1:3])
    document = remark_edits.add_frame(document, box, "Encoder")
    return remark_edits.add_note(document, (240, 0), "# Why\nOne *small* layer is **enough**.")


def composed():
    """A composite that is repeated, and a block that is."""
    document = chain("input conv2d relu dense output")
    document = make(document, [NodeId("n2"), NodeId("n3")], "Stage")
    (stage,) = (id for id, node in document.graph.nodes.items() if node.definition)
    document = set_repeat(document, [stage], Repeat(3))
    return set_repeat(document, [NodeId("n4")], Repeat(12))


def wrong():
    """Blocks that lack a wire, name an unknown variable, or refuse what they receive."""
    document = set_params(chain("input dense conv2d output"), "n2", features=Expr("width"))
    return edits.add(document, "add", (240.0, 100.0))


def switched():
    """One block frozen and locked, one bypassed, one collapsed, one muted, two as usual."""
    document = chain("input conv2d relu dense output")
    document = freezing.set_frozen(document, [NodeId("n2")], frozen=True)
    document = switching.set_bypassed(document, [NodeId("n3")], bypassed=True)
    document = edits.add(document, "dense", (240.0, 200.0))
    document = collapsing.set_collapsed(document, [NodeId("n4")], collapsed=True)
    document = locking.set_locked(document, [NodeId("n2")], (), locked=True)
    return switching.set_muted(document, [NodeId("n6")], muted=True)


def led():
    """Wires that are led through points: round a block, upward, and to the side."""
    document = draw("input conv2d relu add dense")
    n1, n2, n3, n4, n5 = document.graph.nodes
    places = {n2: (0, 140), n3: (0, 260), n4: (120, 400), n5: (380, 100)}
    document = edits.move(document, places)
    for source, target in ((n1, n2), (n2, n3), (n3, n4), (n1, n4), (n4, n5)):
        into = "xs" if target == n4 else "x"
        document = edits.connect(document, source, "y", target, into)
    from_input = document.graph.edges_into(n4, "xs")[1]
    points = {
        from_input: [(250.0, 110.0), (250.0, 360.0)],
        document.graph.inputs_of(n5)[0]: [(330.0, 500.0), (330.0, 60.0), (475.0, 60.0)],
    }
    return leading.lead(document, points)


def folded():
    """Collapsed frames: one that is wired, one with a problem, one in Arabic; and an open one."""
    document = chain("input conv2d batch_norm relu flatten dense cross_entropy")
    ids = list(document.graph.nodes)
    places = {id: (0.0, (0, 120, 220, 320, 200, 300, 320)[n]) for n, id in enumerate(ids)}
    places |= {ids[4]: (280.0, 100.0), ids[5]: (280.0, 200.0), ids[6]: (280.0, 320.0)}
    document = set_params(edits.move(document, places), "n6", features=Expr("width"))
    frames = ((ids[1:4], "Stage of convolutions"), (ids[4:6], "رأس التصنيف"), (ids[6:], "Loss"))
    for held, title in frames:
        document = remark_edits.add_frame(document, box_around(document.graph, held), title)
    stage, head, _ = document.graph.remarks
    document = remark_edits.set_color(document, [head], "pink")
    return collapsing.set_frames_collapsed(document, [stage, head], True)


def many():
    """Ten thousand blocks side by side, every one wired to the one above."""
    kinds = ("dense", "relu", "conv2d", "batch_norm", "dropout")
    ids = [NodeId(f"n{n + 1}") for n in range(MANY)]
    nodes = {
        id: Node(id, kinds[(n * 7 + n // COLUMNS) % 5], f"b{n}", {},
                 240.0 * (n % COLUMNS), 110.0 * (n // COLUMNS))
        for n, id in enumerate(ids)
    }  # fmt: skip
    above = ids[: MANY - COLUMNS]
    wires = {
        below: (Edge(top, "y", below, "x"),)
        for top, below in zip(above, ids[COLUMNS:], strict=True)
    }
    return Document(graph=Graph(nodes, Wires(wires)), next_id=MANY + 1)


SCENES = (
    Scene("dark", classifier, selected=("n2",)),
    Scene("light", classifier, LIGHT, selected=("n2",)),
    Scene("far", classifier, scale=0.12),
    Scene("near", classifier, scale=2.0),
    Scene("names", long_names),
    Scene("remarks", remarked, LIGHT),
    Scene("composites", composed),
    Scene("problems", wrong),
    Scene("switched", switched),
    Scene("led", led, selected=("n5",)),
    Scene("straight", led, LIGHT, options=Options(straight=True)),
    Scene("collapsed", folded, selected=("n3",)),
    Scene("ten-thousand", many),
)


def render(scene, theme=None, change=lambda document: document):
    """The picture of a scene; another theme or a changed document proves that a test can fail."""
    document = change(scene.draw())
    typing = infer(document)
    mirror = Mirror()
    mirror.rebuild(document, typing, check(document, typing))
    mirror.select(frozenset(map(NodeId, scene.selected)))
    surface = Surface()
    surface.resize(*SIZE)
    surface.set_theme(theme or scene.theme)
    surface.set_options(scene.options)
    surface.show_mirror(mirror)
    surface.fit()
    if scene.scale is not None:
        surface.zoom_to(scene.scale)
    picture = QImage(*SIZE, QImage.Format.Format_RGB32)
    surface.render(picture)
    surface.deleteLater()
    return picture


def glance(picture):
    """The picture as eyes see it that look in passing: colours from 0 to 255 on a coarse grid."""
    small = picture.scaled(
        *GLANCE, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), -1)
    return rows[:, : 3 * small.width()].reshape(small.height(), small.width(), 3).astype(float)


def fonts():
    """What the fonts of this desktop make of a text, as a short word."""
    picture = QImage(400, 80, QImage.Format.Format_Grayscale8)
    picture.fill(255)
    with QPainter(picture) as painter:
        for line, font in enumerate((sans(14), sans(14, bold=True), mono(14))):
            painter.setFont(font)
            painter.drawText(QRect(4, 26 * line, 396, 26), Qt.AlignmentFlag.AlignVCenter, PROBE)
    return hashlib.sha256(bytes(picture.constBits())).hexdigest()[:16]


def main():
    """Draws all pictures anew."""
    app = QApplication(sys.argv)
    FOLDER.mkdir(exist_ok=True)
    for scene in SCENES:
        picture = render(scene).convertToFormat(QImage.Format.Format_RGB888)
        picture.save(str(FOLDER / f"{scene.name}.png"), quality=0)
    FONTS.write_text(fonts() + "\n")
    app.quit()


if __name__ == "__main__":
    main()
