"""Opens the search of the drawing in front, also from a field into which choices were typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.canvas.fields import Fields
from app.forms import FormView
from app.inspector.repeating import RepeatRows
from app.settings import home
from app.typed import hand_over

if TYPE_CHECKING:
    from app.canvas.canvas import Canvas
    from app.searching.dialog import SearchDialog
    from app.window import Window


def wire_search(window: Window) -> None:
    """Lets the fields of the panels and of the canvas ask for a search."""
    ask = partial(ask_search, window)
    for form in window.findChildren(FormView):
        form.search_wanted.connect(ask)
    for rows in window.findChildren(RepeatRows):
        rows.search_wanted.connect(ask)

    def wire_canvas(canvas: Canvas) -> None:
        for fields in canvas.findChildren(Fields):
            fields.search_wanted.connect(ask)

    window.tabs.canvas_added.connect(wire_canvas)


def ask_search(window: Window, wanted: str = "") -> None:
    """Shows the search of the drawing in front; one that is open already comes to the front.

    Args:
        wanted: a field that is to be searched, perhaps with `=` and its choices.
    """
    dialog = _opened(window)
    if wanted:
        dialog.want(wanted)


def _opened(window: Window) -> SearchDialog:
    from app.searching.dialog import SearchDialog  # not before it is wanted

    session = window.session
    for dialog in window.findChildren(SearchDialog):
        if dialog.session is session and dialog.isVisible():
            dialog.raise_()
            dialog.activateWindow()
            return dialog
    hand_over(window)
    dialog = SearchDialog(session, lambda: window.theme, home() / "runs", window)
    dialog.run_ended.connect(window.runs.refresh)
    dialog.show()
    return dialog
