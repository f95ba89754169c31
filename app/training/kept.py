"""Another data source in the place of one: what both call the same keeps its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graph.data import DataSpec
from graph.params import Param, Value
from graph.problems import UserError

if TYPE_CHECKING:
    from backends.data.source import Source


def other_source(
    old: DataSpec, sources: Mapping[str, type[Source]], source: str, **given: Value
) -> DataSpec:
    """The new source with these values, and those of the old one that suit it.

    So a model with room for 64 characters still gets as many from another text. Steps stay; which
    of them suit the new source is known once it has been looked at.
    """
    before, after = (
        dict(sources[kind].params) if kind in sources else {} for kind in (old.source, source)
    )
    kept = {
        name: value
        for name, value in old.params.items()
        if name in before.keys() & after.keys()
        and _are_alike(before[name], after[name])
        and _suits(after[name], value)
    }
    return DataSpec(source, {**kept, **given}, steps=old.steps)


def _are_alike(first: Param, second: Param) -> bool:
    same_kind = (first.kind, first.choices) == (second.kind, second.choices)
    return same_kind and not first.widget and not second.widget


def _suits(declared: Param, value: Value) -> bool:
    try:
        declared.resolve(value, {})
    except UserError:
        return False
    return True
