"""The gallery: named networks to choose from, with their picture, their story and their sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.forms.view import FormView
from app.gallery_list import GalleryList
from app.gallery_picture import GalleryPicture
from app.human import grouped, short_count
from app.i18n import tr
from app.line_edit import LineEdit
from app.tasks import Task, run_task
from app.theme import Theme
from graph.cost import Cost, costs
from graph.gallery import AnyEntry, entries
from graph.infer import infer
from graph.model import Document
from graph.problems import UserError

SIZE_PX = (1060, 720)
LIST_PX = 232
FORM_PX = 312
BELOW_PX = 236


@dataclass(frozen=True)
class Drawn:
    """A network in the sizes that were chosen, and what it costs."""

    document: Document
    cost: Cost


def draw(entry: AnyEntry, values: Mapping[str, object]) -> Drawn:
    """Draws a network; not on the UI thread, for a large one takes a while.

    Raises:
        UserError: a value is refused.
    """
    document = entry.build(**values)
    return Drawn(document, costs(document, infer(document)).total)


class GalleryDialog(QDialog):
    """Lets a person choose a network and its sizes.

    Signals:
        chosen: the document to open.
        pictures_wanted: the page of all pictures is asked for, from the network of that name on.
    """

    chosen = Signal(object)
    pictures_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New from gallery"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.values: dict[str, object] = {}
        self.drawn: Drawn | None = None
        self._owner = parent  # a thread that goes on outlives the dialog, not the window
        self._entry: AnyEntry | None = None
        self._task: Task | None = None
        self.search = LineEdit()
        self.search.setPlaceholderText(tr("Search the gallery"))
        self.search.setAccessibleName(tr("Search the gallery"))
        self.list = GalleryList(entries(), theme)
        self.picture = GalleryPicture(theme)
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.facts = QLabel()
        self.facts.setProperty("role", "dim")
        self.facts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.summary = _paragraph("")
        self.source = _paragraph("dim")
        self.form = FormView()
        self.published = self._preset(tr("As published"), lambda entry: {})
        self.small = self._preset(tr("Small, trains in minutes"), lambda entry: entry.small)
        self.small.setToolTip(tr("A size for data that is always there"))
        self.status = _paragraph("error")
        self.status.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.open_button = QPushButton(tr("Open"))
        self.open_button.setProperty("role", "primary")
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(self.accept)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.pictures = QPushButton(tr("All in pictures…"))
        self.pictures.setAutoDefault(False)
        self.pictures.clicked.connect(self._want_pictures)
        self.search.textChanged.connect(self._search)
        self.list.selected.connect(self.show_entry)
        self.list.activated_entry.connect(self.accept)
        self.form.edited.connect(self._on_edited)
        self._arrange()
        self.resize(*SIZE_PX)
        self.list.step(1)
        self.search.setFocus()

    def show_entry(self, entry: AnyEntry | None) -> None:
        """Shows a network as it was published; says so where the search has found none."""
        self._entry = entry
        self.title.setText(tr(entry.title) if entry else "")
        self.summary.setText(tr(entry.summary) if entry else "")
        self.source.setText(tr(entry.source) if entry else "")
        self.status.clear()
        if entry is not None:
            self._set_values({})
            return
        self._forget_task()
        self.drawn = None
        self.open_button.setEnabled(False)
        self.picture.show_document(None)
        self.facts.clear()
        for part in (self.form, self.published, self.small):
            part.hide()
        query = self.search.text().strip()
        self.summary.setText(tr("No network matches “{query}”.", query=query))

    def accept(self) -> None:
        """Opens what is shown; while it is still being drawn there is nothing to open."""
        self.form.commit()
        if self.drawn is None:
            return
        self._forget_task()
        super().accept()
        self.chosen.emit(self.drawn.document)

    def reject(self) -> None:
        """Closes without opening anything."""
        self._forget_task()
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows walk the list while the search has the focus."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.search.hasFocus():
            self.list.step(step)
        else:
            super().keyPressEvent(event)

    def _want_pictures(self) -> None:
        entry = self._entry
        self.reject()
        self.pictures_wanted.emit(entry.name if entry else "")

    def _search(self, query: str) -> None:
        self.list.filter(query)
        if self.list.entry() is None:
            self.show_entry(None)

    def _set_values(self, values: Mapping[str, object]) -> None:
        entry = self._entry
        if entry is None:
            return
        self.values = dict(values)
        self.form.show_form(entry.form, [self.values], key=entry.name)
        self.form.setVisible(bool(entry.form.params))
        for button, preset in ((self.published, {}), (self.small, entry.small)):
            button.setChecked(self._is_like(preset))
            button.setVisible(bool(entry.small))
        self._draw(entry)

    def _is_like(self, preset: Mapping[str, object]) -> bool:
        entry = self._entry
        if entry is None:
            return False
        defaults = {name: param.default for name, param in entry.form.params.items()}
        return {**defaults, **self.values} == {**defaults, **preset}

    def _on_edited(self, name: str, value: object, _run: bool) -> None:
        self._set_values({**self.values, name: value})

    def _draw(self, entry: AnyEntry) -> None:
        """Draws in a thread; what is shown stays until the new drawing is there."""
        self._forget_task()
        self.drawn = None
        self.open_button.setEnabled(False)
        values = dict(self.values)
        self._task = run_task(
            self._owner, lambda _task: draw(entry, values), self._show_drawn, self._show_refused,
            name="gallery",
        )  # fmt: skip

    def _forget_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _show_drawn(self, drawn: Drawn) -> None:
        self._task = None
        self.drawn = drawn
        self.open_button.setEnabled(True)
        self.status.clear()
        self.picture.show_document(drawn.document)
        self.facts.setText(
            tr("{blocks} blocks    {parameters} parameters    {products} multiply-adds",
               blocks=grouped(len(drawn.document.graph.nodes)),
               parameters=grouped(drawn.cost.parameters),
               products=short_count(drawn.cost.multiply_adds))
        )  # fmt: skip

    def _show_refused(self, error: UserError) -> None:
        self._task = None
        self.status.setText(str(error))

    def _preset(self, text: str, values: Callable[[AnyEntry], Mapping[str, object]]) -> QPushButton:
        """A button that chooses sizes."""
        button = QPushButton(text)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.clicked.connect(
            lambda: self._set_values(values(self._entry)) if self._entry else None
        )
        return button

    def _arrange(self) -> None:
        shelf = QVBoxLayout()
        shelf.setSpacing(8)
        shelf.addWidget(self.search)
        shelf.addWidget(self.list, 1)
        for widget in (self.search, self.list):
            widget.setFixedWidth(LIST_PX)
        heading = QHBoxLayout()
        heading.addWidget(self.title)
        heading.addWidget(self.facts, 1)
        story = QVBoxLayout()
        story.setSpacing(8)
        story.addWidget(self.summary)
        story.addWidget(self.source)
        story.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(20)
        text = _scrolling(story)
        text.setFixedHeight(BELOW_PX)
        below.addWidget(text, 1)
        below.addLayout(self._sizes())
        buttons = QHBoxLayout()
        buttons.addWidget(self.pictures)
        buttons.addWidget(self.status, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.open_button)
        page = QVBoxLayout()
        page.setSpacing(10)
        page.addLayout(heading)
        page.addWidget(self.picture, 1)
        page.addLayout(below)
        page.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(20)
        layout.addLayout(shelf)
        layout.addLayout(page, 1)

    def _sizes(self) -> QVBoxLayout:
        presets = QHBoxLayout()
        presets.setSpacing(6)
        presets.addWidget(self.published)
        presets.addWidget(self.small)
        presets.addStretch(1)
        rows = QVBoxLayout()
        rows.addWidget(self.form)
        rows.addStretch(1)
        area = _scrolling(rows)
        area.setFixedWidth(FORM_PX)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(presets)
        column.addWidget(area, 1)
        return column


def _paragraph(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return label


def _scrolling(content: QVBoxLayout) -> QScrollArea:
    """The content in an area of the panel's colour, with a bar where it is too high."""
    page = QWidget()
    page.setProperty("role", "panel")
    content.setContentsMargins(0, 0, 8, 0)
    page.setLayout(content)
    area = QScrollArea()
    area.setAccessibleName(tr("Page"))
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area
