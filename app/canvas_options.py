"""How drawings look and feel: from the settings onto every canvas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.canvas.options import Heat, Options, Others
from app.settings import Settings

if TYPE_CHECKING:
    from app.window import Window


def options_of(settings: Settings) -> Options:
    """What the settings ask for; words of a newer version count as the default."""
    heats = {each.value: each for each in Heat}
    others = {each.value: each for each in Others}
    return Options(
        straight=settings.wires == "straight",
        others=others.get(settings.other_wires, Others.SHOWN),
        snaps=settings.snapping != "off",
        animated=settings.motion != "reduced",
        heat=heats.get(settings.heat, Heat.OFF),
    )


def is_straight(window: Window) -> bool:
    return window.settings.wires == "straight"


def is_faded(window: Window) -> bool:
    return window.settings.other_wires == Others.FADED.value


def is_hidden(window: Window) -> bool:
    return window.settings.other_wires == Others.HIDDEN.value


def is_snapping(window: Window) -> bool:
    return window.settings.snapping != "off"


def is_calm(window: Window) -> bool:
    return window.settings.motion == "reduced"


def toggle_straight(window: Window) -> None:
    """Draws wires straight, or as curves again."""
    wires = "curved" if is_straight(window) else "straight"
    _change(window, replace(window.settings, wires=wires))


def toggle_faded(window: Window) -> None:
    """Fades wires that are not of the selection, or shows them as all others again."""
    _turn_others(window, Others.FADED)


def toggle_hidden(window: Window) -> None:
    """Hides wires that are not of the selection, or shows them again."""
    _turn_others(window, Others.HIDDEN)


def toggle_snapping(window: Window) -> None:
    """Lets dragged blocks fall in line, or go anywhere."""
    snapping = "off" if is_snapping(window) else "on"
    _change(window, replace(window.settings, snapping=snapping))


def toggle_motion(window: Window) -> None:
    """Shows what changes at once, or moves and fades it so that eyes can follow."""
    motion = "full" if is_calm(window) else "reduced"
    _change(window, replace(window.settings, motion=motion))
    apply_motion(window)


def apply_motion(window: Window) -> None:
    """Lets panels slide and new lines of code fade, or not."""
    window.code.view.is_calm = is_calm(window)
    window.setAnimated(not is_calm(window))


def has_heat(heat: Heat) -> Callable[[Window], bool]:
    """Whether blocks are painted by that cost."""
    return lambda window: options_of(window.settings).heat is heat


def turn_heat(heat: Heat) -> Callable[[Window], None]:
    """Paints blocks by that cost."""
    return lambda window: _change(window, replace(window.settings, heat=heat.value))


def next_heat(window: Window) -> None:
    """Paints blocks by the next cost; after the last one by none."""
    every = list(Heat)
    after = every.index(options_of(window.settings).heat) + 1
    turn_heat(every[after % len(every)])(window)


def _turn_others(window: Window, others: Others) -> None:
    is_on = window.settings.other_wires == others.value
    wanted = Others.SHOWN if is_on else others
    _change(window, replace(window.settings, other_wires=wanted.value))


def _change(window: Window, settings: Settings) -> None:
    window.change_settings(settings)
    window.tabs.set_options(options_of(settings))
