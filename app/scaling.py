"""The size of everything in the window, from 75 to 250 %; Qt takes it on where it starts."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING

from app.i18n import tr
from app.messages import Message
from app.settings import Settings

if TYPE_CHECKING:
    from app.window import Window

PERCENT = (75, 100, 125, 150, 175, 200, 250)
USUAL = 100
VARIABLE = "QT_SCALE_FACTOR"


def percent_of(settings: Settings) -> int:
    """The size that the settings ask for, within the limits; 100 where they say nothing sound."""
    text = settings.scale
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        return USUAL
    return min(max(int(text), PERCENT[0]), PERCENT[-1])


def prepare(settings: Settings, environment: MutableMapping[str, str] = os.environ) -> None:
    """Tells Qt the size before there is an application; what the person set outside holds."""
    percent = percent_of(settings)
    if percent != USUAL and VARIABLE not in environment:
        environment[VARIABLE] = f"{percent / 100:g}"


def choose(percent: int) -> Callable[[Window], None]:
    """An action that takes a size; it is there from the next start on, and a message says so."""

    def run(window: Window) -> None:
        if percent == percent_of(window.settings):
            return
        window.change_settings(replace(window.settings, scale=str(percent)))
        if os.environ.get(VARIABLE, "") not in ("", *(f"{each / 100:g}" for each in PERCENT)):
            text = tr("{variable} is set outside and decides on the size.", variable=VARIABLE)
        else:
            text = tr("Everything is {percent} % in size when Torchloom starts again.",
                      percent=percent)  # fmt: skip
        window.tell(Message(text))

    return run


def is_chosen(percent: int) -> Callable[[Window], bool]:
    """Whether a size is the one that was chosen."""
    return lambda window: percent_of(window.settings) == percent
