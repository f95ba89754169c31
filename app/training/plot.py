"""One plot: the loss, or one metric, of a run and of the run before it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.desktop import file_dialog
from app.elided import ElidedLabel
from app.i18n import tr
from app.messages import Message
from app.metric_titles import metric_title, metric_word
from app.pictures import save_picture
from app.plotting import curves
from app.plotting.axes import Area
from app.plotting.series import Floats
from app.theme import THEMES, Theme
from app.training.drawing import Drawing
from app.training.legend import Legend
from app.training.record import TRAIN, VALIDATION, RunRecord, csv_text
from app.training.view import View
from graph.problems import UserError

FIRST_EPOCHS = 20
END_ROOM = 1.01  # so that the last dot and its tick are whole


class Plot(QFrame):
    """A card with a title, a legend that reads values, and curves.

    Signals:
        pointed: the x under the pointer in steps, or None.
        following_changed: whether the newest values are kept in view.
        told: a `Message` for the person.
    """

    pointed = Signal(object)
    following_changed = Signal()
    told = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.setProperty("role", "card")
        self.is_following = True
        self.record: RunRecord | None = None
        self.before: RunRecord | None = None
        self.view = View()
        self._drawn: object = None
        self._shown_range: tuple[float, float] | None = None
        self._at: float | None = None
        self.title = ElidedLabel("heading")
        self.title.show_text(metric_title(name))
        self.legend = Legend(self)
        self.area = Area(self)
        self.area.setAccessibleName(tr("Plot of {name}", name=metric_word(name)))
        self.drawing = Drawing(self.area, name)
        self.area.moved_by_hand.connect(lambda: self.follow(False))
        self.area.follow_asked.connect(lambda: self.follow(True))
        self.area.pointed.connect(self._on_pointed)
        self.area.menu_asked.connect(self._show_menu)
        self.area.resized.connect(self.drawing.lay_marks)
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

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.area.paint_in(theme)
        self.drawing.set_theme(theme)
        self.legend.set_theme(theme)

    def show_run(self, record: RunRecord, before: RunRecord | None, view: View) -> None:
        """Shows a run, beside the one before it if that is wanted."""
        if record is not self.record or view != self.view:
            self._shown_range = None
        if record is not self.record:
            self.drawing.forget()
            self.is_following = True
            self.following_changed.emit()
        self.record, self.before, self.view = record, before if view.compares else None, view
        self._drawn = None
        self.area.left.is_share = self.name in record.shares
        self.area.left.is_log = self.drawing.is_log(record, view)
        self.refresh()

    def refresh(self) -> None:
        """Draws what has come since; nothing where nothing has, or where nobody sees it."""
        record = self.record
        seen = None if self.is_following else self.area.x_range()
        drawn = (record and record.version, self.view, self.area.width(), self.is_following, seen)
        if record is None or not self.isVisible() or drawn == self._drawn:
            return
        self._drawn = drawn
        self._place_cross()
        if self.is_following:
            self._follow_x(record)
        lines = self.drawing.draw(record, self.before, self.view)
        if self.is_following:
            self._follow_y(lines)
        self._read()

    def _follow_x(self, record: RunRecord) -> None:
        scale, per_epoch = self.view.scale(record), record.steps_per_epoch
        total = float(max(record.total_epochs * per_epoch, 1))
        done = float(max(record.step, 1))
        if record.is_over:
            total = done
        if self.before is not None:
            # both runs by their own count of steps
            own = self.before.step * self.view.scale(self.before)
            total, done = max(total, own / scale), max(done, own / scale)
        end = curves.stretch(done, total, FIRST_EPOCHS * per_epoch) * scale * END_ROOM
        if self.area.x_range() != (0.0, end):
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
        self.pointed.emit(None if x is None or record is None else x / self.view.scale(record))

    def read_at(self, step: float | None) -> None:
        """Shows a cross-hair and the values at a step; the newest values where it is None."""
        if step == self._at:
            return
        self._at = step
        self._place_cross()
        self._read()

    def _place_cross(self) -> None:
        at, scale = self._at, self.view.scale(self.record) if self.record else 1.0
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
            if split == TRAIN and record.losses.get(self.name):
                series = self.drawing.step_series(record, self.view.weight)
            point = series.nearest(at) if series is not None else None
            readings.append((split, point and point[1]))
        where = None if self._at is None else self._where(at)
        if all(value is None for _, value in readings) and not record.is_over:
            where = tr("after the first epoch")
        self.legend.show_values(readings, is_share, where)

    def _where(self, step: float) -> str:
        record = self.record
        per_epoch = record.steps_per_epoch if record else 1
        step = max(0, min(round(step), record.step if record else 0))
        return tr("step {n}, epoch {epoch}", n=step, epoch=f"{step / per_epoch:.1f}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.legend.set_room(self.width())

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
        dialog = file_dialog(self, tr("Save plot"), filter=tr("Pictures (*.png)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{self.name}.png")
        dialog.fileSelected.connect(self.save_png)
        dialog.open()

    def save_png(self, path: str) -> None:
        """Writes the plot as a picture, and tells where it is."""
        try:
            save_picture(self.grab(), Path(path))
        except UserError as error:
            self.told.emit(Message(str(error), "error"))
        else:
            self.told.emit(Message(tr("The picture is in {name}.", name=path)))
