"""The help on composites: a page whose pictures are drawn when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QWidget

from app.canvas.picture import render_document
from app.gallery_help import Page
from app.i18n import tr
from app.page_help import FOLDER, PageHelp
from app.theme import Theme
from graph import edits
from graph.composites.places import Step, seen_from
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.layout import ROW_PX
from graph.model import Document, Repeat
from graph.order import topological
from graph.params import Expr

if TYPE_CHECKING:
    from app.window import Window

PAGE = FOLDER / "composites.md"
SCHEME = "drawing"


class CompositesHelp(PageHelp):
    """The page about composites."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(tr("Composites"), PAGE, theme, parent, kind=_Drawn)


def show_composites_help(window: Window) -> None:
    """Shows the page about composites."""
    CompositesHelp(window.theme, window).open()


class _Drawn(Page):
    """A page whose pictures are drawings of this program."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """The picture of a drawing, in the colours of the theme."""
        name = QUrl(name)
        is_picture = kind == QTextDocument.ResourceType.ImageResource.value
        if not is_picture or name.scheme() != SCHEME:
            return super().loadResource(kind, name)
        whole = example()
        shown = inside(whole) if name.path() == "inside" else whole
        ratio = self.devicePixelRatioF()
        image: QImage = render_document(shown, self._theme, None)
        image.setDevicePixelRatio(ratio)
        return image


def example() -> Document:
    """A drawing with a composite that is repeated."""
    d = Drawing()
    with d.define("Layer", "A dense layer, its norm and its bend.", width=64):
        x = d.port("x", "64")
        x = d.add("dense", x, features=Expr("width"))
        d.result(d.add("relu", d.add("batch_norm", x)))
    x = d.add("input", shape="64")
    x = d.add("Layer", x, repeat=Repeat(3))
    d.add("output", d.add("dense", x, features=10))
    return _in_a_row(_in_a_row(d.document.inside("Layer")).whole())


def _in_a_row(document: Document) -> Document:
    """The blocks one below the other."""
    places = {id: (0.0, ROW_PX * n) for id, n in topological(document.graph).rank.items()}
    return edits.move(document, places)


def inside(whole: Document) -> Document:
    """The composite of the example, seen through its instance."""
    (id,) = (id for id, node in whole.graph.nodes.items() if node.definition)
    step = Step(whole.graph.nodes[id].definition, id)
    return whole.inside(step.definition, *seen_from(whole, infer(whole), step))
