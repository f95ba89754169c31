"""Edits of the list of steps between data and model."""

from __future__ import annotations

from dataclasses import replace

from graph.data import StepSpec
from graph.model import Document
from graph.params import Value
from graph.steps import step_kinds


def add_step(document: Document, kind: str, place: int) -> Document:
    """The document with another step at a place of the list."""
    steps = list(document.data.steps)
    steps.insert(place, StepSpec(kind))
    return _with(document, steps)


def remove_step(document: Document, place: int) -> Document:
    """The document without a step."""
    steps = list(document.data.steps)
    del steps[place]
    return _with(document, steps)


def move_step(document: Document, place: int, to: int) -> Document:
    """The document with a step at another place; the document itself where it cannot go there."""
    steps = list(document.data.steps)
    if not 0 <= to < len(steps) or to == place:
        return document
    steps.insert(to, steps.pop(place))
    return _with(document, steps)


def switch_step(document: Document, place: int, on: bool) -> Document:
    """The document with a step turned on or off."""
    return _changed(document, place, on=on)


def set_step(document: Document, place: int, name: str, value: Value) -> Document:
    """The document with a value of a step changed; the default is stored as nothing."""
    step = document.data.steps[place]
    params = {key: held for key, held in step.params.items() if key != name}
    cls = step_kinds().get(step.kind)
    if cls is None or name not in cls.params or cls.params[name].default != value:
        params[name] = value
    return _changed(document, place, params=params)


def _changed(document: Document, place: int, **values: object) -> Document:
    steps = list(document.data.steps)
    steps[place] = replace(steps[place], **values)  # type: ignore[arg-type]  # named by the callers
    return _with(document, steps)


def _with(document: Document, steps: list[StepSpec]) -> Document:
    return replace(document, data=replace(document.data, steps=tuple(steps)))
