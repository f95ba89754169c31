"""`torchloom export FILE --out DIR`: a drawing as a folder that trains without this program."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import FINE, add_file, answer_json, open_runnable, say
from app.i18n import tr
from backends import loader

HELP = "write a drawing as a folder that trains without this program"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR",
        help=tr("a new or empty folder, or one exported earlier"),
    )  # fmt: skip
    parser.add_argument(
        "--run", type=Path, default=None, metavar="DIR",
        help=tr("the folder of a run whose weights go along; fresh ones by default"),
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Writes the folder."""
    opened = open_runnable(arguments.file, arguments.trust)
    folder = arguments.out.absolute()
    run_folder = arguments.run.absolute() if arguments.run else None
    exported = loader.call("backends.pytorch.export", "export", opened.document, folder, run_folder)
    if exported.note:
        say(exported.note)
    if arguments.json:
        answer_json(
            {
                "out": str(exported.folder),
                "files": list(exported.files),
                "run": str(run_folder) if run_folder else None,
                "note": exported.note,
            }
        )
        return FINE
    for name in exported.files:
        print(exported.folder / name)
    if "train.py" in exported.files:
        print(tr("Train it with: python {script}", script=exported.folder / "train.py"))
    return FINE
