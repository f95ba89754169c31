"""The panel of runs: searched, sorted and filtered, tagged, compared and put back on the canvas."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QWidget

from app.desktop import open_path
from app.forms.parts import column, label
from app.i18n import tr
from app.line_edit import LineEdit
from app.messages import Choice, Message
from app.runs.columns import status_text
from app.runs.handing import ask_where
from app.runs.line_view import LineView
from app.runs.model import Found, RunsModel, none_found
from app.runs.table import RunsTable
from app.session import Session
from app.tasks import run_task
from app.theme import Theme
from backends.runs.entry import Entry, write_notes
from backends.runs.index import list_runs, put_back, throw_away
from backends.runs.standing import TO_RESUME
from graph.problems import UserError

NARROWEST_PX, ROOMY_PX = 320, 600
LOOK_EVERY_MS = 3000
LARGEST_SHARE = 0.01
STATUSES = ("running", "interrupted", "stopped", "finished", "failed")


class RunsPanel(QWidget):
    """The runs of a folder.

    Signals:
        told: a `Message` for the person.
        open_wanted: the run whose drawing is to be opened.
        weights_wanted: the run whose weights are to be put onto the drawing in front.
        resume_wanted: the run that is to be gone on with.
        compare_wanted: the runs that are to be compared.
    """

    told = Signal(object)
    open_wanted = Signal(object)
    weights_wanted = Signal(object)
    resume_wanted = Signal(object)
    compare_wanted = Signal(object)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.folder = folder
        self._is_looking = self._is_behind = False
        self.model = RunsModel(self)
        self.found = Found(self.model, self)
        self.table = RunsTable(self.model, self.found, self)
        self.search = LineEdit(self)
        self.search.setPlaceholderText(tr("Search names, tags and notes"))
        self.search.setAccessibleName(tr("Search runs"))
        self.search.setToolTip(tr("All words must match; tag:good and status:failed look there "
                                  "alone"))  # fmt: skip
        self.search.setClearButtonEnabled(True)
        self.status = QComboBox(self)
        self.status.setAccessibleName(tr("Status"))
        self.status.addItem(tr("All runs"), "")
        for status in STATUSES:
            self.status.addItem(status_text(status).capitalize(), status)
        self.compare = self._button(tr("Compare"), self._compare, tr("Curves, recipes, drawings "
                                    "and code of the chosen runs side by side"))  # fmt: skip
        self.open = self._button(tr("Open drawing"), self._open, tr("The exact drawing that the "
                                 "run was made with"))  # fmt: skip
        self.more = self._button(tr("More"), None, tr("What else can be done with the chosen runs"))
        self.shown_columns = self._button(tr("Columns"), None, tr("Show and hide columns"))
        self.line = LineView(self)
        self.count = label("", "dim")
        self.empty = label("", "dim", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._arrange()
        self._wire()
        self._show_state()

    def _button(self, text: str, act: Callable[[], object] | None, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        if act is not None:
            button.clicked.connect(act)
        return button

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.search, 1)
        for part in (self.status, self.count, self.compare, self.open, self.more,
                     self.shown_columns):  # fmt: skip
            row.addWidget(part)
        self.search.setMinimumWidth(90)
        layout = column(self, spacing=6)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self.line)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.empty, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves out, where it is narrow, what the menus of runs and of the table's head have."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= ROOMY_PX
        for part in (self.count, self.open, self.shown_columns):
            part.setVisible(is_wide)

    def _wire(self) -> None:
        self.search.textChanged.connect(self._search)
        self.status.currentIndexChanged.connect(self._search)
        self.table.selectionModel().selectionChanged.connect(self._show_state)
        self.table.opened.connect(self._open)
        self.table.remove_wanted.connect(self._throw_away)
        self.table.menu_wanted.connect(lambda at: self._menu().popup(at))
        self.more.clicked.connect(lambda: self._menu().popup(_below(self.more)))
        self.shown_columns.clicked.connect(
            lambda: self.table.columns_menu().popup(_below(self.shown_columns))
        )
        self.model.written.connect(self._write)
        self._timer.timeout.connect(self.refresh)

    def set_session(self, _session: Session) -> None:
        """Runs are of all documents."""

    def set_theme(self, theme: Theme) -> None:
        """Takes on the colours of a theme."""
        self.model.set_theme(theme)

    def focus_search(self) -> None:
        """Puts the cursor into the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_status(self, status: str) -> None:
        """Shows the runs of one status alone."""
        self.search.clear()
        self.status.setCurrentIndex(self.status.findData(status))

    def chosen(self) -> list[Entry]:
        """The chosen runs."""
        return self.table.chosen()

    # what is shown

    def refresh(self) -> None:
        """Looks at the folder anew, in another thread."""
        if self._is_looking or not self.isVisible():
            self._is_behind = self._is_looking
            return
        self._is_looking = True
        folder = self.folder

        def look(_task: object) -> tuple[list[Entry], float]:
            began = time.thread_time()
            return list_runs(folder), time.thread_time() - began

        run_task(self, look, self._show_runs, self._refuse, name="runs")

    def _show_runs(self, answer: tuple[list[Entry], float]) -> None:
        self._is_looking = False
        if self._is_behind:  # something was changed meanwhile
            self._is_behind = False
            self.refresh()
        entries, cost_s = answer
        self._timer.setInterval(max(LOOK_EVERY_MS, round(1000 * cost_s / LARGEST_SHARE)))
        self.model.show(entries)
        self._show_state()

    def _refuse(self, error: UserError) -> None:
        self._is_looking = False
        self.told.emit(Message(str(error), "error"))

    def _search(self, *_: object) -> None:
        self.found.search(self.search.text(), self.status.currentData() or "")
        self._show_state()

    def _show_state(self, *_: object) -> None:
        chosen, rows = self.chosen(), self.found.rowCount()
        total = len(self.model.entries)
        self.compare.setEnabled(len(chosen) > 1)
        self.open.setEnabled(len(chosen) == 1)
        self.more.setEnabled(bool(chosen))
        self.table.setVisible(rows > 0)
        self.empty.setVisible(rows == 0)
        shown = str(total) if rows == total else tr("{n} of {total}", n=rows, total=total)
        self.count.setText(shown if total else "")
        if total:
            asked = self.search.text().strip() or self.status.currentText()
            self.empty.setText(none_found(asked))
        else:
            self.empty.setText(tr("Every training is kept here, to be compared, gone on with and "
                                  "put back onto the canvas.\nPress Train to make the first "
                                  "run."))  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # what the person does

    def _menu(self) -> QMenu:
        chosen = self.chosen()
        is_one = len(chosen) == 1
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # one that failed, as on a full disk, may find better days
        can_resume = is_one and chosen[0].status in (*TO_RESUME, "failed")
        parts: tuple[tuple[str, Callable[[], object], bool] | None, ...] = (
            (tr("Open drawing"), self._open, is_one),
            (tr("Put weights onto the drawing"), self._put_weights, is_one),
            (tr("Go on with the run"), self._resume, can_resume),
            (tr("Compare"), self._compare, len(chosen) > 1),
            None,
            (tr("Rename"), lambda: self._edit("name"), is_one),
            (tr("Edit tags"), lambda: self._edit("tags"), is_one),
            (tr("Edit notes"), lambda: self._edit("notes"), is_one),
            (tr("Show folder"), lambda: open_path(chosen[0].path), is_one),
            None,
            (tr("Copy as table"), self.table.copy, bool(chosen)),
            (tr("Export to TensorBoard…"), lambda: self.hand_chosen("tensorboard"), bool(chosen)),
            (tr("Export to MLflow…"), lambda: self.hand_chosen("mlflow"), bool(chosen)),
            None,
            (tr("Move to trash"), self._throw_away, bool(chosen)),
        )
        for part in parts:
            if part is None:
                menu.addSeparator()
                continue
            text, act, is_possible = part
            menu.addAction(text, act).setEnabled(is_possible)
        return menu

    def _open(self) -> None:
        if len(self.chosen()) == 1:
            self.open_wanted.emit(self.chosen()[0])

    def _put_weights(self) -> None:
        self.weights_wanted.emit(self.chosen()[0])

    def _resume(self) -> None:
        self.resume_wanted.emit(self.chosen()[0])

    def _compare(self) -> None:
        if len(self.chosen()) > 1:
            self.compare_wanted.emit(self.chosen())

    def hand_chosen(self, kind: str) -> None:
        """Hands the chosen runs to another program, once it is asked where."""
        if self.chosen():
            ask_where(kind, self.chosen(), self.folder, self.told.emit, self)
        else:
            self.told.emit(Message(tr("Choose one run or more, then export them.")))

    def _edit(self, id: str) -> None:
        place = next(k for k, each in enumerate(self.model.columns) if each.id == id)
        if self.table.isColumnHidden(place):
            others = tuple(other for other in self.table.hidden if other != id)
            self.table.hide_columns(others)
        index = self.table.currentIndex().siblingAtColumn(place)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.scrollTo(index)
        self.table.edit(index)

    def _write(self, entry: Entry, what: str, value: object) -> None:
        try:
            write_notes(entry.path, **{what: value})
        except UserError as error:
            self.told.emit(Message(str(error), "error"))
        self.refresh()

    def _throw_away(self) -> None:
        gone: list[tuple[Path, Path]] = []
        for entry in self.chosen():
            if entry.status == "running":
                said = tr("“{name}” is running; stop it first.", name=entry.name)
                self.told.emit(Message(said, "warning"))
                continue
            try:
                gone.append((throw_away(entry.path), entry.path))
            except UserError as error:
                self.told.emit(Message(str(error), "error"))
        if gone:
            text = (
                tr("The run is in the trash.")
                if len(gone) == 1
                else tr("{n} runs are in the trash.", n=len(gone))
            )
            undo = Choice(tr("Undo"), lambda: self._put_back(gone))
            self.told.emit(Message(text, choices=(undo,)))
        self.refresh()

    def _put_back(self, gone: list[tuple[Path, Path]]) -> None:
        for place, run in gone:
            try:
                put_back(place, run)
            except UserError as error:
                self.told.emit(Message(str(error), "error"))
        self.refresh()


def _below(button: QPushButton) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height() + 2))
