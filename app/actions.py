"""Every action of the program as data: menus, tool bar, shortcuts and the list of commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QKeySequence

from app import composing
from app.budget_help import show_budget_help
from app.composite_menus import show_library
from app.composites_help import show_composites_help
from app.gallery import show_pictures

if TYPE_CHECKING:
    from app.window import Window

Key = QKeySequence.StandardKey


def _always(_window: Window) -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """Something a person can do.

    Attributes:
        keys: its shortcuts; the first is shown.
        is_enabled: whether it can be done now.
        is_checked: whether it is on, for an action that turns something on and off.
        scope: `canvas` keys work while the canvas has the focus, `window` keys everywhere.
    """

    id: str
    title: str
    run: Callable[[Window], object]
    keys: tuple[Key | str, ...] = ()
    is_enabled: Callable[[Window], bool] = _always
    is_checked: Callable[[Window], bool] | None = None
    scope: Literal["window", "canvas"] = "window"


def _can_edit(window: Window) -> bool:
    return not window.session.read_only


def _has_selection(window: Window) -> bool:
    return bool(window.session.selection)


def _can_change_selection(window: Window) -> bool:
    return _has_selection(window) and _can_edit(window)


def _has_blocks(window: Window) -> bool:
    return bool(window.session.root.graph.nodes)


def _one_is_chosen(window: Window) -> bool:
    return composing.chosen(window.session) is not None and _can_edit(window)


def _has_definition(window: Window) -> bool:
    return bool(composing.chosen_definition(window.session))


def _can_unpack(window: Window) -> bool:
    id = composing.chosen(window.session)
    if id is None or not _can_edit(window):
        return False
    node = window.session.document.node(id)
    return bool(node.repeat or node.definition in window.session.root.definitions)


def _is_instance(window: Window) -> bool:
    return composing.chosen(window.session) is not None and _has_definition(window)


def _is_theme(name: str) -> Callable[[Window], bool]:
    return lambda window: window.settings.theme == name


ACTIONS: tuple[Action, ...] = (
    Action("new", "New", lambda w: w.files.new(), (Key.New,)),
    Action("gallery", "New from gallery…", lambda w: w.show_gallery(), ("Ctrl+Shift+N",)),
    Action("open", "Open…", lambda w: w.files.ask_open(), (Key.Open,)),
    Action("save", "Save", lambda w: w.files.save(w.session), (Key.Save,)),
    Action("save-as", "Save as…", lambda w: w.files.ask_save_as(w.session),
           (Key.SaveAs, "Ctrl+Shift+S")),
    Action("export", "Export code…", lambda w: w.ask_export(), ("Ctrl+E",), _has_blocks),
    Action("picture", "Export picture…", lambda w: w.ask_picture(), (), _has_blocks),
    Action("close", "Close", lambda w: w.files.close(w.session), ("Ctrl+W", Key.Close)),
    Action("quit", "Quit", lambda w: w.close(), (Key.Quit, "Ctrl+Q")),

    Action("undo", "Undo", lambda w: w.canvas.undo(), (Key.Undo,),
           lambda w: w.session.history.undo_label is not None),
    Action("redo", "Redo", lambda w: w.canvas.redo(), (Key.Redo, "Ctrl+Y", "Ctrl+Shift+Z"),
           lambda w: w.session.history.redo_label is not None),
    Action("cut", "Cut", lambda w: w.canvas.cut(), (Key.Cut,), _can_change_selection,
           scope="canvas"),
    Action("copy", "Copy", lambda w: w.canvas.copy(), (Key.Copy,), _has_selection,
           scope="canvas"),
    Action("paste", "Paste", lambda w: w.canvas.paste(), (Key.Paste,), _can_edit, scope="canvas"),
    Action("duplicate", "Duplicate", lambda w: w.canvas.duplicate(), ("Ctrl+D",),
           _can_change_selection, scope="canvas"),
    Action("delete", "Delete", lambda w: w.canvas.delete_selection(),
           (Key.Delete, "Backspace"), scope="canvas"),
    Action("delete-heal", "Delete and close the gap",
           lambda w: w.canvas.delete_selection(heal=True), ("Ctrl+Shift+Del",),
           _can_change_selection, scope="canvas"),
    Action("connect", "Connect two blocks", lambda w: w.canvas.connect_selected(), ("C",),
           lambda w: len(w.session.selection) == 2 and _can_edit(w), scope="canvas"),
    Action("disconnect", "Disconnect", lambda w: w.canvas.disconnect_selected(), ("Shift+C",),
           _can_change_selection, scope="canvas"),
    Action("rename", "Rename block", lambda w: w.canvas.rename_selected(), ("F2",),
           lambda w: len(w.session.selection) == 1 and _can_edit(w), scope="canvas"),
    Action("select-all", "Select all", lambda w: w.canvas.select_all(), (Key.SelectAll,),
           _has_blocks, scope="canvas"),
    Action("find", "Find or add block…", lambda w: w.canvas.focus_search(None), (Key.Find,),
           _can_edit),
    Action("layout", "Auto-layout", lambda w: w.canvas.auto_layout(), ("L",),
           lambda w: _has_blocks(w) and _can_edit(w), scope="canvas"),

    Action("make-composite", "Make composite…", lambda w: composing.ask_make(w.session, w),
           ("Ctrl+G",), _can_change_selection),
    Action("unpack", "Unpack", lambda w: composing.take_apart(w.session), ("Ctrl+Shift+G",),
           _can_unpack),
    Action("open-composite", "Open composite", lambda w: w.canvas.open_selected(), (),
           _is_instance),
    Action("leave-composite", "Leave composite", lambda w: w.canvas.leave(),
           ("Ctrl+Up", "Alt+Left"), lambda w: bool(w.session.place), scope="canvas"),
    Action("rename-composite", "Rename composite…",
           lambda w: composing.ask_rename(w.session, w), ("Shift+F2",),
           lambda w: _has_definition(w) and _can_edit(w)),
    Action("make-independent", "Make independent",
           lambda w: composing.make_independent(w.session), (),
           lambda w: _is_instance(w) and _can_edit(w)),
    Action("repeat", "Repeat…", lambda w: composing.ask_repeat(w.session, w), ("Ctrl+R",),
           _can_change_selection),
    Action("share-weights", "Share weights with…",
           lambda w: composing.ask_share(w.session, w, w.canvas.place_of_selection()), (),
           _one_is_chosen),
    Action("save-to-library", "Save to library",
           lambda w: composing.save_to_library(w.session, w), (), _has_definition),
    Action("insert-from-library", "Insert from library…", show_library, (),
           _can_edit),

    Action("theme-dark", "Dark theme", lambda w: w.choose_theme("dark"),
           is_checked=_is_theme("dark")),
    Action("theme-light", "Light theme", lambda w: w.choose_theme("light"),
           is_checked=_is_theme("light")),
    Action("theme-system", "Theme like the desktop", lambda w: w.choose_theme("system"),
           is_checked=_is_theme("system")),
    Action("zoom-in", "Zoom in", lambda w: w.canvas.zoom_by(1.25), (Key.ZoomIn, "Ctrl+=")),
    Action("zoom-out", "Zoom out", lambda w: w.canvas.zoom_by(0.8), (Key.ZoomOut,)),
    Action("zoom-100", "Zoom to 100 %", lambda w: w.canvas.zoom_to(1.0), ("Ctrl+0",)),
    Action("fit", "Fit drawing", lambda w: w.canvas.fit(), ("F",), scope="canvas"),
    Action("next-tab", "Next document", lambda w: w.tabs.step(1), ("Ctrl+Tab", "Ctrl+PgDown"),
           lambda w: w.tabs.count() > 1),
    Action("previous-tab", "Previous document", lambda w: w.tabs.step(-1),
           ("Ctrl+Shift+Tab", "Ctrl+PgUp"), lambda w: w.tabs.count() > 1),
    Action("full-screen", "Full screen", lambda w: w.toggle_full_screen(),
           (Key.FullScreen, "F11"), is_checked=lambda w: w.isFullScreen()),
    Action("reset-docks", "Reset panels", lambda w: w.reset_docks()),

    Action("train", "Train", lambda w: w.train(), ("F5",),
           lambda w: _has_blocks(w) and not w.is_training),
    Action("pause", "Pause or continue", lambda w: w.training.pause_or_resume(), ("F6",),
           lambda w: w.is_training),
    Action("stop", "Stop", lambda w: w.training.stop(), ("Shift+F5",), lambda w: w.is_training),
    Action("check", "Check", lambda w: w.check(), ("F7",)),
    Action("budget", "Memory budget", lambda w: w.docks.bring_up(w.docks.budget), ("F8",)),

    Action("commands", "Commands…", lambda w: w.show_commands(), ("Ctrl+K", "Ctrl+Shift+P")),
    Action("composites-help", "Composites", show_composites_help),
    Action("budget-help", "How memory is counted", show_budget_help),
    Action("gallery-help", "The gallery in pictures", show_pictures),
    Action("shortcuts", "Keyboard shortcuts", lambda w: w.show_shortcuts(), ("F1",)),
    Action("about", "About Torchloom", lambda w: w.show_about()),
)  # fmt: skip

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

SEPARATOR = "-"
Menu = tuple[str, tuple[str, ...]]

# A name in <> is a part that the window fills: the recent files, the examples, the panels.
MENUS: tuple[Menu, ...] = (
    ("File", ("new", "gallery", "open", "<recent>", "<examples>", SEPARATOR, "save", "save-as",
              SEPARATOR, "export", "picture", SEPARATOR, "close", "quit")),
    ("Edit", ("undo", "redo", SEPARATOR, "cut", "copy", "paste", "duplicate", "rename",
              "delete", "delete-heal", SEPARATOR, "connect", "disconnect",
              SEPARATOR, "select-all", "find", SEPARATOR, "layout")),
    ("Composite", ("make-composite", "unpack", SEPARATOR, "open-composite", "leave-composite",
                   SEPARATOR, "rename-composite", "make-independent", SEPARATOR, "repeat",
                   "share-weights", SEPARATOR, "save-to-library", "insert-from-library")),
    ("View", ("<theme>", "<panels>", SEPARATOR, "zoom-in", "zoom-out", "zoom-100", "fit",
              SEPARATOR, "budget", SEPARATOR, "next-tab", "previous-tab", "full-screen")),
    ("Run", ("train", "pause", "stop", SEPARATOR, "check")),
    ("Help", ("commands", "shortcuts", "composites-help", "gallery-help", "budget-help",
              SEPARATOR, "about")),
)  # fmt: skip
THEME_ACTIONS = ("theme-dark", "theme-light", "theme-system")


def shortcuts_of(action: Action) -> list[QKeySequence]:
    """The key sequences of an action on this desktop, each once."""
    found: list[QKeySequence] = []
    for key in action.keys:
        if isinstance(key, str):
            made = [QKeySequence(key)]
        else:
            made = QKeySequence.keyBindings(key)[:1]
        found += [sequence for sequence in made if sequence not in found]
    return found
