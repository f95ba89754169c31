"""Modules in a row, written as few comprehensions as do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.apart import Form, hints, put_together, take_apart
from graph.block import Argument, Call, Line, Row, Series, Written
from graph.comparing import Column, is_whole, names_of
from graph.expressions import names_in
from graph.names import usable
from graph.repeat import INDEX

Names = Mapping[str, tuple[str, ...]]


def rows_of(items: list[tuple[Call, int]], series: Series, names: Names) -> Iterator[Argument]:
    """Modules in a row, as few comprehensions as do."""
    run: list[tuple[Call, int]] = []
    forms: list[Form] = []
    for call, times in items:
        form = take_apart(call, "", names)[0]
        if forms and form != forms[-1]:
            yield from _row(run, series, names)
            run = []
        run.append((call, times))
        forms.append(form)
    yield from _row(run, series, names)


def _row(run: list[tuple[Call, int]], series: Series, names: Names) -> Iterator[Argument]:
    count = sum(times for _, times in run)
    form = take_apart(run[0][0], "", names)[0]
    leaves = [take_apart(call, "", names)[1] for call, _ in run]
    columns = [
        tuple(each[k] for each, (_, times) in zip(leaves, run, strict=True) for _ in range(times))
        for k in range(len(leaves[0]))
    ]
    if count == 1:
        yield run[0][0]
        return
    written: list[Argument] = []
    over: Argument = count
    index = "_"
    for column, hint in zip(columns, hints(form), strict=True):
        value = _over_index(column, series)
        if value is None and over in (count, column):
            over, name = column, usable(hint)  # type: ignore[assignment]  # literals
            value = Written(name)
        if value is None:
            yield from (call for call, times in run for _ in range(times))
            return
        written.append(value)
        index = INDEX if isinstance(value, Line) or _names_index(value) else index
    if over != count and index == INDEX:
        yield from (call for call, times in run for _ in range(times))
        return
    call = put_together(form, iter(written))
    assert isinstance(call, Call)
    yield Row(call, name if over != count else index, over)


def _over_index(column: Column, series: Series) -> Argument | None:
    """What a column of values is by the index; None where it follows no rule."""
    first = column[0]
    if all(type(each) is type(first) and each == first for each in column):
        return first
    for text, values in series.formulas.items():
        if values == column and names_in(text) == {INDEX}:
            return Written(text)
    if is_whole(column):
        step = column[1] - column[0]
        if all(value == column[0] + step * k for k, value in enumerate(column)):
            return Line(column[0], step)
    return None


def _names_index(value: Argument) -> bool:
    return isinstance(value, Written) and INDEX in names_of(value.text)
