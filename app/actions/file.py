"""What the File menu holds: documents, pictures and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.action import SEPARATOR, Action, Key, has_blocks

if TYPE_CHECKING:
    from app.window import Window


def _ask_picture(window: Window) -> None:
    from app.picturing.dialog import ask_picture  # not before it is wanted

    ask_picture(window)


def _ask_figure(window: Window) -> None:
    from app.picturing.figure_dialog import ask_figure  # not before it is wanted

    ask_figure(window)


ACTIONS: tuple[Action, ...] = (
    Action("new", "New", lambda w: w.files.new(), (Key.New,)),
    Action("gallery", "New from gallery…", lambda w: w.show_gallery(), ("Ctrl+Shift+N",)),
    Action("open", "Open…", lambda w: w.files.ask_open(), (Key.Open,)),
    Action("save", "Save", lambda w: w.files.save(w.session), (Key.Save,)),
    Action("save-as", "Save as…", lambda w: w.files.ask_save_as(w.session),
           (Key.SaveAs, "Ctrl+Shift+S")),
    Action("export", "Export code…", lambda w: w.ask_export(), ("Ctrl+E",), has_blocks),
    Action("picture", "Export picture…", _ask_picture, ("Ctrl+Shift+E",), has_blocks),
    Action("figure", "Publication figure…", _ask_figure, (), has_blocks),
    Action("close", "Close", lambda w: w.files.close(w.session), ("Ctrl+W", Key.Close)),
    Action("quit", "Quit", lambda w: w.close(), (Key.Quit, "Ctrl+Q")),
)  # fmt: skip

MENU = (
    "new", "gallery", "open", "<recent>", "<examples>", SEPARATOR, "save", "save-as",
    SEPARATOR, "export", "picture", "figure", SEPARATOR, "close", "quit",
)  # fmt: skip
