"""Writes an exported folder whole or not at all, and never over what it did not write itself."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from graph.problems import UserError

MANIFEST = ".torchloom.json"
VERSION = 1


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files, by their path in the folder, beside a list of what was written.

    An earlier export there is replaced; other files in it stay as they are.

    Raises:
        UserError: the folder holds files of somebody else, or cannot be written.
    """
    try:
        earlier = _check(folder, files)
        _write(folder, files, earlier)
    except OSError as error:
        raise UserError(
            f"{folder} cannot be written: {error.strerror or error}. Nothing was changed there."
        ) from error


def _check(folder: Path, files: Mapping[str, bytes]) -> Mapping[str, str]:
    """What an earlier export wrote there and nobody has changed since, by path, as hashes.

    Raises:
        UserError: something else is in the way.
    """
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise UserError(f"{folder} is a file; choose a folder to export into.")
    held = sorted(path.name for path in folder.iterdir())
    written = _manifest(folder)
    if held and written is None:
        shown = ", ".join(f"“{name}”" for name in held[:3]) + (" …" if len(held) > 3 else "")
        raise UserError(
            f"{folder} holds other files ({shown}) and is no earlier export, so nothing was "
            "written. Choose a new or an empty folder."
        )
    earlier = {name: mark for name, mark in (written or {}).items() if _hash(folder / name) == mark}
    changed = [name for name in files if (folder / name).exists() and name not in earlier]
    if changed:
        raise UserError(
            f"“{changed[0]}” in {folder} is not as an earlier export wrote it, so nothing was "
            "written over it. Move it away, or choose another folder."
        )
    return earlier


def _manifest(folder: Path) -> Mapping[str, str] | None:
    try:
        held = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {str(name): str(mark) for name, mark in held["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _write(folder: Path, files: Mapping[str, bytes], earlier: Mapping[str, str]) -> None:
    """Writes all beside the place where it goes, then moves it there."""
    is_new = not folder.exists()
    if is_new:
        folder.parent.mkdir(parents=True, exist_ok=True)
    place = folder.parent if is_new else folder
    staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=place))
    try:
        marks = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        listed = json.dumps({"torchloom-export": VERSION, "files": marks}, indent=1)
        contents = {**files, MANIFEST: listed.encode() + b"\n"}
        for name, content in contents.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if is_new:
            staged.chmod(0o755)
            staged.rename(folder)
            return
        for name in contents:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).replace(folder / name)
        for name in earlier.keys() - files.keys():
            (folder / name).unlink(missing_ok=True)
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(staged)
