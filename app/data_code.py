"""The Python code that a document takes its data from, which runs once a person has agreed."""

from __future__ import annotations

import importlib

from graph import trust
from graph.custom_code import Written
from graph.data import DataSpec
from graph.problems import UserError

KIND = "own_dataset"


def code_of(spec: DataSpec) -> Written | None:
    """The code of a data source; None where it has none, or none that can be read."""
    if spec.source != KIND:
        return None
    sources = importlib.import_module("backends.data.source")
    try:
        code = sources.source_of(spec).code()
    except UserError:
        return None
    return Written(str(spec.params.get("path", "")), code, 1, "", (), (), ())


def untrusted_code(spec: DataSpec) -> Written | None:
    """The same, unless it may run already."""
    found = code_of(spec)
    return None if found is None or trust.is_trusted(found.source) else found
