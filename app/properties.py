"""Dynamic properties of widgets, by which the style sheet tells their looks apart."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Sets a dynamic property and lets the style sheet see it."""
    if widget.property(name) == value:
        return
    QObject.setProperty(widget, name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
