"""The keys as texts say them: what a person pressed for an action may be another key by now."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app.i18n import tr

_in_use: dict[str, str] = {}
# Keys in Markdown: a letter alone only where it is bold, and code, which is what is typed, never.
_NAMED = r"(?:(?:Ctrl|Alt|Shift)\+)+(?:F\d+|Up|Down|Left|Right|Del|[A-Z0-9])"
_KEYS = re.compile(
    rf"\*\*(?P<bold>{_NAMED}|F\d+|[A-Z])\*\*|(?<![`+\w])(?P<plain>{_NAMED})(?![`\w])"
)


def put_in_use(texts: Mapping[str, str]) -> None:
    """Says what stands for each declared key, in the form that `QKeySequence` writes by itself."""
    _in_use.clear()
    _in_use.update(texts)


def in_use(declared: str) -> str:
    """What stands in a text for a declared key: the key that its action has now.

    A key of no action, such as Tab on the canvas, stays as it is.
    """
    return _in_use.get(QKeySequence(declared).toString(), declared)


def in_page(text: str) -> str:
    """A page of help with the keys that are in use now, and words where there is none any more."""
    return _KEYS.sub(_replaced, text)


def _replaced(found: re.Match[str]) -> str:
    bold, plain = found["bold"], found["plain"]
    key = in_use(bold or plain) or tr("(no key)")
    return f"**{key}**" if bold else key


def set_tip(widget: QWidget, text: str, declared: str) -> None:
    """Gives a widget a tooltip that ends with the key of an action, whichever that is later."""
    widget.setProperty("tip", text)
    widget.setProperty("declared-key", declared)
    _show_tip(widget)


def refresh_tips(root: QWidget) -> None:
    """Lets tooltips that end with a key say the one that is in use now."""
    for widget in root.findChildren(QWidget):
        if widget.property("declared-key"):
            _show_tip(widget)


def _show_tip(widget: QWidget) -> None:
    key = in_use(widget.property("declared-key"))
    text = widget.property("tip")
    widget.setToolTip(f"{text}  {key}" if key else text)
