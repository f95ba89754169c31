"""Modules in a row, written as few comprehensions as do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.apart import Form, hints, put_together, take_apart
from graph.block import Argument, Call, Line, Row, Series, Written
from graph.comparing import Column, is_whole, names_of
from graph.expressions import Expr, calculate, names_in, tidied
from graph.names import usable
from graph.repeat import INDEX

FEW = 2
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
    """Modules whose calls differ in literals only."""
    count = sum(times for _, times in run)
    form = take_apart(run[0][0], "", names)[0]
    leaves = [take_apart(call, "", names)[1] for call, _ in run]
    columns = [
        tuple(each[k] for each, (_, times) in zip(leaves, run, strict=True) for _ in range(times))
        for k in range(len(leaves[0]))
    ]
    written = [_over_index(column, series) for column in columns]
    unruly = {column for column, value in zip(columns, written, strict=True) if value is None}
    if not unruly and count > 1:
        over: Argument = count
        index = INDEX if any(map(_names_index, written)) else "_"
    elif len(unruly) == 1 and len(run) == count > FEW and not any(map(_names_index, written)):
        (column,) = unruly
        index = usable(hints(form)[columns.index(column)])
        over = column  # type: ignore[assignment]  # literals
        written = [Written(index) if value is None else value for value in written]
    else:
        for call, times in run:
            yield call if times == 1 else Row(call, "_", times)
        return
    made = put_together(form, iter(written))
    assert isinstance(made, Call)
    yield Row(made, index, over)


def _over_index(column: Column, series: Series) -> Argument | None:
    """What a column of values is by the index; None where it follows no rule."""
    first = column[0]
    if all(type(each) is type(first) and each == first for each in column):
        return first
    for text, values in series.formulas.items():
        if values == column and names_in(text) == {INDEX} and _is_exact(text, column):
            return Written(tidied(text))
    if is_whole(column) and len(column) > FEW:
        step = column[1] - column[0]
        if all(value == column[0] + step * k for k, value in enumerate(column)):
            return Line(column[0], step)
    return None


def _is_exact(text: str, column: Column) -> bool:
    """Whether Python calculates the very values: 6 / 2 is 3.0, which is no size."""
    numbers = [calculate(Expr(text), {INDEX: number}) for number in range(len(column))]
    return all(type(a) is type(b) and a == b for a, b in zip(numbers, column, strict=True))


def _names_index(value: Argument | None) -> bool:
    """Whether an argument changes with the index of its row."""
    return isinstance(value, Line) or (isinstance(value, Written) and INDEX in names_of(value.text))
