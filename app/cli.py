"""The command line: `torchloom [FILE…]` opens the window, `torchloom COMMAND` works without it."""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from app.commands.common import FAILED, FINE, WRONG_USAGE, answer_json, say
from app.i18n import tr
from graph.fileio import SUFFIX
from graph.problems import UserError

COMMANDS = (
    "new", "check", "stats", "bench", "train", "search", "attach", "runs", "eval", "sample",
    "write", "export", "render", "demo",
)  # fmt: skip
INTERRUPTED = 130
EPILOG = """\
Without a command, torchloom opens its window with the files it is given.

exit codes: 0 fine, 1 the drawing has problems or the run failed, 2 wrong usage
"""


class WrongUsage(Exception):
    """The words on the command line cannot be understood."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(message, self.format_usage())


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program; answers its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may know no “ or ≠
    try:
        code = _run(words)
        if sys.stdout is not None:  # a program without a console has none
            sys.stdout.flush()
    except WrongUsage as wrong:
        say(f"{wrong.usage}torchloom: {wrong}")
        if "--json" in words:
            answer_json({"error": str(wrong)})
        return WRONG_USAGE
    except OSError as error:
        return _without_output(error)
    return code


def _without_output(error: OSError) -> int:
    """Ends a command whose output nobody takes; other errors are bugs."""
    if error.errno not in (errno.EPIPE, errno.ENOSPC) or error.filename is not None:
        raise error
    with contextlib.suppress(OSError, ValueError):
        # what is left in the buffer would fail again at the very end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        return FINE
    say(tr("torchloom: the answer cannot be written: {reason}.", reason=error.strerror))
    return FAILED


def _run(words: list[str]) -> int:
    if not words or (words[0] not in COMMANDS and not words[0].startswith("-")):
        strange = [word for word in words if not _names_a_file(word)]
        if strange:
            make_parser().error(
                f"{strange[0]!r} is neither a command ({', '.join(COMMANDS)}) nor a file"
            )
        return _open_window([Path(word) for word in words])
    arguments = make_parser().parse_args(words)
    if arguments.command is None:
        return _open_window([])
    return _run_command(_module(arguments.command), arguments)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(
        prog="torchloom",
        usage="torchloom [FILE ...] | torchloom COMMAND ...",
        description=tr("Draw a neural network, train it, and take the code with you."),
        epilog=tr(EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"torchloom {_version()}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog="torchloom"
    )
    for name in COMMANDS:
        module = _module(name)
        command = commands.add_parser(
            name, help=tr(module.HELP), description=tr(module.__doc__ or "")
        )
        module.declare(command)
        command.add_argument(
            "--json", action="store_true", help=tr("end with one line of JSON on standard output")
        )
    return parser


def _names_a_file(word: str) -> bool:
    return word.endswith(SUFFIX) or Path(word).exists()


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"app.commands.{name}")


def _run_command(module: ModuleType, arguments: argparse.Namespace) -> int:
    try:
        code: int = module.run(arguments)
    except UserError as error:
        say(f"torchloom: {error}")
        if arguments.json:
            answer_json({"error": str(error)})
        return FAILED
    except KeyboardInterrupt:
        say(tr("torchloom: interrupted"))
        return INTERRUPTED
    return code


def _open_window(files: list[Path]) -> int:
    from app.display import why_no_window

    reason = why_no_window()
    if reason:
        say(f"torchloom: {reason}")
        return FAILED
    from app.start import run_window

    return run_window(files)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # the window starts without it

    try:
        return version("torchloom")
    except PackageNotFoundError:
        return tr("(not installed)")
