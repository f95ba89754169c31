"""Fields that refuse what was typed: found before the values are used, and shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QTabWidget, QWidget

from app.forms.fields import LineField
from app.forms.view import FieldRow


def refused_row(window: QWidget) -> FieldRow | None:
    """Hands over what was typed anywhere in a window; answers a field that refuses it.

    Of several it is the one with the focus. Dialogs have forms of their own, which do not count.
    """
    rows = [row for row in window.findChildren(FieldRow) if not isinstance(row.window(), QDialog)]
    for row in rows:
        row.field.commit()
    refused = [row for row in rows if _refuses(row)]
    focus = QApplication.focusWidget()
    at_hand = [row for row in refused if focus is not None and row.isAncestorOf(focus)]
    return next(iter(at_hand + refused), None)


def _refuses(row: FieldRow) -> bool:
    return isinstance(row.field, LineField) and row.field.is_typed and not row.isHidden()


def show_row(row: FieldRow) -> None:
    """Brings a field to the front with its reason, and lets what was typed be replaced."""
    parent = row.parentWidget()
    while parent is not None:
        if isinstance(parent, QTabWidget):
            pages = (parent.widget(number) for number in range(parent.count()))
            holder = next((page for page in pages if page and page.isAncestorOf(row)), None)
            if holder is not None:
                parent.setCurrentWidget(holder)
        elif isinstance(parent, QDockWidget):
            parent.show()
            parent.raise_()
        parent = parent.parentWidget()
    row.field.focus_widget().setFocus(Qt.FocusReason.OtherFocusReason)
    if isinstance(row.field, LineField):
        row.field.line.selectAll()
    row.reveal_soon()
