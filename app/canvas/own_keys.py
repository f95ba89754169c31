"""Keys of the commands of the canvas, which do nothing while somebody types in a field on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

ON_CANVAS = Qt.ShortcutContext.WidgetWithChildrenShortcut


def keep_from_canvas(field: QWidget, event: QEvent) -> bool:
    """Keeps a key from a command of the canvas, if it is the key of one.

    To be called for every event of a field: Qt asks by a ShortcutOverride before it runs a command.
    """
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if not _is_of_canvas(field, QKeySequence(event.keyCombination())):
        return False
    event.accept()
    return True


def _is_of_canvas(field: QWidget, key: QKeySequence) -> bool:
    holder: QWidget | None = field
    while holder is not None:
        for action in holder.actions():
            if action.shortcutContext() == ON_CANVAS and key in action.shortcuts():
                return True
        holder = holder.parentWidget()
    return False
