"""The code that a person has agreed to run, kept by its hash from one start to the next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from app.i18n import tr
from app.settings import home
from graph import trust
from graph.custom_code import Written
from graph.fileio import write_atomically
from graph.problems import UserError

DIGEST = re.compile(r"[0-9a-f]{64}")


def path() -> Path:
    """The file: for each hash the name of the class, for those who look into it."""
    return home() / "trusted.json"


def load() -> None:
    """Lets run what was agreed to before; a damaged file agrees to nothing."""
    trust.agree(_read())


def remember(classes: Iterable[Written]) -> None:
    """Lets classes run, now and after the next start.

    Raises:
        UserError: the file cannot be written; they may run until the program ends.
    """
    agreed = {trust.digest(written.source): written.name for written in classes}
    trust.agree(agreed)
    known = _read()
    if agreed.keys() <= known.keys():
        return
    text = json.dumps({**known, **agreed}, indent=2, sort_keys=True)
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            tr("The folder {path} cannot be made: {reason}.", path=path().parent, reason=error)
        ) from error
    write_atomically(path(), (text + "\n").encode())


def _read() -> dict[str, str]:
    try:
        held = json.loads(path().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(held, dict):
        return {}
    return {key: str(name) for key, name in held.items() if DIGEST.fullmatch(key)}
