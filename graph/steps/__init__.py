"""Steps between data and model, such as normalising and flipping: found by scan, like blocks."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from graph.steps.step import DataStep

__all__ = ["DataStep", "step_kinds"]


@cache
def step_kinds() -> Mapping[str, type[DataStep]]:
    """Every kind of step by its name, in the order of the menu."""
    found = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found += [
            value
            for value in vars(module).values()
            if inspect.isclass(value) and issubclass(value, DataStep) and "kind" in vars(value)
        ]
    found.sort(key=lambda cls: cls.order)
    return MappingProxyType({cls.kind: cls for cls in found})
