"""The gallery of a window: the dialog to choose from, and the page of all pictures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.gallery_dialog import GalleryDialog
from app.gallery_help import GalleryHelp

if TYPE_CHECKING:
    from app.window import Window


def show_gallery(window: Window, name: str = "") -> None:
    """Shows the named networks, from one on, and opens the one that is chosen."""
    dialog = GalleryDialog(window.theme, window)
    dialog.chosen.connect(window.files.open_drawn)
    dialog.pictures_wanted.connect(partial(show_pictures, window))
    dialog.list.select(name)
    dialog.open()


def show_pictures(window: Window, name: str = "") -> None:
    """Shows all networks on one page, from one on."""
    page = GalleryHelp(window.theme, window)
    page.chosen.connect(partial(show_gallery, window))
    page.open()
    page.show_entry(name)
