"""`torchloom new NAME --out FILE`: a network of the gallery as a drawing of your own."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import FINE, answer_json
from app.human import grouped
from app.i18n import tr
from graph.cost import costs
from graph.fileio import SUFFIX, save
from graph.gallery import AnyEntry, entries, find
from graph.infer import infer
from graph.params import Param, Value, to_json
from graph.problems import UserError

HELP = "write a network of the gallery into a file, such as resnet-18"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=tr("a network, as --list names them")
    )
    parser.add_argument("--out", type=_loom, metavar="FILE", help=tr("the drawing to write"))
    parser.add_argument("--list", action="store_true", help=tr("tell which networks there are"))
    parser.add_argument(
        "--small", action="store_true",
        help=tr("in a size that trains in minutes on data that is always there"),
    )  # fmt: skip
    parser.add_argument(
        "--set", action="append", default=[], type=_assignment, metavar="PARAMETER=VALUE",
        help=tr("change a size, such as width=32; may be given several times"),
    )  # fmt: skip
    parser.add_argument(
        "--force", action="store_true", help=tr("write over a file that is already there")
    )
    parser.set_defaults(usage_error=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Writes the drawing, or the list of all there are."""
    if arguments.list:
        return _list(arguments.json)
    if arguments.name is None or arguments.out is None:
        arguments.usage_error("NAME and --out FILE are needed, or --list")
    entry = find(arguments.name)
    out: Path = arguments.out
    if out.exists() and not arguments.force:
        raise UserError(
            tr("{out} is already there; name another file, or add --force to replace it.", out=out)
        )
    values: dict[str, object] = dict(entry.small) if arguments.small else {}
    values |= _values(entry, arguments.set)
    document = entry.build(**values)
    save(document, out)
    blocks = len(document.graph.nodes)
    parameters = costs(document, infer(document)).total.parameters
    if arguments.json:
        answer_json(
            {
                "out": str(out),
                "name": entry.name,
                "title": entry.title,
                "blocks": blocks,
                "parameters": parameters,
            }
        )
    else:
        text = "{out}: {title}, {blocks} blocks, {parameters} parameters"
        told = {"blocks": grouped(blocks), "parameters": grouped(parameters)}
        print(tr(text, out=out, title=entry.title, **told))
    return FINE


def _values(entry: AnyEntry, given: list[tuple[str, str]]) -> dict[str, Value]:
    """The values that were typed, read as their parameters want them."""
    known: dict[str, Param] = dict(entry.form.params)
    # the entry itself refuses a name that it does not know, and says which ones it does
    return {name: known[name].parse(text) if name in known else text for name, text in given}


def _list(as_json: bool) -> int:
    """Prints what there is, shelf by shelf."""
    if as_json:
        answer_json([_told(entry) for entry in entries()])
        return FINE
    width = max(len(entry.name) for entry in entries())
    family = None
    for entry in entries():
        if entry.family is not family:
            print(("\n" if family else "") + tr(entry.family.value))
            family = entry.family
        names = ", ".join(entry.form.params)
        print(f"  {entry.name:<{width}}  {entry.title}" + (f"  ({names})" if names else ""))
    return FINE


def _told(entry: AnyEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "title": entry.title,
        "family": entry.family.value,
        "summary": entry.summary,
        "source": entry.source,
        "parameters": {name: to_json(p.default) for name, p in entry.form.params.items()},
        "small": {name: to_json(value) for name, value in entry.small.items()},
    }


def _loom(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != SUFFIX:
        raise argparse.ArgumentTypeError(f"{text!r} does not end in {SUFFIX}")
    return path


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no change such as width=32")
    return name.strip(), value.strip()
