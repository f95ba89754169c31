"""The editors of a form: one widget for each kind of parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QWidget,
)

from app.desktop import file_dialog
from app.forms import texts
from app.forms.reset_menu import fill_menu
from app.forms.scrub import Scrub
from app.forms.step_line import StepLine
from app.i18n import tr
from app.properties import set_property
from graph.params import Expr, Param, Plain, Value
from graph.problems import UserError
from graph.spaces import parse_space

MIXED = "—"
NO_VARIABLES: Mapping[str, Plain] = {}
Offers = Callable[[], Sequence[tuple[str, Callable[[], object]]]]
"""What the menu of a field offers beside its default: words, and what they do."""
BROWSE_PX = 32


def _nothing() -> Sequence[tuple[str, Callable[[], object]]]:
    return ()


class Field(QWidget):
    """Edits one parameter of one or several things; it shows values and asks for others.

    Signals:
        committed: a value, and whether it is one of a run of steps.
        refused: why what was typed cannot be; empty where that is over.
        reset_requested: the default is wanted.
        run_ended: a run of steps is over, or another begins.
        choices_wanted: a set or a range was typed, or is wished where the text is empty, among
            which a search is to choose.
    """

    run_ended = Signal()
    choices_wanted = Signal(str)
    committed = Signal(object, bool)
    refused = Signal(str)
    reset_requested = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self.values: Sequence[object] = (param.default,)
        self.variables = NO_VARIABLES
        self.offers: Offers = _nothing
        self.is_searchable: Callable[[], bool] = lambda: False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)

    @property
    def is_mixed(self) -> bool:
        """Whether the things that are edited together differ."""
        return any(value != self.values[0] for value in self.values[1:])

    def show_values(self, values: Sequence[object], variables: Mapping[str, Plain]) -> None:
        """Shows the values of the things that are edited together."""
        self.values, self.variables = values, variables
        self.refresh()

    def refresh(self) -> None:
        """Puts the values into the editor."""
        raise NotImplementedError

    def commit(self) -> None:
        """Hands over what was typed, if it is something new."""

    def forget(self) -> None:
        """Drops what was typed and shows the values again."""
        self.refresh()

    def focus_widget(self) -> QWidget:
        """The widget that takes the keys."""
        raise NotImplementedError

    def _own(self, editor: QWidget) -> None:
        editor.setAccessibleName(tr(self.param.title))
        editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(editor)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.addWidget(editor, 1)


class LineField(Field):
    """A line of text: numbers, arithmetic, sizes, lists and texts."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.line = StepLine(self)
        self.line.step.connect(self._step)
        self.line.finished.connect(self.commit)
        self.line.textEdited.connect(self._on_edited)
        self._own(self.line)
        self._typed = False
        self.scrub = Scrub(param, self.line, self._shown)
        self.scrub.scrubbed.connect(self._take)
        self.scrub.ended.connect(self.run_ended)

    def refresh(self) -> None:
        self._typed = False
        text = "" if self.is_mixed else texts.text_of(self.param, self.values[0])
        self.line.setPlaceholderText(MIXED if self.is_mixed else self._said_empty())
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(len(text) if self.line.hasFocus() else 0)
        wrong = (texts.error_of(self.param, value, self.variables) for value in self.values)
        self._tell(next(filter(None, wrong), ""))

    def _said_empty(self) -> str:
        """What an empty field stands for."""
        return tr(self.param.empty) if self.param.empty else ""

    @property
    def is_typed(self) -> bool:
        """Whether something was typed and not handed over, because it is new or was refused."""
        return self._typed

    def focus_widget(self) -> QWidget:
        return self.line

    def commit(self) -> None:
        if not self._typed:
            return
        text = self.line.text()
        if self.is_mixed and not text.strip() and self.param.kind != "text":
            self.refresh()
            return
        reason = self._why_not(text)
        if reason:
            self._tell(reason)
        elif self._means_choices(text):
            self.refresh()  # the value stays until one is chosen
            self.choices_wanted.emit(text.strip())
        else:
            self._typed = False
            self._tell("")
            self.committed.emit(texts.value_of(self.param, text, self.variables), False)

    def _means_choices(self, text: str) -> bool:
        return self.is_searchable() and texts.means_choices(self.param, text)

    def _why_not(self, text: str) -> str:
        """Why what was typed is refused; empty where it is accepted."""
        try:
            if self._means_choices(text):
                parse_space(text, self.param)
            else:
                texts.value_of(self.param, text, self.variables)
        except UserError as error:
            return str(error)
        return ""

    def revert(self) -> bool:
        """Drops what was typed; answers whether there was something to drop."""
        had = self._typed or bool(self.line.property("invalid"))
        self.refresh()
        return had

    def _on_edited(self) -> None:
        self._typed = True
        if self.line.property("invalid"):
            self._tell(self._why_not(self.line.text()))

    def _shown(self) -> Value | None:
        """What the line shows; None where that is no value."""
        try:
            return texts.value_of(self.param, self.line.text(), self.variables)
        except UserError:
            return None

    def _step(self, steps: int, coarse: bool) -> None:
        try:
            value: Value = texts.value_of(self.param, self.line.text(), self.variables)
        except UserError as error:
            self._tell(str(error))
            return
        at = texts.number_at(self.line.text(), self.line.cursorPosition())
        moved = texts.stepped(self.param, value, steps, coarse=coarse, at=at)
        if moved is not None and moved != value:
            self._take(moved)

    def _take(self, moved: Value) -> None:
        """Shows and hands over the next value of a run."""
        cursor = self.line.cursorPosition()
        self._typed = False
        self._tell("")
        self.line.setText(texts.text_of(self.param, moved))
        self.line.setCursorPosition(cursor)
        self.committed.emit(moved, True)

    def _tell(self, reason: str) -> None:
        set_property(self.line, "invalid", bool(reason))
        self.refused.emit(reason)


class PathField(LineField):
    """A path, typed or chosen in the dialog of the system."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.browse = QPushButton("…", self)
        self.browse.setToolTip(tr("Browse"))
        self.browse.setAccessibleName(tr("Browse"))
        self.browse.setFixedWidth(BROWSE_PX)
        self.browse.setStyleSheet("padding: 5px 0;")
        self.browse.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.browse.clicked.connect(self._browse)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.browse)

    def refresh(self) -> None:
        super().refresh()
        self.line.setToolTip(self.line.text())
        if not self.is_mixed:
            self.line.setPlaceholderText(tr("none chosen"))
        if not self.line.hasFocus():
            self.line.end(False)  # the name of the file tells more than where it lies

    def _browse(self) -> None:
        folder = _existing_folder(self.line.text())
        dialog = file_dialog(self, tr(self.param.title), folder)
        if self.param.widget == "folder":
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.committed.emit(path, False))
        dialog.open()


def _existing_folder(path: str) -> str:
    if not path:
        return ""
    folder = Path(path).expanduser()
    return next((str(p) for p in (folder, *folder.parents) if p.is_dir()), "")


class ChoiceField(Field):
    """One of several words."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.combo = _Combo(self)
        self.combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.combo.setMinimumContentsLength(8)
        self.combo.activated.connect(self._on_activated)
        self._own(self.combo)
        self._choices: tuple[str, ...] = ()
        self.set_choices(param.choices)

    def set_choices(self, choices: Sequence[str]) -> None:
        """Offers these words; a value that is none of them is shown all the same."""
        self._choices = tuple(choices)
        self.refresh()

    def focus_widget(self) -> QWidget:
        return self.combo

    def refresh(self) -> None:
        current = None if self.is_mixed else str(self.values[0])
        shown = list(self._choices)
        if current is not None and current not in shown:
            shown.insert(0, current)
        held = [self.combo.itemData(i) for i in range(self.combo.count())]
        if held != shown:
            self.combo.clear()
            for word in shown:
                self.combo.addItem(tr(word) if word else tr("choose…"), word)
        self.combo.setPlaceholderText(MIXED)
        self.combo.setCurrentIndex(-1 if current is None else shown.index(current))
        wrong = (texts.error_of(self.param, value, self.variables) for value in self.values)
        reason = next(filter(None, wrong), "")
        set_property(self.combo, "invalid", bool(reason))
        self.refused.emit(reason)

    def _on_activated(self, index: int) -> None:
        word = self.combo.itemData(index)
        if self.is_mixed or word != self.values[0]:
            self.committed.emit(word, False)


class _Combo(QComboBox):
    """A combo box that leaves the wheel to the page around it unless it has the focus."""

    def __init__(self, field: ChoiceField) -> None:
        super().__init__(field)
        self._field = field

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        fill_menu(menu, self._field)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


class BoolField(Field):
    """On or off."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.box = QCheckBox(self)
        self.box.clicked.connect(self._on_clicked)
        self._own(self.box)

    def focus_widget(self) -> QWidget:
        return self.box

    def refresh(self) -> None:
        self.box.setTristate(self.is_mixed)
        value = self.values[0]
        if isinstance(value, Expr):
            value = self.variables.get(value.text.strip(), False)
        state = Qt.CheckState.Checked if value is True else Qt.CheckState.Unchecked
        self.box.setText(str(self.values[0]) if isinstance(self.values[0], Expr) else "")
        self.box.setCheckState(Qt.CheckState.PartiallyChecked if self.is_mixed else state)
        wrong = (texts.error_of(self.param, value, self.variables) for value in self.values)
        self.refused.emit(next(filter(None, wrong), ""))

    def _on_clicked(self) -> None:
        # from a mixed state the first click turns everything on
        turned_on = self.is_mixed or self.values[0] is not True
        self.committed.emit(turned_on, False)


def field_for(param: Param, parent: QWidget) -> Field:
    """The editor that fits a parameter."""
    if param.kind == "bool":
        return BoolField(param, parent)
    if param.kind == "choice" or param.widget == "column":
        return ChoiceField(param, parent)
    if param.widget in ("file", "folder"):
        return PathField(param, parent)
    return LineField(param, parent)
