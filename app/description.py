"""Asks a data source what it holds, without loading numpy before somebody asks."""

from __future__ import annotations

import importlib

from graph.data import DataInfo, DataSpec
from graph.problems import Problem
from graph.stepping import stepped


def describe(spec: DataSpec) -> DataInfo:
    """What a data source holds.

    Raises:
        UserError: the data is not there or cannot be used.
    """
    sources = importlib.import_module("backends.data.source")
    return stepped(sources.source_of(spec).describe(), spec.steps)


def failed_sources() -> tuple[Problem, ...]:
    """The plug-ins with data sources that could not be loaded; ask after `describe`."""
    sources = importlib.import_module("backends.data.source")
    failures: tuple[Problem, ...] = sources.source_failures()
    return failures
