"""What the View menu holds: themes, zoom, documents and panels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app import canvas_options, scaling
from app.actions.action import SEPARATOR, Action, Key
from app.canvas.options import Heat
from app.outlining import show_outline

if TYPE_CHECKING:
    from app.window import Window

HEAT_ACTIONS = (
    "heat-parameters", "heat-multiply-adds", "heat-memory", "heat-time", "heat-off", "next-heat",
)  # fmt: skip
SIZE_ACTIONS = tuple(f"size-{percent}" for percent in scaling.PERCENT)


def _is_theme(name: str) -> Callable[[Window], bool]:
    return lambda window: window.settings.theme == name


ACTIONS: tuple[Action, ...] = (
    Action("theme-dark", "Dark theme", lambda w: w.choose_theme("dark"),
           is_checked=_is_theme("dark")),
    Action("theme-light", "Light theme", lambda w: w.choose_theme("light"),
           is_checked=_is_theme("light")),
    Action("theme-contrast-dark", "High contrast, dark",
           lambda w: w.choose_theme("contrast-dark"), is_checked=_is_theme("contrast-dark")),
    Action("theme-contrast-light", "High contrast, light",
           lambda w: w.choose_theme("contrast-light"), is_checked=_is_theme("contrast-light")),
    Action("theme-system", "Theme like the desktop", lambda w: w.choose_theme("system"),
           is_checked=_is_theme("system")),
    *(Action(f"size-{percent}", f"Interface at {percent} %", scaling.choose(percent),
             is_checked=scaling.is_chosen(percent)) for percent in scaling.PERCENT),
    Action("zoom-in", "Zoom in", lambda w: w.canvas.zoom_by(1.25), (Key.ZoomIn, "Ctrl+=")),
    Action("zoom-out", "Zoom out", lambda w: w.canvas.zoom_by(0.8), (Key.ZoomOut,)),
    Action("zoom-100", "Zoom to 100 %", lambda w: w.canvas.zoom_to(1.0), ("Ctrl+0",)),
    Action("fit", "Fit drawing", lambda w: w.canvas.fit(), ("F",), scope="canvas"),
    Action("straight-wires", "Straight wires", canvas_options.toggle_straight,
           ("Ctrl+Shift+W",), is_checked=canvas_options.is_straight),
    Action("fade-wires", "Fade other wires", canvas_options.toggle_faded, ("W",),
           is_checked=canvas_options.is_faded, scope="canvas"),
    Action("hide-wires", "Hide other wires", canvas_options.toggle_hidden, ("Shift+W",),
           is_checked=canvas_options.is_hidden, scope="canvas"),
    Action("snapping", "Snap while dragging", canvas_options.toggle_snapping, ("Shift+S",),
           is_checked=canvas_options.is_snapping, scope="canvas"),
    Action("heat-parameters", "Heat: parameters", canvas_options.turn_heat(Heat.PARAMETERS),
           is_checked=canvas_options.has_heat(Heat.PARAMETERS)),
    Action("heat-multiply-adds", "Heat: multiply-adds",
           canvas_options.turn_heat(Heat.MULTIPLY_ADDS),
           is_checked=canvas_options.has_heat(Heat.MULTIPLY_ADDS)),
    Action("heat-memory", "Heat: activation memory", canvas_options.turn_heat(Heat.MEMORY),
           is_checked=canvas_options.has_heat(Heat.MEMORY)),
    Action("heat-time", "Heat: measured time", canvas_options.turn_heat(Heat.TIME),
           is_checked=canvas_options.has_heat(Heat.TIME)),
    Action("heat-off", "No heat map", canvas_options.turn_heat(Heat.OFF), ("Shift+H",),
           is_checked=canvas_options.has_heat(Heat.OFF), scope="canvas"),
    Action("next-heat", "Next heat map", canvas_options.next_heat, ("H",), scope="canvas"),
    Action("reduced-motion", "Reduce motion", canvas_options.toggle_motion,
           is_checked=canvas_options.is_calm),
    Action("next-tab", "Next document", lambda w: w.tabs.step(1), ("Ctrl+Tab", "Ctrl+PgDown"),
           lambda w: w.tabs.count() > 1),
    Action("previous-tab", "Previous document", lambda w: w.tabs.step(-1),
           ("Ctrl+Shift+Tab", "Ctrl+PgUp"), lambda w: w.tabs.count() > 1),
    Action("outline", "Outline", show_outline, ("F4",)),
    Action("full-screen", "Full screen", lambda w: w.toggle_full_screen(),
           (Key.FullScreen, "F11"), is_checked=lambda w: w.isFullScreen()),
    Action("reset-docks", "Reset panels", lambda w: w.reset_docks()),
)  # fmt: skip

MENU = (
    "<theme>", "<size>", "<panels>", SEPARATOR, "zoom-in", "zoom-out", "zoom-100", "fit", SEPARATOR,
    "straight-wires", "fade-wires", "hide-wires", "snapping", "<heat>", "reduced-motion",
    SEPARATOR, "outline", "budget", SEPARATOR, "next-tab", "previous-tab", "full-screen",
)  # fmt: skip
