"""One plot: the loss, or one metric, of a run and of the run before it."""

from __future__ import annotations

import sys

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.i18n import tr
from app.theme import THEMES, Theme
from app.training import curves
from app.training.axes import Area
from app.training.elided import ElidedLabel
from app.training.legend import Legend
from app.training.record import LOSS, TRAIN, VALIDATION, RunRecord, csv_text
from app.training.series import Floats, Series, Smoothed
from app.training.view import View

FEW_EPOCHS = 60
BRIEF_PX = 330
FIRST_EPOCHS = 20
END_ROOM = 1.01  # so that the last dot and its tick are whole


class Plot(QFrame):
    """A card with a title, a legend that reads values, and curves.

    Signals:
        pointed: the x under the pointer in steps, or None.
        following_changed: whether the newest values are kept in view.
    """

    pointed = Signal(object)
    following_changed = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.setProperty("role", "card")
        self.is_following = True
        self.record: RunRecord | None = None
        self.before: RunRecord | None = None
        self.view = View()
        self._smoothed: dict[int, Smoothed] = {}
        self._drawn: object = None
        self._shown_range: tuple[float, float] | None = None
        self._at: float | None = None
        title = LOSS if name == LOSS else name.replace("_", " ")
        self.title = ElidedLabel("heading")
        self.title.show_text(tr(title.capitalize()))
        self.legend = Legend(self)
        self.area = Area(self)
        self.area.setAccessibleName(tr("Plot of {name}", name=title))
        self.area.setToolTip("")
        self._make_curves()
        self.area.moved_by_hand.connect(lambda: self.follow(False))
        self.area.follow_asked.connect(lambda: self.follow(True))
        self.area.pointed.connect(self._on_pointed)
        self.area.menu_asked.connect(self._show_menu)
        self._arrange()
        self.set_theme(THEMES["dark"])

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 7, 4, 3)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.area, 1)

    def _make_curves(self) -> None:
        self.raw = self._curve(antialias=False)
        self.old_train, self.old_validation = self._curve(), self._curve()
        self.train, self.validation, self.smooth = self._curve(), self._curve(), self._curve()
        self.dots = {split: self._dots() for split in (TRAIN, VALIDATION)}

    def _curve(self, *, antialias: bool = True) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(antialias=antialias, connect="finite", skipFiniteCheck=False)
        # thick lines are several times cheaper in pieces
        curve.setSegmentedLineMode("on")
        self.area.addItem(curve, ignoreBounds=True)
        return curve

    def _dots(self) -> pg.ScatterPlotItem:
        dots = pg.ScatterPlotItem(size=5, pen=None, pxMode=True)
        self.area.addItem(dots, ignoreBounds=True)
        return dots

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.area.paint_in(theme)
        tones = {TRAIN: theme.accent, VALIDATION: theme.warn}
        self.raw.setPen(pg.mkPen(blend(theme.accent, theme.field, 0.42), width=1))
        self.smooth.setPen(pg.mkPen(theme.accent, width=2))
        self.train.setPen(pg.mkPen(theme.accent, width=1 if self.name == LOSS else 2))
        self.validation.setPen(pg.mkPen(theme.warn, width=2))
        for split, dots in self.dots.items():
            dots.setBrush(pg.mkBrush(tones[split]))
        self.old_train.setPen(pg.mkPen(blend(theme.accent, theme.field, 0.35), width=1))
        self.old_validation.setPen(pg.mkPen(blend(theme.warn, theme.field, 0.4), width=1))
        self.legend.set_theme(theme)

    def show_run(self, record: RunRecord, before: RunRecord | None, view: View) -> None:
        """Shows a run, beside the one before it if that is wanted."""
        if record is not self.record or view != self.view:
            self._shown_range = None
        if record is not self.record:
            self._smoothed, self.is_following = {}, True
            self.following_changed.emit()
        self.record, self.before, self.view = record, before if view.compares else None, view
        self._drawn = None
        self.area.left.is_share = self.name in record.shares
        self.area.left.is_log = self._is_log
        self.refresh()

    @property
    def _is_log(self) -> bool:
        shares = self.record.shares if self.record else ()
        return self.view.is_log and self.name not in shares

    def refresh(self) -> None:
        """Draws what has come since; nothing where nothing has, or where nobody sees it."""
        record = self.record
        seen = None if self.is_following else self._x()
        drawn = (record and record.version, self.view, self.area.width(), self.is_following, seen)
        if record is None or not self.isVisible() or drawn == self._drawn:
            return
        self._drawn = drawn
        self._place_cross()
        scale = self._scale(record)
        if self.is_following:
            self._follow_x(record)
        lines = [*self._draw(record, scale), *self._draw_before(scale)]
        if self.is_following:
            self._follow_y(lines)
        self._read()

    def _x(self) -> tuple[float, float]:
        low, high = self.area.view.viewRange()[0]
        return float(low), float(high)

    def _scale(self, record: RunRecord) -> float:
        """What a step is in units of the x axis."""
        return 1 / record.steps_per_epoch if self.view.by_epoch else 1.0

    def _draw(self, record: RunRecord, scale: float) -> list[Floats]:
        raw = smooth = None
        if self.name == LOSS:
            raw = self._part(record.steps, scale)
            if self.view.weight:
                smooth = self._part(self._average(record, self.view.weight), scale)
        shown = [
            self._put(self.raw, raw and curves.envelope(*raw)),
            self._put(self.smooth, smooth and curves.thinned(*smooth)),
        ]
        for split, curve in ((TRAIN, self.train), (VALIDATION, self.validation)):
            series = record.epochs.get((split, self.name))
            part = self._part(series, scale) if series is not None else None
            few = part is not None and len(part[0]) <= FEW_EPOCHS
            is_line = not (self.name == LOSS and split == TRAIN and few)
            shown.append(self._put(curve, curves.thinned(*part) if part and is_line else None))
            x, y = part if part and few else (np.empty(0), np.empty(0))
            self.dots[split].setData(x, y)
            shown.append(y)
        return shown

    def _draw_before(self, scale: float) -> list[Floats]:
        record, train, validation = self.before, None, None
        if record is not None:
            scale = self._scale(record)
            series: Series | None = record.epochs.get((TRAIN, self.name))
            if self.name == LOSS and len(record.steps):
                series = self._average(record, max(self.view.weight, 0.9))
            train = self._part(series, scale) if series is not None else None
            old = record.epochs.get((VALIDATION, self.name))
            validation = self._part(old, scale) if old is not None else None
        return [
            self._put(self.old_train, train and curves.thinned(*train)),
            self._put(self.old_validation, validation and curves.thinned(*validation)),
        ]

    def _average(self, record: RunRecord, weight: float) -> Series:
        kept = self._smoothed.get(id(record))
        if kept is None or kept.weight != weight or kept.source is not record.steps:
            kept = self._smoothed[id(record)] = Smoothed(record.steps, weight)
        return kept.update()

    def _part(self, series: Series, scale: float) -> tuple[Floats, Floats]:
        """The points in view, in units of the axes."""
        low, high = self._x()
        x, y = curves.within(series, low / scale, high / scale)
        return x * scale, curves.logarithm(y) if self._is_log else y

    def _put(self, curve: pg.PlotCurveItem, line: tuple[Floats, Floats] | None) -> Floats:
        x, y = line or (np.empty(0), np.empty(0))
        had = curve.xData is not None and len(curve.xData)
        if len(x) or had:
            curve.setData(x, y)
        return y

    def _follow_x(self, record: RunRecord) -> None:
        scale, per_epoch = self._scale(record), record.steps_per_epoch
        total = float(max(record.total_epochs * per_epoch, 1))
        done = float(max(record.step, 1))
        if record.is_over:
            total = done
        if self.before is not None:
            # both runs by their own count of steps
            own = self.before.step * self._scale(self.before)
            total, done = max(total, own / scale), max(done, own / scale)
        end = curves.stretch(done, total, FIRST_EPOCHS * per_epoch) * scale * END_ROOM
        if self._x() != (0.0, end):
            self.area.view.setXRange(0.0, end, padding=0)

    def _follow_y(self, lines: list[Floats]) -> None:
        found = curves.bounds(*lines)
        if found is None:
            return
        wanted = curves.nice_range(*found)
        if self.area.left.is_share:
            wanted = (max(wanted[0], 0.0), min(max(wanted[1], 0.01), 1.0))
        shown = curves.kept_range(wanted, self._shown_range)
        if shown != self._shown_range:
            self._shown_range = shown
            self.area.view.setYRange(*shown, padding=0)

    def follow(self, is_following: bool) -> None:
        """Keeps the newest values in view, or lets the person look around."""
        if is_following:
            self._shown_range = None
        if is_following != self.is_following:
            self.is_following = is_following
            self.following_changed.emit()
        self._drawn = None
        self.refresh()

    def _on_pointed(self, x: float | None) -> None:
        record = self.record
        self.pointed.emit(None if x is None or record is None else x / self._scale(record))

    def read_at(self, step: float | None) -> None:
        """Shows a cross-hair and the values at a step; the newest values where it is None."""
        if step == self._at:
            return
        self._at = step
        self._place_cross()
        self._read()

    def _place_cross(self) -> None:
        at, scale = self._at, self._scale(self.record) if self.record else 1.0
        self.area.show_cross(None if at is None else at * scale)

    def _read(self) -> None:
        """Reads values from the store, which holds every one of them."""
        record = self.record
        if record is None:
            return
        at = sys.maxsize if self._at is None else self._at
        is_share = self.name in record.shares
        readings = []
        for split in (TRAIN, VALIDATION):
            series = record.epochs.get((split, self.name))
            if split == TRAIN and self.name == LOSS and len(record.steps):
                series = record.steps
                if self.view.weight:
                    series = self._average(record, self.view.weight)
            point = (
                series.nearest(min(at, series.x[-1]))
                if series is not None and len(series)
                else None
            )
            readings.append((split, point and point[1]))
        self.legend.show_values(readings, is_share, None if self._at is None else self._where(at))

    def _where(self, step: float) -> str:
        record = self.record
        per_epoch = record.steps_per_epoch if record else 1
        step = max(0, min(round(step), record.step if record else 0))
        return tr("step {n}, epoch {epoch}", n=step, epoch=f"{step / per_epoch:.1f}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.legend.set_brief(self.width() < BRIEF_PX)

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Save plot as PNG…"), self._ask_png)
        menu.addAction(tr("Copy data as CSV"), self.copy_csv)
        menu.addSeparator()
        follow = menu.addAction(tr("Follow the run"), lambda: self.follow(True))
        follow.setEnabled(not self.is_following)
        menu.popup(at)

    def copy_csv(self) -> None:
        """Puts the numbers of the plot on the clipboard."""
        if self.record is not None:
            QGuiApplication.clipboard().setText(csv_text(self.record, self.name))

    def _ask_png(self) -> None:
        dialog = QFileDialog(self, tr("Save plot"), "", tr("Pictures (*.png)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{self.name}.png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_png)
        dialog.open()

    def save_png(self, path: str) -> bool:
        """Writes the plot as a picture; answers whether that was possible."""
        return self.grab().save(path, "PNG")


def blend(front: str, back: str, share: float) -> QColor:
    """An opaque mix of two colours: a clear pen would cost several times as much to draw."""
    a, b = QColor(front), QColor(back)
    channels = zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index]  # the stub says object
    red, green, blue = (round(share * x + (1 - share) * y) for x, y in channels)
    return QColor(red, green, blue)
