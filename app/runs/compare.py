"""Several runs beside each other: curves, recipes, drawings and code."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.i18n import tr
from app.runs.beside import Beside
from app.runs.curves_page import CurvesPage
from app.runs.differences import Differences, difference_rows, recipe_rows
from app.runs.text_diff import DiffView, unified
from app.tasks import run_task
from app.theme import Theme, mono
from backends.runs.columns import Columns, read_columns
from backends.runs.entry import Entry
from backends.runs.folder import DOCUMENT, MODEL, OBJECTIVE
from graph.fileio import load
from graph.model import Document
from graph.problems import UserError

SIZE_PX = (1020, 640)


@dataclass(frozen=True)
class Compared:
    """What is known of a run that is compared; None and empty where a file cannot be read."""

    entry: Entry
    columns: Columns
    document: Document | None
    code: str


def read_compared(entry: Entry) -> Compared:
    """Reads a run; not on the UI thread, for a long one takes a while."""
    document: Document | None = None
    try:
        document = load(entry.path / DOCUMENT).document
    except UserError:
        pass  # its curves are there nevertheless
    texts = []
    for name in (MODEL, OBJECTIVE):
        try:
            texts.append((entry.path / name).read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            continue
    return Compared(entry, read_columns(entry.path), document, "\n\n".join(texts))


def told_apart(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The runs with names that are all different, by when they began or else by their folders."""
    found = tuple(entries)
    for mark in (_began, lambda entry: entry.path.name):
        names = [entry.name for entry in found]
        found = tuple(
            replace(shown, name=f"{entry.name} · {mark(entry)}")
            if names.count(shown.name) > 1
            else shown
            for shown, entry in zip(found, entries, strict=True)
        )
    return found


def _began(entry: Entry) -> str:
    """The time when a run began, to the second."""
    try:
        return f"{datetime.fromisoformat(entry.started).astimezone():%m-%d %H:%M:%S}"
    except ValueError:
        return entry.path.name


class CompareDialog(QDialog):
    """Curves and values of all runs beside each other; the rest between two of them."""

    def __init__(self, entries: Sequence[Entry], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Compare {n} runs", n=len(entries)))
        self.resize(*SIZE_PX)
        self.theme = theme
        entries = told_apart(entries)
        self.compared: tuple[Compared, ...] = ()
        self.first, self.second = self._choice(entries, 0), self._choice(entries, 1)
        self._begin_with_the_earlier(entries)
        self.curves = CurvesPage(theme, self)
        self.beside = Beside(theme)
        self.recipes = Differences(theme, tr("The recipes, data and variables are the same."))
        self.drawings = Differences(theme, tr("The drawings are the same."))
        self.code = DiffView(theme, mono(11))
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(tr("What is compared"))
        for page, title in (
            (self.curves, tr("Curves")), (self.beside, tr("Values")), (self.recipes, tr("Recipe")),
            (self.drawings, tr("Drawing")), (self.code, tr("Code")),
        ):  # fmt: skip
            self.tabs.addTab(page, title)
        self.reading = QLabel(tr("Reading the runs…"))
        self.reading.setProperty("role", "dim")
        self.reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.reading)
        self.pages.addWidget(self.tabs)
        self._arrange()
        run_task(
            parent,  # a thread that goes on outlives the dialog, not the window
            lambda _: tuple(map(read_compared, entries)),
            self._show,
            self._refuse,
            name="compare",
        )

    def _choice(self, entries: Sequence[Entry], place: int) -> QComboBox:
        box = QComboBox(self)
        box.addItems([entry.name for entry in entries])
        for row, entry in enumerate(entries):
            box.setItemData(row, entry.path.name, Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(place)
        box.setAccessibleName(tr("The earlier run") if place == 0 else tr("The later run"))
        box.currentIndexChanged.connect(lambda _: self._show_pair())
        return box

    def _begin_with_the_earlier(self, entries: Sequence[Entry]) -> None:
        """What was changed is told from the run before to the one after."""
        in_time = sorted(range(len(entries)), key=lambda place: entries[place].started)
        for box, place in ((self.first, in_time[0]), (self.second, in_time[-1])):
            box.setCurrentIndex(place)

    def _arrange(self) -> None:
        self.pair = QWidget(self)
        row = QHBoxLayout(self.pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(tr("From")))
        row.addWidget(self.first, 1)
        row.addWidget(QLabel(tr("to")))
        row.addWidget(self.second, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.pages, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.pair, 1)
        foot.addWidget(buttons)
        layout.addLayout(foot)
        self.tabs.currentChanged.connect(self._on_tab)
        self._on_tab(0)

    def _on_tab(self, _place: int) -> None:
        of_all = self.curves, self.beside
        self.pair.setVisible(self.tabs.currentWidget() not in of_all)

    def _show(self, compared: tuple[Compared, ...]) -> None:
        try:
            self.compared = compared
            self.curves.show_runs([(each.entry, each.columns) for each in compared])
            self._show_values()
            self._show_pair()
            self.pages.setCurrentWidget(self.tabs)
        except RuntimeError:
            return  # it was closed meanwhile

    def _show_values(self) -> None:
        in_time = sorted(self.compared, key=lambda each: each.entry.started)
        entries, documents = [e.entry for e in in_time], [e.document for e in in_time]
        self.beside.show_runs(entries, documents)

    def _refuse(self, error: UserError) -> None:
        with contextlib.suppress(RuntimeError):  # it was closed meanwhile
            self.reading.setText(str(error))

    def _show_pair(self) -> None:
        if not self.compared:
            return
        one = self.compared[self.first.currentIndex()]
        other = self.compared[self.second.currentIndex()]
        if one.document is None or other.document is None:
            unreadable = one if one.document is None else other
            text = tr("The drawing of “{name}” cannot be read.", name=unreadable.entry.name)
            self.recipes.say(text)
            self.drawings.say(text)
        else:
            self.recipes.show_rows(recipe_rows(one.document, other.document))
            self.drawings.show_rows(difference_rows(one.document, other.document))
        self.code.show_diff(unified(one.code, other.code, one.entry.name, other.entry.name))
