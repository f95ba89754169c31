"""Values of the data and of its steps as fields that a search chooses for: `data.noise`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.data import StepSpec
from graph.declared import Param
from graph.model import Document
from graph.params import Value
from graph.problems import UserError
from graph.step_edits import set_step, switch_step
from graph.steps import step_kinds

DATA = "data"
SWITCH = Param("on", "bool", True, "On", "Whether the step is done.")
NAMED = 12
Params = Mapping[str, Param]


def step_names(steps: Sequence[StepSpec]) -> list[str]:
    """What the steps of the data are called: by their kinds, with a number from the second on."""
    kinds = [step.kind for step in steps]
    counts = [kinds[: place + 1].count(kind) for place, kind in enumerate(kinds)]
    return [
        f"{kind}{count}" if count > 1 else kind for kind, count in zip(kinds, counts, strict=True)
    ]


def data_params(document: Document, step: str, source: Params) -> Params:
    """The values that the data, or one of its steps, has.

    Args:
        step: its name; empty for the source of the data.
        source: the parameters of that source.

    Raises:
        UserError: there is no such step.
    """
    if not step:
        return source
    cls = step_kinds().get(document.data.steps[_place(document, step)].kind)
    return {**(cls.params if cls else {}), SWITCH.name: SWITCH}


def declared_of_data(document: Document, step: str, name: str, source: Params) -> Param:
    """What a value of the data, or of one of its steps, takes.

    Raises:
        UserError: there is none of that name.
    """
    params = data_params(document, step, source)
    if name not in params:
        what = f"The step “{step}” of the data" if step else "The data"
        known = ", ".join(list(params)[:NAMED]) or "none"
        raise UserError(f"{what} has no value called {name[:60]}; it has {known}.")
    return params[name]


def value_of_data(document: Document, step: str, param: Param) -> Value:
    """What the data, or one of its steps, has there now."""
    if not step:
        return document.data.params.get(param.name, param.default)
    spec = document.data.steps[_place(document, step)]
    return spec.on if param is SWITCH else spec.params.get(param.name, param.default)


def set_of_data(document: Document, step: str, name: str, value: Value) -> Document:
    """The document with another value of its data, or of one of its steps.

    Raises:
        UserError: there is no such step.
    """
    if not step:
        data = document.data
        return replace(document, data=replace(data, params={**data.params, name: value}))
    place = _place(document, step)
    if name == SWITCH.name:
        return switch_step(document, place, bool(value))
    return set_step(document, place, name, value)


def _place(document: Document, step: str) -> int:
    names = step_names(document.data.steps)
    if step not in names:
        known = ", ".join(names[:NAMED]) or "none"
        raise UserError(f"No step of the data is called “{step[:60]}”; there is {known}.")
    return names.index(step)
