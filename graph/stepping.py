"""What a list of steps makes of the columns of a data set, and its form in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.data import Column, DataInfo, StepSpec
from graph.fileparts import json_values, values_of
from graph.jsonparts import Json, Malformed, expect
from graph.problems import UserError
from graph.steps import DataStep, step_kinds

_KEYS = frozenset({"kind", "params", "on"})


def stepped(info: DataInfo, steps: Sequence[StepSpec]) -> DataInfo:
    """What a model receives of a data set after these steps.

    Raises:
        UserError: a step is unknown, has a wrong value or does not suit the data; the text names
            its place.
    """
    walk = list(walked(info.columns, steps))
    return replace(info, columns=walk[-1][2]) if walk else info


def walked(
    columns: tuple[Column, ...], steps: Sequence[StepSpec]
) -> Iterator[tuple[DataStep, tuple[Column, ...], tuple[Column, ...]]]:
    """The steps that are on, each with the columns before and behind it.

    Raises:
        UserError: as `stepped`.
    """
    for place, spec in enumerate(steps, 1):
        if not spec.on:
            continue
        cls = step_kinds().get(spec.kind)
        if cls is None:
            raise UserError(
                f"Step {place} of the data is of the kind “{spec.kind[:60]}”, which this version "
                "does not have. Turn it off or remove it."
            )
        try:
            form: DataStep = cls.build(spec.params)
            after = form.after(columns)
        except UserError as error:
            raise UserError(f"Step {place} of the data, {cls.title}: {error}") from error
        yield form, columns, after
        columns = after


def suited(
    columns: tuple[Column, ...], steps: Sequence[StepSpec]
) -> tuple[tuple[StepSpec, ...], tuple[str, ...]]:
    """The steps with those off that do not suit these columns, and the titles of those."""
    found: list[StepSpec] = []
    titles = []
    for spec in steps:
        try:
            walk = list(walked(columns, [spec]))
        except UserError:
            cls = step_kinds().get(spec.kind)
            titles.append(cls.title if cls else spec.kind)
            found.append(replace(spec, on=False))
        else:
            found.append(spec)
            columns = walk[-1][2] if walk else columns
    return tuple(found), tuple(titles)


def steps_of(items: list[object]) -> tuple[StepSpec, ...]:
    """The steps that a file lists.

    Raises:
        Malformed: an item has the wrong form.
    """
    return tuple(_step(item, f"step {place} of the data") for place, item in enumerate(items, 1))


def _step(item: object, where: str) -> StepSpec:
    if not isinstance(item, dict):
        raise Malformed(f"{where} should be an object, but is {str(item)[:60]!r}")
    kind = expect(item, "kind", str, None, where)
    params = values_of(expect(item, "params", dict, {}, where))
    cls = step_kinds().get(kind)
    return StepSpec(
        kind,
        cls.renamed(params) if cls else params,
        expect(item, "on", bool, True, where),
        {key: value for key, value in item.items() if key not in _KEYS},
    )


def steps_json(steps: Sequence[StepSpec]) -> Json:
    """The steps as a part of the data in a file; nothing where there are none."""
    return {"steps": [_json(step) for step in steps]} if steps else {}


def _json(step: StepSpec) -> Json:
    off = {} if step.on else {"on": False}
    return {**step.extra, "kind": step.kind, "params": json_values(step.params), **off}
