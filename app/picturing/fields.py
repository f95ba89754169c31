"""The choices about a picture: its format, what is on it, how large and in which colours."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from app.forms.parts import indent
from app.i18n import tr
from app.picturing.wish import CARRYING, LEAST_SCALE, MOST_SCALE, Wish
from app.theme import THEMES, Theme

FIRST_SCALE = 2.0


class PictureFields(QWidget):
    """A form that answers a `Wish`.

    Signals:
        changed: something else is wished for.
        format_changed: another format, before `changed`.
    """

    changed = Signal()
    format_changed = Signal(str)

    def __init__(self, theme: Theme, chosen: int) -> None:
        """Makes the form.

        Args:
            theme: the colours that are offered first.
            chosen: how many blocks and remarks are selected.
        """
        super().__init__()
        self.format = _choice(("png", "PNG"), ("svg", "SVG"), ("pdf", "PDF"))
        self.what = _choice((False, tr("All blocks")))
        if chosen:
            self.what.addItem(tr("The selection ({n})", n=chosen), True)
        self.scale = QDoubleSpinBox(decimals=2, minimum=LEAST_SCALE, maximum=MOST_SCALE,
                                    singleStep=0.5, value=FIRST_SCALE, suffix=" ×")  # fmt: skip
        indent(self.scale)
        self.theme = _choice(("dark", tr("Dark")), ("light", tr("Light")))
        self.theme.setCurrentIndex(0 if theme.is_dark else 1)
        self.ground = _choice(
            ("plain", tr("Plain")), ("grid", tr("Grid")), ("none", tr("Transparent"))
        )
        self.carries = QCheckBox(tr("Keep the drawing in the picture"))
        self.carries.setChecked(True)
        self.carries.setToolTip(
            tr("Whoever has the picture can drop it on the window and edit the drawing.")
        )
        self.size_text = QLabel()
        self.size_text.setProperty("role", "dim")
        self._arrange()
        self.format.currentIndexChanged.connect(self._follow_format)
        for box in (self.what, self.theme, self.ground):
            box.currentIndexChanged.connect(self.changed)
        self.scale.valueChanged.connect(self.changed)
        self.carries.toggled.connect(self.changed)

    @property
    def wish(self) -> Wish:
        """What is wished for."""
        return Wish(
            self.format.currentData(),
            self.scale.value(),
            THEMES[self.theme.currentData()],
            self.ground.currentData(),
            self.carries.isChecked(),
        )

    @property
    def wants_selection(self) -> bool:
        """Whether only what is selected shall be on it."""
        return bool(self.what.currentData())

    def set_format(self, format: str) -> None:
        """Chooses a format."""
        self.format.setCurrentIndex(self.format.findData(format))

    def _follow_format(self) -> None:
        """Offers what the format can have."""
        format = self.format.currentData()
        self.carries.setEnabled(format in CARRYING)
        grid = self.ground.findData("grid")
        if format != "png" and self.ground.currentIndex() == grid:
            self.ground.setCurrentIndex(self.ground.findData("plain"))
        items = self.ground.model()
        assert isinstance(items, QStandardItemModel)  # that of every combo box
        items.item(grid).setEnabled(format == "png")
        self.format_changed.emit(format)
        self.changed.emit()

    def _arrange(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        for label, field in (
            (tr("Format"), self.format), (tr("Blocks"), self.what), (tr("Scale"), self.scale),
            (tr("Colours"), self.theme), (tr("Background"), self.ground),
        ):  # fmt: skip
            form.addRow(label, field)
        form.addRow(self.carries)
        form.addRow(self.size_text)


def _choice(*items: tuple[object, str]) -> QComboBox:
    box = QComboBox()
    for value, text in items:
        box.addItem(text, value)
    return box
