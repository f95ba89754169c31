"""The keys of the actions: those that are declared, or those that a person gave them.

Menus, tooltips, the list of commands and the overlay all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtGui import QKeySequence

from app.actions.action import Action, shortcuts_of
from app.i18n import tr
from app.key_texts import put_in_use

NATIVE = QKeySequence.SequenceFormat.NativeText
PORTABLE = QKeySequence.SequenceFormat.PortableText
# What the canvas itself does with keys; they are no actions, and cannot be given to any.
CANVAS_KEYS: dict[str, str] = {
    "Tab": "Search for a block to add",
    "Return": "Open the selected composite",
    "Enter": "Open the selected composite",
    "Esc": "Cancel",
    "Space": "Move the view",
    "Home": "Fit drawing",
    "/": "Search the palette",
    "?": "Keyboard shortcuts",
    "+": "Zoom in",
    "=": "Zoom in",
    "-": "Zoom out",
    "Left": "Move the selection",
    "Right": "Move the selection",
    "Up": "Move the selection",
    "Down": "Move the selection",
}
for _arrow in ("Left", "Right", "Up", "Down"):
    CANVAS_KEYS[f"Shift+{_arrow}"] = CANVAS_KEYS[f"Alt+Shift+{_arrow}"] = "Move the selection"
    if _arrow != "Up":  # Ctrl+Up leaves a composite
        CANVAS_KEYS[f"Ctrl+{_arrow}"] = "Walk along the wires"
Custom = Mapping[str, tuple[str, ...]]


def custom_in(lines: Iterable[str]) -> Custom:
    """The keys that a person gave to actions, from the lines of the settings."""
    found = {}
    for line in lines:
        id, *keys = line.split("\t")
        found[id] = tuple(key for key in keys if key)
    return found


def lines_of(custom: Custom) -> tuple[str, ...]:
    """The lines of the settings: an id and its keys, with tabs between them."""
    return tuple("\t".join((id, *keys)) for id, keys in sorted(custom.items()))


def keys_of(action: Action, custom: Custom) -> list[QKeySequence]:
    """The keys of an action; of its own where a person gave it some."""
    if action.id not in custom:
        return shortcuts_of(action)
    made = [QKeySequence(key, PORTABLE) for key in custom[action.id]]
    return [sequence for sequence in made if not sequence.isEmpty()]


def text_of(keys: Sequence[QKeySequence]) -> str:
    """The first of some keys, as this desktop writes it; empty where there is none."""
    return keys[0].toString(NATIVE) if keys else ""


def take_into_use(actions: Iterable[Action], custom: Custom) -> None:
    """Lets the texts of menus and buttons know the keys of these actions."""
    put_in_use({
        declared.toString(PORTABLE): text_of(keys_of(action, custom))
        for action in actions
        for declared in shortcuts_of(action)
    })  # fmt: skip


def why_not_take(
    action: Action, key: QKeySequence, actions: Iterable[Action], custom: Custom
) -> tuple[str, Action | None]:
    """Why an action cannot have a key, and which action has it; empty where it can.

    Keys of the canvas and of the window count as one: what works everywhere works there, too.
    """
    text = key.toString(PORTABLE)
    if text in CANVAS_KEYS:
        return tr("{key} is a key of the canvas: {what}.", key=key.toString(NATIVE),
                  what=tr(CANVAS_KEYS[text])), None  # fmt: skip
    if action.scope != "canvas" and len(text.removeprefix("Shift+")) == 1:
        return tr("“{title}” works everywhere, and a letter alone is typed into fields. "
                  "Choose a key with Ctrl or Alt, or one such as F9.",
                  title=tr(action.title).rstrip("…")), None  # fmt: skip
    for other in actions:
        if other.id != action.id and key in keys_of(other, custom):
            return tr("{key} is the key of “{title}”.", key=key.toString(NATIVE),
                      title=tr(other.title).rstrip("…")), other  # fmt: skip
    return "", None


def with_key(custom: Custom, action: Action, key: QKeySequence) -> Custom:
    """The keys with another first one for an action; an empty one takes all of its keys away."""
    if key.isEmpty():
        return {**custom, action.id: ()}
    others = [k for k in keys_of(action, custom)[1:] if k != key]
    wanted = [key, *others]
    if wanted == shortcuts_of(action):
        return {id: keys for id, keys in custom.items() if id != action.id}
    return {**custom, action.id: tuple(k.toString(PORTABLE) for k in wanted)}


def without_key(custom: Custom, action: Action, key: QKeySequence) -> Custom:
    """The keys after one was taken from an action."""
    left = tuple(k.toString(PORTABLE) for k in keys_of(action, custom) if k != key)
    return {**custom, action.id: left}


def as_declared(custom: Custom, action: Action) -> Custom:
    """The keys with an action having those that are declared again."""
    return {id: keys for id, keys in custom.items() if id != action.id}
