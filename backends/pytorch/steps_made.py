"""The steps between data and model that a document lists, as the loop takes them."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from backends.pytorch.steps.step import Step
from graph.data import DataInfo, StepSpec
from graph.stepping import walked


def made_steps(info: DataInfo, specs: Sequence[StepSpec]) -> tuple[Step, ...]:
    """The steps that are on.

    Args:
        info: what the data holds before them.

    Raises:
        UserError: a step is unknown, has a wrong value or does not suit the data.
    """
    made = []
    for form, before, _ in walked(info.columns, specs):
        module, _, name = form.runs.rpartition(".")
        columns = tuple(column.name for column in form.chosen(before))
        made.append(
            getattr(importlib.import_module(module), name)(columns=columns, **form.settings(before))
        )
    return tuple(made)
