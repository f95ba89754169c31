"""What the program remembers between two starts: one JSON file for each person."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from platformdirs import user_config_dir

from app.i18n import tr
from graph.fileio import write_atomically
from graph.problems import UserError

HOME_VARIABLE = "TORCHLOOM_HOME"
MOST_RECENT = 12


def home() -> Path:
    """The folder of settings and recovered work: `TORCHLOOM_HOME`, or where the system says."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else Path(user_config_dir("torchloom", False))


@dataclass(frozen=True)
class Settings:
    """Values that are kept.

    Attributes:
        theme: `dark`, `light`, `contrast-dark`, `contrast-light` or `system`.
        geometry: size and place of the window, as Qt writes it, in base 64.
        docks: where the docks are, likewise.
        recent: files opened last, the newest first.
        folder: where the file dialog starts.
        budget: the plan of the memory budget, as `graph.plan` writes it.
        wires: `curved` or `straight`.
        other_wires: what becomes of wires that are not of the selection: `shown`, `faded` or
            `hidden`.
        snapping: `on` or `off`.
        scale: the size of everything, in percent.
        motion: `full` or `reduced`.
        heat: the cost that blocks are painted by: `off`, `parameters`, `multiply-adds`,
            `memory` or `time`.
        used: kinds of blocks that were added last, the newest first.
        bookmarks: views of files under a number, as `app.memory` writes them.
        shortcuts: keys that a person gave to actions, as `app.keys` writes them.
        where: the place where runs go on, as `backends.launch.where` writes it.
        hidden_columns: those of the table of runs that are not shown.
    """

    theme: str = "system"
    geometry: str = ""
    docks: str = ""
    recent: tuple[str, ...] = ()
    folder: str = ""
    budget: str = ""
    wires: str = "curved"
    other_wires: str = "shown"
    snapping: str = "on"
    motion: str = "full"
    scale: str = "100"
    heat: str = "off"
    used: tuple[str, ...] = ()
    bookmarks: tuple[str, ...] = ()
    shortcuts: tuple[str, ...] = ()
    where: str = "thread"
    hidden_columns: tuple[str, ...] = ("device", "document", "test loss")

    def with_recent(self, path: Path) -> Settings:
        """The settings after a file was opened."""
        text = str(path)
        others = tuple(other for other in self.recent if other != text)
        return replace(self, recent=(text, *others)[:MOST_RECENT], folder=str(path.parent))

    def without_recent(self, path: Path) -> Settings:
        """The settings after a file turned out to be gone."""
        return replace(self, recent=tuple(other for other in self.recent if other != str(path)))


def settings_path() -> Path:
    """The file of the settings."""
    return home() / "settings.json"


def load_settings() -> tuple[Settings, str]:
    """The settings, and a note for the person where the file was damaged and set aside."""
    path = settings_path()
    try:
        return _parse(json.loads(path.read_text("utf-8"))), ""
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        reason = error.strerror or str(error)
        return Settings(), tr("The settings in {path} cannot be read: {reason}. Defaults are used.",
                              path=path, reason=reason)  # fmt: skip
    except ValueError as error:
        return Settings(), _set_aside(path, str(error))


def peek_settings() -> Settings:
    """The settings as far as they can be read; nothing is told and nothing set aside."""
    try:
        return _parse(json.loads(settings_path().read_text("utf-8")))
    except (OSError, ValueError):
        return Settings()  # those who load them are told


def save_settings(settings: Settings) -> None:
    """Writes the settings.

    Raises:
        UserError: the folder cannot be written to.
    """
    text = json.dumps(asdict(settings), indent=2, sort_keys=True, ensure_ascii=False)
    path = settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            tr("The folder {path} cannot be made: {reason}.", path=path.parent, reason=error)
        ) from error
    write_atomically(path, (text + "\n").encode())


class _Damaged(ValueError):
    """The file is JSON, but not of settings."""


def _parse(data: object) -> Settings:
    if not isinstance(data, dict):
        raise _Damaged(tr("it holds no JSON object"))
    values: dict[str, object] = {}
    for field in fields(Settings):
        value = data.get(field.name, field.default)
        if isinstance(field.default, tuple):
            if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
                raise _Damaged(tr("“{name}” is no list of texts", name=field.name))
            value = tuple(value)
        elif not isinstance(value, str):
            raise _Damaged(tr("“{name}” is no text", name=field.name))
        values[field.name] = value
    return Settings(**values)  # type: ignore[arg-type]  # every field is judged above


def _set_aside(path: Path, reason: str) -> str:
    aside = path.with_suffix(".broken.json")
    try:
        path.replace(aside)
    except OSError as error:
        return tr("The settings in {path} are damaged ({reason}) and cannot be set aside: {error}.",
                  path=path, reason=reason, error=error.strerror)  # fmt: skip
    return tr(
        "The settings were damaged ({reason}). Defaults are used; the old file is now {aside}.",
        reason=reason, aside=aside,
    )  # fmt: skip
