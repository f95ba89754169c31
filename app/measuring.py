"""Measures time in the window: begins it, shows the heat map, and tells what is in the way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.canvas.options import Heat
from app.canvas_options import turn_heat
from app.i18n import tr
from app.measured import measured_of
from app.messages import Message
from app.session import Session
from graph.problems import UserError

if TYPE_CHECKING:
    from app.window import Window


def can_measure(window: Window) -> bool:
    """Whether there is something to measure, and nothing that would be mixed in."""
    is_drawn = bool(window.session.root.graph.nodes)
    return is_drawn and not window.is_training and not measured_of(window.session).is_running


def is_measuring(window: Window) -> bool:
    """Whether the drawing in front is being measured."""
    return measured_of(window.session).is_running


def measure_time(window: Window) -> None:
    """Measures the drawing in front, and paints its blocks by what comes of it."""
    session = window.session
    turn_heat(Heat.TIME)(window)
    if session.has_errors:
        text = tr("The drawing has errors, so that it cannot be run and measured.")
        window.tell(Message(text, "error", until_edit=True))
        window.check()
        return
    measured = measured_of(session)
    if not measured.property("heard"):
        measured.setProperty("heard", True)
        measured.refused.connect(partial(_tell, window, session))
        measured.changed.connect(window.menus.refresh)
    measured.start()


def cancel_measuring(window: Window) -> None:
    """Ends the measurement that goes on."""
    measured_of(window.session).cancel()


def _tell(window: Window, session: Session, error: UserError) -> None:
    if session in window.tabs.sessions():
        window.tell(Message(str(error), "error", until_edit=True))
