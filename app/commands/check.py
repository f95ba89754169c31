"""`torchloom check FILE`: what is wrong with a drawing."""

from __future__ import annotations

import argparse

from app.commands.common import FAILED, FINE, add_file, answer_json, open_file
from app.i18n import tr
from graph.model import Document
from graph.problems import Problem

HELP = "list what is wrong with a drawing"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_file(parser)


def run(arguments: argparse.Namespace) -> int:
    """Lists the problems; fails where one is an error."""
    opened = open_file(arguments.file, arguments.trust)
    if arguments.json:
        answer_json({"problems": [_row(opened.document, each) for each in opened.problems]})
        return FAILED if opened.errors else FINE
    for problem in opened.problems:
        print(f"{problem.severity}: {problem.text}")
        for fix in problem.fixes:
            print(f"    {tr('fix: {label}', label=fix.label)}")
    if not opened.problems:
        print(tr("No problems."))
    return FAILED if opened.errors else FINE


def _row(document: Document, problem: Problem) -> dict[str, object]:
    known = [id for id in problem.nodes if id in document.graph.nodes]
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "block": document.node(known[0]).name if known else None,
        "text": problem.text,
        "fixes": [fix.label for fix in problem.fixes],
    }
